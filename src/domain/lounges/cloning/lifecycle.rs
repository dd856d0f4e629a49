//! Lifecycle of a lounge's voice. Each transition consumes it.

use entity::lounge::{self, VoiceStatus};

use crate::error::{Error, Result};

/// Lifecycle of a lounge's voice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lifecycle {
    /// No voice was requested.
    None,
    /// The voice is being cloned.
    Processing,
    /// The voice is in use; holds its id at the provider.
    Ready(String),
    /// Cloning failed.
    Failed,
}

impl Lifecycle {
    /// Returns the lifecycle of a lounge's voice.
    pub(super) fn of(lounge: &lounge::Model) -> Self {
        match (lounge.voice_status, &lounge.voice_model_id) {
            (VoiceStatus::None, _) => Self::None,
            (VoiceStatus::Processing, _) => Self::Processing,
            (VoiceStatus::Ready, Some(voice)) => Self::Ready(voice.clone()),
            (VoiceStatus::Failed, _) | (VoiceStatus::Ready, None) => Self::Failed,
        }
    }

    /// Returns the stored status.
    pub(super) fn status(&self) -> VoiceStatus {
        match self {
            Self::None => VoiceStatus::None,
            Self::Processing => VoiceStatus::Processing,
            Self::Ready(_) => VoiceStatus::Ready,
            Self::Failed => VoiceStatus::Failed,
        }
    }

    /// Returns the id of the voice in use.
    pub(super) fn voice(self) -> Option<String> {
        match self {
            Self::Ready(voice) => Some(voice),
            Self::None | Self::Processing | Self::Failed => None,
        }
    }

    /// Requests cloning, also in place of an existing voice; returns the voice to delete.
    ///
    /// # Errors
    /// [`Error::Conflict`] while cloning runs.
    pub(super) fn begin(self) -> Result<(Self, Option<String>)> {
        match self {
            Self::Processing => Err(Error::Conflict("The voice is already being cloned".to_owned())),
            Self::None | Self::Failed | Self::Ready(_) => Ok((Self::Processing, self.voice())),
        }
    }

    /// Cloning succeeded.
    ///
    /// # Errors
    /// [`Error::Conflict`] where it was not being made.
    pub(super) fn succeed(self, voice: String) -> Result<Self> {
        match self {
            Self::Processing => Ok(Self::Ready(voice)),
            Self::None | Self::Failed | Self::Ready(_) => Err(not_requested()),
        }
    }

    /// Cloning failed.
    ///
    /// # Errors
    /// [`Error::Conflict`] where it was not being made.
    pub(super) fn fail(self) -> Result<Self> {
        match self {
            Self::Processing => Ok(Self::Failed),
            Self::None | Self::Failed | Self::Ready(_) => Err(not_requested()),
        }
    }

    /// Withdraws the consent; returns the voice to delete. Idempotent.
    pub(super) fn withdraw(self) -> (Self, Option<String>) {
        (Self::None, self.voice())
    }
}

fn not_requested() -> Error {
    Error::Conflict("The voice is not being cloned".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_has_its_outcome() {
        let voice = || "v".to_owned();
        let mut table = String::new();
        for life in [Lifecycle::None, Lifecycle::Processing, Lifecycle::Ready(voice()), Lifecycle::Failed] {
            let begun = life.clone().begin();
            let made = life.clone().succeed("w".to_owned());
            let failed = life.clone().fail();
            table += &format!(
                "{life:?}: asked for {}, made {}, failed {}, taken back {:?}\n",
                begun.map_or("refused".to_owned(), |(life, old)| format!("{life:?} {old:?}")),
                made.map_or("refused".to_owned(), |life| format!("{life:?}")),
                failed.map_or("refused".to_owned(), |life| format!("{life:?}")),
                life.clone().withdraw(),
            );
        }
        let wanted = "\
            None: asked for Processing None, made refused, failed refused, taken back (None, None)\n\
            Processing: asked for refused, made Ready(\"w\"), failed Failed, taken back (None, None)\n\
            Ready(\"v\"): asked for Processing Some(\"v\"), made refused, failed refused, taken back (None, Some(\"v\"))\n\
            Failed: asked for Processing None, made refused, failed refused, taken back (None, None)\n";
        assert_eq!(table, wanted);
    }
}
