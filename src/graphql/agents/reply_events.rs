//! An answer as it is given, event by event.

use std::sync::Arc;

use async_graphql::{Enum, ID, Interface, Object};
use entity::agent_reply_event::Kind;

use crate::{
    domain::agents::ReplyEvent,
    graphql::agents::replies::AgentReply,
    live::{Event as _, Happening},
};

/// What happens to an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum AgentReplyEventType {
    /// It was asked for.
    Meta,
    /// A piece of it was said.
    Chunk,
    /// It broke off; `DONE` follows.
    Error,
    /// It has ended.
    Done,
    /// It can be heard.
    AudioReady,
}

/// Something that happened to an answer.
#[derive(Interface)]
#[graphql(
    field(name = "type", method = "kind", ty = "AgentReplyEventType", desc = "What."),
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

/// It was asked for.
pub(in crate::graphql) struct AgentReplyMeta(Arc<ReplyEvent>);

/// It was asked for.
#[Object]
impl AgentReplyMeta {
    /// `META`.
    #[graphql(name = "type")]
    async fn kind(&self) -> AgentReplyEventType {
        AgentReplyEventType::Meta
    }

    /// Where to go on after it.
    async fn position(&self) -> String {
        self.0.position().to_string()
    }

    /// The answer.
    async fn reply(&self) -> AgentReply {
        AgentReply::new((*self.0.reply).clone(), self.0.right())
    }

    /// The community's id.
    async fn community_id(&self) -> ID {
        self.0.reply.community_id.into()
    }

    /// The id of the message that asked.
    async fn user_message_id(&self) -> ID {
        self.0.reply.question_id.into()
    }
}

/// A piece of it was said.
pub(in crate::graphql) struct AgentReplyChunk(Arc<ReplyEvent>);

/// A piece of it was said.
#[Object]
impl AgentReplyChunk {
    /// `CHUNK`.
    #[graphql(name = "type")]
    async fn kind(&self) -> AgentReplyEventType {
        AgentReplyEventType::Chunk
    }

    /// Where to go on after it.
    async fn position(&self) -> String {
        self.0.position().to_string()
    }

    /// The answer.
    async fn reply(&self) -> AgentReply {
        AgentReply::new((*self.0.reply).clone(), self.0.right())
    }

    /// The piece; all of them together are the text.
    async fn content(&self) -> &str {
        &self.0.text
    }
}

/// It broke off.
pub(in crate::graphql) struct AgentReplyError(Arc<ReplyEvent>);

/// It broke off.
#[Object]
impl AgentReplyError {
    /// `ERROR`.
    #[graphql(name = "type")]
    async fn kind(&self) -> AgentReplyEventType {
        AgentReplyEventType::Error
    }

    /// Where to go on after it.
    async fn position(&self) -> String {
        self.0.position().to_string()
    }

    /// The answer.
    async fn reply(&self) -> AgentReply {
        AgentReply::new((*self.0.reply).clone(), self.0.right())
    }

    /// What went wrong.
    async fn message(&self) -> &str {
        &self.0.text
    }
}

/// It has ended.
pub(in crate::graphql) struct AgentReplyDone(Arc<ReplyEvent>);

/// It has ended.
#[Object]
impl AgentReplyDone {
    /// `DONE`.
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

/// It can be heard.
pub(in crate::graphql) struct AgentReplyAudio(Arc<ReplyEvent>);

/// It can be heard.
#[Object]
impl AgentReplyAudio {
    /// `AUDIO_READY`.
    #[graphql(name = "type")]
    async fn kind(&self) -> AgentReplyEventType {
        AgentReplyEventType::AudioReady
    }

    /// Where to go on after it.
    async fn position(&self) -> String {
        self.0.position().to_string()
    }

    /// The answer.
    async fn reply(&self) -> AgentReply {
        AgentReply::new((*self.0.reply).clone(), self.0.right())
    }

    /// Where its speech is.
    async fn audio_url(&self) -> &str {
        &self.0.text
    }
}
