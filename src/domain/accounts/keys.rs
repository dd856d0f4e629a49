//! API keys.

use entity::api_key;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::{
    Identity, KEY_PREFIX, Proof,
    identity::{forget, lock_proven},
    rules::NAME,
};
use crate::{
    app::App,
    domain::User,
    error::{Error, Result},
    security::random,
};

/// Maximum number of API keys per account.
pub const MAX_KEYS: u64 = 50;

/// A new key with its secret, which is shown only once.
#[derive(Clone)]
pub struct CreatedKey {
    /// The secret: `ari_cli_` and 32 hex digits.
    pub secret: String,
    /// The stored key.
    pub key: api_key::Model,
}

/// Creates an API key of the actor. Requires a session: a key created by a key would survive the revocation
/// of its parent.
///
/// # Errors
/// [`Error::Forbidden`] for callers with a key, [`Error::Invalid`] for the name, [`Error::Conflict`] above
/// 50 keys, [`Error::Unauthenticated`] if the session has ended meanwhile.
pub async fn create_key(app: &App, identity: &Identity, name: &str) -> Result<CreatedKey> {
    if matches!(identity.proof, Proof::Key(_)) {
        return Err(Error::Forbidden("An API key cannot create API keys; sign in"));
    }
    let name = NAME.check(name)?;
    let tx = app.begin_without_key().await?;
    // Under the lock, so that no key survives a concurrent sign-out or deletion, and the maximum holds.
    let actor = lock_proven(app, &tx, identity).await?;
    let held = api_key::Entity::find().filter(api_key::Column::UserId.eq(&actor.id)).count(&tx).await?;
    if held >= MAX_KEYS {
        return Err(Error::Conflict(format!("You have {MAX_KEYS} API keys; revoke one first")));
    }
    let secret = format!("{KEY_PREFIX}{}", random::hex::<16>().map_err(Error::Internal)?);
    let key = api_key::ActiveModel {
        id: Set(app.new_id()?),
        user_id: Set(actor.id.clone()),
        name: Set(name),
        key_hash: Set(random::sha256_hex(&secret)),
        prefix: Set(secret[..KEY_PREFIX.len() + 4].to_owned()),
        last_used_at: Set(None),
        created_at: Set(app.clock.now()),
    }
    .insert(&tx)
    .await?;
    tx.commit(()).await?;
    Ok(CreatedKey { secret, key })
}

/// Lists the actor's keys, newest first.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_keys(app: &App, actor: &User) -> Result<Vec<api_key::Model>> {
    Ok(api_key::Entity::find()
        .filter(api_key::Column::UserId.eq(&actor.id))
        .order_by_desc(api_key::Column::Id)
        .all(app.db.read())
        .await?)
}

/// Revokes one of the actor's keys immediately.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn revoke_key(app: &App, actor: &User, id: Uuid) -> Result<()> {
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let gone = api_key::Entity::delete_many()
        .filter(api_key::Column::Id.eq(id))
        .filter(api_key::Column::UserId.eq(&actor.id))
        .exec(&tx)
        .await?;
    if gone.rows_affected == 0 {
        return Err(Error::NotFound("API key"));
    }
    forget(&tx, &actor.id);
    tx.commit(()).await
}

/// Revokes all keys of a user except `but`.
pub(in crate::domain) async fn revoke_all(
    db: &impl ConnectionTrait,
    user_id: &str,
    but: Option<Uuid>,
) -> Result<()> {
    let mut gone = api_key::Entity::delete_many().filter(api_key::Column::UserId.eq(user_id));
    if let Some(but) = but {
        gone = gone.filter(api_key::Column::Id.ne(but));
    }
    gone.exec(db).await?;
    Ok(())
}
