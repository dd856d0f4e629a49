//! Fields whose value depends on who asks: a subscription that selects one is run for each subscriber apart.

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, Selection, SelectionSet};

use crate::document::{Model, TypeDef, named};

/// All of them, as `Type.field`. Others find nobody in a shared run, and fail there.
pub const PERSONAL: [&str; 37] = [
    "AgentListing.knowledge",
    "AgentListing.systemPrompt",
    "Club.bans",
    "Club.conversation",
    "Club.viewerMembership",
    "Conversation.lastMessage",
    "Conversation.messages",
    "Conversation.readCount",
    "Conversation.search",
    "Conversation.session",
    "Conversation.unreadCount",
    "ConversationSnapshot.conversation",
    "InboxEvent.conversations",
    "Message.conversation",
    "Message.isFromBlocked",
    "Reaction.viewerReacted",
    "Space.allSessions",
    "Space.sessions",
    "SessionEvent.session",
    "SpaceSession.conversation",
    "SpaceSession.space",
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
    "Lounge.talk",
    "Lounge.voice",
    "Membership.community",
    "Lounge.viewerMembership",
];

/// Whether a subscription selects a field that depends on who asks. The document must be merged and valid.
pub fn is_personal(model: &Model, document: &ExecutableDocument) -> bool {
    let DocumentOperations::Single(operation) = &document.operations else { return true };
    let Some(root) = model.root(operation.node.ty) else { return true };
    touches(model, root, &operation.node.selection_set.node)
}

fn touches(model: &Model, parent: &TypeDef, set: &SelectionSet) -> bool {
    set.items.iter().any(|item| match &item.node {
        Selection::Field(field) => {
            let name = field.node.name.node.as_str();
            let listed = |on: &str| PERSONAL.contains(&format!("{on}.{name}").as_str());
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
        // A merged document has none; what is not known is not shared.
        Selection::FragmentSpread(_) => true,
    })
}
