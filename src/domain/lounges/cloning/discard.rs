//! Voices that must be deleted at their provider, stored with the lounge until then.

use crate::adapters::{ProviderError, voice::VoiceCloning};

/// Marks voices that may exist without confirmation; they are found by name.
const UNCONFIRMED: &str = "?";

/// Voices that must be deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DiscardedVoices(Vec<String>);

impl DiscardedVoices {
    /// Parses the stored form: ids separated by spaces.
    pub(super) fn read(kept: Option<&str>) -> Self {
        Self(kept.unwrap_or_default().split_whitespace().map(str::to_owned).collect())
    }

    /// Returns the stored form; `None` if empty.
    pub(super) fn write(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.join(" "))
    }

    /// Creates the set of only unconfirmed voices.
    pub(super) fn unconfirmed() -> Self {
        Self(vec![UNCONFIRMED.to_owned()])
    }

    /// Returns whether the set is empty.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a voice.
    pub(super) fn add(&mut self, voice: String) {
        if !self.0.contains(&voice) {
            self.0.push(voice);
        }
    }

    /// Adds voices.
    pub(super) fn add_all(&mut self, voices: impl IntoIterator<Item = String>) {
        voices.into_iter().for_each(|voice| self.add(voice));
    }

    /// Adds the mark for unconfirmed voices.
    pub(super) fn add_unconfirmed(&mut self) {
        self.add_all([UNCONFIRMED.to_owned()]);
    }

    /// Removes deleted voices.
    pub(super) fn remove(&mut self, deleted: &Self) {
        self.0.retain(|voice| !deleted.0.contains(voice));
    }

    /// Deletes the voices at the provider, except the one in use; returns those deleted, and the first
    /// error.
    pub(super) async fn delete(
        &self,
        voices: &dyn VoiceCloning,
        name: &str,
        speaks: Option<&str>,
    ) -> (Self, Option<ProviderError>) {
        let mut deleted = Self::default();
        for voice in &self.0 {
            let done = match voice.as_str() {
                UNCONFIRMED => delete_named(voices, name, speaks).await,
                voice => voices.delete_voice(voice).await,
            };
            match done {
                Ok(()) => deleted.add(voice.clone()),
                Err(error) => return (deleted, Some(error)),
            }
        }
        (deleted, None)
    }
}

async fn delete_named(
    voices: &dyn VoiceCloning,
    name: &str,
    speaks: Option<&str>,
) -> Result<(), ProviderError> {
    for voice in voices.list_named(name).await? {
        if Some(voice.as_str()) != speaks {
            voices.delete_voice(&voice).await?;
        }
    }
    Ok(())
}
