//! Where the sound of messages is kept.

use crate::{
    adapters::{sound::Sound, storage::Key},
    app::App,
    domain::{Error, Result},
};

/// Where recordings are kept.
const SHELF: &str = "voice";

/// Keeps a recording; gives where it can be heard.
pub(super) async fn keep(app: &App, sound: Sound) -> Result<String> {
    let kept = app.adapters.storage.put(SHELF, sound.media, sound.bytes).await;
    Ok(kept.map_err(|error| Error::Internal(error.into()))?.url())
}

/// Deletes what can be heard there. Nothing refers to it any more: what fails is logged.
pub(super) async fn discard(app: &App, url: &str) {
    let Some(Ok(key)) = url.strip_prefix("/uploads/").map(str::parse::<Key>) else { return };
    if let Err(error) = app.adapters.storage.delete(&key).await {
        tracing::warn!(%error, %key, "a sound that is not needed any more stays");
    }
}
