//! The messages that wait for the transport, bounded in number and bytes.

use std::collections::VecDeque;

use parking_lot::Mutex;
use serde::Serialize;
use tokio::sync::Notify;

use super::frame::{self, Body};

/// Maximum number of waiting messages.
const MAX_MESSAGES: usize = 16 * 1024;
/// Maximum bytes of waiting messages.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Bytes from which on a message has a smaller replacement.
const LARGE: usize = 4 * 1024;

/// Messages in the order in which they were sent. A message that does not fit is lost, which its number shows.
#[derive(Default)]
pub(super) struct Outbox {
    waiting: Mutex<Waiting>,
    ready: Notify,
}

#[derive(Default)]
struct Waiting {
    /// Number of messages that were sent, with those that were lost.
    sent: u64,
    messages: VecDeque<Message>,
    bytes: usize,
}

struct Message {
    number: u64,
    body: Body,
    small: Option<Body>,
}

impl Outbox {
    /// Returns the number of messages that were sent or lost.
    pub(super) fn sent(&self) -> u64 {
        self.waiting.lock().sent
    }

    pub(super) fn push<T: Serialize>(
        &self,
        subject: &'static str,
        message: &T,
        small: impl FnOnce() -> Option<T>,
    ) {
        let body = frame::body(subject, message);
        let small = match &body {
            Some(body) if body.len() > LARGE => small().and_then(|small| frame::body(subject, &small)),
            _ => None,
        };
        let mut waiting = self.waiting.lock();
        // Taken in any case: the others notice a missing number.
        waiting.sent += 1;
        let Some(body) = body else { return };
        let bytes = body.len() + small.as_ref().map_or(0, String::len);
        if waiting.messages.len() >= MAX_MESSAGES || waiting.bytes + bytes > MAX_BYTES {
            return;
        }
        waiting.bytes += bytes;
        let number = waiting.sent;
        waiting.messages.push_back(Message { number, body, small });
        drop(waiting);
        self.ready.notify_one();
    }

    /// Waits until there may be a message.
    pub(super) async fn ready(&self) {
        self.ready.notified().await;
    }

    /// Takes all messages as frames of at most `max` bytes each.
    pub(super) fn take(&self, writer: &mut frame::Writer) {
        let (messages, sent) = {
            let mut waiting = self.waiting.lock();
            waiting.bytes = 0;
            (std::mem::take(&mut waiting.messages), waiting.sent)
        };
        for Message { number, body, small } in messages {
            match small {
                Some(small) if !writer.fits(&body) => writer.push(number, &small),
                _ => writer.push(number, &body),
            }
        }
        writer.end(sent);
    }
}
