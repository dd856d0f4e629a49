//! Subscriptions to conversations, space sessions and the inbox.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Interface, Object, Subscription};
use entity::conversation_event::Kind;
use futures_util::stream::BoxStream;

use super::{Conversation, messages::Message, room_target};
use crate::{
    domain::{
        conversations::{
            self, ConversationEvent as Event, InboxEvent as Changes, Snapshot, SubscriptionOptions, Target,
        },
        rows, spaces,
    },
    error::{Error, Result},
    graphql::{
        DateTime,
        context::{ContextExt, uuid},
        spaces::sessions::SpaceSession,
        subscribe::listen,
        support::events::SupportEvent,
        users::User,
    },
    live::{Event as _, Payload, Position, Presence},
};

/// An event of a conversation's log, a snapshot of the conversation, or its activity.
#[derive(Interface)]
#[graphql(field(
    name = "position",
    ty = "Option<String>",
    desc = "Position after this event; pass it as `after` to continue. Null for events that are not in the log."
))]
pub(in crate::graphql) enum ConversationEvent {
    Snapshot(ConversationSnapshot),
    Message(MessageEvent),
    Member(MemberEvent),
    Session(SessionEvent),
    Support(SupportEvent),
    Activity(ConversationActivity),
}

impl ConversationEvent {
    fn read(happening: &Payload) -> Option<Self> {
        if let Ok(event) = happening.clone().downcast::<Event>() {
            return Some(match event.kind {
                Kind::MessagePosted
                | Kind::MessageEdited
                | Kind::MessageDeleted
                | Kind::MessageReacted
                | Kind::MessageSpoken => Self::Message(MessageEvent(event)),
                Kind::MemberJoined | Kind::MemberChanged | Kind::MemberLeft | Kind::MemberRemoved => {
                    Self::Member(MemberEvent(event))
                }
                Kind::ParticipantJoined | Kind::ParticipantLeft | Kind::SessionChanged => {
                    Self::Session(SessionEvent(event))
                }
                Kind::SupportChanged => Self::Support(SupportEvent(event)),
            });
        }
        if let Ok(snapshot) = happening.clone().downcast::<Snapshot>() {
            return Some(Self::Snapshot(ConversationSnapshot(snapshot)));
        }
        let activity = happening.clone().downcast::<Presence>().ok()?;
        Some(Self::Activity(ConversationActivity(activity)))
    }
}

/// A snapshot of a conversation: the first event of a subscription, and sent again when the log no longer reaches back
/// to the subscriber's position. The events that follow are newer than the snapshot, each once.
pub(in crate::graphql) struct ConversationSnapshot(Arc<Snapshot>);

/// A snapshot of a conversation: the first event of a subscription, and sent again when the log no longer reaches back
/// to the subscriber's position. The events that follow are newer than the snapshot, each once.
#[Object]
impl ConversationSnapshot {
    /// Position of the newest event that the snapshot includes; pass it as `after` to continue.
    async fn position(&self) -> Option<String> {
        Some(self.0.position().to_string())
    }

    /// True when the log no longer reaches back to the subscriber's position: replace the client's state with this
    /// snapshot.
    async fn is_resync(&self) -> bool {
        self.0.resync
    }

    /// Time when the snapshot was read.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// The conversation at that time.
    async fn conversation(&self) -> Conversation {
        self.0.conversation.clone().into()
    }

    /// The newest messages, oldest first.
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the last n messages, 0 to 100.", default = 50)] last: Option<i32>,
    ) -> Result<Vec<Message>> {
        let last = rows("last", last, 0, 50, 100)?;
        let rows = conversations::snapshot_messages(ctx.app()?, &self.0, last).await?;
        Ok(rows.into_iter().map(Message).collect())
    }
}

/// Kinds of changes to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum MessageChange {
    /// The message was posted.
    Posted,
    /// The text of the message changed.
    Edited,
    /// The message was deleted.
    Deleted,
    /// A reaction was added or removed.
    Reacted,
    /// Audio of the message is available.
    Spoken,
}

