//! Events of an agent reply.

use std::sync::Arc;

use entity::{agent_reply, agent_reply_event::Kind};
use serde::{Deserialize, Serialize};

use crate::live::{self, Position};

/// An event of an agent reply.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReplyEvent {
    /// The reply, at the time of the event or later.
    pub reply: Arc<agent_reply::Model>,
    /// Sequence number of the event, from 1.
    pub position: Position,
    /// Kind of the event.
    pub kind: Kind,
    /// A chunk of the reply, an error message or the URL of the audio.
    pub text: String,
}

impl live::Event for ReplyEvent {
    fn position(&self) -> Position {
        self.position
    }
}
