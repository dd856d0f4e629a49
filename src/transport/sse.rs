//! Server-sent events: format and keep-alive of a stream.

use std::{convert::Infallible, fmt::Display, time::Duration};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use bytes::{BufMut, Bytes, BytesMut};
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_stream::{Stream, StreamExt};

/// The media type of a stream.
pub const MEDIA: &str = "text/event-stream";
/// Maximum silence of a stream before a comment is sent.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// One event. `data` is one line, such as JSON without line breaks.
#[derive(Clone, Copy, Default)]
pub struct Event<'a> {
    /// Name of the event; `message` if `None`.
    pub name: Option<&'a str>,
    /// Id that a client sends as `Last-Event-ID` to resume after this event.
    pub id: Option<&'a dyn Display>,
    /// Data in pieces, which are written without separators.
    pub data: &'a [&'a [u8]],
}

impl Event<'_> {
    /// Returns the bytes of the event.
    pub fn write(&self) -> Bytes {
        let length: usize = self.data.iter().map(|piece| piece.len()).sum();
        let mut out = BytesMut::with_capacity(length + 64);
        if let Some(name) = self.name {
            out.put_slice(b"event: ");
            out.put_slice(name.as_bytes());
            out.put_u8(b'\n');
        }
        if let Some(id) = self.id {
            out.put_slice(format!("id: {id}\n").as_bytes());
        }
        out.put_slice(b"data: ");
        for piece in self.data {
            out.put_slice(piece);
        }
        out.put_slice(b"\n\n");
        out.freeze()
    }
}

/// Returns a response that streams these events, with a comment after each 15 s of silence.
pub fn response(events: impl Stream<Item = Bytes> + Send + Unpin + 'static) -> Response {
    let mut response = Response::new(Body::from_stream(kept_alive(events).map(Ok::<_, Infallible>)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // nginx would buffer the events.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// Returns whether a response with these headers is an event stream.
pub fn is_stream(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(MEDIA.as_bytes()))
}

fn kept_alive(events: impl Stream<Item = Bytes> + Send + 'static) -> impl Stream<Item = Bytes> + Send {
    let mut pause = interval_at(Instant::now() + KEEP_ALIVE, KEEP_ALIVE);
    // A reader that was blocked does not receive the comments of that time.
    pause.set_missed_tick_behavior(MissedTickBehavior::Delay);
    events.timeout_repeating(pause).map(|event| event.unwrap_or(Bytes::from_static(b":\n\n")))
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    #[test]
    fn an_event_is_its_lines() {
        let event = Event { name: Some("next"), id: Some(&7), data: &[b"{\"data\":", b"1}"] };
        assert_eq!(event.write(), "event: next\nid: 7\ndata: {\"data\":1}\n\n");
        assert_eq!(Event { data: &[b"x"], ..Event::default() }.write(), "data: x\n\n");
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_stream_is_kept_alive() {
        let started = tokio::time::Instant::now();
        let later = stream::once(Box::pin(async {
            tokio::time::sleep(Duration::from_secs(40)).await;
            Bytes::from_static(b"late")
        }));
        let lines: Vec<Bytes> = kept_alive(later).collect().await;
        assert_eq!(lines, [":\n\n", ":\n\n", "late"]);
        assert_eq!(started.elapsed(), Duration::from_secs(40));
    }
}
