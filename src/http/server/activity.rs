//! What goes on on one connection, and when it has made no progress for too long.

use std::{sync::Arc, time::Duration};

use axum::http::Version;
use parking_lot::Mutex;
use tokio::time::Instant;

use super::{Limits, slots::Slots};

/// How long a connection may be idle while slots are scarce.
const IDLE_WHILE_SCARCE: Duration = Duration::from_secs(5);

/// One connection's activity.
pub(super) struct Activity {
    header: Duration,
    idle: Duration,
    slots: Arc<Slots>,
    state: Mutex<State>,
}

struct State {
    /// Requests whose answers are not complete.
    running: usize,
    /// Whether a whole request ever came.
    proven: bool,
    is_http2: bool,
    /// When the connection began, or last became idle, or last wrote something while idle.
    since: Instant,
    /// When the first byte of the next request came.
    first_byte: Option<Instant>,
}

impl Activity {
    pub(super) fn new(limits: &Limits, slots: Arc<Slots>) -> Arc<Self> {
        let state =
            State { running: 0, proven: false, is_http2: false, since: Instant::now(), first_byte: None };
        Arc::new(Self { header: limits.header, idle: limits.idle, slots, state: Mutex::new(state) })
    }

    /// A whole head of a request came; the request runs until the result is dropped. The second value says whether it
    /// was the first of the connection.
    pub(super) fn begin(self: &Arc<Self>, version: Version) -> (KeepsOpen, bool) {
        let mut state = self.state.lock();
        state.running += 1;
        state.first_byte = None;
        state.is_http2 = version == Version::HTTP_2;
        let first = !std::mem::replace(&mut state.proven, true);
        (KeepsOpen(Arc::new(Running(self.clone()))), first)
    }

    /// Bytes came.
    pub(super) fn read(&self) {
        let mut state = self.state.lock();
        if state.running == 0 && state.first_byte.is_none() {
            state.first_byte = Some(Instant::now());
        }
    }

    /// Bytes were taken by the peer.
    pub(super) fn wrote(&self) {
        let mut state = self.state.lock();
        if state.running == 0 && state.first_byte.is_none() {
            state.since = Instant::now();
        }
    }

    /// Ends when no request runs and the next one has taken too long to come.
    pub(super) async fn overdue(&self) {
        loop {
            let now = Instant::now();
            let deadline = self.deadline();
            if deadline.is_some_and(|deadline| deadline <= now) {
                return;
            }
            // Any deadline that comes up meanwhile is at least this far away.
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
        // On HTTP/2, bytes come for other reasons than a request.
        if let Some(first_byte) = state.first_byte.filter(|_| !state.is_http2) {
            return Some(first_byte + self.header);
        }
        let since = state.since;
        drop(state);
        let idle = if self.slots.are_scarce() { self.idle.min(IDLE_WHILE_SCARCE) } else { self.idle };
        Some(since + idle)
    }
}

/// Keeps a connection from being closed as idle: held by each answer until it is complete, and, as an extension of
/// the request, by whatever goes on behind its answer, such as a WebSocket over HTTP/2.
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
