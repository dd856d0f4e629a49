//! Frames: consecutive messages of one server as one text.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

/// A message with its subject, as JSON.
pub(super) type Body = String;

/// Maximum number of messages that a server accepts in one frame.
const MAX_MESSAGES: usize = 16 * 1024;
/// Bytes of a frame without messages, and more.
const HEAD: usize = 128;

/// A received frame.
#[derive(Deserialize)]
pub(super) struct Frame<'a> {
    /// The server that sent it.
    #[serde(rename = "s")]
    pub(super) server: Uuid,
    /// Number of the first message, or of the next one if the frame has none.
    #[serde(rename = "n")]
    pub(super) first: u64,
    /// The messages with their subjects.
    #[serde(rename = "m", borrow)]
    pub(super) messages: Vec<(&'a str, &'a RawValue)>,
    /// Whether the server stops after it.
    #[serde(rename = "b", default)]
    pub(super) is_last: bool,
}

impl<'a> Frame<'a> {
    /// Reads a frame; `None` if it is malformed.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let frame: Self = serde_json::from_str(text).ok()?;
        let is_sound = frame.messages.len() <= MAX_MESSAGES && (1..1 << 53).contains(&frame.first);
        is_sound.then_some(frame)
    }
}

/// Returns a message as JSON; `None` if it has no JSON form.
pub(super) fn body<T: Serialize>(subject: &str, message: &T) -> Option<Body> {
    serde_json::to_string(&(subject, message)).ok()
}

/// Writes frames of bounded size.
pub(super) struct Writer {
    server: Uuid,
    max: usize,
    frames: Vec<String>,
    open: Option<Open>,
}

/// A frame that is being written.
struct Open {
    text: String,
    next: u64,
}

impl Writer {
    pub(super) fn new(server: Uuid, max: usize) -> Self {
        Self { server, max, frames: Vec::new(), open: None }
    }

    /// Returns whether a message fits into a frame.
    pub(super) fn fits(&self, body: &str) -> bool {
        body.len() + HEAD <= self.max
    }

    /// Adds a message. One that does not fit is lost.
    pub(super) fn push(&mut self, number: u64, body: &str) {
        if !self.fits(body) {
            return;
        }
        match &mut self.open {
            Some(open) if open.next == number && open.text.len() + body.len() + 3 <= self.max => {
                open.text.push(',');
                open.text.push_str(body);
                open.next += 1;
            }
            _ => {
                self.close();
                let text = format!(r#"{{"s":"{}","n":{number},"m":[{body}"#, self.server);
                self.open = Some(Open { text, next: number + 1 });
            }
        }
    }

    /// Ends the frames after `sent` messages, so that the receivers notice that the last ones were lost.
    pub(super) fn end(&mut self, sent: u64) {
        let expected = self.open.as_ref().map(|open| open.next);
        self.close();
        if expected.is_some_and(|next| next != sent + 1) {
            self.beat(sent, false);
        }
    }

    /// Adds a frame without messages.
    pub(super) fn beat(&mut self, sent: u64, is_last: bool) {
        let last = if is_last { r#","b":true"# } else { "" };
        self.frames.push(format!(r#"{{"s":"{}","n":{},"m":[]{last}}}"#, self.server, sent + 1));
    }

    fn close(&mut self) {
        if let Some(Open { mut text, .. }) = self.open.take() {
            text.push_str("]}");
            self.frames.push(text);
        }
    }

    /// Returns the frames.
    pub(super) fn into_frames(self) -> Vec<String> {
        self.frames
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(frames: &[String]) -> Vec<(u64, usize)> {
        let read = |text: &String| Frame::read(text).map(|frame| (frame.first, frame.messages.len()));
        frames.iter().map(|text| read(text).expect("a frame")).collect()
    }

    #[test]
    fn consecutive_messages_share_frames_within_the_limit() {
        let mut writer = Writer::new(Uuid::nil(), 200);
        let body = body("a", &"0123456789").unwrap();
        for number in [1, 2, 3, 5, 6] {
            writer.push(number, &body);
        }
        writer.end(6);
        let frames = writer.into_frames();
        assert!(frames.iter().all(|frame| frame.len() <= 200));
        assert_eq!(numbers(&frames), [(1, 3), (5, 2)]);
    }

    #[test]
    fn lost_messages_at_the_end_are_announced() {
        let mut writer = Writer::new(Uuid::nil(), 300);
        writer.push(1, &body("a", &1).unwrap());
        writer.push(2, &body("a", &"x".repeat(300)).unwrap());
        writer.end(2);
        assert_eq!(numbers(&writer.into_frames()), [(1, 1), (3, 0)]);
    }

    #[test]
    fn malformed_frames_are_ignored() {
        for text in [
            "",
            "{}",
            "[]",
            r#"{"s":"x","n":1,"m":[]}"#,
            r#"{"s":"00000000-0000-0000-0000-000000000000","n":-1,"m":[]}"#,
        ] {
            assert!(Frame::read(text).is_none(), "{text}");
        }
    }
}
