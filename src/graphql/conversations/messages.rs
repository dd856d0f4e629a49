//! What was said, and the emoji on it.

use async_graphql::{Context, Enum, ID, Object, ScalarType, Value, resolver_utils::enum_value};
use chrono::Utc;
use entity::message;
use uuid::Uuid;

use crate::{
    domain::{
        Cursor, Error, Result,
        conversations::{MessageRow, ReactionCount, Refusal},
    },
    graphql::{
        DateTime,
        agents::{loaders::AskedBy, replies::AgentReply},
        at_hand::{AtHand, Wanted, read},
        context::Asked,
        conversations::Conversation,
        lists,
        loaders::{Blocked, Messages, OwnReactions, Reactions},
        paging::Node,
        users::User,
    },
};

/// Kinds of message authors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "message::Kind")]
pub(in crate::graphql) enum MessageType {
    /// By a person or an agent.
    Text,
    /// A system message.
    System,
}

/// A message in a conversation.
#[derive(Clone)]
pub(in crate::graphql) struct Message(pub(in crate::graphql) MessageRow);

impl Node for Message {
    const NAME: &'static str = "Message";

    fn cursor(&self) -> Cursor {
        Cursor { rank: None, at: self.0.message.created_at, id: self.0.message.id }
    }
}

impl AtHand for Message {
    const TYPE: &'static str = "Message";

    fn part(&self, field: &str, inside: &[Wanted<'_>]) -> Option<Value> {
        let MessageRow { message, author, agent_name, .. } = &self.0;
        let id = |id: Option<Uuid>| id.map_or(Value::Null, |id| Value::String(id.to_string()));
        let time = |at: Option<chrono::DateTime<Utc>>| at.map_or(Value::Null, |at| DateTime(at).to_value());
        Some(match field {
            "id" => id(Some(message.id)),
            "conversationId" => id(Some(message.conversation_id)),
            "number" => Value::from(message.number),
            "authorId" => Value::from(message.author_id.as_deref()),
            "author" => author.as_ref().map_or(Some(Value::Null), |author| read(author, inside))?,
            "agentListingId" => id(message.agent_listing_id),
            "agentName" => Value::from(agent_name.as_deref()),
            "messageType" => enum_value(MessageType::from(message.kind)),
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

/// A message in a conversation.
#[Object]
impl Message {
    /// Unique id of the object (UUID).
    async fn id(&self) -> ID {
        self.0.message.id.into()
    }

    /// The conversation's id.
    async fn conversation_id(&self) -> ID {
        self.0.message.conversation_id.into()
    }

    /// Id of the conversation.
    async fn conversation(&self, ctx: &Context<'_>) -> Result<Conversation> {
        let found = Conversation::find(ctx, self.0.message.conversation_id).await?;
        found.ok_or(Error::NotFound("Conversation"))
    }

    /// The how manieth message of its conversation it is, from 1.
    async fn number(&self) -> i64 {
        self.0.message.number
    }

    /// The author's id; null for agents and the system.
    async fn author_id(&self) -> Option<ID> {
        self.0.message.author_id.clone().map(ID)
    }

    /// The author under the name used in this conversation; null for messages of agents and the system.
    async fn author(&self) -> Option<User> {
        self.0.author.clone().map(User::from)
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

    /// Name of the agent that wrote the message; null for messages of people and the system.
    async fn agent_name(&self) -> Option<&str> {
        self.0.agent_name.as_deref()
    }

    /// Kind of author.
    async fn message_type(&self) -> MessageType {
        self.0.message.kind.into()
    }

    /// The text, as it was sent; empty when it was deleted.
    async fn content(&self) -> &str {
        &self.0.message.content
    }

    /// The id of the message that it answers.
    async fn reply_to_id(&self) -> Option<ID> {
        self.0.message.reply_to_id.map(ID::from)
    }

    /// The message that it answers.
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
    async fn call_refusal(&self) -> Option<CallRefusal<'_>> {
        self.0.refusal.as_ref().map(CallRefusal)
    }

    /// True when the message is a partial answer of an agent that was stopped or failed.
    async fn is_incomplete(&self) -> bool {
        self.0.message.is_incomplete
    }

    /// URL of the audio: the recording of a voice message, or the answer read aloud; null when there is none.
    async fn tts_audio_url(&self) -> Option<&str> {
        self.0.message.tts_audio_url.as_deref()
    }

    /// The emoji on it, the most frequent first; at most 20.
    async fn reactions(&self, ctx: &Context<'_>) -> Result<Vec<Reaction>> {
        let found = ctx.load::<Reactions>(self.0.message.id).await?;
        Ok(found.unwrap_or_default().into_iter().take(lists::REACTIONS).map(Reaction).collect())
    }

    /// When it was posted; later than every message before it in its conversation.
    async fn created_at(&self) -> DateTime {
        self.0.message.created_at.into()
    }

    /// When its text was last changed.
    async fn edited_at(&self) -> Option<DateTime> {
        self.0.message.edited_at.map(DateTime)
    }

    /// Time of deletion; null when the message is not deleted.
    async fn deleted_at(&self) -> Option<DateTime> {
        self.0.message.deleted_at.map(DateTime)
    }
}

/// Why an agent that was called by name was not asked.
pub(in crate::graphql) struct CallRefusal<'a>(&'a Refusal);

/// Why an agent that was called by name was not asked.
#[Object]
impl CallRefusal<'_> {
    /// The error's code, such as `INSUFFICIENT_BALANCE`.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// A sentence that can be shown to the user.
    async fn message(&self) -> &str {
        &self.0.message
    }
}

/// An emoji on a message.
pub(in crate::graphql) struct Reaction(ReactionCount);

/// An emoji on a message.
#[Object]
impl Reaction {
    /// The emoji, in its one stored spelling.
    async fn emoji(&self) -> &str {
        &self.0.emoji
    }

    /// Number of users who reacted with it.
    async fn count(&self) -> i64 {
        self.0.count
    }

    /// Whether it is from the viewer too.
    async fn viewer_reacted(&self, ctx: &Context<'_>) -> Result<bool> {
        let key = (ctx.user()?.id.clone(), self.0.message_id);
        let own = ctx.load::<OwnReactions>(key).await?.unwrap_or_default();
        Ok(own.contains(&self.0.emoji))
    }
}
