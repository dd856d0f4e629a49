//! Messages and their reactions.

use async_graphql::{Context, Enum, ID, Object, ScalarType, Value, resolver_utils::enum_value};
use chrono::Utc;
use entity::message;
use uuid::Uuid;

use super::Conversation;
use crate::{
    domain::{
        Cursor,
        conversations::{self, MessageRow, ReactionCount, ReadableConversation, VisibleConversation},
    },
    error::{Error, Result},
    graphql::{
        DateTime,
        agents::{AgentListing, loaders::AskedBy, replies::AgentReply},
        context::ContextExt,
        eager::{EagerFields, SelectedField, read},
        loaders::{Blocked, Conversations, Messages, OwnReactions, Reactions, Reactors},
        paging::{Node, ReadEager},
        users::User,
    },
};

/// Origins of a message: a user or an agent, or the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "message::Kind")]
pub(in crate::graphql) enum MessageKind {
    /// Written by a user or an agent.
    Text,
    /// Written by the server, for example when a member joins.
    System,
}

/// A message of a user, an agent or the server in a conversation.
#[derive(Clone)]
pub(in crate::graphql) struct Message(pub(in crate::graphql) MessageRow);

impl Message {
    /// Finds a message in a conversation; `None` if the viewer may not read it.
    pub(in crate::graphql) async fn find(
        ctx: &Context<'_>,
        conversation: Uuid,
        id: Uuid,
    ) -> Result<Option<Self>> {
        let found = ctx.load::<Conversations>((ctx.user()?.id.clone(), conversation)).await?;
        let right = found.as_ref().and_then(VisibleConversation::readable).map(ReadableConversation::right);
        let Some(right) = right else { return Ok(None) };
        Ok(ctx.load::<Messages>((right, id)).await?.map(Self))
    }
}

impl Node for Message {
    const NAME: &'static str = Self::TYPE;
    const EAGER: Option<ReadEager<Self>> = Some(read);

    fn cursor(&self) -> Cursor {
        Cursor { rank: None, at: self.0.message.created_at, id: self.0.message.id }
    }
}

impl EagerFields for Message {
    const TYPE: &'static str = "Message";

    fn eager_field(&self, field: &str, inside: &[SelectedField<'_>]) -> Option<Value> {
        let MessageRow { message, author, agent_name, .. } = &self.0;
        let id = |id: Option<Uuid>| id.map_or(Value::Null, |id| Value::String(id.to_string()));
        let time = |at: Option<chrono::DateTime<Utc>>| at.map_or(Value::Null, |at| DateTime(at).to_value());
        Some(match field {
            "id" => id(Some(message.id)),
            "conversationId" => id(Some(message.conversation_id)),
            "number" => Value::from(message.number),
            "cursor" => Value::from(Node::cursor(self).encode(Self::NAME)),
            "authorId" => Value::from(message.author_id.as_deref()),
            "author" => author.as_ref().map_or(Some(Value::Null), |author| read(author, inside))?,
            "agentListingId" => id(message.agent_listing_id),
            "agentName" => Value::from(agent_name.as_deref()),
            "kind" | "messageType" => enum_value(MessageKind::from(message.kind)),
            "content" => Value::from(message.content.as_str()),
            "replyToId" => id(message.reply_to_id),
            "isIncomplete" => Value::from(message.is_incomplete),
            "ttsAudioUrl" => Value::from(message.tts_audio_url.as_deref()),
            "createdAt" => time(Some(message.created_at)),
            "editedAt" => time(message.edited_at),
            "deletedAt" => time(message.deleted_at),
            _ => return None,
        })
    }
}

/// A message of a user, an agent or the server in a conversation.
#[Object]
impl Message {
    /// Unique id of the object (UUID).
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.message.id.into()
    }

    /// Id of the conversation that contains the message.
    async fn conversation_id(&self) -> ID {
        self.0.message.conversation_id.into()
    }

    /// The conversation that contains the message.
    async fn conversation(&self, ctx: &Context<'_>) -> Result<Conversation> {
        let found = Conversation::find(ctx, self.0.message.conversation_id).await?;
        found.ok_or(Error::NotFound("Conversation"))
    }

    /// Sequence number in the conversation, from 1.
    async fn number(&self) -> i64 {
        self.0.message.number
    }

    /// Cursor of the message in `Conversation.messages`, for reading the messages before or after it.
    async fn cursor(&self) -> String {
        Node::cursor(self).encode(Self::NAME)
    }

    /// The author's id; null for agents and the system.
    async fn author_id(&self) -> Option<ID> {
        self.0.message.author_id.clone().map(ID)
    }

    /// The author under the name used in this conversation; null for messages of agents and the system.
    async fn author(&self) -> Option<User> {
        self.0.author.clone().map(User::from)
    }

    /// The `clientKey` that the author sent the message with; null for other viewers, and when there was none.
    async fn client_key(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let viewer = ctx.viewer()?.find_user().map(|user| &user.id);
        let is_own = viewer.is_some() && viewer == self.0.message.author_id.as_ref();
        Ok(self.0.message.client_key.as_deref().filter(|_| is_own))
    }

    /// True when the viewer blocked the author; clients should collapse the message.
    async fn is_from_blocked(&self, ctx: &Context<'_>) -> Result<bool> {
        let (Some(user), Some(author)) = (ctx.viewer()?.find_user(), &self.0.message.author_id) else {
            return Ok(false);
        };
        let key = (user.id.clone(), author.clone());
        Ok(ctx.load::<Blocked>(key).await?.is_some())
    }

