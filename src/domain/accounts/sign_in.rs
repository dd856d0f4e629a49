//! Sign-up and sign-in with e-mail address and password.

use entity::{credential, user};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, SqlErr,
};

use super::{
    Device, Identity, OpenedSession,
    address::{self, Address},
    devices,
    identity::lock_account,
    login_sessions::open,
    rules::{IMAGE, NAME},
};
use crate::security::passwords::{Verdict, attempt, new_password};
use crate::{
    app::App,
    domain::User,
    error::{Error, Result},
    security::AttemptOrigin,
    text::fields,
};

/// Input of a sign-up.
#[derive(Clone)]
pub struct NewAccount {
    /// E-mail address, neither equal to nor confusable with that of another account.
    pub email: String,
    /// 8 to 128 characters, not a common password.
    pub password: String,
    /// Public name, 1 to 100 characters.
    pub name: String,
    /// URL of a picture.
    pub image: Option<String>,
}

/// Creates an account and signs it in.
///
/// # Errors
/// [`Error::Invalid`], [`Error::Conflict`] for an address that is taken or confusable with a taken one,
/// [`Error::RateLimited`].
pub async fn sign_up(app: &App, new: NewAccount, device: &Device) -> Result<OpenedSession> {
    let Address { written, fold, skeleton } = Address::parse(&new.email)?;
    let name = NAME.check(&new.name)?;
    let password = new_password("password", &new.password, &[&written, &name])?;
    let image = new.image.as_deref().map(|image| IMAGE.check(image)).transpose()?;
    app.sign_in_limiter.count(AttemptOrigin::Unknown(device.address.as_deref()), &fold)?;
    let password_hash = app.passwords.hash(password).await?;

    let now = app.clock.second();
    let tx = app.begin_without_key().await?;
    let inserted = user::ActiveModel {
        id: Set(app.new_id()?.to_string()),
        email: Set(written),
        email_fold: Set(fold),
        email_skeleton: Set(Some(skeleton)),
        email_verified: Set(false),
        name_fold: Set(fields::search_fold(&name)),
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
    tx.commit(()).await?;
    Ok(opened)
}

/// Signs in. An unknown address and a wrong password are indistinguishable, also by time. `identity` is the
/// caller's, if signed in: attempts on their own account are counted separately.
///
/// # Errors
/// [`Error::Invalid`] above the maximum length of address or password, [`Error::BadCredentials`],
/// [`Error::AccountBanned`], [`Error::RateLimited`].
pub async fn sign_in(
    app: &App,
    email: &str,
    password: String,
    device: &Device,
    identity: Option<&Identity>,
) -> Result<OpenedSession> {
    let folds = address::folds(email)?;
    let attempt = attempt("password", password)?;
    // The last is the same for all spellings of an address.
    let account = folds.last().cloned().unwrap_or_default();
    // Older accounts may share a fold; the oldest wins.
    let found = user::Entity::find()
        .filter(user::Column::EmailFold.is_in(folds))
        .filter(user::Column::DeletedAt.is_null())
        .order_by_asc(user::Column::CreatedAt)
        .find_also_related(credential::Entity)
        .one(app.db.read())
        .await?;
    let (user, credential) = found.map_or((None, None), |(user, credential)| (Some(user), credential));
    let known = known_device(app, user.as_ref(), device).await?;
    let from = match identity.filter(|identity| user.as_ref().is_some_and(|user| user.id == identity.user.id))
    {
        Some(identity) => AttemptOrigin::SignedIn(identity),
        None => {
            known.as_deref().map_or(AttemptOrigin::Unknown(device.address.as_deref()), AttemptOrigin::Device)
        }
    };
    app.sign_in_limiter.count(from, &account)?;
    let hash = credential.map(|credential| credential.password_hash);
    let verdict = app.passwords.verify(attempt, hash.clone()).await?;
    let (Some(user), Some(hash)) = (user, hash) else { return Err(Error::BadCredentials) };
    let rehashed = match verdict {
        Verdict::Wrong => return Err(Error::BadCredentials),
        Verdict::Right | Verdict::RightUnprepared(None) => None,
        Verdict::RightUnprepared(Some(prepared)) => Some(app.passwords.hash(prepared).await?),
    };

    let tx = app.begin_without_key().await?;
    // Under the lock, so that the session cannot survive a concurrent password change, ban or deletion.
    let user = lock_account(&tx, &user.id).await?.ok_or(Error::BadCredentials)?;
    let credential = credential::Entity::find_by_id(&user.id).one(&tx).await?;
    if credential.is_none_or(|credential| credential.password_hash != hash) {
        return Err(Error::BadCredentials);
    }
    if user.banned_at.is_some() {
        return Err(Error::AccountBanned);
    }
    if let Some(rehashed) = rehashed {
        let mut row = credential::ActiveModel { user_id: Set(user.id.clone()), ..Default::default() };
        row.password_hash = Set(rehashed);
        row.update(&tx).await?;
    }
    let opened = open(app, &tx, user, device).await?;
    tx.commit(()).await?;
    Ok(opened)
}

/// Returns the hash of the device's token if it has signed in to the account before.
async fn known_device(app: &App, user: Option<&User>, device: &Device) -> Result<Option<String>> {
    let (Some(user), Some(hash)) = (user, devices::hash(device.token.as_deref())) else { return Ok(None) };
    let known = devices::is_known(app.db.read(), &user.id, &hash).await?;
    Ok(known.then_some(hash))
}
