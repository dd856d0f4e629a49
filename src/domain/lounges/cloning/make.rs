//! Having a voice made: the recordings fetched and given to the provider.

use entity::lounge;

use super::samples;
use crate::{
    adapters::{
        ProviderError,
        voice::{Cloned, Sample, VoiceCloning, Wish},
    },
    app::App,
    domain::Result,
};

/// What making a voice came to.
#[derive(Debug)]
pub(super) enum Made {
    /// It speaks, under this name.
    Voice(String),
    /// It was made and is of no use: it is to be deleted.
    Useless(String, &'static str),
    /// It was not made, and will not be.
    Failed(String),
    /// It was not made; a moment later it may be.
    Later(String),
    /// Perhaps it was made: nobody heard.
    Unheard(String),
}

/// What a lounge's voice is called at the provider, where it has no other name.
pub(super) fn name(lounge: &lounge::Model) -> String {
    format!("Plaza lounge {}", lounge.community_id)
}

/// Has it made, once `announced` says that it is still wanted; none where it is not.
pub(super) async fn make(
    app: &App,
    voices: &dyn VoiceCloning,
    lounge: &lounge::Model,
    announced: impl Future<Output = Result<bool>>,
) -> Option<Made> {
    let sample = match sample(app, lounge).await {
        Ok(sample) => sample,
        Err(made) => return Some(made),
    };
    match announced.await {
        Ok(true) => {}
        Ok(false) => return None,
        Err(error) => {
            tracing::error!(error = format!("{:#}", anyhow::Error::new(error)), "a voice is made later");
            return Some(Made::Later("The voice could not be made now".to_owned()));
        }
    }
    let description = "Made by Plaza with the consent of its owner".to_owned();
    let wish = Wish { name: name(lounge), description, samples: vec![sample] };
    Some(match voices.clone_voice(&wish).await {
        Ok(Cloned { id, requires_verification: false }) => Made::Voice(id),
        Ok(Cloned { id, requires_verification: true }) => {
            Made::Useless(id, "The provider wants the voice's owner verified first")
        }
        Err(error) => {
            tracing::warn!(%error, lounge = %lounge.community_id, "a voice was not made");
            failed(&error)
        }
    })
}

/// The recordings, or what becomes of the voice without them.
async fn sample(app: &App, lounge: &lounge::Model) -> Result<Sample, Made> {
    let Some(url) = &lounge.voice_samples_url else {
        return Err(Made::Failed("The lounge has no voice samples".to_owned()));
    };
    samples::fetch(app, url).await.map_err(|unfit| {
        tracing::warn!(?unfit, lounge = %lounge.community_id, "voice samples were not taken");
        let reason = unfit.reason();
        if unfit.may_pass() { Made::Later(reason) } else { Made::Failed(reason) }
    })
}

/// What a provider's error means; what it says about the samples is for the creator, the rest for the operator.
fn failed(error: &ProviderError) -> Made {
    const FAILED: &str = "The provider of voices failed";
    match error {
        ProviderError::Refused { status: 400 | 413 | 415 | 422, message } => {
            Made::Failed(format!("The provider did not take the samples: {message}"))
        }
        ProviderError::Refused { status: 401..=403, .. } => {
            Made::Failed("The provider of voices refused this server".to_owned())
        }
        ProviderError::Refused { status, .. } if *status >= 500 => Made::Unheard(FAILED.to_owned()),
        ProviderError::Refused { status: 429, .. } | ProviderError::Unreachable(_) => {
            Made::Later("The provider of voices cannot be reached now".to_owned())
        }
        ProviderError::Refused { .. } => Made::Failed(FAILED.to_owned()),
        ProviderError::Broken(_)
        | ProviderError::Timeout(_)
        | ProviderError::TooLarge(_)
        | ProviderError::Malformed(_) => Made::Unheard(FAILED.to_owned()),
    }
}
