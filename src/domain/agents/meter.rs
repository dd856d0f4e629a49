//! Holds what is read aloud in a lounge to what its listener may hear: each sentence is reserved by an estimate before it
//! is spoken, and measured after.

use std::time::Duration;

use tokio::sync::Mutex;
use uuid::Uuid;

use crate::{
    app::App,
    domain::{
        Error, Result,
        lounges::{self, Reservation, Talk},
    },
};

/// How long a letter is spoken at most: slow voices say some ten a second.
const LETTER: Duration = Duration::from_millis(100);
/// How long a sign of Chinese, Japanese or Korean is, which stands for a syllable or more.
const SYLLABLE: Duration = Duration::from_millis(300);

/// What one answer takes of its listener's minutes.
pub(super) struct Meter {
    app: App,
    talk: Talk,
    reply_id: Uuid,
    held: Mutex<Held>,
}

/// What is reserved, and what of it is taken: by what was measured, and by estimates of what is being spoken.
#[derive(Default)]
struct Held {
    reservation: Option<Reservation>,
    taken: Duration,
}

/// A sentence that is being spoken.
pub(super) struct Measure<'a> {
    meter: &'a Meter,
    estimate: Duration,
}

impl Meter {
    pub(super) fn new(app: &App, talk: Talk, reply_id: Uuid) -> Self {
        Self { app: app.clone(), talk, reply_id, held: Mutex::default() }
    }

    /// Begins a sentence; none where nothing is left for it.
    pub(super) async fn begin(&self, sentence: &str) -> Result<Option<Measure<'_>>> {
        let mut held = self.held.lock().await;
        let (taken, wanted) = (held.taken, estimate(sentence));
        let granted = self.raise(&mut held, taken + wanted).await?;
        let estimate = granted.saturating_sub(taken).min(wanted);
        if estimate.is_zero() {
            return Ok(None);
        }
        held.taken += estimate;
        Ok(Some(Measure { meter: self, estimate }))
    }

    /// Reserves so much in all, or what is left.
    async fn raise(&self, held: &mut Held, to: Duration) -> Result<Duration> {
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

impl Measure<'_> {
    /// Ends the sentence with its true length; false where there is no room for it, so that it must not be heard.
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

/// How long a sentence is spoken, rather too long than too short.
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
