//! Receives request bodies with limits on size, minimum speed, and memory overall and per network.

use std::{future::poll_fn, pin::Pin, sync::Arc, time::Duration};

use axum::{
    body::{Body, HttpBody},
    http::{
        HeaderMap,
        header::{CONTENT_LENGTH, EXPECT},
    },
};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use tokio::{
    runtime::Handle,
    sync::Semaphore,
    time::{Instant, timeout, timeout_at},
};

use crate::{
    error::Code,
    security::{self, Budget, network::Network},
    transport::Refusal,
};

/// Minimum number of bytes of a body in each period of [`BodyLimits::progress`], unless it ends.
const STEP: usize = 16 * 1024;
/// Seconds after which a client may retry when too many bytes are in memory.
const RETRY_AFTER_SECONDS: u64 = 2;
/// Maximum number of refused bodies that are read to their end at the same time.
const DRAINS: usize = 64;
/// Maximum number of bytes of a refused body that are read, and how long that may take.
const DRAINED: (usize, Duration) = (16 * 1024 * 1024, Duration::from_secs(5));

/// Bytes that a smaller chunk counts as, because reading it costs as much.
const SMALL_FRAME: usize = 64;
/// Number of chunks of any size that a body may have in addition.
const FREE_FRAMES: usize = 1024;

/// Limits on request bodies.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimits {
    /// Maximum number of bytes of a form with files.
    pub form: usize,
    /// Maximum number of bytes of a JSON body.
    pub json: usize,
    /// Maximum number of bytes of a JSON body of an operation with long texts.
    pub long_json: usize,
    /// How long a body may take to bring its next 16 KiB, or its end.
    pub progress: Duration,
    /// How long a whole body may take.
    pub total: Duration,
    /// Maximum number of bytes of all bodies in memory; one network may use a quarter, or one whole form.
    pub memory: usize,
}

/// All bodies that are being received or processed; cheap to clone.
#[derive(Clone)]
pub struct Bodies(Arc<Inner>);

struct Inner {
    limits: BodyLimits,
    budget: Budget<Network>,
    drains: Arc<Semaphore>,
}

/// A body that was not read yet. If dropped, it is read to its end within bounds: closing a connection with
/// unread bytes would cut off the refusal.
pub struct Unread {
    bodies: Bodies,
    body: Option<Body>,
    announced: Option<u64>,
    waits_for_permission: bool,
}

/// A whole body; it counts as in memory until this is dropped.
pub struct Received {
    /// The received bytes.
    pub bytes: Bytes,
    _share: Share,
}

impl Received {
    /// Returns the bytes without the byte order mark that some clients put before JSON.
    pub fn json(&self) -> &[u8] {
        self.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.bytes)
    }
}

/// The memory that one body reserves.
struct Share {
    bodies: Bodies,
    bytes: security::Share<Network>,
}

impl Bodies {
    /// Creates the receiver, with no bodies in memory.
    pub fn new(limits: BodyLimits) -> Self {
        let budget = Budget::new(limits.memory, (limits.memory / 4).max(limits.form));
        Self(Arc::new(Inner { limits, budget, drains: Arc::new(Semaphore::new(DRAINS)) }))
    }

    /// Returns the limits.
    pub fn limits(&self) -> &BodyLimits {
        &self.0.limits
    }

    /// Accepts the body of a request with these headers.
    ///
    /// # Errors
    /// Refuses a body that announces more bytes than `most`, without reading it.
    pub fn take(&self, headers: &HeaderMap, body: Body, most: usize) -> Result<Unread, Refusal> {
        let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        let announced = length.or_else(|| body.size_hint().exact());
        let waits_for_permission = headers.contains_key(EXPECT);
        let unread = Unread { bodies: self.clone(), body: Some(body), announced, waits_for_permission };
        if unread.announced.is_some_and(|announced| announced > most as u64) {
            return Err(too_large(most));
        }
        Ok(unread)
    }

