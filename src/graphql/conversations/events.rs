//! What happens in conversations, as it happens.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Interface, Object, Subscription};
use entity::conversation_event::Kind;
use futures_util::stream::BoxStream;

use crate::{
    domain::{
        Error, Result,
        conversations::{self, Event, InboxEvent as Changes, Snapshot, Target, Watched},
        spaces,
    },
    graphql::{
        DateTime,
        context::Asked,
        conversations::messages::Message,
        conversations::{Conversation, target},
        listen::listen,
        spaces::sessions::SpaceSession,
        support::events::SupportEvent,
        users::User,
    },
    live::{Activity, Event as _, Happening, Position},
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
    fn read(happening: &Happening) -> Option<Self> {
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
        let activity = happening.clone().downcast::<Activity>().ok()?;
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
    /// Everything up to here is in it.
    async fn position(&self) -> Option<String> {
        Some(self.0.position().to_string())
    }

    /// True when the log no longer reaches back to the subscriber's position: replace the client's state by this
    /// snapshot.
    async fn resync(&self) -> bool {
        self.0.resync
    }

    /// Time when the snapshot was read.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// Id of the conversation.
    async fn conversation(&self) -> Conversation {
        self.0.conversation.clone().into()
    }

    /// The newest messages, oldest first.
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the last n messages (default 50, maximum 100).")] last: Option<i32>,
    ) -> Result<Vec<Message>> {
        let last = last.map_or(50, |last| u64::try_from(last).unwrap_or(1));
        let rows = conversations::snapshot_messages(ctx.app()?, &self.0, last).await?;
        Ok(rows.into_iter().map(Message).collect())
    }
}

/// Changes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum MessageChange {
    /// The message was posted.
    Posted,
    /// The text of the message changed.
    Edited,
    /// The message was deleted.
    Deleted,
    /// Emoji were added or taken back.
    Reacted,
    /// Audio of the answer is available.
    Spoken,
}

/// Something happened to a message.
pub(in crate::graphql) struct MessageEvent(Arc<Event>);

/// Something happened to a message.
#[Object]
impl MessageEvent {
    /// Where to go on after it.
    async fn position(&self) -> Option<String> {
        Some(self.0.position().to_string())
    }

    /// Time of the action.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// Discriminator of the event.
    async fn change(&self) -> MessageChange {
        match self.0.kind {
            Kind::MessageEdited => MessageChange::Edited,
            Kind::MessageDeleted => MessageChange::Deleted,
            Kind::MessageReacted => MessageChange::Reacted,
            Kind::MessageSpoken => MessageChange::Spoken,
            _ => MessageChange::Posted,
        }
    }

    /// The message as it is by now.
    async fn message(&self) -> Result<Message> {
        self.0.message.clone().map(Message).ok_or(Error::NotFound("Message"))
    }
}

/// Changes of a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum MemberChange {
    /// A user became a member.
    Joined,
    /// Their role, name or rights changed.
    Changed,
    /// A member left.
    Left,
    /// They were removed or banned.
    Removed,
}

/// A user joined or left, or a member's role changed.
pub(in crate::graphql) struct MemberEvent(Arc<Event>);

/// A user joined or left, or a member's role changed.
#[Object]
impl MemberEvent {
    /// Where to go on after it.
    async fn position(&self) -> Option<String> {
        Some(self.0.position().to_string())
    }

    /// Time of the action.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// Discriminator of the event.
    async fn change(&self) -> MemberChange {
        match self.0.kind {
            Kind::MemberChanged => MemberChange::Changed,
            Kind::MemberLeft => MemberChange::Left,
            Kind::MemberRemoved => MemberChange::Removed,
            _ => MemberChange::Joined,
        }
    }

    /// The user concerned.
    async fn user(&self) -> Option<User> {
        self.0.person.clone().map(User::from)
    }
}

/// Changes of a space session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum SessionChange {
    /// A participant joined or reconnected.
    Joined,
    /// A participant left.
    Left,
    /// Its state, phase or status changed.
    Changed,
}

/// Something happened to the space session that the conversation belongs to.
pub(in crate::graphql) struct SessionEvent(Arc<Event>);

/// Something happened to the space session that the conversation belongs to.
#[Object]
impl SessionEvent {
    /// Where to go on after it.
    async fn position(&self) -> Option<String> {
        Some(self.0.position().to_string())
    }

    /// Time of the action.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// Discriminator of the event.
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

    /// The session as it is by now.
    async fn session(&self, ctx: &Context<'_>) -> Result<Option<SpaceSession>> {
        let target = Target::Conversation(self.0.conversation_id);
        let seat = conversations::find_readable(ctx.app()?, ctx.user()?, &target).await?;
        let Some(id) = seat.and_then(|seat| seat.into_readable().space_session_id) else { return Ok(None) };
        Ok(spaces::find_session(ctx.app()?, ctx.user()?, id).await?.map(SpaceSession))
    }
}

/// Presence and typing in a conversation. Sent at most once a second when it changes; never stored.
pub(in crate::graphql) struct ConversationActivity(Arc<Activity>);

/// Presence and typing in a conversation. Sent at most once a second when it changes; never stored.
#[Object]
impl ConversationActivity {
    /// Null: it is in no log.
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
    /// True for the first event, which lists all conversations of the viewer.
    async fn whole(&self) -> bool {
        self.0.whole
    }

    /// Those that changed, as they are now, the last changed first.
    async fn conversations(&self) -> Vec<Conversation> {
        self.0.conversations.iter().cloned().map(Conversation::from).collect()
    }

    /// The ids of those that are the viewer's no longer.
    async fn gone(&self) -> Vec<ID> {
        self.0.gone.iter().copied().map(ID::from).collect()
    }
}

/// Streams of events.
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
        #[graphql(desc = "The community, for its room.")] community_id: Option<ID>,
        #[graphql(desc = "The position of the last event that the subscriber has.")] after: Option<String>,
        #[graphql(
            desc = "Whether to receive presence and typing, and to be shown as present (default false)."
        )]
        activity: Option<bool>,
    ) -> Result<BoxStream<'static, ConversationEvent>> {
        let target = target(conversation_id.as_ref(), community_id.as_ref(), None)?;
        events(ctx, target, after, activity).await
    }

    /// Streams all events of a space session and its chat; works like `conversationEvents`.
    async fn space_session_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the space session.")] session_id: ID,
        #[graphql(desc = "The position of the last event that the subscriber has.")] after: Option<String>,
        #[graphql(
            desc = "Whether to receive presence and typing, and to be shown as present (default false)."
        )]
        activity: Option<bool>,
    ) -> Result<BoxStream<'static, ConversationEvent>> {
        events(ctx, target(None, None, Some(&session_id))?, after, activity).await
    }

    /// The viewer's conversations: first all of them, then those that changed.
    async fn inbox(&self, ctx: &Context<'_>) -> Result<BoxStream<'static, InboxEvent>> {
        let read = |happening: &Happening| happening.clone().downcast().ok().map(InboxEvent);
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
        let watched = Watched { target, after, activity: activity.unwrap_or(false) };
        conversations::watch(ctx.app()?, identity, watched).await
    })
    .await
}
