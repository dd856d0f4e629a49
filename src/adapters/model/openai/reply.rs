//! Reads one answer: bytes to events, events to items of the answer, and its end.

use std::{collections::VecDeque, time::Duration};

use futures_util::{StreamExt, stream};
use reqwest::Response;
use tokio::time::{Instant, timeout};

use super::{
    ending::Ending,
    events::{Events, Line},
    surrogates::Surrogates,
    thoughts::Thoughts,
    wire::{self, Event},
};
use crate::{
    adapters::{
        client::{brief, describe},
        model::{Answer, Delta, ModelError, Outcome, Usage},
    },
    security::secret::Secret,
};

/// Maximum bytes of an answer.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;
/// Maximum bytes of reasoning.
const LONGEST_THOUGHTS: usize = 8 * 1024 * 1024;
/// Maximum lines of an event.
const LINES: usize = 256;
/// The member that has the text of an event.
const CHOICES: &[u8] = b"\"choices\"";
/// Maximum characters of a model's own name.
const NAME: usize = 100;

/// An answer that is being read.
pub(super) struct Reply {
    /// `None` after the end.
    response: Option<Response>,
    events: Events,
    payload: Payload,
    /// Whether the next payload is an error in any format.
    is_fault_next: bool,
    /// Whether an event of the protocol was received, and whether unknown data was received.
    is_known: bool,
    has_junk: bool,
    surrogates: Surrogates,
    thoughts: Thoughts,
    ready: VecDeque<Delta>,
    usage: Usage,
    host: String,
    ending: Option<Ending>,
    /// Whether the answer is a refusal of the model.
    is_refusal: bool,
    /// The error that follows the ready items.
    failed: Option<ModelError>,
    /// Bytes of the answer and of its reasoning.
    length: usize,
    thought: usize,
    /// Maximum time without progress of the answer, and the rest of it.
    idle: Duration,
    left: Duration,
    key: Secret,
}

/// Incomplete JSON.
#[derive(Default)]
struct Payload {
    json: Vec<u8>,
    lines: usize,
    /// Whether it is a separate body and no event of a stream.
    is_bare: bool,
}

impl Reply {
    pub(super) fn new(response: Response, host: &str, model: &str, idle: Duration, key: Secret) -> Self {
        Self {
            response: Some(response),
            events: Events::default(),
            payload: Payload::default(),
            is_fault_next: false,
            is_known: false,
            has_junk: false,
            surrogates: Surrogates::default(),
            thoughts: Thoughts::default(),
            ready: VecDeque::new(),
            usage: Usage { provider: format!("{host}/{model}"), ..Usage::default() },
            host: host.to_owned(),
            ending: None,
            is_refusal: false,
            failed: None,
            length: 0,
            thought: 0,
            idle,
            left: idle,
            key,
        }
    }

    /// Reads until an item is ready, or until the end.
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

