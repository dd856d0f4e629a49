//! Conversations: community rooms, support, lounges, chats of space sessions.

pub(super) mod events;
pub(super) mod messages;
pub(super) mod voice_messages;

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::conversation;
use uuid::Uuid;

use crate::{
    domain::{
        Error, Page, Result, Slice,
        conversations::{self, NewMessage, Target, VisibleConversation},
        spaces,
    },
    graphql::{
        DateTime,
        at_hand::Rows,
        context::{Asked, uuid},
        conversations::messages::Message,
        loaders::{Conversations, LastMessages, ReadMarks, Titles, Unread},
        paging::Connection,
        spaces::sessions::SpaceSession,
        support::SupportChat,
    },
};

/// Kinds of conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "conversation::Kind")]
pub(super) enum ConversationType {
    /// The room of a community, for all its members.
    Room,
    /// One customer's chat with an official account.
    Support,
    /// One person's talk with a lounge's agent.
    Lounge,
    /// The chat of a space session, open to users who may see the space.
    SpaceSession,
}

/// What the viewer has of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum ConversationAccess {
    /// They may read it.
    Readable,
    /// Their membership of its community has expired: they see which conversation it is, and nothing of what is said.
    Expired,
}

/// A conversation: a community room, a support chat, a lounge chat or the chat of a space session.
pub(super) struct Conversation(VisibleConversation);

impl<T: Into<VisibleConversation>> From<T> for Conversation {
    fn from(conversation: T) -> Self {
        Self(conversation.into())
    }
}

impl Conversation {
    /// A conversation that something refers to; `None` where the viewer may not know of it.
    pub(super) async fn find(ctx: &Context<'_>, id: Uuid) -> Result<Option<Self>> {
        Ok(ctx.load::<Conversations>((ctx.user()?.id.clone(), id)).await?.map(Self))
    }
}

/// A conversation: a community room, a support chat, a lounge chat or the chat of a space session.
#[Object]
impl Conversation {
    /// Unique id of the object (UUID).
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// The kind of the conversation.
    #[graphql(name = "type")]
    async fn kind(&self) -> ConversationType {
        self.0.kind.into()
    }

    /// Whether the viewer may read it.
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

    /// The id of the community that it belongs to.
    async fn community_id(&self) -> Option<ID> {
        self.0.community_id.map(ID::from)
    }

    /// The id of the space session that it belongs to.
    async fn session_id(&self) -> Option<ID> {
        self.0.space_session_id.map(ID::from)
    }

    /// The space session that it belongs to.
    async fn session(&self, ctx: &Context<'_>) -> Result<Option<SpaceSession>> {
        let Some(id) = self.0.space_session_id else { return Ok(None) };
        Ok(spaces::find_session(ctx.app()?, ctx.user()?, id).await?.map(SpaceSession))
    }

    /// The log's newest event: listening `after` it misses nothing that is not in this answer; null where the viewer may not
    /// read it.
    async fn position(&self) -> Option<String> {
        self.0.readable().map(|readable| readable.last_seq.to_string())
    }

    /// What was said, oldest first, by cursor; `last: 50` are the newest. Null where the viewer may not read it.
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Message>>> {
        ctx.user()?;
        let Some(readable) = self.0.readable() else { return Ok(None) };
        let window = Page { first, after, last, before, page: None, limit: None }.window()?;
        let slice = conversations::list_messages(ctx.app()?, readable, window).await?;
        let Slice { rows, window, more_after, more_before, total } = slice;
        let rows = rows.into_iter().map(Message).collect();
        Ok(Some(Connection(Slice { rows, window, more_after, more_before, total })))
    }

    /// The newest message that the viewer can still read: neither deleted nor from somebody whom they blocked. Null where
    /// there is none among the newest thousand, and where the viewer may not read it.
    async fn last_message(&self, ctx: &Context<'_>) -> Result<Option<Message>> {
        let Some(readable) = self.0.readable() else { return Ok(None) };
        let key = (ctx.user()?.id.clone(), readable.right());
        Ok(ctx.load::<LastMessages>(key).await?.map(Message))
    }

    /// How many messages were ever posted, deleted ones included; null where the viewer may not read it.
    async fn message_count(&self) -> Option<i64> {
        self.0.readable().map(|readable| readable.message_count)
    }

