//! Conversations: community rooms, support chats, lounge chats and chats of space sessions.

pub(super) mod changes;
pub(super) mod events;
pub(super) mod messages;
pub(super) mod voice_messages;

use async_graphql::{Context, Enum, ID, Object};
use entity::conversation;
use uuid::Uuid;

use self::messages::Message;
use super::{
    DateTime,
    communities::kinds::Community,
    context::{ContextExt, uuid},
    eager::EagerList,
    loaders::{Conversations, LastMessages, MessageParts, ReadMarks, Sessions, Titles, Unread},
    nullable::Nullable,
    paging::{Connection, Node},
    spaces::sessions::SpaceSession,
    support::SupportChat,
};
use crate::{
    domain::{
        Cursor, Page, PageRows,
        conversations::{self, Target, VisibleConversation},
        rows,
    },
    error::{Error, Result},
};

/// Places that a conversation can belong to, which decide who may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "conversation::Kind")]
pub(super) enum ConversationKind {
    /// The room of a community, for all its members.
    Room,
    /// One customer's chat with an official account.
    Support,
    /// One member's private chat with a lounge's agent.
    Lounge,
    /// The chat of a space session, open to users who may see the space.
    SpaceSession,
}

/// The viewer's access to a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum ConversationAccess {
    /// The viewer may read the conversation.
    Readable,
    /// The viewer's membership of the community has expired: title and kind are visible, messages are not.
    Expired,
}

/// A conversation: a community room, a support chat, a lounge chat or the chat of a space session.
pub(super) struct Conversation(VisibleConversation);

impl<T: Into<VisibleConversation>> From<T> for Conversation {
    fn from(conversation: T) -> Self {
        Self(conversation.into())
    }
}

impl Node for Conversation {
    const NAME: &'static str = "Conversation";

    fn cursor(&self) -> Cursor {
        Cursor { rank: Some(self.0.last_micros), at: self.0.created_at, id: self.0.id }
    }
}

impl Conversation {
    pub(super) fn connection(slice: PageRows<VisibleConversation>) -> Connection<Self> {
        Connection(slice.map(Self))
    }

    /// Finds a conversation; `None` if it is hidden from the viewer.
    pub(super) async fn find(ctx: &Context<'_>, id: Uuid) -> Result<Option<Self>> {
        Ok(ctx.load::<Conversations>((ctx.user()?.id.clone(), id)).await?.map(Self))
    }
}

/// A conversation: a community room, a support chat, a lounge chat or the chat of a space session.
#[Object]
impl Conversation {
    /// Unique id of the object (UUID).
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Whether this is a community room, a support chat, a lounge chat or the chat of a space session.
    async fn kind(&self) -> ConversationKind {
        self.0.kind.into()
    }

    /// Whether the viewer may read the conversation.
    async fn access(&self) -> ConversationAccess {
        match self.0 {
            VisibleConversation::Readable(_) => ConversationAccess::Readable,
            VisibleConversation::Expired(_) => ConversationAccess::Expired,
        }
    }

    /// Title of the conversation: the name of the community or space that it belongs to.
    async fn title(&self, ctx: &Context<'_>) -> Result<String> {
        let title = ctx.load::<Titles>(self.0.id).await?;
        Ok(title.unwrap_or_default())
    }

    /// Id of the community that the conversation belongs to; null for chats of space sessions.
    async fn community_id(&self) -> Option<ID> {
        self.0.community_id.map(ID::from)
    }

