//! Signing up and in with e-mail and password.

use entity::{credential, user};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, SqlErr};

use super::{Device, OpenedSession, Passwords, login_sessions::open};
use crate::{
    app::App,
    domain::{Error, Result, text},
};

/// What it takes to sign up.
#[derive(Clone)]
pub struct NewAccount {
    /// An e-mail address nobody else signed up with.
    pub email: String,
    /// 8 to 128 characters.
    pub password: String,
    /// The name that others see, 1 to 100 characters.
    pub name: String,
    /// URL of a picture.
    pub image: Option<String>,
}

/// Makes an account and signs it in.
///
/// # Errors
/// [`Error::Invalid`], [`Error::Conflict`] for a taken address, [`Error::RateLimited`].
pub async fn sign_up(app: &App, new: NewAccount, device: &Device) -> Result<OpenedSession> {
    let email = email(&new.email)?;
    let name = text::name("name", &new.name, 100, "Name must be 1-100 characters")?;
    Passwords::check("password", &new.password)?;
    let image = new.image.as_deref().map(|image| text::picture_url("image", image)).transpose()?;
    let email_fold = text::fold(&email);
    app.attempts.count(device.address.as_deref(), &email_fold)?;
    let password_hash = app.passwords.hash(new.password).await?;

    let now = app.clock.second();
    let tx = app.db.begin().await?;
    let inserted = user::ActiveModel {
        id: Set(app.new_id()?.to_string()),
        email: Set(email),
        email_fold: Set(email_fold),
        email_verified: Set(false),
        name: Set(name),
        image: Set(image),
        is_admin: Set(false),
        banned_at: Set(None),
        ban_reason: Set(None),
        deleted_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(&tx)
    .await;
    let user = inserted.map_err(|error| match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::Conflict("User already exists".to_owned()),
        _ => error.into(),
    })?;
    credential::ActiveModel {
        user_id: Set(user.id.clone()),
        password_hash: Set(password_hash),
        updated_at: Set(now),
    }
    .insert(&tx)
    .await?;
    let opened = open(app, &tx, user, device).await?;
    tx.commit().await?;
    Ok(opened)
}

/// Signs in. An unknown address and a wrong password get the same answer after the same time.
///
/// # Errors
/// [`Error::BadCredentials`], [`Error::AccountBanned`], [`Error::RateLimited`].
pub async fn sign_in(app: &App, email: &str, password: String, device: &Device) -> Result<OpenedSession> {
    let email_fold = text::fold(email.trim());
    app.attempts.count(device.address.as_deref(), &email_fold)?;
    let found =
        user::Entity::find().filter(user::Column::EmailFold.eq(email_fold)).one(app.db.read()).await?;
    let hash = match &found {
        Some(user) => credential::Entity::find_by_id(&user.id).one(app.db.read()).await?,
        None => None,
    };
    // Beyond 128 characters no password exists, and hashing it would be work for nothing.
    let possible = password.chars().count() <= 128;
    let hash = hash.filter(|_| possible).map(|credential| credential.password_hash);
    let fits = app.passwords.verify(if possible { password } else { String::new() }, hash).await?;
    let user = found.filter(|_| fits).ok_or(Error::BadCredentials)?;
    if user.banned_at.is_some() {
        return Err(Error::AccountBanned);
    }
    open(app, app.db.write(), user, device).await
}

/// Holds an address to the shape `local@host`, at most 254 characters.
fn email(text: &str) -> Result<String> {
    let refusal = "Invalid email";
    let email = text::name("email", text, 254, refusal)?;
    let fits = email.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && !host.is_empty()
            && !host.contains('@')
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
    });
    if fits && !email.chars().any(|character| character.is_whitespace() || character.is_control()) {
        Ok(email)
    } else {
        Err(Error::invalid("email", refusal))
    }
}
