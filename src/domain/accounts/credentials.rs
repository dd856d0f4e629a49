//! Changing a password, and confirming it before irreversible actions.

use entity::credential;
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

use super::{
    Identity, Proof, devices,
    identity::{forget, lock_account, lock_proven},
    keys::revoke_all,
    login_sessions::end_all,
};
use crate::security::passwords::{Verdict, attempt, new_password};
use crate::{
    app::App,
    domain::{
        UnitOfWork, User,
        audit::{self, Action, AuditEntry},
    },
    error::{Error, Result},
    security::AttemptOrigin,
};

/// Input of a password change.
#[derive(Clone)]
pub struct PasswordChange {
    /// The current password.
    pub current: String,
    /// 8 to 128 characters, not a common password.
    pub new: String,
    /// Whether to revoke all API keys except the caller's.
    pub revoke_keys: bool,
    /// Token of the caller's device, which stays known.
    pub device_token: Option<String>,
}

/// Changes the actor's password and ends all their other sessions.
///
/// # Errors
/// [`Error::Invalid`] if the current password is wrong or the new one is refused, [`Error::RateLimited`],
/// [`Error::Unauthenticated`] if the session has ended meanwhile.
pub async fn change_password(app: &App, identity: &Identity, change: PasswordChange) -> Result<()> {
    let user = &identity.user;
    let new = new_password("newPassword", &change.new, &[&user.email, &user.name])?;
    let proven = prove(app, identity, change.current, "currentPassword").await?;
    let password_hash = app.passwords.hash(new).await?;
    let tx = app.begin_without_key().await?;
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

/// Sets a password without the current one and ends all sessions; `revoke_keys` also revokes all API keys.
/// For operators.
///
/// # Errors
/// [`Error::Invalid`] if it is refused, [`Error::NotFound`] if the account was deleted.
pub async fn reset_password(app: &App, user: &User, new: String, revoke_keys: bool) -> Result<()> {
    let new = new_password("password", &new, &[&user.email, &user.name])?;
    let password_hash = app.passwords.hash(new).await?;
    let tx = app.begin_without_key().await?;
    lock_account(&tx, &user.id).await?.ok_or(Error::NotFound("User"))?;
    store(app, &tx, user, password_hash).await?;
    end_all(&tx, &user.id, None).await?;
    if revoke_keys {
        revoke_all(&tx, &user.id, None).await?;
    }
    devices::forget_all(&tx, &user.id, None).await?;
    audit::record(app, &tx, AuditEntry::of_operator(Action::PasswordReset).to(user.id.as_str())).await?;
    forget(&tx, &user.id);
    tx.commit(()).await
}

/// Stores the hash of a new password.
async fn store(app: &App, tx: &UnitOfWork, user: &User, password_hash: String) -> Result<()> {
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

/// Proof that the caller confirmed the password.
pub(in crate::domain) struct VerifiedPassword {
    user_id: String,
    field: &'static str,
    hash: String,
}

/// Verifies the password before an irreversible action.
///
/// # Errors
/// [`Error::Invalid`] if it is wrong, [`Error::RateLimited`].
pub(in crate::domain) async fn prove(
    app: &App,
    identity: &Identity,
    password: String,
    field: &'static str,
) -> Result<VerifiedPassword> {
    let user = &identity.user;
    let attempt = attempt(field, password)?;
    app.sign_in_limiter.count(AttemptOrigin::SignedIn(identity), &user.email_fold)?;
    let credential = credential::Entity::find_by_id(&user.id).one(app.db.read()).await?;
    let hash = credential.map(|credential| credential.password_hash);
    match (app.passwords.verify(attempt, hash.clone()).await?, hash) {
        (Verdict::Wrong, _) | (_, None) => Err(wrong(field)),
        (_, Some(hash)) => Ok(VerifiedPassword { user_id: user.id.clone(), field, hash }),
    }
}

impl VerifiedPassword {
    /// Refuses if the password has changed since. The account must be locked.
    pub(in crate::domain) async fn check(self, tx: &UnitOfWork) -> Result<()> {
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