/// A message was posted, edited or deleted, or its reactions or audio changed.
pub(in crate::graphql) struct MessageEvent(Arc<Event>);

/// A message was posted, edited or deleted, or its reactions or audio changed.
#[Object]
impl MessageEvent {
    /// Position after this event; pass it as `after` to continue.
    async fn position(&self) -> Option<String> {
        Some(self.0.position().to_string())
    }

    /// Time of the change.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// The kind of the change.
    async fn change(&self) -> MessageChange {
        match self.0.kind {
            Kind::MessageEdited => MessageChange::Edited,
            Kind::MessageDeleted => MessageChange::Deleted,
            Kind::MessageReacted => MessageChange::Reacted,
            Kind::MessageSpoken => MessageChange::Spoken,
            _ => MessageChange::Posted,
        }
    }

    /// The message as it is when the event is delivered.
    async fn message(&self) -> Result<Message> {
        self.0.message.clone().map(Message).ok_or(Error::NotFound("Message"))
    }
}

/// Kinds of changes to a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum MemberChange {
    /// A user became a member.
    Joined,
    /// A member's role, name or rights changed.
    Changed,
    /// A member left.
    Left,
    /// A member was removed or banned.
    Removed,
}

/// A user joined or left, or a member's role changed.
pub(in crate::graphql) struct MemberEvent(Arc<Event>);

/// A user joined or left, or a member's role changed.
#[Object]
impl MemberEvent {
    /// Position after this event; pass it as `after` to continue.
    async fn position(&self) -> Option<String> {
        Some(self.0.position().to_string())
    }

    /// Time of the change.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// The kind of the change.
    async fn change(&self) -> MemberChange {
        match self.0.kind {
            Kind::MemberChanged => MemberChange::Changed,
            Kind::MemberLeft => MemberChange::Left,
            Kind::MemberRemoved => MemberChange::Removed,
            _ => MemberChange::Joined,
        }
    }

    /// The member who joined, left or changed.
    async fn user(&self) -> Option<User> {
        self.0.person.clone().map(User::from)
    }
}

/// Kinds of changes to a space session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum SessionChange {
    /// A participant joined or reconnected.
    Joined,
    /// A participant left.
    Left,
    /// The session's state, phase or status changed.
    Changed,
}

/// A change of the space session that the conversation belongs to.
pub(in crate::graphql) struct SessionEvent(Arc<Event>);

/// A change of the space session that the conversation belongs to.
#[Object]
impl SessionEvent {
    /// Position after this event; pass it as `after` to continue.
    async fn position(&self) -> Option<String> {
        Some(self.0.position().to_string())
    }

    /// Time of the change.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// The kind of the change.
    async fn change(&self) -> SessionChange {
        match self.0.kind {
            Kind::ParticipantJoined => SessionChange::Joined,
            Kind::ParticipantLeft => SessionChange::Left,
            _ => SessionChange::Changed,
        }
    }

    /// The user who caused the change; null when there is none.
    async fn user(&self) -> Option<User> {
        self.0.person.clone().map(User::from)
    }

    /// The session as it is when the event is delivered.
    async fn session(&self, ctx: &Context<'_>) -> Result<Option<SpaceSession>> {
        let target = Target::Conversation(self.0.conversation_id);
        let access = conversations::find_readable(ctx.app()?, ctx.user()?, &target).await?;
        let Some(id) = access.and_then(|access| access.into_readable().space_session_id) else {
            return Ok(None);
        };
        Ok(spaces::find_session(ctx.app()?, ctx.user()?, id).await?.map(SpaceSession))
    }
}

/// Presence and typing in a conversation. Sent at most once a second when it changes; never stored.
pub(in crate::graphql) struct ConversationActivity(Arc<Presence>);

/// Presence and typing in a conversation. Sent at most once a second when it changes; never stored.
#[Object]
impl ConversationActivity {
    /// Always null: activity is not in the log.
    async fn position(&self) -> Option<String> {
        None
    }

