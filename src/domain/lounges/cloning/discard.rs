//! Voices that are still to be deleted at their provider: kept with the lounge until they are.

use crate::adapters::{ProviderError, voice::VoiceCloning};

/// Stands for voices that may have been made while nobody heard of it: they are looked for by their name.
const UNHEARD: &str = "?";

/// Voices that are still to be deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Discarded(Vec<String>);

impl Discarded {
    /// Reads what a lounge keeps: ids, with spaces between them.
    pub(super) fn read(kept: Option<&str>) -> Self {
        Self(kept.unwrap_or_default().split_whitespace().map(str::to_owned).collect())
    }

    /// How a lounge keeps them; none where there are none.
    pub(super) fn write(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.join(" "))
    }

    /// Only those that may have been made.
    pub(super) fn unheard() -> Self {
        Self(vec![UNHEARD.to_owned()])
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One more.
    pub(super) fn add(&mut self, voice: String) {
        if !self.0.contains(&voice) {
            self.0.push(voice);
        }
    }

    /// All of these.
    pub(super) fn add_all(&mut self, voices: impl IntoIterator<Item = String>) {
        voices.into_iter().for_each(|voice| self.add(voice));
    }

    /// One that may have been made.
    pub(super) fn add_unheard(&mut self) {
        self.add_all([UNHEARD.to_owned()]);
    }

    /// Takes out what was deleted.
    pub(super) fn remove(&mut self, deleted: &Self) {
        self.0.retain(|voice| !deleted.0.contains(voice));
    }

    /// Deletes them at the provider, but for the one that speaks; gives those that are deleted, and what failed first.
    pub(super) async fn delete(
        &self,
        voices: &dyn VoiceCloning,
        name: &str,
        speaks: Option<&str>,
    ) -> (Self, Option<ProviderError>) {
        let mut deleted = Self::default();
        for voice in &self.0 {
            let done = match voice.as_str() {
                UNHEARD => delete_named(voices, name, speaks).await,
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