    /// The number of the last message that the viewer has read; 0 when they read none.
    async fn read_count(&self, ctx: &Context<'_>) -> Result<i64> {
        let key = (ctx.user()?.id.clone(), self.0.id);
        Ok(ctx.load::<ReadMarks>(key).await?.unwrap_or_default())
    }

    /// How many messages the viewer has not read and can still read: deleted ones and those of people whom they blocked
    /// are left out. 0 where they may not read it.
    async fn unread_count(&self, ctx: &Context<'_>) -> Result<i64> {
        let Some(readable) = self.0.readable() else { return Ok(0) };
        let key = (ctx.user()?.id.clone(), readable.right());
        Ok(ctx.load::<Unread>(key).await?.unwrap_or_default())
    }

    /// The newest messages that have all these words, the last of which may be a beginning; newest first. Case does not
    /// count, nor do the marks that people leave out: `cafe` finds `café`. The newest million messages are searched. Null
    /// where the viewer may not read it.
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Words, in any script and case.")] text: String,
        #[graphql(desc = "Maximum number of messages (default 20, maximum 50).")] limit: Option<i32>,
    ) -> Result<Option<Vec<Message>>> {
        if self.0.readable().is_none() {
            return Ok(None);
        }
        let limit = limit.map_or(20, |limit| u64::try_from(limit).unwrap_or(1).clamp(1, 50));
        let target = Target::Conversation(self.0.id);
        let rows = conversations::search(ctx.app()?, ctx.user()?, &target, &text, limit).await?;
        Ok(Some(rows.into_iter().map(Message).collect()))
    }

    /// Whether voice messages can be sent in it: false where this server has no transcription configured.
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

    /// When something last happened in it, or when it was made.
    async fn updated_at(&self) -> DateTime {
        chrono::DateTime::from_timestamp_micros(self.0.last_micros).unwrap_or(self.0.created_at).into()
    }

    /// Time of creation.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
}

/// Input of `postMessage`. Give exactly one of `conversationId`, `communityId` and `sessionId`.
#[derive(InputObject)]
pub(super) struct PostMessageInput {
    /// Id of the conversation.
    conversation_id: Option<ID>,
    /// The community, for its room.
    community_id: Option<ID>,
    /// The space session, for its chat.
    session_id: Option<ID>,
    /// 1 to 5000 characters, kept as they are.
    content: String,
    /// The sender's own key, 1 to 100 characters: sent again with it, the first message is given back.
    client_key: Option<String>,
    /// The message that it answers, of the same conversation.
    reply_to_id: Option<ID>,
}

/// A change of one's own message.
#[derive(InputObject)]
pub(super) struct EditMessageInput {
    /// Id of the message.
    id: ID,
    /// The text, 1 to 5000 characters.
    content: String,
}

/// An emoji to put on a message or to take back.
#[derive(InputObject)]
pub(super) struct ReactionInput {
    /// Id of the message.
    message_id: ID,
    /// One emoji of the recommended set (RGI).
    emoji: String,
}

/// How far the viewer has read.
#[derive(InputObject)]
pub(super) struct MarkReadInput {
    /// Id of the conversation.
    conversation_id: ID,
    /// Id of the last message read; omitted means the newest message.
    message_id: Option<ID>,
}

/// Whether the viewer types.
#[derive(InputObject)]
pub(super) struct SetTypingInput {
    /// Id of the conversation.
    conversation_id: ID,
    /// True shows the viewer as typing for six seconds; false ends it (default true).
    typing: Option<bool>,
}

/// Exactly one of the three ways to name a conversation.
pub(super) fn target(
    conversation: Option<&ID>,
    community: Option<&ID>,
    session: Option<&ID>,
) -> Result<Target> {
    match (conversation, community, session) {
        (Some(id), None, None) => Ok(Target::Conversation(uuid("conversationId", id)?)),
        (None, Some(id), None) => Ok(Target::Room(uuid("communityId", id)?)),
        (None, None, Some(id)) => Ok(Target::Session(uuid("sessionId", id)?)),
        _ => Err(Error::invalid(
            "conversationId",
            "Exactly one of conversationId, communityId and sessionId is needed",
        )),
    }
}

/// Queries about conversations.
#[derive(Default)]
pub(super) struct ConversationQuery;

