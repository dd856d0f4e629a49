//! The only source of time, so that tests can set it.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{sync::watch, time::Instant};

/// Returns the time in UTC, to the microsecond, which is the precision of both databases. A separate
/// monotonic clock counts elapsed time for limits, timers and pings, so that changes of the machine's time do
/// not affect them.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System { shift: TimeDelta, started: Instant },
    Manual { start: DateTime<Utc>, moved: Arc<watch::Sender<Moved>> },
}

/// Distance of a manual clock from its start, in microseconds.
#[derive(Clone, Copy, Debug, Default)]
struct Moved {
    /// Elapsed time of the monotonic clock.
    elapsed: i64,
    /// Further offset of the time of day.
    step: i64,
}

impl Moved {
    fn time_of_day(self, start: DateTime<Utc>) -> DateTime<Utc> {
        start + TimeDelta::microseconds(self.elapsed.saturating_add(self.step))
    }
}

/// Maximum single wait for a time of day. The clock is then read again, so that changes of the machine's time
/// are noticed within this time.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

impl Clock {
    /// Returns the machine's clock, moved forward by `shift` to try out expiry.
    pub fn system(shift: Duration) -> Self {
        let shift = TimeDelta::from_std(shift).unwrap_or(TimeDelta::zero());
        Self(Source::System { shift, started: Instant::now() })
    }

    /// Returns a clock that shows `start` until it is advanced.
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self(Source::Manual { start, moved: Arc::new(watch::Sender::new(Moved::default())) })
    }

    /// Moves both clocks of a manual clock forward. Has no effect on the machine's clock.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual { moved, .. } = &self.0 {
            let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
            moved.send_modify(|moved| moved.elapsed = moved.elapsed.saturating_add(by));
        }
    }

    /// Changes only the time of day of a manual clock, like an administrator or a time server. Has no effect
    /// on the machine's clock.
    pub fn step(&self, by: TimeDelta) {
        if let Source::Manual { moved, .. } = &self.0 {
            let by = by.num_microseconds().unwrap_or_default();
            moved.send_modify(|moved| moved.step = moved.step.saturating_add(by));
        }
    }

    /// Returns the time since the creation of this clock. It never decreases and is independent of the time
    /// of day.
    pub fn monotonic(&self) -> Duration {
        match &self.0 {
            Source::System { started, .. } => started.elapsed(),
            Source::Manual { moved, .. } => {
                Duration::from_micros(u64::try_from(moved.borrow().elapsed).unwrap_or_default())
            }
        }
    }

    /// Waits for `duration` on the monotonic clock.
    pub async fn sleep(&self, duration: Duration) {
        let until = self.monotonic().saturating_add(duration);
        self.sleep_until_monotonic(until).await;
    }

    /// Waits until [`Clock::monotonic`] is `until` or later.
    pub async fn sleep_until_monotonic(&self, until: Duration) {
        match &self.0 {
            Source::System { started, .. } => match started.checked_add(until) {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            },
            Source::Manual { moved, .. } => {
                let until = i64::try_from(until.as_micros()).unwrap_or(i64::MAX);
                // `self` holds the sender, so the wait cannot fail.
                let _ = moved.subscribe().wait_for(|moved| moved.elapsed >= until).await;
            }
        }
    }

    /// Waits until the time of day is `at` or later.
    pub async fn sleep_until(&self, at: DateTime<Utc>) {
        match &self.0 {
            Source::System { .. } => {
                while let Ok(left) = (at - self.now()).to_std() {
                    if left.is_zero() {
                        return;
                    }
                    tokio::time::sleep(left.min(LONGEST_WAIT)).await;
                }
            }
            Source::Manual { start, moved } => {
                // `self` holds the sender, so the wait cannot fail.
                let _ = moved.subscribe().wait_for(|moved| moved.time_of_day(*start) >= at).await;
            }
        }
    }

    /// Returns the current time in whole seconds, for accounts and sign-ins: the `better-auth` client reads
    /// six fractional digits as milliseconds.
    pub fn second(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.now().timestamp(), 0).unwrap_or_default()
    }

    /// Returns the current time.
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
            Source::System { shift, .. } => Utc::now() + *shift,
            Source::Manual { start, moved } => moved.borrow().time_of_day(*start),
        };
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or_default()
    }
}

/// Limits count by the monotonic clock.
impl governor::clock::Clock for Clock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.monotonic()
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
    async fn a_past_time_is_not_awaited() {
        Clock::system(Duration::ZERO).sleep_until(DateTime::UNIX_EPOCH).await;
    }

    #[tokio::test]
    async fn a_step_moves_the_time_of_day_and_nothing_else() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        let (before, elapsed) = (clock.now(), clock.monotonic());
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_secs(10)).await }
        });
        clock.step(TimeDelta::hours(1));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        assert_eq!((clock.now() - before, clock.monotonic()), (TimeDelta::hours(1), elapsed));
        clock.step(TimeDelta::hours(-2));
        clock.advance(Duration::from_secs(10));
        sleeper.await.unwrap();
    }
}
