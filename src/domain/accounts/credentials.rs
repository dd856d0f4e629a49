//! Changing a password, and giving it once more before what cannot be undone.

use entity::credential;
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

use super::{
    Identity, Proof,
    attempts::From,
    devices,
    identity::{forget, lock_account, lock_proven},
    keys::revoke_all,
    login_sessions::end_all,
    passwords::{Verdict, attempt, new_password},
};
use crate::{
    app::App,
    domain::{
        Error, Result, User, Write,
        audit::{self, Action, Deed},
    },
};

/// A change of one's own password.
#[derive(Clone)]
pub struct PasswordChange {
    /// The password until now.
    pub current: String,
    /// 8 to 128 characters, not a common password.
    pub new: String,
    /// Whether all API keys are revoked, too, but the one that asks.
    pub revoke_keys: bool,
    /// The token of the device that asks, which stays known.
    pub device_token: Option<String>,
}

/// Changes the actor's password and ends all their other sign-ins.
///
/// # Errors
/// [`Error::Invalid`] when the old one is wrong or the new one is refused, [`Error::RateLimited`],
/// [`Error::Unauthenticated`] when the sign-in has ended meanwhile.
pub async fn change_password(app: &App, identity: &Identity, change: PasswordChange) -> Result<()> {
    let user = &identity.user;
    let new = new_password("newPassword", &change.new, &[&user.email, &user.name])?;
    let proven = prove(app, identity, change.current, "currentPassword").await?;
    let password_hash = app.passwords.hash(new).await?;
    let tx = app.begin_apart().await?;
    lock_proven(app, &tx, identity).await?;
    proven.check(&tx).await?;
    let (session, key) = match &identity.proof {
        Proof::Session(session) => (Some(session.id), None),
        Proof::Key(key) => (None, Some(*key)),
    };
    store(app, &tx, user, password_hash).await?;
    end_all(&tx, &user.id, session).await?;
    if change.revoke_keys {
        revoke_all(&tx, &user.id, key).await?;
    }
    devices::forget_all(&tx, &user.id, change.device_token.as_deref()).await?;
    forget(&tx, &user.id);
    tx.commit(()).await
}

/// Sets a password without asking for the old one and ends all sign-ins: for operators. `revoke_keys` revokes all API
/// keys, too.
///
/// # Errors
/// [`Error::Invalid`] when it is refused, [`Error::NotFound`] when the account was deleted.
pub async fn reset_password(app: &App, user: &User, new: String, revoke_keys: bool) -> Result<()> {
    let new = new_password("password", &new, &[&user.email, &user.name])?;
    let password_hash = app.passwords.hash(new).await?;
    let tx = app.begin_apart().await?;
    lock_account(&tx, &user.id).await?.ok_or(Error::NotFound("User"))?;
    store(app, &tx, user, password_hash).await?;
    end_all(&tx, &user.id, None).await?;
    if revoke_keys {
        revoke_all(&tx, &user.id, None).await?;
    }
    devices::forget_all(&tx, &user.id, None).await?;
    audit::record(app, &tx, Deed::of_operator(Action::PasswordReset).to(user.id.as_str())).await?;
    forget(&tx, &user.id);
    tx.commit(()).await
}

/// Keeps the hash of a new password.
async fn store(app: &App, tx: &Write, user: &User, password_hash: String) -> Result<()> {
    let credential = credential::ActiveModel {
        user_id: Set(user.id.clone()),
        password_hash: Set(password_hash),
        updated_at: Set(app.clock.second()),
    };
    credential::Entity::insert(credential)
        .on_conflict(
            OnConflict::column(credential::Column::UserId)
                .update_columns([credential::Column::PasswordHash, credential::Column::UpdatedAt])
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The password was given once more.
pub(super) struct Proven {
    user_id: String,
    field: &'static str,
    hash: String,
}

/// Asks for the password once more before something that cannot be undone.
///
/// # Errors
/// [`Error::Invalid`] when it is wrong, [`Error::RateLimited`].
pub(super) async fn prove(
    app: &App,
    identity: &Identity,
    password: String,
    field: &'static str,
) -> Result<Proven> {
    let user = &identity.user;
    let attempt = attempt(field, password)?;
    app.attempts.count(From::SignedIn(identity), &user.email_fold)?;
    let credential = credential::Entity::find_by_id(&user.id).one(app.db.read()).await?;
    let hash = credential.map(|credential| credential.password_hash);
    match (app.passwords.verify(attempt, hash.clone()).await?, hash) {
        (Verdict::Wrong, _) | (_, None) => Err(wrong(field)),
        (_, Some(hash)) => Ok(Proven { user_id: user.id.clone(), field, hash }),
    }
}

impl Proven {
    /// Refuses when the password was changed since. The account is locked.
    pub(super) async fn check(self, tx: &Write) -> Result<()> {
        let credential = credential::Entity::find_by_id(&self.user_id).one(tx).await?;
        match credential {
            Some(credential) if credential.password_hash == self.hash => Ok(()),
            _ => Err(wrong(self.field)),
        }
    }
}

fn wrong(field: &'static str) -> Error {
    Error::invalid(field, "The password is wrong")
}
