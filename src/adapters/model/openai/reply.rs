//! One answer as it comes in: bytes to events, events to pieces of the answer, and how it ended.

use std::{collections::VecDeque, time::Duration};

use futures_util::{StreamExt, stream};
use reqwest::Response;
use tokio::time::timeout;

use super::{
    events::{Events, Line},
    wire::{Chunk, Content},
};
use crate::{
    adapters::{
        client::{brief, describe},
        model::{Answer, Delta, ModelError, Outcome, Usage},
    },
    secret::Secret,
};

/// No answer of a model is longer, in bytes.
const LONGEST: usize = 1024 * 1024;

/// An answer that is being read.
pub(super) struct Reply {
    /// None when all was read.
    response: Option<Response>,
    events: Events,
    /// The payload that is not whole yet.
    payload: Vec<u8>,
    ready: VecDeque<Delta>,
    usage: Usage,
    host: String,
    outcome: Option<Outcome>,
    /// Why there is no more; told after what is ready.
    failed: Option<ModelError>,
    length: usize,
    idle: Duration,
    key: Secret,
}

impl Reply {
    pub(super) fn new(response: Response, host: &str, model: &str, idle: Duration, key: Secret) -> Self {
        Self {
            response: Some(response),
            events: Events::default(),
            payload: Vec::new(),
            ready: VecDeque::new(),
            usage: Usage { provider: format!("{host}/{model}"), ..Usage::default() },
            host: host.to_owned(),
            outcome: None,
            failed: None,
            length: 0,
            idle,
            key,
        }
    }

    /// Reads until there is something to say, or nothing more.
    pub(super) async fn begin(&mut self, silence: Duration) -> Result<(), ModelError> {
        let Some(response) = &mut self.response else { return Ok(()) };
        let first = timeout(silence, response.chunk()).await;
        let first = first.map_err(|_| ModelError::FirstByteTimeout(silence))?;
        self.take(first);
        self.fill().await;
        match self.failed.take_if(|_| self.ready.is_empty()) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// The rest as a stream.
    pub(super) fn into_answer(self) -> Answer {
        let step = |state: Option<Self>| async move {
            let mut reply = state?;
            reply.fill().await;
            match reply.ready.pop_front() {
                Some(delta) => Some((Ok(delta), Some(reply))),
                None => Some((Err(reply.failed.take()?), None)),
            }
        };
        stream::unfold(Some(self), step).boxed()
    }

    async fn fill(&mut self) {
        while self.ready.is_empty() && self.failed.is_none() {
            let Some(response) = &mut self.response else { return };
            match timeout(self.idle, response.chunk()).await {
                Ok(chunk) => self.take(chunk),
                // It said that it was finished, and only forgot to hang up.
                Err(_) if self.outcome.is_some() => self.finish(),
                Err(_) => self.fail(ModelError::IdleTimeout(self.idle)),
            }
        }
    }

    /// Hangs up: what follows is no part of the answer.
    fn fail(&mut self, error: ModelError) {
        self.response = None;
        self.failed = Some(error);
    }

    fn take(&mut self, chunk: reqwest::Result<Option<bytes::Bytes>>) {
        let read = match chunk {
            Ok(Some(bytes)) => match self.events.push(&bytes) {
                Ok(lines) => lines.into_iter().try_for_each(|line| self.line(line)),
                Err(_) => Err(ModelError::Malformed("an endless line".to_owned())),
            },
            Ok(None) => {
                self.events.finish().map_or(Ok(()), |line| self.line(line)).and_then(|()| self.ended())
            }
            Err(_) if self.outcome.is_some() => self.ended(),
            Err(error) => Err(ModelError::Broken(describe(error))),
        };
        if let Err(error) = read {
            self.fail(error);
        }
    }

    /// Nothing more will come.
    fn ended(&mut self) -> Result<(), ModelError> {
        match (self.outcome, self.payload.is_empty()) {
            (Some(_), _) => {
                self.finish();
                Ok(())
            }
            (None, true) => Err(ModelError::Broken("the stream ended early".to_owned())),
            (None, false) => Err(ModelError::Broken("the stream ended in an event".to_owned())),
        }
    }

    fn line(&mut self, line: Line) -> Result<(), ModelError> {
        match line {
            Line::Data(data) if data.trim_ascii() == b"[DONE]" => {
                self.outcome.get_or_insert(Outcome::Answered);
                self.finish();
                Ok(())
            }
            Line::Data(data) => {
                // An event may have several lines; some servers leave out the blank line behind it. So an event is
                // whole as soon as it can be read.
                if !self.payload.is_empty() {
                    self.payload.push(b'\n');
                }
                self.payload.extend_from_slice(&data);
                match serde_json::from_slice::<Chunk>(&self.payload) {
                    Ok(chunk) => {
                        self.payload.clear();
                        self.chunk(chunk)
                    }
                    Err(error) if error.is_eof() && self.payload.len() <= LONGEST => Ok(()),
                    Err(error) => Err(ModelError::Malformed(format!("an event is not as agreed: {error}"))),
                }
            }
            Line::End if self.payload.is_empty() => Ok(()),
            Line::End => Err(ModelError::Malformed("an event is cut short".to_owned())),
        }
    }

    fn chunk(&mut self, chunk: Chunk) -> Result<(), ModelError> {
        if let Some(fault) = chunk.error {
            return Err(ModelError::Failed(brief(fault.message(), &self.key)));
        }
        if let Some(model) = chunk.model.filter(|model| !model.is_empty()) {
            self.usage.provider = format!("{}/{model}", self.host);
        }
        if let Some(usage) = chunk.usage {
            self.usage.prompt_tokens = usage.prompt_tokens.or(self.usage.prompt_tokens);
            self.usage.completion_tokens = usage.completion_tokens.or(self.usage.completion_tokens);
        }
        let Some(choice) = chunk.choices.unwrap_or_default().into_iter().next() else { return Ok(()) };
        // Some servers send an empty reason with every piece, and what goes on has not ended.
        let reason = choice.finish_reason.filter(|reason| !reason.is_empty());
        if let Some(Content::Text(text)) = choice.delta.and_then(|delta| delta.content)
            && !text.is_empty()
        {
            self.outcome = None;
            self.length += text.len();
            if self.length > LONGEST {
                return Err(ModelError::Malformed("the answer has no end".to_owned()));
            }
            self.ready.push_back(Delta::Text(text));
        }
        if let Some(reason) = reason {
            self.outcome = Some(match reason.as_str() {
                "length" => Outcome::CutShort,
                "content_filter" => Outcome::Withheld,
                _ => Outcome::Answered,
            });
        }
        Ok(())
    }

    /// Nothing more is read: what it took, and how it ended.
    fn finish(&mut self) {
        let (Some(response), Some(outcome)) = (self.response.take(), self.outcome) else { return };
        self.ready.push_back(Delta::Usage(std::mem::take(&mut self.usage)));
        self.ready.push_back(Delta::Finished(outcome));
        tokio::spawn(drain(response));
    }
}

/// Reads what may still follow, so that the connection can be used again.
async fn drain(mut response: Response) {
    let read = async {
        for _ in 0..16 {
            if !matches!(response.chunk().await, Ok(Some(_))) {
                return;
            }
        }
    };
    // After a second a new connection is cheaper than the wait.
    let _ = timeout(Duration::from_secs(1), read).await;
}