#[Object]
impl ConversationQuery {
    /// Finds a conversation that the viewer may read. Returns null otherwise.
    async fn conversation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the conversation.")] id: ID,
    ) -> Result<Option<Conversation>> {
        let target = Target::Conversation(uuid("id", &id)?);
        let seat = conversations::find_readable(ctx.app()?, ctx.user()?, &target).await?;
        Ok(seat.map(|seat| seat.into_readable().into()))
    }

    /// Lists the newest messages of a conversation before a time, oldest first. Give exactly one of `conversationId`,
    /// `communityId` and `sessionId`.
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the conversation.")] conversation_id: Option<ID>,
        #[graphql(desc = "The community, for its room.")] community_id: Option<ID>,
        #[graphql(desc = "The space session, for its chat.")] session_id: Option<ID>,
        #[graphql(desc = "Only messages before this time.")] before: Option<DateTime>,
        #[graphql(desc = "Maximum number of messages (default 50, maximum 100).")] limit: Option<i32>,
    ) -> Result<Rows<Message>> {
        let target = target(conversation_id.as_ref(), community_id.as_ref(), session_id.as_ref())?;
        let limit = limit.map_or(50, |limit| u64::try_from(limit).unwrap_or(1).clamp(1, 100));
        let before = before.map(|before| before.0);
        let rows = conversations::list_before(ctx.app()?, ctx.user()?, &target, before, limit).await?;
        Ok(Rows(rows.into_iter().map(Message).collect()))
    }
}

/// What can be done in conversations.
#[derive(Default)]
pub(super) struct ConversationMutation;

#[Object]
impl ConversationMutation {
    /// Posts a message.
    async fn post_message(&self, ctx: &Context<'_>, input: PostMessageInput) -> Result<Message> {
        let user = ctx.user()?;
        let new = NewMessage {
            target: target(
                input.conversation_id.as_ref(),
                input.community_id.as_ref(),
                input.session_id.as_ref(),
            )?,
            content: input.content,
            client_key: input.client_key,
            reply_to: input.reply_to_id.as_ref().map(|id| uuid("replyToId", id)).transpose()?,
        };
        conversations::post(ctx.app()?, user, new).await.map(Message)
    }

    /// Changes the text of the viewer's own message.
    async fn edit_message(&self, ctx: &Context<'_>, input: EditMessageInput) -> Result<Message> {
        let id = uuid("id", &input.id)?;
        conversations::edit_message(ctx.app()?, ctx.user()?, id, input.content).await.map(Message)
    }

    /// Deletes a message: the viewer's own, or any message for moderators. The message keeps its place without its
    /// text.
    async fn delete_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the message.")] id: ID,
    ) -> Result<Message> {
        conversations::delete_message(ctx.app()?, ctx.user()?, uuid("id", &id)?).await.map(Message)
    }

    /// Puts an emoji on a message. Twice is once.
    async fn add_reaction(&self, ctx: &Context<'_>, input: ReactionInput) -> Result<Message> {
        let id = uuid("messageId", &input.message_id)?;
        conversations::add_reaction(ctx.app()?, ctx.user()?, id, &input.emoji).await.map(Message)
    }

    /// Takes the viewer's emoji back from a message.
    async fn remove_reaction(&self, ctx: &Context<'_>, input: ReactionInput) -> Result<Message> {
        let id = uuid("messageId", &input.message_id)?;
        conversations::remove_reaction(ctx.app()?, ctx.user()?, id, &input.emoji).await.map(Message)
    }

    /// Marks a conversation as read up to a message. The mark never goes back.
    async fn mark_read(&self, ctx: &Context<'_>, input: MarkReadInput) -> Result<Conversation> {
        let conversation = uuid("conversationId", &input.conversation_id)?;
        let message = input.message_id.as_ref().map(|id| uuid("messageId", id)).transpose()?;
        conversations::mark_read(ctx.app()?, ctx.user()?, conversation, message).await.map(Conversation::from)
    }

    /// Shows subscribers with `activity` that the viewer is typing. Never stored.
    async fn set_typing(&self, ctx: &Context<'_>, input: SetTypingInput) -> Result<Conversation> {
        let conversation = uuid("conversationId", &input.conversation_id)?;
        let typing = input.typing.unwrap_or(true);
        let seat = conversations::set_typing(ctx.app()?, ctx.user()?, conversation, typing).await?;
        Ok(seat.into_readable().into())
    }
}
