//! Identifies callers by session token or API key, with a short-lived cache.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{api_key, login_session, user};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::LockType,
};

use crate::{
    app::{App, Change},
    domain::{UnitOfWork, User},
    error::{Error, Result},
    security::{Identity, Proof, random},
};

/// Prefix of an API key.
pub const KEY_PREFIX: &str = "ari_cli_";
/// Lifetime of a session since its last extension.
pub(super) const SESSION_LIFETIME: TimeDelta = TimeDelta::days(30);
/// Minimum time between extensions of a session.
pub(super) const EXTEND_AFTER: TimeDelta = TimeDelta::days(1);
/// Resolution of a key's last use.
const USE_STEP: TimeDelta = TimeDelta::minutes(1);

/// After commit, drops all cached identities of a user on all servers.
pub(in crate::domain) fn forget(tx: &UnitOfWork, user_id: &str) {
    tx.publish([Change::Account(user_id.to_owned())]);
}

/// Locks the row of an account until the transaction ends; returns `None` if it was deleted. Everything
/// that opens a session, creates a key or changes who may do so takes this lock first, and so does everything that counts
/// what the account owns.
pub(in crate::domain) async fn lock_account(tx: &UnitOfWork, user_id: &str) -> Result<Option<User>> {
    let account = user::Entity::find_by_id(user_id).filter(user::Column::DeletedAt.is_null());
    Ok(account.lock(LockType::NoKeyUpdate).one(tx).await?)
}

/// Locks the caller's account and checks that their credentials are still valid and the account is not
/// banned.
///
/// # Errors
/// [`Error::Unauthenticated`], [`Error::AccountBanned`].
pub(in crate::domain) async fn lock_proven(app: &App, tx: &UnitOfWork, identity: &Identity) -> Result<User> {
    let account = lock_account(tx, &identity.user.id).await?.ok_or(Error::Unauthenticated)?;
    check(tx, app.clock.now(), identity).await?;
    Ok(account)
}

/// Returns the identity of a session token or API key; extends the session or records the key's use.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn identify(app: &App, token: &str) -> Result<Option<Arc<Identity>>> {
    let (now, at) = (app.clock.now(), app.clock.monotonic());
    let hash = random::sha256_hex(token);
    if let Some(identity) = app.identities.find(&hash, &app.clock) {
        return Ok(Some(identity));
    }
    let epoch = app.identities.epoch();
    let found = if token.starts_with(KEY_PREFIX) {
        by_key(app, &hash, now).await?
    } else {
        by_session(app, &hash, now).await?
    };
    let Some(identity) = found.map(Arc::new) else { return Ok(None) };
    app.identities.insert(hash, at, identity.clone(), epoch);
    Ok(Some(identity))
}

/// Checks that an identity is still valid: its session or key exists, and the account is neither banned nor
/// deleted. Returns when the session ends.
///
/// # Errors
/// [`Error::Unauthenticated`], [`Error::AccountBanned`].
pub async fn check_identity(app: &App, identity: &Identity) -> Result<Option<DateTime<Utc>>> {
    check(app.db.read(), app.clock.now(), identity).await
}

async fn check(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    identity: &Identity,
) -> Result<Option<DateTime<Utc>>> {
    let (user, until) = match &identity.proof {
        Proof::Session(session) => {
            let found = login_session::Entity::find_by_id(session.id)
                .filter(login_session::Column::ExpiresAt.gt(now))
                .find_also_related(user::Entity)
                .one(db)
                .await?;
            found.map_or((None, None), |(session, user)| (user, Some(session.expires_at)))
        }
        Proof::Key(id) => {
            let found = api_key::Entity::find_by_id(*id).find_also_related(user::Entity).one(db).await?;
            (found.and_then(|(_, user)| user), None)
        }
    };
    match user.filter(|user| user.deleted_at.is_none()) {
        None => Err(Error::Unauthenticated),
        Some(user) if user.banned_at.is_some() => Err(Error::AccountBanned),
        // Open streams were rendered for an administrator; the client connects again without that role.
        Some(user) if identity.user.is_admin && !user.is_admin => Err(Error::Unauthenticated),
        Some(_) => Ok(until),
    }
}

async fn by_session(app: &App, hash: &str, now: DateTime<Utc>) -> Result<Option<Identity>> {
    let row = login_session::Entity::find()
        .filter(login_session::Column::TokenHash.eq(hash))
        .filter(login_session::Column::ExpiresAt.gt(now))
        .find_also_related(user::Entity)
        .one(app.db.read())
        .await?;
    let Some((mut session, Some(user))) = row else { return Ok(None) };
    if user.deleted_at.is_some() {
        return Ok(None);
    }
    if now - session.updated_at > EXTEND_AFTER {
        session.updated_at = app.clock.second();
        session.expires_at = app.clock.second() + SESSION_LIFETIME;
        let extended = login_session::ActiveModel {
            updated_at: Set(session.updated_at),
            expires_at: Set(session.expires_at),
            ..Default::default()
        };
        let extended = login_session::Entity::update_many().set(extended);
        let extended = extended.filter(login_session::Column::Id.eq(session.id)).exec(app.db.write()).await?;
        // The session ended meanwhile.
        if extended.rows_affected == 0 {
            return Ok(None);
        }
    }
    Ok(Some(Identity { user, proof: Proof::Session(session) }))
}

async fn by_key(app: &App, hash: &str, now: DateTime<Utc>) -> Result<Option<Identity>> {
    let row = api_key::Entity::find()
        .filter(api_key::Column::KeyHash.eq(hash))
        .find_also_related(user::Entity)
        .one(app.db.read())
        .await?;
    let Some((key, Some(user))) = row else { return Ok(None) };
    if user.deleted_at.is_some() {
        return Ok(None);
    }
    if key.last_used_at.is_none_or(|at| now - at >= USE_STEP) {
        let used = api_key::ActiveModel { last_used_at: Set(Some(now)), ..Default::default() };
        let used = api_key::Entity::update_many().set(used).filter(api_key::Column::Id.eq(key.id));
        // The key was revoked meanwhile.
        if used.exec(app.db.write()).await?.rows_affected == 0 {
            return Ok(None);
        }
    }
    Ok(Some(Identity { user, proof: Proof::Key(key.id) }))
}