    fn drain(&self, body: Body) {
        let Ok(permit) = self.0.drains.clone().try_acquire_owned() else { return };
        let Ok(runtime) = Handle::try_current() else { return };
        runtime.spawn(timeout(DRAINED.1, async move {
            let _permit = permit;
            let (mut stream, mut left) = (body.into_data_stream(), DRAINED.0);
            while let Some(Ok(chunk)) = stream.next().await {
                // Reading a small chunk costs as much as a larger one.
                let Some(rest) = left.checked_sub(chunk.len().max(SMALL_FRAME)) else { return };
                left = rest;
            }
        }));
    }
}

impl Unread {
    /// Returns whether there is certainly no body.
    pub fn is_empty(&self) -> bool {
        self.announced == Some(0) || self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    /// Returns whether the length is known before reading.
    pub fn is_announced(&self) -> bool {
        self.announced.is_some()
    }

    /// Reads the body of a caller on this network.
    ///
    /// # Errors
    /// Refuses a body of more than `most` bytes (413), without progress (408), that ends before it is
    /// complete (400), or for which there is no memory now (503).
    pub async fn receive(mut self, most: usize, network: Option<Network>) -> Result<Received, Refusal> {
        if self.announced.is_some_and(|announced| announced > most as u64) {
            return Err(too_large(most));
        }
        let mut share = Share { bodies: self.bodies.clone(), bytes: self.bodies.0.budget.share(network) };
        // From here on the peer is asked for the body, so a refused body can be read to its end.
        self.waits_for_permission = false;
        let Some(mut body) = self.body.take() else {
            return Ok(Received { bytes: Bytes::new(), _share: share });
        };
        match share.read(&mut body, most).await {
            Ok(bytes) => Ok(Received { bytes, _share: share }),
            Err((refusal, goes_on)) => {
                self.body = goes_on.then_some(body);
                Err(refusal)
            }
        }
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        let Some(body) = self.body.take() else { return };
        // A peer that waits for permission to send sends nothing after a refusal.
        if !body.is_end_stream() && !self.waits_for_permission {
            self.bodies.drain(body);
        }
    }
}

impl Share {
    /// Reads a whole body. If refused, the second value is whether the rest is worth reading.
    async fn read(&mut self, body: &mut Body, most: usize) -> Result<Bytes, (Refusal, bool)> {
        let BodyLimits { progress, total, .. } = self.bodies.0.limits;
        let end = Instant::now() + total;
        let (mut whole, mut mark, mut deadline) = (BytesMut::new(), 0, end.min(Instant::now() + progress));
        let mut frames = 0;
        loop {
            let next = poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx));
            let Ok(frame) = timeout_at(deadline, next).await else {
                let message = format!(
                    "The body arrived too slowly: {STEP} bytes, or its end, must arrive within {} s",
                    progress.as_secs()
                );
                return Err((Refusal::new(Code::RequestTimeout, message), false));
            };
            let Some(frame) = frame else { return Ok(whole.freeze()) };
            let frame = frame
                .map_err(|_| (Refusal::new(Code::Invalid, "The body ended before it was complete"), false))?;
            // Trailers have no meaning here.
            let Ok(chunk) = frame.into_data() else { continue };
            frames += 1;
            if whole.len() + chunk.len() > most {
                return Err((too_large(most), true));
            }
            if frames > FREE_FRAMES + whole.len() / SMALL_FRAME {
                return Err((
                    Refusal::new(Code::PayloadTooLarge, "The body has too many small chunks"),
                    false,
                ));
            }
            self.grow(chunk.len()).map_err(|refusal| (refusal, true))?;
            whole.extend_from_slice(&chunk);
            if whole.len() - mark >= STEP {
                mark = whole.len();
                deadline = end.min(Instant::now() + progress);
            }
        }
    }

    fn grow(&mut self, bytes: usize) -> Result<(), Refusal> {
        if self.bytes.grow(bytes) {
            return Ok(());
        }
        let message = "Too many large requests at once; try again later";
        Err(Refusal { retry_after: Some(RETRY_AFTER_SECONDS), ..Refusal::new(Code::Unavailable, message) })
    }
}

