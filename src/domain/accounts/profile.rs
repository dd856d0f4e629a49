//! What an account says of itself, and finding accounts.

use entity::user;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{address, identity::forget};
use crate::{
    app::App,
    domain::{Result, User, text},
};

/// What an owner changes of their account; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// The name that others see.
    pub name: Option<String>,
    /// URL of a picture; `Some(None)` takes it away.
    pub image: Option<Option<String>>,
}

/// Changes the actor's name or picture.
///
/// # Errors
/// [`crate::domain::Error::Invalid`].
pub async fn update_profile(app: &App, actor: &User, profile: Profile) -> Result<User> {
    let mut user = user::ActiveModel { id: Set(actor.id.clone()), ..Default::default() };
    if let Some(name) = profile.name {
        user.name = Set(text::name("name", &name, 100, "Name must be 1-100 characters")?);
    }
    if let Some(image) = profile.image {
        user.image = Set(image.map(|image| text::picture_url("image", &image)).transpose()?);
    }
    user.updated_at = Set(app.clock.second());
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let user = user.update(&tx).await?;
    forget(&tx, &actor.id);
    tx.commit(user).await
}

/// Finds an account by its address, however it is written.
///
/// # Errors
/// [`crate::domain::Error::Invalid`] for what is longer than any address.
pub async fn find_user_by_email(app: &App, email: &str) -> Result<Option<User>> {
    Ok(user::Entity::find()
        .filter(user::Column::EmailFold.is_in(address::folds(email)?))
        .filter(user::Column::DeletedAt.is_null())
        .order_by_asc(user::Column::CreatedAt)
        .one(app.db.read())
        .await?)
}

/// All accounts, oldest first: for operators.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn list_users(app: &App) -> Result<Vec<User>> {
    Ok(user::Entity::find()
        .filter(user::Column::DeletedAt.is_null())
        .order_by_asc(user::Column::CreatedAt)
        .order_by_asc(user::Column::Id)
        .all(app.db.read())
        .await?)
}
