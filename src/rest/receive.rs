//! Receives bodies: up to a limit, no slower than a minimum, and only so many bytes at once, overall and per network.

use std::{collections::HashMap, future::poll_fn, pin::Pin, sync::Arc, time::Duration};

use axum::{
    body::{Body, HttpBody},
    http::{
        HeaderMap,
        header::{CONTENT_LENGTH, EXPECT},
    },
};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use parking_lot::Mutex;
use tokio::{
    runtime::Handle,
    sync::Semaphore,
    time::{Instant, timeout, timeout_at},
};

use super::refusal::Refusal;
use crate::{domain::Code, network::Network};

/// Bytes that a body has to bring in each period of [`BodyLimits::progress`], unless it ends.
const STEP: usize = 16 * 1024;
/// Seconds after which a caller may try again when too many bytes are in memory.
const AGAIN: u64 = 2;
/// Refused bodies that are read to their end at the same time.
const DRAINS: usize = 64;
/// Bytes of a refused body that are read, and how long that may take.
const DRAINED: (usize, Duration) = (16 * 1024 * 1024, Duration::from_secs(5));

/// Limits on the bodies of requests.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimits {
    /// Bytes of a form with files.
    pub form: usize,
    /// Bytes of a JSON body.
    pub json: usize,
    /// Bytes of a JSON body of an operation that carries long texts.
    pub long_json: usize,
    /// How long a body may take to bring its next 16 KiB, or its end.
    pub progress: Duration,
    /// How long a whole body may take.
    pub total: Duration,
    /// Bytes of all bodies in memory at once; one network gets a quarter, or one whole form.
    pub memory: usize,
}

/// All bodies that are being received or worked on; cheap to clone.
#[derive(Clone)]
pub struct Bodies(Arc<Inner>);

struct Inner {
    limits: BodyLimits,
    held: Mutex<Held>,
    drains: Arc<Semaphore>,
}

/// Bytes in memory.
#[derive(Default)]
struct Held {
    all: usize,
    by_network: HashMap<Network, usize>,
}

/// A body that was not read yet. Dropped unread, it is read to its end within bounds: a connection closed on unread
/// bytes would cut off the refusal.
pub struct Unread {
    bodies: Bodies,
    body: Option<Body>,
    announced: Option<u64>,
    waits_for_permission: bool,
}

/// A whole body; it counts as in memory until this is dropped.
pub struct Received {
    /// What came.
    pub bytes: Bytes,
    _share: Share,
}

impl Received {
    /// The bytes as JSON: without the byte order mark that some clients put first.
    pub fn json(&self) -> &[u8] {
        self.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.bytes)
    }
}

/// What one body holds of the memory for all.
struct Share {
    bodies: Bodies,
    network: Option<Network>,
    bytes: usize,
}

impl Bodies {
    /// No bodies yet.
    pub fn new(limits: BodyLimits) -> Self {
        Self(Arc::new(Inner { limits, held: Mutex::default(), drains: Arc::new(Semaphore::new(DRAINS)) }))
    }

    /// The limits.
    pub fn limits(&self) -> &BodyLimits {
        &self.0.limits
    }

    /// Takes the body of a request with these headers.
    ///
    /// # Errors
    /// Refuses one that announces more bytes than `most`, without reading it.
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
                let Some(rest) = left.checked_sub(chunk.len()) else { return };
                left = rest;
            }
        }));
    }
}

impl Unread {
    /// Whether there is certainly no body.
    pub fn is_empty(&self) -> bool {
        self.announced == Some(0) || self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    /// Whether its length is known before it is read.
    pub fn is_announced(&self) -> bool {
        self.announced.is_some()
    }

    /// Reads the body of a caller on this network.
    ///
    /// # Errors
    /// Refuses a body of more than `most` bytes (413), one that makes no progress (408), one that ends before it is
    /// complete (400), and one for which there is no memory now (503).
    pub async fn receive(mut self, most: usize, network: Option<Network>) -> Result<Received, Refusal> {
        if self.announced.is_some_and(|announced| announced > most as u64) {
            return Err(too_large(most));
        }
        let mut share = Share { bodies: self.bodies.clone(), network, bytes: 0 };
        // From here on the peer is asked for the body, so that what is refused can be read to its end.
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
    /// Reads a whole body; refused, the second value says whether it is worth reading on to its end.
    async fn read(&mut self, body: &mut Body, most: usize) -> Result<Bytes, (Refusal, bool)> {
        let BodyLimits { progress, total, .. } = self.bodies.0.limits;
        let end = Instant::now() + total;
        let (mut whole, mut mark, mut deadline) = (BytesMut::new(), 0, end.min(Instant::now() + progress));
        loop {
            let next = poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx));
            let Ok(frame) = timeout_at(deadline, next).await else {
                let message = format!(
                    "The body came too slowly: {STEP} bytes, or its end, must come within {} s",
                    progress.as_secs()
                );
                return Err((Refusal::new(Code::RequestTimeout, message), false));
            };
            let Some(frame) = frame else { return Ok(whole.freeze()) };
            let frame = frame
                .map_err(|_| (Refusal::new(Code::Invalid, "The body ended before it was complete"), false))?;
            // Trailers say nothing here.
            let Ok(chunk) = frame.into_data() else { continue };
            if whole.len() + chunk.len() > most {
                return Err((too_large(most), true));
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
        let limits = &self.bodies.0.limits;
        let mut held = self.bodies.0.held.lock();
        let of_network =
            self.network.and_then(|network| held.by_network.get(&network)).copied().unwrap_or_default();
        let is_too_much = held.all + bytes > limits.memory
            || (self.network.is_some() && of_network + bytes > (limits.memory / 4).max(limits.form));
        if is_too_much {
            let message = "Too many large requests at once, try again later";
            return Err(Refusal { retry_after: Some(AGAIN), ..Refusal::new(Code::Unavailable, message) });
        }
        held.all += bytes;
        if let Some(network) = self.network {
            held.by_network.insert(network, of_network + bytes);
        }
        self.bytes += bytes;
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        if self.bytes == 0 {
            return;
        }
        let mut held = self.bodies.0.held.lock();
        held.all -= self.bytes;
        if let Some(network) = self.network
            && let Some(of_network) = held.by_network.get_mut(&network)
        {
            *of_network -= self.bytes;
            if *of_network == 0 {
                held.by_network.remove(&network);
            }
        }
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

    /// One chunk every so many seconds.
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
        assert_eq!(bodies.0.held.lock().all, 0);
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
        let held = bodies.0.held.lock();
        assert_eq!((held.all, held.by_network.len()), (0, 0));
    }

    #[tokio::test]
    async fn what_is_larger_is_refused() {
        let bodies = Bodies::new(LIMITS);
        assert_eq!(code(receive(&bodies, Body::from(vec![0; 100_001]), 1).await), Code::PayloadTooLarge);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_LENGTH, 100_001.into());
        let unread = bodies.take(&headers, chunks(stream::pending()), LIMITS.form);
        assert_eq!(unread.err().map(|refusal| refusal.code), Some(Code::PayloadTooLarge));
        assert!(bodies.take(&HeaderMap::new(), Body::empty(), 1).unwrap().is_empty());
        assert_eq!(bodies.0.held.lock().all, 0);
    }
}
