//! The messages that all subscribers receive.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::{Duration, Instant},
};

use crate::delays::Delays;

/// Counts and times what the subscribers of this process receive.
pub struct Deliveries {
    pub began: Instant,
    /// Distinguishes the messages of this process from older ones.
    pub mark: String,
    /// Messages with a lower number are not counted: they only show that a subscriber is ready.
    pub first: AtomicU64,
    pub ready: AtomicU64,
    pub delivered: AtomicU64,
    /// Messages that were repeated or out of order.
    pub disordered: AtomicU64,
    /// Sockets that ended, and answers with errors.
    pub failed: AtomicU64,
    /// Time of the last delivery, in nanoseconds after the begin.
    pub last: AtomicU64,
    pub delays: Delays,
}

impl Deliveries {
    pub fn new() -> Self {
        Self {
            began: Instant::now(),
            mark: format!("compare {}:", std::process::id()),
            first: AtomicU64::new(u64::MAX),
            ready: AtomicU64::new(0),
            delivered: AtomicU64::new(0),
            disordered: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            last: AtomicU64::new(0),
            delays: Delays::new(),
        }
    }

    /// Returns the nanoseconds since the begin.
    pub fn now(&self) -> u64 {
        self.began.elapsed().as_nanos() as u64
    }

    /// Returns the text of a message that says its number and when it was sent.
    pub fn message(&self, number: u64) -> String {
        format!("{}{number}:{}: a message of a usual length for all who listen", self.mark, self.now())
    }

    /// Finds the number and the time in a frame.
    pub fn read(&self, frame: &str) -> Option<(u64, u64)> {
        let (_, rest) = frame.split_once(&self.mark)?;
        let mut parts = rest.split(':').map(str::parse);
        Some((parts.next()?.ok()?, parts.next()?.ok()?))
    }

    /// Counts a failure and prints the first one.
    pub fn fail(&self, reason: &str) {
        if self.failed.fetch_add(1, Relaxed) == 0 {
            eprintln!("a subscription failed: {reason}");
        }
    }

    /// Counts a message and its delay.
    pub fn count(&self, number: u64, sent: u64) {
        if number < self.first.load(Relaxed) {
            return;
        }
        let now = self.now();
        self.delays.record(Duration::from_nanos(now.saturating_sub(sent)));
        self.last.fetch_max(now, Relaxed);
        self.delivered.fetch_add(1, Relaxed);
    }
}
