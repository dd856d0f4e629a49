//! Profile pictures that are stored by this server.

use bytes::Bytes;
use entity::user;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use super::identity::{forget, lock_account};
use crate::{
    app::App,
    domain::{User, stored_file},
    error::{Error, Result},
    media::Picture,
};

/// Storage folder of profile pictures.
const FOLDER: &str = "pictures";
/// Maximum size of a picture, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

/// Stores a picture (PNG, JPEG, GIF or WebP, at most 1 MiB and 2048 pixels wide and high) and shows it on the
/// actor's profile. The stored picture that it replaces is deleted.
///
/// # Errors
/// [`Error::Invalid`] for the picture.
pub async fn upload_picture(app: &App, actor: &User, picture: Bytes) -> Result<User> {
    if picture.len() > MAX_BYTES {
        return Err(Error::invalid("picture", "picture must be at most 1 MiB"));
    }
    let picture =
        Picture::read(picture).map_err(|error| Error::invalid("picture", format!("picture {error}")))?;
    let url = stored_file::keep(app, FOLDER, picture.media, picture.bytes).await?.url();
    let changed = replace(app, actor, &url).await;
    match &changed {
        Ok((user, former)) if user.image.as_ref() == Some(&url) => {
            if let Some(former) = former {
                stored_file::discard(app, former).await;
            }
        }
        // The row may refer to it.
        Err(Error::OutcomeUnknown(_)) => {}
        // The request was sent twice or refused: nothing refers to it.
        Ok(_) | Err(_) => stored_file::discard(app, &url).await,
    }
    changed.map(|(user, _)| user)
}

/// Sets the picture of an account. Returns the account and the URL of its previous picture.
async fn replace(app: &App, actor: &User, url: &str) -> Result<(User, Option<String>)> {
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok((done, None));
    }
    let former = lock_account(&tx, &actor.id).await?.ok_or(Error::Unauthenticated)?.image;
    let user = user::ActiveModel {
        id: Set(actor.id.clone()),
        image: Set(Some(url.to_owned())),
        updated_at: Set(app.clock.second()),
        ..Default::default()
    };
    let user = user.update(&tx).await?;
    forget(&tx, &actor.id);
    Ok((tx.commit(user).await?, former))
}
