//! Stored files that rows refer to by URL. A file is stored before the transaction that refers to it, and
//! deleted after the one that no longer does.

use bytes::Bytes;

use crate::{
    adapters::storage::Key,
    app::App,
    error::{Error, Result},
    media::Media,
};

/// Stores a file in a folder and returns its name.
///
/// # Errors
/// [`Error::Internal`] when the storage fails.
pub(in crate::domain) async fn keep(
    app: &App,
    folder: &'static str,
    media: Media,
    bytes: Bytes,
) -> Result<Key> {
    let kept = app.adapters.storage.put(folder, media, bytes).await;
    kept.map_err(|error| Error::Internal(error.into()))
}

/// Deletes the file of a URL that no row refers to any more. URLs of other hosts are ignored. Failures are
/// logged.
pub(in crate::domain) async fn discard(app: &App, url: &str) {
    let Some(Ok(key)) = url.strip_prefix("/uploads/").map(str::parse::<Key>) else { return };
    if let Err(error) = app.adapters.storage.delete(&key).await {
        tracing::warn!(%error, %key, "deleting an unneeded file failed");
    }
}
