//! Limits read-aloud audio of a lounge to the voice minutes of its listener: each sentence reserves its
//! estimated duration before synthesis and is measured after it.

use std::time::Duration;

use tokio::sync::Mutex;
use uuid::Uuid;

use crate::{
    app::App,
    domain::lounges::{self, LoungeChat, Reservation},
    error::{Error, Result},
};

/// Maximum duration of a letter: slow voices speak about ten per second.
const LETTER: Duration = Duration::from_millis(100);
/// Maximum duration of a Chinese, Japanese or Korean character, which is a syllable or more.
const SYLLABLE: Duration = Duration::from_millis(300);

/// Voice minutes that one reply uses of its listener's quota.
pub(super) struct AudioMeter {
    app: App,
    talk: LoungeChat,
    reply_id: Uuid,
    held: Mutex<ReservedTime>,
}

/// The reservation and how much of it is used: measured durations, and estimates of sentences in synthesis.
#[derive(Default)]
struct ReservedTime {
    reservation: Option<Reservation>,
    taken: Duration,
}

/// A sentence in synthesis.
pub(super) struct SentenceMeasure<'a> {
    meter: &'a AudioMeter,
    estimate: Duration,
}

impl AudioMeter {
    pub(super) fn new(app: &App, talk: LoungeChat, reply_id: Uuid) -> Self {
        Self { app: app.clone(), talk, reply_id, held: Mutex::default() }
    }

    /// Reserves a sentence; returns `None` if no time is left.
    pub(super) async fn begin(&self, sentence: &str) -> Result<Option<SentenceMeasure<'_>>> {
        let mut held = self.held.lock().await;
        let (taken, wanted) = (held.taken, estimate(sentence));
        let granted = self.raise(&mut held, taken + wanted).await?;
        let estimate = granted.saturating_sub(taken).min(wanted);
        if estimate.is_zero() {
            return Ok(None);
        }
        held.taken += estimate;
        Ok(Some(SentenceMeasure { meter: self, estimate }))
    }

    /// Raises the reservation to `to` in total, or to the time that is left.
    async fn raise(&self, held: &mut ReservedTime, to: Duration) -> Result<Duration> {
        let outcome = match &mut held.reservation {
            Some(reservation) => reservation.raise(&self.app, to).await,
            None => match lounges::reserve(&self.app, self.talk.clone(), self.reply_id, to).await {
                Ok(reservation) => Ok(held.reservation.insert(reservation).granted()),
                Err(error) => Err(error),
            },
        };
        match outcome {
            Err(Error::VoiceMinutesExhausted) => Ok(Duration::ZERO),
            other => other,
        }
    }
}

impl SentenceMeasure<'_> {
    /// Replaces the estimate by the measured duration; returns `false` if it does not fit, so that the
    /// sentence must not be played.
    pub(super) async fn end(self, length: Duration) -> Result<bool> {
        let Self { meter, estimate } = self;
        let mut held = meter.held.lock().await;
        let others = held.taken.saturating_sub(estimate);
        let granted = meter.raise(&mut held, others + length).await?;
        let fits = others + length <= granted;
        held.taken = if fits { others + length } else { others };
        Ok(fits)
    }
}

/// Estimates the spoken duration of a sentence, erring on the long side.
fn estimate(sentence: &str) -> Duration {
    sentence.chars().map(|c| if u32::from(c) >= 0x1100 { SYLLABLE } else { LETTER }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_that_are_syllables_take_longer() {
        assert_eq!(estimate("It is open."), Duration::from_millis(1100));
        assert_eq!(estimate("你好"), Duration::from_millis(600));
    }
}