    /// Returns the rest as a stream.
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
            // Only time spent waiting for the server counts, and only progress of the answer ends the wait.
            let since = Instant::now();
            match timeout(self.left, response.chunk()).await {
                Ok(chunk) => {
                    self.left = self.left.saturating_sub(since.elapsed());
                    self.take(chunk);
                }
                // The server reported the end but did not close the connection.
                Err(_) if self.ending.is_some() => self.finish(),
                Err(_) => self.fail(ModelError::IdleTimeout(self.idle)),
            }
        }
    }

    /// Closes the connection: later data is not part of the answer.
    fn fail(&mut self, error: ModelError) {
        self.flush();
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
            Err(_) if self.ending.is_some() => self.ended(),
            Err(error) => Err(ModelError::Broken(describe(error))),
        };
        if let Err(error) = read {
            self.fail(error);
        }
    }

    /// Handles the end of the connection.
    fn ended(&mut self) -> Result<(), ModelError> {
        if self.response.is_none() {
            return Ok(());
        }
        if self.payload.is_bare && !self.payload.json.is_empty() {
            let json = std::mem::take(&mut self.payload.json);
            if let Ok(event) = wire::read(&String::from_utf8_lossy(&json)) {
                self.event(event, true)?;
            }
        }
        if self.ending.is_some() {
            self.finish();
            return Ok(());
        }
        Err(match (self.is_known, self.payload.is_bare || self.has_junk) {
            (false, true) => ModelError::Malformed("the answer is not an event stream".to_owned()),
            _ if self.payload.json.is_empty() => ModelError::Broken("the stream ended early".to_owned()),
            _ => ModelError::Broken("the stream ended in an event".to_owned()),
        })
    }

    fn line(&mut self, line: Line) -> Result<(), ModelError> {
        if self.response.is_none() {
            // Data after the end is not part of the answer.
            return Ok(());
        }
        match line {
            Line::Data(data) if data.trim_ascii().eq_ignore_ascii_case(b"[DONE]") => {
                let unread = std::mem::take(&mut self.payload);
                self.lose(&unread.json)?;
                self.ending.get_or_insert(Ending::Known(Outcome::Answered));
                self.finish();
                Ok(())
            }
            Line::Data(data) if std::mem::take(&mut self.is_fault_next) => self.fault_text(&data),
            Line::Fault(data) => self.fault_text(&data),
            Line::FaultNext => {
                self.is_fault_next = true;
                Ok(())
            }
            Line::Data(data) => self.data(data, false),
            Line::Bare(data) if self.payload.is_bare || data.trim_ascii_start().starts_with(b"{") => {
                self.data(data, true)
            }
            Line::Bare(_) => {
                self.has_junk = true;
                Ok(())
            }
            Line::End => {
                self.is_fault_next = false;
                if self.payload.is_bare || self.payload.json.is_empty() {
                    return Ok(());
                }
                let unread = std::mem::take(&mut self.payload);
                self.lose(&unread.json)
            }
        }
    }

    /// Handles an error payload.
    fn fault_text(&mut self, data: &[u8]) -> Result<(), ModelError> {
        let text = String::from_utf8_lossy(data);
        let message = wire::fault(&text).unwrap_or_else(|| text.into_owned());
        self.fault(&message)
    }

    /// Handles an error. It does not affect an answer that was complete before.
    fn fault(&mut self, message: &str) -> Result<(), ModelError> {
        if self.ending == Some(Ending::Known(Outcome::Answered)) {
            self.finish();
            return Ok(());
        }
        Err(ModelError::Failed(brief(message, &self.key)))
    }

    /// Handles a line of JSON. An event may have several lines, and some servers omit the blank line after
    /// it, so an event is complete as soon as it parses.
    fn data(&mut self, line: Vec<u8>, is_bare: bool) -> Result<(), ModelError> {
        if self.payload.json.is_empty() {
            return match wire::read(&String::from_utf8_lossy(&line)) {
                Ok(event) => self.event(event, is_bare),
                Err(error) if error.is_eof() && line.trim_ascii_start().starts_with(b"{") => {
                    self.payload = Payload { json: line, lines: 1, is_bare };
                    Ok(())
                }
                Err(_) => self.lose(&line),
            };
        }
        self.payload.json.push(b'\n');
        self.payload.json.extend_from_slice(&line);
        self.payload.lines += 1;
        if self.payload.json.len() > MAX_ANSWER_BYTES {
            return Err(ModelError::Malformed("an endless event".to_owned()));
        }
        // A body of several lines can only be complete at a line that begins with a bracket.
        if is_bare && !line.starts_with(b"}") {
            return Ok(());
        }
        match wire::read(&String::from_utf8_lossy(&self.payload.json)) {
            Ok(event) => {
                self.payload.json.clear();
                self.event(event, is_bare)
            }
            Err(error) if error.is_eof() && self.payload.lines < LINES => Ok(()),
            Err(_) => {
                let unread = std::mem::take(&mut self.payload);
                self.lose(&unread.json[..unread.json.len() - line.len()])?;
                self.data(line, is_bare)
            }
        }
    }

    /// Ignores unparsable data.
    ///
    /// # Errors
    /// Returns an error if the data may contain text of the answer, which would then have a hole.
    fn lose(&mut self, data: &[u8]) -> Result<(), ModelError> {
        self.has_junk |= !matches!(data.trim_ascii(), b"" | b"null");
        let is_choice = data.trim_ascii_start().starts_with(b"{")
            && data.windows(CHOICES.len()).any(|window| window == CHOICES);
        if is_choice && self.ending.is_none() {
            return Err(ModelError::Malformed("an event of the answer is not JSON".to_owned()));
        }
        Ok(())
    }

    fn event(&mut self, event: Event, is_bare: bool) -> Result<(), ModelError> {
        if let Some(message) = event.fault {
            return self.fault(&message);
        }
        self.is_known |= event.is_known;
        self.has_junk |= !event.is_known;
        let named: Option<String> =
            event.model.map(|model| model.chars().filter(|c| !c.is_control()).take(NAME).collect());
        if let Some(model) = named.filter(|model| !model.is_empty()) {
            self.usage.provider = format!("{}/{model}", self.host);
        }
        self.usage.prompt_tokens = event.prompt_tokens.or(self.usage.prompt_tokens);
        self.usage.completion_tokens = event.completion_tokens.or(self.usage.completion_tokens);
        self.is_refusal |= event.is_refusal;
        self.thought += event.thoughts;
        // Some servers repeat the whole answer after the pieces.
        let is_new = self.length == 0;
        let is_whole = event.text.is_empty() && is_new && !event.whole.is_empty();
        let text = if is_whole { event.whole } else { event.text };
        if !text.is_empty() {
            self.ending = None;
        }
        self.length += text.len();
        if self.length > MAX_ANSWER_BYTES || self.thought > LONGEST_THOUGHTS {
            return Err(ModelError::Malformed("the answer has no end".to_owned()));
        }
        if !text.is_empty() || event.thoughts > 0 {
            self.left = self.idle;
        }
        let text = self.surrogates.push(&text);
        let said = self.thoughts.push(&text);
        self.say(said);
        match event.reason.filter(|reason| Ending::is_reason(reason)) {
            // Some gateways append a `stop` of their own to an incomplete answer.
            Some(reason)
                if self.ending.as_ref().is_none_or(|end| *end == Ending::Known(Outcome::Answered)) =>
            {
                self.ending = Some(Ending::of(&reason));
            }
            Some(_) => {}
            // A separate body that parses is complete.
            None if is_bare && is_whole => {
                self.ending = Some(Ending::Known(Outcome::Answered));
            }
            None => {}
        }
        Ok(())
    }

    fn say(&mut self, text: String) {
        if !text.is_empty() {
            self.ready.push_back(Delta::Text(text));
        }
    }

    /// Emits text that was held back.
    fn flush(&mut self) {
        let rest = self.surrogates.finish();
        let mut said = self.thoughts.push(&rest);
        let is_whole = self.ending == Some(Ending::Known(Outcome::Answered));
        said += &self.thoughts.finish(is_whole);
        self.say(said);
    }

    /// Ends reading; emits usage and outcome.
    fn finish(&mut self) {
        let (Some(response), Some(ending)) = (self.response.take(), self.ending.clone()) else { return };
        self.flush();
        match ending {
            Ending::Known(outcome) => {
                let outcome = match outcome {
                    _ if self.is_refusal => Outcome::Withheld,
                    Outcome::Answered if self.thoughts.is_unfinished() => Outcome::CutShort,
                    outcome => outcome,
                };
                self.ready.push_back(Delta::Usage(std::mem::take(&mut self.usage)));
                self.ready.push_back(Delta::Finished(outcome));
            }
            Ending::Unknown(reason) => {
                let reason = brief(&reason, &self.key);
                self.failed = Some(ModelError::Failed(format!("it ended with finish_reason {reason:?}")));
            }
        }
        tokio::spawn(drain(response));
    }
}

/// Reads a possible rest, so that the connection can be reused.
async fn drain(mut response: Response) {
    let read = async {
        for _ in 0..16 {
            if !matches!(response.chunk().await, Ok(Some(_))) {
                return;
            }
        }
    };
    // After a second, a new connection is cheaper than the wait.
    let _ = timeout(Duration::from_secs(1), read).await;
}
