//! Activity of a connection, and its timeouts for lack of progress.

use std::{sync::Arc, time::Duration};

use axum::http::Version;
use parking_lot::Mutex;
use tokio::time::Instant;

use super::{Limits, slots::Slots};

/// How long a connection may be idle while slots are scarce.
const IDLE_WHILE_SCARCE: Duration = Duration::from_secs(5);

/// Activity of one connection.
pub(super) struct Activity {
    header: Duration,
    idle: Duration,
    slots: Arc<Slots>,
    state: Mutex<State>,
}

struct State {
    /// Number of requests whose responses are not complete.
    running: usize,
    /// Whether the connection ever sent a whole request.
    proven: bool,
    is_http2: bool,
    /// Time when the connection began, became idle, or last wrote while idle.
    since: Instant,
    /// Time of the first byte of the next request.
    first_byte: Option<Instant>,
}

impl Activity {
    pub(super) fn new(limits: &Limits, slots: Arc<Slots>) -> Arc<Self> {
        let state =
            State { running: 0, proven: false, is_http2: false, since: Instant::now(), first_byte: None };
        Arc::new(Self { header: limits.header, idle: limits.idle, slots, state: Mutex::new(state) })
    }

    /// Records the head of a request, which runs until the result is dropped. The second value is whether it
    /// was the first of the connection.
    pub(super) fn begin(self: &Arc<Self>, version: Version) -> (KeepsOpen, bool) {
        let mut state = self.state.lock();
        state.running += 1;
        state.first_byte = None;
        state.is_http2 = version == Version::HTTP_2;
        let first = !std::mem::replace(&mut state.proven, true);
        (KeepsOpen(Arc::new(Running(self.clone()))), first)
    }

    /// Records received bytes.
    pub(super) fn read(&self) {
        let mut state = self.state.lock();
        if state.running == 0 && state.first_byte.is_none() {
            state.first_byte = Some(Instant::now());
        }
    }

    /// Records bytes that the peer accepted.
    pub(super) fn wrote(&self) {
        let mut state = self.state.lock();
        if state.running == 0 && state.first_byte.is_none() {
            state.since = Instant::now();
        }
    }

    /// Resolves when no request is running and the next one is overdue.
    pub(super) async fn overdue(&self) {
        loop {
            let now = Instant::now();
            let deadline = self.deadline();
            if deadline.is_some_and(|deadline| deadline <= now) {
                return;
            }
            // Any deadline that arises meanwhile is at least this far away.
            let latest = now + self.header.min(self.idle);
            tokio::time::sleep_until(deadline.map_or(latest, |deadline| deadline.min(latest))).await;
        }
    }

    fn deadline(&self) -> Option<Instant> {
        let state = self.state.lock();
        if state.running > 0 {
            return None;
        }
        if !state.proven {
            return Some(state.since + self.header);
        }
        // On HTTP/2, bytes also arrive for other reasons than a request.
        if let Some(first_byte) = state.first_byte.filter(|_| !state.is_http2) {
            return Some(first_byte + self.header);
        }
        let since = state.since;
        drop(state);
        let idle = if self.slots.are_scarce() { self.idle.min(IDLE_WHILE_SCARCE) } else { self.idle };
        Some(since + idle)
    }
}

/// Keeps a connection from being closed as idle. Held by each response until it is complete and, as a request
/// extension, by anything that outlives the response, such as a WebSocket over HTTP/2.
#[derive(Clone)]
pub struct KeepsOpen(#[expect(dead_code, reason = "it is held, not read")] Arc<Running>);

struct Running(Arc<Activity>);

impl Drop for Running {
    fn drop(&mut self) {
        let mut state = self.0.state.lock();
        state.running -= 1;
        if state.running == 0 {
            state.since = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    fn activity() -> Arc<Activity> {
        let limits =
            Limits::new(&Settings { header_timeout: 10, idle_timeout: 75, ..Settings::default() }, None);
        Activity::new(&limits, Slots::new(&limits))
    }

    async fn overdue_after(activity: &Activity) -> u64 {
        let started = Instant::now();
        activity.overdue().await;
        started.elapsed().as_secs()
    }

    async fn pass(seconds: u64) {
        tokio::time::advance(Duration::from_secs(seconds)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_connection_has_the_time_of_a_head() {
        let silent = activity();
        assert_eq!(overdue_after(&silent).await, 10);
        let slow = activity();
        pass(5).await;
        slow.read();
        assert_eq!(overdue_after(&slow).await, 5, "one byte now and then gains nothing");
    }

    #[tokio::test(start_paused = true)]
    async fn a_running_request_has_its_time() {
        let activity = activity();
        let (running, first) = activity.begin(Version::HTTP_11);
        assert!(first);
        tokio::select! {
            () = activity.overdue() => panic!("it runs"),
            () = tokio::time::sleep(Duration::from_secs(600)) => {}
        }
        let also = running.clone();
        drop(running);
        assert!(activity.deadline().is_none());
        drop(also);
        assert_eq!(overdue_after(&activity).await, 75);
    }

    #[tokio::test(start_paused = true)]
    async fn the_next_head_has_its_time() {
        let activity = activity();
        drop(activity.begin(Version::HTTP_11));
        pass(70).await;
        activity.read();
        assert_eq!(overdue_after(&activity).await, 10);
        let (running, first) = activity.begin(Version::HTTP_2);
        assert!(!first);
        drop(running);
        activity.read();
        assert_eq!(overdue_after(&activity).await, 75, "frames of HTTP/2 are not the head of a request");
    }
}