    /// Id of the agent listing that wrote the message; null for messages of people and the system.
    async fn agent_listing_id(&self) -> Option<ID> {
        self.0.message.agent_listing_id.map(ID::from)
    }

    /// The agent that wrote the message; null for messages of people and the system, and when the agent is archived.
    async fn agent_listing(&self, ctx: &Context<'_>) -> Result<Option<AgentListing>> {
        AgentListing::find_maybe(ctx, self.0.message.agent_listing_id).await
    }

    /// Name of the agent that wrote the message; null for messages of people and the system.
    async fn agent_name(&self) -> Option<&str> {
        self.0.agent_name.as_deref()
    }

    /// Whether the message is from a user or agent, or from the server.
    async fn kind(&self) -> MessageKind {
        self.0.message.kind.into()
    }

    /// The former name of `kind`.
    #[graphql(deprecation = "Use `kind`.")]
    async fn message_type(&self) -> MessageKind {
        self.0.message.kind.into()
    }

    /// Text of the message; empty when the message is deleted.
    async fn content(&self) -> &str {
        &self.0.message.content
    }

    /// Id of the message that this one replies to; null when it is not a reply.
    async fn reply_to_id(&self) -> Option<ID> {
        self.0.message.reply_to_id.map(ID::from)
    }

    /// The message that this one replies to; null when it is not a reply.
    async fn reply_to(&self, ctx: &Context<'_>) -> Result<Option<Box<Message>>> {
        let Some(id) = self.0.message.reply_to_id else { return Ok(None) };
        let found = ctx.load::<Messages>((self.0.right(), id)).await?;
        Ok(found.map(|row| Box::new(Message(row))))
    }

    /// The answer that this message requested from an agent; null when it requested none.
    async fn agent_reply(&self, ctx: &Context<'_>) -> Result<Option<AgentReply>> {
        let right = self.0.right();
        let found = ctx.load::<AskedBy>((right, self.0.message.id)).await?;
        Ok(found.map(|row| AgentReply::new(row, right)))
    }

    /// Reason why the mentioned agent was not asked. Only present in the result of `postMessage`.
    async fn agent_refusal(&self) -> Option<AgentRefusal<'_>> {
        self.0.agent_refusal.as_ref().map(AgentRefusal)
    }

    /// True when the message is a partial answer of an agent that was stopped or failed.
    async fn is_incomplete(&self) -> bool {
        self.0.message.is_incomplete
    }

    /// URL of the audio: the recording of a voice message, or the answer read aloud; null when there is none.
    async fn tts_audio_url(&self) -> Option<&str> {
        self.0.message.tts_audio_url.as_deref()
    }

    /// Reactions to the message, most frequent emoji first; at most 20.
    async fn reactions(&self, ctx: &Context<'_>) -> Result<Vec<Reaction>> {
        let found = ctx.load::<Reactions>(self.0.message.id).await?;
        let conversation = self.0.message.conversation_id;
        Ok(found.unwrap_or_default().into_iter().map(|count| Reaction { count, conversation }).collect())
    }

    /// Time of posting; later than that of every earlier message in the conversation.
    async fn created_at(&self) -> DateTime {
        self.0.message.created_at.into()
    }

    /// Time of the last edit; null when the text was never edited.
    async fn edited_at(&self) -> Option<DateTime> {
        self.0.message.edited_at.map(DateTime)
    }

    /// Time of deletion; null when the message is not deleted.
    async fn deleted_at(&self) -> Option<DateTime> {
        self.0.message.deleted_at.map(DateTime)
    }
}

/// Reason why an agent that was mentioned by name was not asked.
pub(in crate::graphql) struct AgentRefusal<'a>(&'a conversations::AgentRefusal);

/// Reason why an agent that was mentioned by name was not asked.
#[Object]
impl AgentRefusal<'_> {
    /// Code of the error, such as `INSUFFICIENT_BALANCE`.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// A sentence that can be shown to the user.
    async fn message(&self) -> &str {
        &self.0.message
    }
}

/// An emoji on a message, with the number of users who added it.
pub(in crate::graphql) struct Reaction {
    count: ReactionCount,
    /// Id of the message's conversation.
    conversation: Uuid,
}

/// An emoji on a message, with the number of users who added it.
#[Object]
impl Reaction {
    /// The emoji in its normalized spelling.
    async fn emoji(&self) -> &str {
        &self.count.emoji
    }

    /// Number of users who reacted with it.
    async fn count(&self) -> i64 {
        self.count.count
    }

    /// The first users who reacted with it, under the names used in this conversation; at most 20.
    async fn users(&self, ctx: &Context<'_>) -> Result<Vec<User>> {
        let rows = ctx.load::<Reactors>(self.count.message_id).await?.unwrap_or_default();
        let own = rows.into_iter().filter(|row| row.emoji == self.count.emoji);
        Ok(own.map(|row| User::in_conversation(row.user_id, self.conversation)).collect())
    }

    /// Whether the viewer added this emoji.
    async fn has_viewer_reacted(&self, ctx: &Context<'_>) -> Result<bool> {
        let key = (ctx.user()?.id.clone(), self.count.message_id);
        let own = ctx.load::<OwnReactions>(key).await?.unwrap_or_default();
        Ok(own.contains(&self.count.emoji))
    }
}
