//! Who a token or key stands for, without a query when it was seen a moment ago.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{api_key, login_session, user};
use quick_cache::sync::Cache;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::LockType,
};
use uuid::Uuid;

use super::login_sessions::{LIFE, SLIDE_AFTER};
use crate::{
    app::App,
    clock::Clock,
    domain::{Error, Result, User, Write},
    live::{Access, Grant},
    random,
};

/// How an API key begins.
pub const KEY_PREFIX: &str = "ari_cli_";
/// How long a recognised token needs no query. Another process's ban takes effect after this.
const FRESH: Duration = Duration::from_secs(10);
/// How exactly the last use of a key is kept.
const USE_STEP: TimeDelta = TimeDelta::minutes(1);

/// Somebody who was recognised.
#[derive(Debug)]
pub struct Identity {
    /// Who.
    pub user: User,
    /// By what.
    pub proof: Proof,
}

/// By what somebody was recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A sign-in.
    Session(login_session::Model),
    /// An API key's id.
    Key(Uuid),
}

impl Identity {
    /// Whether the account is banned, and may do nothing but sign out.
    pub fn is_banned(&self) -> bool {
        self.user.banned_at.is_some()
    }

    /// What the right of this caller to anything depends on.
    pub fn grant(&self) -> Grant {
        let user = self.user.id.clone();
        match &self.proof {
            Proof::Session(session) => Grant::Session { user, session: session.id },
            Proof::Key(key) => Grant::ApiKey { user, key: *key },
        }
    }

    /// When the sign-in ends unless it is extended; none for a key, which does not.
    pub fn signed_in_until(&self) -> Option<DateTime<Utc>> {
        match &self.proof {
            Proof::Session(session) => Some(session.expires_at),
            Proof::Key(_) => None,
        }
    }
}

/// Who was recognised lately, by the hash of their token.
pub struct Identities {
    cache: Cache<String, (Duration, Arc<Identity>)>,
    // Counts what was forgotten, so that a look-up that began before does not put back what was dropped since.
    forgotten: AtomicU64,
    access: Arc<Access>,
}

impl Identities {
    pub(crate) fn new(access: Arc<Access>) -> Self {
        Self { cache: Cache::new(10_000), forgotten: AtomicU64::new(0), access }
    }

    /// Drops all that is known of a user: after a change, a sign-out, a ban or a revocation.
    pub fn forget(&self, user_id: &str) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.cache.retain(|_, (_, identity)| identity.user.id != user_id);
        self.access.changed(user_id);
    }

    /// Returns the identity with this hash if it was looked up less than ten seconds ago by the monotonic clock.
    fn find(&self, hash: &str, clock: &Clock) -> Option<Arc<Identity>> {
        let (at, identity) = self.cache.get(hash)?;
        let live = match &identity.proof {
            Proof::Session(session) => session.expires_at > clock.now(),
            Proof::Key(_) => true,
        };
        (live && clock.monotonic().saturating_sub(at) < FRESH).then_some(identity)
    }
}

/// Once it is committed, nothing that was known of a user before counts any more.
pub(super) fn forget(tx: &Write, user_id: &str) {
    let user_id = user_id.to_owned();
    tx.after(move |app| app.identities.forget(&user_id));
}

/// Locks the row of an account until the transaction ends; `None` for one that was deleted. Whatever opens a session,
/// makes a key or changes who may do so takes this lock, so that none overtakes another.
pub(super) async fn lock_account(tx: &Write, user_id: &str) -> Result<Option<User>> {
    let account = user::Entity::find_by_id(user_id).filter(user::Column::DeletedAt.is_null());
    Ok(account.lock(LockType::NoKeyUpdate).one(tx).await?)
}

/// Locks the account of a caller, who must still be signed in, or have their key, and not be banned.
///
/// # Errors
/// [`Error::Unauthenticated`], [`Error::AccountBanned`].
pub(super) async fn lock_proven(app: &App, tx: &Write, identity: &Identity) -> Result<User> {
    let account = lock_account(tx, &identity.user.id).await?.ok_or(Error::Unauthenticated)?;
    check(tx, app.clock.now(), identity).await?;
    Ok(account)
}

/// Finds whom a session token or API key stands for; extends the session, notes the key's use.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn identify(app: &App, token: &str) -> Result<Option<Arc<Identity>>> {
    let (now, at) = (app.clock.now(), app.clock.monotonic());
    let hash = random::sha256_hex(token);
    if let Some(identity) = app.identities.find(&hash, &app.clock) {
        return Ok(Some(identity));
    }
    let epoch = app.identities.forgotten.load(Ordering::SeqCst);
    let found = if token.starts_with(KEY_PREFIX) {
        by_key(app, &hash, now).await?
    } else {
        by_session(app, &hash, now).await?
    };
    let Some(identity) = found.map(Arc::new) else { return Ok(None) };
    app.identities.cache.insert(hash.clone(), (at, identity.clone()));
    // Looked at behind the insertion: whatever was forgotten before it is seen here, and after it finds the entry.
    if app.identities.forgotten.load(Ordering::SeqCst) != epoch {
        app.identities.cache.remove(&hash);
    }
    Ok(Some(identity))
}

/// Checks that an identity that was recognised some time ago still holds: its sign-in or key exists and the account is
/// neither banned nor deleted. Returns when the sign-in ends.
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
    if now - session.updated_at > SLIDE_AFTER {
        session.updated_at = app.clock.second();
        session.expires_at = app.clock.second() + LIFE;
        let slid = login_session::ActiveModel {
            updated_at: Set(session.updated_at),
            expires_at: Set(session.expires_at),
            ..Default::default()
        };
        let slid = login_session::Entity::update_many().set(slid);
        let slid = slid.filter(login_session::Column::Id.eq(session.id)).exec(app.db.write()).await?;
        // It ended in between.
        if slid.rows_affected == 0 {
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
        // It was revoked in between.
        if used.exec(app.db.write()).await?.rows_affected == 0 {
            return Ok(None);
        }
    }
    Ok(Some(Identity { user, proof: Proof::Key(key.id) }))
}