    /// The community that the conversation belongs to; null for chats of space sessions, and when the viewer may no
    /// longer see the community.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        Community::find_maybe(ctx, self.0.community_id).await
    }

    /// Id of the space session that the conversation belongs to; null for other conversations.
    async fn session_id(&self) -> Option<ID> {
        self.0.space_session_id.map(ID::from)
    }

    /// The space session that the conversation belongs to; null for other conversations.
    async fn session(&self, ctx: &Context<'_>) -> Result<Option<SpaceSession>> {
        let Some(id) = self.0.space_session_id else { return Ok(None) };
        Ok(ctx.load::<Sessions>((ctx.user()?.id.clone(), id)).await?.map(SpaceSession))
    }

    /// Position of the newest event. Subscribing with it as `after` misses no event newer than this result.
    /// Null when the viewer may not read the conversation.
    async fn position(&self) -> Option<String> {
        self.0.readable().map(|readable| readable.last_seq.to_string())
    }

    /// The messages, oldest first, by cursor; `last: 50` returns the newest. Null when the viewer may not
    /// read the conversation.
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
    ) -> Nullable<Connection<Message>> {
        Nullable::of(async {
            ctx.user()?;
            let Some(readable) = self.0.readable() else { return Ok(None) };
            let window =
                Page { first, after, last, before, page: None, limit: None }.window(Message::NAME)?;
            let slice = ctx.load::<MessageParts>((window, readable.right())).await?;
            let slice = slice.ok_or(Error::NotFound("Conversation"))?;
            // A deleted message keeps its place, so that no message ever leaves the conversation's own count.
            let total = u64::try_from(readable.message_count).ok();
            Ok(Some(Connection(PageRows { total, ..slice.map(Message) })))
        })
        .await
    }

    /// The newest message that is neither deleted nor from a user blocked by the viewer, among the newest
    /// 1000. Null when there is none and when the viewer may not read the conversation.
    async fn last_message(&self, ctx: &Context<'_>) -> Result<Option<Message>> {
        let Some(readable) = self.0.readable() else { return Ok(None) };
        let key = (ctx.user()?.id.clone(), readable.right());
        Ok(ctx.load::<LastMessages>(key).await?.map(Message))
    }

    /// Number of messages ever posted, including deleted ones; null when the viewer may not read the
    /// conversation.
    async fn message_count(&self) -> Option<i64> {
        self.0.readable().map(|readable| readable.message_count)
    }

    /// Sequence number of the last message that the viewer has read; 0 when none was read.
    async fn read_count(&self, ctx: &Context<'_>) -> Result<i64> {
        let key = (ctx.user()?.id.clone(), self.0.id);
        Ok(ctx.load::<ReadMarks>(key).await?.unwrap_or_default())
    }

    /// Number of unread messages, without deleted ones and those of users blocked by the viewer; 0 when the
    /// viewer may not read the conversation.
    async fn unread_count(&self, ctx: &Context<'_>) -> Result<i64> {
        let Some(readable) = self.0.readable() else { return Ok(0) };
        let key = (ctx.user()?.id.clone(), readable.right());
        Ok(ctx.load::<Unread>(key).await?.unwrap_or_default())
    }

    /// Finds messages that contain all words, newest first; the last word may be a prefix. Ignores case and
    /// accents: `cafe` finds `café`. Searches the newest million messages. Null when the viewer may not read
    /// the conversation.
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Words to find; the last one may be a prefix.")] text: String,
        #[graphql(desc = "Maximum number of messages, 1 to 50.", default = 20)] limit: Option<i32>,
    ) -> Nullable<Vec<Message>> {
        Nullable::of(async {
            if self.0.readable().is_none() {
                return Ok(None);
            }
            let limit = rows("limit", limit, 1, 20, 50)?;
            let target = Target::Conversation(self.0.id);
            let rows = conversations::search(ctx.app()?, ctx.user()?, &target, &text, limit).await?;
            Ok(Some(rows.into_iter().map(Message).collect()))
        })
        .await
    }

    /// Whether the conversation accepts voice messages; false when the server has no transcription
    /// configured.
    async fn can_send_voice(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(ctx.app()?.adapters.transcription.is_some())
    }

    /// State of the support chat; null for other conversations.
    async fn support(&self, ctx: &Context<'_>) -> Result<Option<SupportChat>> {
        if self.0.kind != conversation::Kind::Support || self.0.readable().is_none() {
            return Ok(None);
        }
        SupportChat::load(ctx, self.0.id).await
    }

    /// Time of the last event, or of creation when there was none.
    async fn updated_at(&self) -> DateTime {
        chrono::DateTime::from_timestamp_micros(self.0.last_micros).unwrap_or(self.0.created_at).into()
    }

    /// Time of creation.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
}

/// Returns the conversation that exactly one of the three ids names.
pub(super) fn target(
    conversation: Option<&ID>,
    community: Option<&ID>,
    session: Option<&ID>,
) -> Result<Target> {
    only([
        ("conversationId", conversation, Target::Conversation as fn(Uuid) -> Target),
        ("communityId", community, Target::Room),
        ("sessionId", session, Target::Session),
    ])
}

/// Returns the conversation that exactly one of the two ids names.
pub(super) fn room_target(conversation: Option<&ID>, community: Option<&ID>) -> Result<Target> {
    only([
        ("conversationId", conversation, Target::Conversation as fn(Uuid) -> Target),
        ("communityId", community, Target::Room),
    ])
}

/// An argument that may name a conversation: its name, its value, and what an id in it names.
type Naming<'a> = (&'static str, Option<&'a ID>, fn(Uuid) -> Target);

/// Returns the conversation of the only argument that is set.
fn only<const N: usize>(ids: [Naming<'_>; N]) -> Result<Target> {
    let mut set = ids.iter().filter_map(|(name, id, target)| Some((name, (*id)?, target)));
    match (set.next(), set.next()) {
        (Some((name, id, target)), None) => Ok(target(uuid(name, id)?)),
        _ => {
            let names = ids.map(|(name, ..)| name);
            let [first @ .., last] = names.as_slice() else { return Err(Error::NotFound("Conversation")) };
            let message = format!("Exactly one of {} and {last} is required", first.join(", "));
            Err(Error::invalid("conversationId", message))
        }
    }
}

/// Queries about conversations.
#[derive(Default)]
pub(super) struct ConversationQuery;

#[Object]
impl ConversationQuery {
    /// Finds a conversation. Null when there is none, or it is hidden from the viewer; an error when the viewer may see
    /// it but not read it, such as the room of a community without a current membership.
    async fn conversation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the conversation.")] id: ID,
    ) -> Result<Option<Conversation>> {
        let target = Target::Conversation(uuid("id", &id)?);
        let access = conversations::find_readable(ctx.app()?, ctx.user()?, &target).await?;
        Ok(access.map(|access| access.into_readable().into()))
    }

    /// Lists the newest messages of a conversation before a time, oldest first. Give exactly one of `conversationId`,
    /// `communityId` and `sessionId`.
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the conversation.")] conversation_id: Option<ID>,
        #[graphql(desc = "Id of the community, to use its room.")] community_id: Option<ID>,
        #[graphql(desc = "Id of the space session, to use its chat.")] session_id: Option<ID>,
        #[graphql(desc = "Returns only messages posted before this time.")] before: Option<DateTime>,
        #[graphql(desc = "Maximum number of messages, 1 to 100.", default = 50)] limit: Option<i32>,
    ) -> Result<EagerList<Message>> {
        let target = target(conversation_id.as_ref(), community_id.as_ref(), session_id.as_ref())?;
        let limit = rows("limit", limit, 1, 50, 100)?;
        let before = before.map(|before| before.0);
        let rows = conversations::list_before(ctx.app()?, ctx.user()?, &target, before, limit).await?;
        Ok(EagerList(rows.into_iter().map(Message).collect()))
    }
}
