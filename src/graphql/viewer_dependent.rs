//! Viewer-dependent fields. A subscription that selects one is executed for each subscriber.

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, Selection, SelectionSet};

use crate::document::{Model, TypeDef, named};

/// Viewer-dependent fields, as `Type.field`. A shared execution has no viewer, so any other field that needs
/// one fails there.
pub const VIEWER_DEPENDENT: [&str; 49] = [
    "AgentListing.knowledge",
    "AgentListing.systemPrompt",
    "AgentReply.community",
    "AgentReply.conversation",
    "Ban.community",
    "CannedAnswer.community",
    "Club.bans",
    "Club.conversation",
    "Club.viewerMembership",
    "Conversation.community",
    "Conversation.lastMessage",
    "Conversation.messages",
    "Conversation.readCount",
    "Conversation.search",
    "Conversation.session",
    "Conversation.unreadCount",
    "ConversationSnapshot.conversation",
    "InboxEvent.conversations",
    "LoungeSubscription.lounge",
    "Message.clientKey",
    "Message.conversation",
    "Message.isFromBlocked",
    "Reaction.hasViewerReacted",
    "Report.community",
    "Report.conversation",
    "Report.message",
    "Report.space",
    "Space.allSessions",
    "Space.sessions",
    "SessionEvent.session",
    "SpaceSession.conversation",
    "SpaceSession.space",
    "SupportChat.community",
    "SupportChat.conversation",
    "SupportChat.lateSince",
    "SupportChat.noteCount",
    "SupportQueueEvent.chats",
    "OfficialAccount.conversation",
    "OfficialAccount.verification",
    "OfficialAccount.viewerSupportChat",
    "OfficialAccount.viewerMembership",
    "Lounge.allowance",
    "Lounge.conversation",
    "Lounge.dashboard",
    "Lounge.subscription",
    "Lounge.viewerChat",
    "Lounge.voice",
    "Membership.community",
    "Lounge.viewerMembership",
];

/// Returns whether a subscription selects a viewer-dependent field. Requires a merged and validated document.
pub fn is_viewer_dependent(model: &Model, document: &ExecutableDocument) -> bool {
    let DocumentOperations::Single(operation) = &document.operations else { return true };
    let Some(root) = model.root(operation.node.ty) else { return true };
    touches(model, root, &operation.node.selection_set.node)
}

fn touches(model: &Model, parent: &TypeDef, set: &SelectionSet) -> bool {
    set.items.iter().any(|item| match &item.node {
        Selection::Field(field) => {
            let name = field.node.name.node.as_str();
            let listed = |on: &str| VIEWER_DEPENDENT.contains(&format!("{on}.{name}").as_str());
            if listed(&parent.name) || model.possible_types(&parent.name).iter().any(|on| listed(on)) {
                return true;
            }
            let inner = model.field(parent, name).and_then(|field| model.find_type(named(&field.ty)));
            inner.is_some_and(|inner| touches(model, inner, &field.node.selection_set.node))
        }
        Selection::InlineFragment(inline) => {
            let on = inline.node.type_condition.as_ref();
            let on = on.and_then(|condition| model.find_type(&condition.node.on.node)).unwrap_or(parent);
            touches(model, on, &inline.node.selection_set.node)
        }
        // A merged document has no fragments; for anything unknown, sharing is not safe.
        Selection::FragmentSpread(_) => true,
    })
}
