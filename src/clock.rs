//! The one source of time, so that time can be tested and shifted.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};

/// Tells the time in UTC, to the microsecond: the precision that both databases keep.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System { shift: TimeDelta },
    Manual { micros: Arc<AtomicI64> },
}

impl Clock {
    /// The machine's clock, moved forward by `shift` (for trying out what expires).
    pub fn system(shift: Duration) -> Self {
        Self(Source::System { shift: TimeDelta::from_std(shift).unwrap_or(TimeDelta::zero()) })
    }

    /// A clock that stands at `start` until it is moved.
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self(Source::Manual { micros: Arc::new(AtomicI64::new(start.timestamp_micros())) })
    }

    /// Moves a manual clock forward; the machine's clock cannot be moved, and stays as it is.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual { micros } = &self.0 {
            let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
            micros.fetch_add(by, Ordering::SeqCst);
        }
    }

    /// Now, to the second: for accounts and sign-ins, because the `better-auth` client reads the six digits behind the
    /// second as milliseconds.
    pub fn second(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.now().timestamp(), 0).unwrap_or_default()
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        let micros = match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
            Source::System { shift } => (Utc::now() + *shift).timestamp_micros(),
            Source::Manual { micros } => micros.load(Ordering::SeqCst),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }
}

/// The time that limits count in: since 1970, by this clock.
impl governor::clock::Clock for Clock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_micros(u64::try_from(Clock::now(self).timestamp_micros()).unwrap_or_default())
    }
}
