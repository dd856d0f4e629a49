//! Storage of message audio.

use crate::{
    adapters::storage::Key,
    app::App,
    audio::Sound,
    error::{Error, Result},
};

/// Storage folder of recordings.
const FOLDER: &str = "voice";

/// Stores a recording and returns its URL.
pub(super) async fn keep(app: &App, sound: Sound) -> Result<String> {
    let kept = app.adapters.storage.put(FOLDER, sound.media, sound.bytes).await;
    Ok(kept.map_err(|error| Error::Internal(error.into()))?.url())
}

/// Deletes the file of a URL that nothing refers to any more; failures are logged.
pub(super) async fn discard(app: &App, url: &str) {
    let Some(Ok(key)) = url.strip_prefix("/uploads/").map(str::parse::<Key>) else { return };
    if let Err(error) = app.adapters.storage.delete(&key).await {
        tracing::warn!(%error, %key, "deleting an unneeded audio file failed");
    }
}
