//! Profiles and lookup of accounts.

use entity::user;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    address,
    identity::{forget, lock_account},
    rules::{IMAGE, NAME},
};
use crate::{
    app::App,
    domain::{User, stored_file},
    error::{Error, Result},
    text::fields,
};

/// Changes of an account; `None` keeps a value.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Public name, 1 to 100 characters.
    pub name: Option<String>,
    /// URL of a picture; `Some(None)` removes it. A stored picture that it replaces is deleted.
    pub image: Option<Option<String>>,
}

/// Changes the actor's name or picture.
///
/// # Errors
/// [`Error::Invalid`].
pub async fn update_profile(app: &App, actor: &User, profile: Profile) -> Result<User> {
    let mut user = user::ActiveModel { id: Set(actor.id.clone()), ..Default::default() };
    if let Some(name) = profile.name {
        let name = NAME.check(&name)?;
        user.name_fold = Set(fields::search_fold(&name));
        user.name = Set(name);
    }
    user.updated_at = Set(app.clock.second());
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let former = lock_account(&tx, &actor.id).await?.ok_or(Error::Unauthenticated)?.image;
    // Clients send back the value that they read. The URL of an uploaded picture is not the URL of a web page.
    if let Some(image) = profile.image.filter(|image| *image != former) {
        user.image = Set(image.map(|image| IMAGE.check(&image)).transpose()?);
    }
    let user = user.update(&tx).await?;
    forget(&tx, &actor.id);
    let user = tx.commit(user).await?;
    if let Some(former) = former.filter(|former| user.image.as_ref() != Some(former)) {
        stored_file::discard(app, &former).await;
    }
    Ok(user)
}

/// Returns the account with an address in any spelling.
///
/// # Errors
/// [`crate::error::Error::Invalid`] if the text is longer than the longest address.
pub async fn find_user_by_email(app: &App, email: &str) -> Result<Option<User>> {
    Ok(user::Entity::find()
        .filter(user::Column::EmailFold.is_in(address::folds(email)?))
        .filter(user::Column::DeletedAt.is_null())
        .order_by_asc(user::Column::CreatedAt)
        .one(app.db.read())
        .await?)
}

/// Lists all accounts, oldest first. For operators.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_users(app: &App) -> Result<Vec<User>> {
    Ok(user::Entity::find()
        .filter(user::Column::DeletedAt.is_null())
        .order_by_asc(user::Column::CreatedAt)
        .order_by_asc(user::Column::Id)
        .all(app.db.read())
        .await?)
}
