//! An answer as it is given, event by event.

use std::sync::Arc;

use async_graphql::{Enum, ID, Interface, Object};
use entity::agent_reply_event::Kind;

use crate::{
    domain::agents::ReplyEvent,
    graphql::agents::replies::AgentReply,
    live::{Event as _, Happening},
};

/// Kinds of events in the stream of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum AgentReplyEventType {
    /// The question was accepted.
    Meta,
    /// A piece of the answer's text.
    Chunk,
    /// It broke off; `DONE` follows.
    Error,
    /// The answer ended; no more text follows.
    Done,
    /// Audio of the answer is available.
    AudioReady,
}

/// Something that happened to an answer.
#[derive(Interface)]
#[graphql(
    field(name = "type", method = "kind", ty = "AgentReplyEventType", desc = "Discriminator of the event."),
    field(name = "position", ty = "String", desc = "Where to go on after it, as `after`."),
    field(name = "reply", ty = "AgentReply", desc = "The answer as it was then, or as it is by now.")
)]
pub(in crate::graphql) enum AgentReplyEvent {
    Meta(AgentReplyMeta),
    Chunk(AgentReplyChunk),
    Error(AgentReplyError),
    Done(AgentReplyDone),
    Audio(AgentReplyAudio),
}

impl AgentReplyEvent {
    pub(in crate::graphql) fn read(happening: &Happening) -> Option<Self> {
        let event = happening.clone().downcast::<ReplyEvent>().ok()?;
        Some(match event.kind {
            Kind::Meta => Self::Meta(AgentReplyMeta(event)),
            Kind::Chunk => Self::Chunk(AgentReplyChunk(event)),
            Kind::Error => Self::Error(AgentReplyError(event)),
            Kind::AudioReady => Self::Audio(AgentReplyAudio(event)),
            // A silent end is rendered like an end, and shown to nobody.
            Kind::Done | Kind::Silent => Self::Done(AgentReplyDone(event)),
        })
    }
}

/// The question was accepted.
pub(in crate::graphql) struct AgentReplyMeta(Arc<ReplyEvent>);

/// The question was accepted.
#[Object]
impl AgentReplyMeta {
    /// Always `META`.
    #[graphql(name = "type")]
    async fn kind(&self) -> AgentReplyEventType {
        AgentReplyEventType::Meta
    }

    /// Where to go on after it.
    async fn position(&self) -> String {
        self.0.position().to_string()
    }

    /// The answer that this event belongs to.
    async fn reply(&self) -> AgentReply {
        AgentReply::new((*self.0.reply).clone(), self.0.right())
    }

    /// Id of the community.
    async fn community_id(&self) -> ID {
        self.0.reply.community_id.into()
    }

    /// The id of the message that asked.
    async fn user_message_id(&self) -> ID {
        self.0.reply.question_id.into()
    }
}

/// A piece of the answer's text.
pub(in crate::graphql) struct AgentReplyChunk(Arc<ReplyEvent>);

/// A piece of the answer's text.
#[Object]
impl AgentReplyChunk {
    /// Always `CHUNK`.
    #[graphql(name = "type")]
    async fn kind(&self) -> AgentReplyEventType {
        AgentReplyEventType::Chunk
    }

    /// Where to go on after it.
    async fn position(&self) -> String {
        self.0.position().to_string()
    }

    /// The answer that this event belongs to.
    async fn reply(&self) -> AgentReply {
        AgentReply::new((*self.0.reply).clone(), self.0.right())
    }

    /// The piece; all of them together are the text.
    async fn content(&self) -> &str {
        &self.0.text
    }
}

/// The answer failed before it was complete.
pub(in crate::graphql) struct AgentReplyError(Arc<ReplyEvent>);

/// The answer failed before it was complete.
#[Object]
impl AgentReplyError {
    /// Always `ERROR`.
    #[graphql(name = "type")]
    async fn kind(&self) -> AgentReplyEventType {
        AgentReplyEventType::Error
    }

    /// Where to go on after it.
    async fn position(&self) -> String {
        self.0.position().to_string()
    }

    /// The answer that this event belongs to.
    async fn reply(&self) -> AgentReply {
        AgentReply::new((*self.0.reply).clone(), self.0.right())
    }

    /// Description of the failure.
    async fn message(&self) -> &str {
        &self.0.text
    }
}

/// The answer ended; no more text follows.
pub(in crate::graphql) struct AgentReplyDone(Arc<ReplyEvent>);

/// The answer ended; no more text follows.
#[Object]
impl AgentReplyDone {
    /// Always `DONE`.
    #[graphql(name = "type")]
    async fn kind(&self) -> AgentReplyEventType {
        AgentReplyEventType::Done
    }

    /// Where to go on after it.
    async fn position(&self) -> String {
        self.0.position().to_string()
    }

    /// The answer, with how it ended.
    async fn reply(&self) -> AgentReply {
        AgentReply::new((*self.0.reply).clone(), self.0.right())
    }
}

/// Audio of the answer is available.
pub(in crate::graphql) struct AgentReplyAudio(Arc<ReplyEvent>);

/// Audio of the answer is available.
#[Object]
impl AgentReplyAudio {
    /// Always `AUDIO_READY`.
    #[graphql(name = "type")]
    async fn kind(&self) -> AgentReplyEventType {
        AgentReplyEventType::AudioReady
    }

    /// Where to go on after it.
    async fn position(&self) -> String {
        self.0.position().to_string()
    }

    /// The answer that this event belongs to.
    async fn reply(&self) -> AgentReply {
        AgentReply::new((*self.0.reply).clone(), self.0.right())
    }

    /// URL of the audio file.
    async fn audio_url(&self) -> &str {
        &self.0.text
    }
}