    /// Users who are typing, at most 50.
    async fn typing(&self) -> Vec<User> {
        self.0.typing.iter().map(|id| User::in_conversation(id.clone(), self.0.topic)).collect()
    }

    /// Users who are present, at most 50.
    async fn present(&self) -> Vec<User> {
        self.0.present.iter().map(|id| User::in_conversation(id.clone(), self.0.topic)).collect()
    }

    /// Number of users who are present.
    async fn present_count(&self) -> usize {
        self.0.present_count
    }
}

/// A change of the viewer's conversation list.
pub(in crate::graphql) struct InboxEvent(Arc<Changes>);

/// A change of the viewer's conversation list.
#[Object]
impl InboxEvent {
    /// True for the first event, which lists the newest 100 conversations of the viewer. The next events list the
    /// others, up to 100 each.
    async fn is_snapshot(&self) -> bool {
        self.0.is_snapshot
    }

    /// The conversations that changed, as they are now, most recently changed first; at most 100.
    async fn conversations(&self) -> Vec<Conversation> {
        self.0.conversations.iter().cloned().map(Conversation::from).collect()
    }

    /// Ids of the conversations that the viewer no longer takes part in.
    async fn removed_ids(&self) -> Vec<ID> {
        self.0.removed_ids.iter().copied().map(ID::from).collect()
    }
}

/// Subscriptions to conversations.
#[derive(Default)]
pub(in crate::graphql) struct ConversationSubscription;

#[Subscription]
impl ConversationSubscription {
    /// Streams all events of a conversation in order, each once. Without `after` the first event is a
    /// `ConversationSnapshot`; with `after` the stream continues at that position.
    async fn conversation_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the conversation.")] conversation_id: Option<ID>,
        #[graphql(desc = "Id of the community, to use its room.")] community_id: Option<ID>,
        #[graphql(
            desc = "Position of the last event that the subscriber received; the stream continues after it."
        )]
        after: Option<String>,
        #[graphql(
            desc = "Whether to receive presence and typing, and to be shown as present.",
            default_with = "Some(false)"
        )]
        activity: Option<bool>,
    ) -> Result<BoxStream<'static, ConversationEvent>> {
        let target = room_target(conversation_id.as_ref(), community_id.as_ref())?;
        events(ctx, target, after, activity).await
    }

    /// Streams all events of a space session and its chat; works like `conversationEvents`.
    async fn space_session_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the space session.")] session_id: ID,
        #[graphql(
            desc = "Position of the last event that the subscriber received; the stream continues after it."
        )]
        after: Option<String>,
        #[graphql(
            desc = "Whether to receive presence and typing, and to be shown as present.",
            default_with = "Some(false)"
        )]
        activity: Option<bool>,
    ) -> Result<BoxStream<'static, ConversationEvent>> {
        events(ctx, Target::Session(uuid("sessionId", &session_id)?), after, activity).await
    }

    /// Streams the viewer's conversation list: first all conversations, then those that changed.
    async fn inbox(&self, ctx: &Context<'_>) -> Result<BoxStream<'static, InboxEvent>> {
        let read = |happening: &Payload| happening.clone().downcast().ok().map(InboxEvent);
        listen(ctx, read, None, |_| async {
            let identity = ctx.viewer()?.identity.as_ref().ok_or(Error::Unauthenticated)?;
            Ok(conversations::watch_inbox(ctx.app()?, identity))
        })
        .await
    }
}

async fn events(
    ctx: &Context<'_>,
    target: Target,
    after: Option<String>,
    activity: Option<bool>,
) -> Result<BoxStream<'static, ConversationEvent>> {
    listen(ctx, ConversationEvent::read, after.as_deref(), |after: Option<Position>| async move {
        let identity = ctx.viewer()?.identity.as_ref().ok_or(Error::Unauthenticated)?;
        let watched = SubscriptionOptions { target, after, activity: activity.unwrap_or(false) };
        conversations::watch(ctx.app()?, identity, watched).await
    })
    .await
}