fn too_large(most: usize) -> Refusal {
    Refusal::new(Code::PayloadTooLarge, format!("The body is larger than {most} bytes"))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::{Stream, stream};

    use super::*;

    const LIMITS: BodyLimits = BodyLimits {
        form: 100_000,
        json: 100_000,
        long_json: 100_000,
        progress: Duration::from_secs(10),
        total: Duration::from_secs(60),
        memory: 400_000,
    };

    fn network(last: u8) -> Option<Network> {
        Network::parse(&format!("192.0.2.{last}"))
    }

    fn chunks(chunks: impl Stream<Item = Bytes> + Send + 'static) -> Body {
        Body::from_stream(chunks.map(Ok::<_, Infallible>))
    }

    /// A body with one chunk every `seconds` seconds.
    fn slowly(seconds: u64, size: usize, number: usize) -> Body {
        let every = stream::iter(0..number).then(move |_| async move {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            Bytes::from(vec![b'x'; size])
        });
        chunks(every)
    }

    async fn receive(bodies: &Bodies, body: Body, caller: u8) -> Result<Received, Refusal> {
        bodies.take(&HeaderMap::new(), body, LIMITS.form)?.receive(LIMITS.form, network(caller)).await
    }

    fn code(result: Result<Received, Refusal>) -> Code {
        result.err().expect("a refusal").code
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_makes_no_progress_is_given_up() {
        let bodies = Bodies::new(LIMITS);
        let started = Instant::now();
        assert_eq!(code(receive(&bodies, slowly(1, 1, 1000), 1).await), Code::RequestTimeout);
        assert_eq!(started.elapsed(), LIMITS.progress);
        let started = Instant::now();
        assert_eq!(code(receive(&bodies, chunks(stream::pending()), 1).await), Code::RequestTimeout);
        assert_eq!(started.elapsed(), LIMITS.progress);
        assert_eq!(bodies.0.budget.used(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_body_that_makes_progress_is_read() {
        let bodies = Bodies::new(LIMITS);
        assert_eq!(receive(&bodies, slowly(9, STEP, 6), 1).await.unwrap().bytes.len(), 6 * STEP);
        let started = Instant::now();
        assert_eq!(code(receive(&bodies, slowly(9, STEP + 1, 100), 1).await), Code::RequestTimeout);
        assert_eq!(started.elapsed(), LIMITS.total, "in all it may take no longer");
    }

    #[tokio::test]
    async fn memory_is_shared_and_given_back() {
        let bodies = Bodies::new(LIMITS);
        let body = || Body::from(vec![0; 90_000]);
        let first = receive(&bodies, body(), 1).await.unwrap();
        assert_eq!(code(receive(&bodies, body(), 1).await), Code::Unavailable, "one caller has a share");
        let mut others = Vec::new();
        for caller in 2..=4 {
            others.push(receive(&bodies, body(), caller).await.unwrap());
        }
        assert_eq!(code(receive(&bodies, body(), 5).await), Code::Unavailable, "all have a bound");
        drop(first);
        receive(&bodies, body(), 1).await.unwrap();
        drop(others);
        assert_eq!(bodies.0.budget.used(), 0);
    }

    #[tokio::test]
    async fn a_larger_body_is_refused() {
        let bodies = Bodies::new(LIMITS);
        assert_eq!(code(receive(&bodies, Body::from(vec![0; 100_001]), 1).await), Code::PayloadTooLarge);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_LENGTH, 100_001.into());
        let unread = bodies.take(&headers, chunks(stream::pending()), LIMITS.form);
        assert_eq!(unread.err().map(|refusal| refusal.code), Some(Code::PayloadTooLarge));
        assert!(bodies.take(&HeaderMap::new(), Body::empty(), 1).unwrap().is_empty());
        assert_eq!(bodies.0.budget.used(), 0);
    }
}
