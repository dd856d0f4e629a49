//! Events in the stream of an agent reply.

use std::sync::Arc;

use async_graphql::{Enum, ID, Interface, Object};
use entity::agent_reply_event::Kind;

use crate::{
    domain::agents::ReplyEvent,
    graphql::agents::replies::AgentReply,
    live::{Event as _, Payload},
};

/// Kinds of events in the stream of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum AgentReplyEventKind {
    /// The question was accepted.
    Meta,
    /// A piece of the answer's text.
    Chunk,
    /// The answer failed; `DONE` follows.
    Error,
    /// The answer ended; no more text follows.
    Done,
    /// Audio of the answer is available.
    AudioReady,
}

/// An event in the stream of an agent's answer.
#[derive(Interface)]
#[graphql(
    field(name = "kind", ty = "AgentReplyEventKind", desc = "The kind of the event."),
    field(
        name = "position",
        ty = "String",
        desc = "Position after this event; pass it as `after` to continue."
    ),
    field(name = "reply", ty = "AgentReply", desc = "The answer, at the time of the event or later.")
)]
pub(in crate::graphql) enum AgentReplyEvent {
    Meta(AgentReplyMeta),
    Chunk(AgentReplyChunk),
    Error(AgentReplyError),
    Done(AgentReplyDone),
    Audio(AgentReplyAudio),
}

impl AgentReplyEvent {
    pub(in crate::graphql) fn read(happening: &Payload) -> Option<Self> {
        let event = happening.clone().downcast::<ReplyEvent>().ok()?;
        Some(match event.kind {
            Kind::Meta => Self::Meta(AgentReplyMeta(event)),
            Kind::Chunk => Self::Chunk(AgentReplyChunk(event)),
            Kind::Error => Self::Error(AgentReplyError(event)),
            Kind::AudioReady => Self::Audio(AgentReplyAudio(event)),
            // A silent end renders like `Done`; the stream drops it.
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
    async fn kind(&self) -> AgentReplyEventKind {
        AgentReplyEventKind::Meta
    }

    /// Position after this event; pass it as `after` to continue.
    async fn position(&self) -> String {
        self.0.position().to_string()
    }

    /// The answer that this event belongs to.
    async fn reply(&self) -> AgentReply {
        AgentReply::new((*self.0.reply).clone(), self.0.right())
    }

    /// Id of the community whose fee applies.
    async fn community_id(&self) -> ID {
        self.0.reply.community_id.into()
    }

    /// Id of the message that contains the question.
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
    async fn kind(&self) -> AgentReplyEventKind {
        AgentReplyEventKind::Chunk
    }

    /// Position after this event; pass it as `after` to continue.
    async fn position(&self) -> String {
        self.0.position().to_string()
    }

    /// The answer that this event belongs to.
    async fn reply(&self) -> AgentReply {
        AgentReply::new((*self.0.reply).clone(), self.0.right())
    }

    /// The next piece of the text; the pieces in order form the whole text.
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
    async fn kind(&self) -> AgentReplyEventKind {
        AgentReplyEventKind::Error
    }

    /// Position after this event; pass it as `after` to continue.
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
    async fn kind(&self) -> AgentReplyEventKind {
        AgentReplyEventKind::Done
    }

    /// Position after this event; pass it as `after` to continue.
    async fn position(&self) -> String {
        self.0.position().to_string()
    }

    /// The answer in its final state.
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
    async fn kind(&self) -> AgentReplyEventKind {
        AgentReplyEventKind::AudioReady
    }

    /// Position after this event; pass it as `after` to continue.
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
