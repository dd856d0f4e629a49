//! The one source of time, so that time can be tested and shifted.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

/// Tells the time in UTC, to the microsecond: the precision that both databases keep.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System { shift: TimeDelta },
    Manual { micros: Arc<watch::Sender<i64>> },
}

impl Clock {
    /// The machine's clock, moved forward by `shift` (for trying out what expires).
    pub fn system(shift: Duration) -> Self {
        Self(Source::System { shift: TimeDelta::from_std(shift).unwrap_or(TimeDelta::zero()) })
    }

    /// A clock that stands at `start` until it is moved.
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self(Source::Manual { micros: Arc::new(watch::Sender::new(start.timestamp_micros())) })
    }

    /// Moves a manual clock forward; the machine's clock cannot be moved, and stays as it is.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual { micros } = &self.0 {
            let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
            micros.send_modify(|micros| *micros = micros.saturating_add(by));
        }
    }

    /// Waits until this clock shows `at`, or later: a manual one has to be moved there.
    pub async fn sleep_until(&self, at: DateTime<Utc>) {
        match &self.0 {
            Source::System { .. } => {
                while let Ok(left) = (at - self.now()).to_std() {
                    if left.is_zero() {
                        return;
                    }
                    // Long waits end early and go on: a timer takes no more than some two years.
                    tokio::time::sleep(left.min(Duration::from_secs(86_400))).await;
                }
            }
            Source::Manual { micros } => {
                let at = at.timestamp_micros();
                // The sender lives in `self`, so the wait ends only when the time has come.
                let _ = micros.subscribe().wait_for(|micros| *micros >= at).await;
            }
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
            Source::Manual { micros } => *micros.borrow(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sleeper_wakes_when_the_clock_is_there() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        let at = clock.now() + TimeDelta::seconds(10);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep_until(at).await }
        });
        clock.advance(Duration::from_secs(9));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance(Duration::from_secs(1));
        sleeper.await.unwrap();
    }

    #[tokio::test]
    async fn what_is_past_is_not_waited_for() {
        Clock::system(Duration::ZERO).sleep_until(DateTime::UNIX_EPOCH).await;
    }
}
