//! Cloning a voice: fetches the samples and sends them to the provider.

use entity::lounge;

use super::samples;
use crate::{
    adapters::{
        ProviderError,
        voice::{CloneRequest, Cloned, Sample, VoiceCloning},
    },
    app::App,
    error::Result,
};

/// Result of cloning.
#[derive(Debug)]
pub(super) enum ClonedVoice {
    /// The voice is ready; holds its id.
    Voice(String),
    /// The voice exists but is unusable and must be deleted; holds id and reason.
    Useless(String, &'static str),
    /// Cloning failed permanently; holds the reason.
    Failed(String),
    /// Cloning failed temporarily; holds the reason.
    Later(String),
    /// The outcome is unknown: the voice may exist; holds the reason.
    Unheard(String),
}

/// Returns the name of a lounge's voice at the provider.
pub(super) fn name(lounge: &lounge::Model) -> String {
    format!("Plaza lounge {}", lounge.community_id)
}

/// Clones the voice after `announced` confirms that it is still wanted; returns `None` if it is not.
pub(super) async fn make(
    app: &App,
    voices: &dyn VoiceCloning,
    lounge: &lounge::Model,
    announced: impl Future<Output = Result<bool>>,
) -> Option<ClonedVoice> {
    let sample = match sample(app, lounge).await {
        Ok(sample) => sample,
        Err(made) => return Some(made),
    };
    match announced.await {
        Ok(true) => {}
        Ok(false) => return None,
        Err(error) => {
            tracing::error!(
                error = format!("{:#}", anyhow::Error::new(error)),
                "cloning a voice is postponed"
            );
            return Some(ClonedVoice::Later("The voice could not be cloned now".to_owned()));
        }
    }
    let description = "Made by Plaza with the consent of its owner".to_owned();
    let wish = CloneRequest { name: name(lounge), description, samples: vec![sample] };
    Some(match voices.clone_voice(&wish).await {
        Ok(Cloned { id, requires_verification: false }) => ClonedVoice::Voice(id),
        Ok(Cloned { id, requires_verification: true }) => {
            ClonedVoice::Useless(id, "The provider requires the owner of the voice to be verified first")
        }
        Err(error) => {
            tracing::warn!(%error, lounge = %lounge.community_id, "cloning a voice failed");
            failed(&error)
        }
    })
}

/// Fetches the samples, or returns the result of the failure to fetch them.
async fn sample(app: &App, lounge: &lounge::Model) -> Result<Sample, ClonedVoice> {
    let Some(url) = &lounge.voice_samples_url else {
        return Err(ClonedVoice::Failed("The lounge has no voice samples".to_owned()));
    };
    samples::fetch(app, url).await.map_err(|unfit| {
        tracing::warn!(?unfit, lounge = %lounge.community_id, "voice samples were refused");
        let reason = unfit.reason();
        if unfit.may_pass() { ClonedVoice::Later(reason) } else { ClonedVoice::Failed(reason) }
    })
}

/// Maps a provider error: messages about the samples are for the creator, all others for the operator.
fn failed(error: &ProviderError) -> ClonedVoice {
    const FAILED: &str = "The voice provider failed";
    match error {
        ProviderError::Refused { status: 400 | 413 | 415 | 422, message } => {
            ClonedVoice::Failed(format!("The provider refused the samples: {message}"))
        }
        ProviderError::Refused { status: 401..=403, .. } => {
            ClonedVoice::Failed("The voice provider refused this server".to_owned())
        }
        ProviderError::Refused { status, .. } if *status >= 500 => ClonedVoice::Unheard(FAILED.to_owned()),
        ProviderError::Refused { status: 429, .. } | ProviderError::Unreachable(_) => {
            ClonedVoice::Later("The voice provider cannot be reached now".to_owned())
        }
        ProviderError::Refused { .. } => ClonedVoice::Failed(FAILED.to_owned()),
        ProviderError::Broken(_)
        | ProviderError::Timeout(_)
        | ProviderError::TooLarge(_)
        | ProviderError::Malformed(_) => ClonedVoice::Unheard(FAILED.to_owned()),
    }
}
