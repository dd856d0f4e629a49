//! Known devices of an account: their sign-in attempts are counted separately from those of strangers.

use entity::known_device;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};

use crate::{
    app::App,
    error::{Error, Result},
    security::random,
};

/// Maximum number of known devices per account; the least recently used are dropped.
const MAX_DEVICES: u64 = 50;
/// Length of a device token, in hex digits.
const DIGITS: usize = 64;

/// Returns the hash of a device token; `None` if it is malformed.
pub(super) fn hash(token: Option<&str>) -> Option<String> {
    let token =
        token.filter(|token| token.len() == DIGITS && token.bytes().all(|byte| byte.is_ascii_hexdigit()));
    token.map(random::sha256_hex)
}

/// Returns whether the device with this hash has signed in to the account before.
pub(super) async fn is_known(db: &impl ConnectionTrait, user_id: &str, hash: &str) -> Result<bool> {
    let found = known_device::Entity::find_by_id((user_id.to_owned(), hash.to_owned())).one(db).await?;
    Ok(found.is_some())
}

/// Records a device that has signed in. Returns the token of a new device.
pub(super) async fn remember(
    app: &App,
    tx: &impl ConnectionTrait,
    user_id: &str,
    token: Option<&str>,
) -> Result<Option<String>> {
    use known_device::Column;
    let (hash, new) = match hash(token) {
        Some(hash) => (hash, None),
        None => {
            let token = random::hex::<32>().map_err(Error::Internal)?;
            (random::sha256_hex(&token), Some(token))
        }
    };
    let now = app.clock.second();
    let row = known_device::ActiveModel {
        user_id: Set(user_id.to_owned()),
        token_hash: Set(hash),
        created_at: Set(now),
        used_at: Set(now),
    };
    let used =
        OnConflict::columns([Column::UserId, Column::TokenHash]).update_column(Column::UsedAt).to_owned();
    known_device::Entity::insert(row).on_conflict(used).exec_without_returning(tx).await?;
    let old: Vec<String> = known_device::Entity::find()
        .select_only()
        .column(Column::TokenHash)
        .filter(Column::UserId.eq(user_id))
        .order_by_desc(Column::UsedAt)
        .order_by_desc(Column::TokenHash)
        .offset(MAX_DEVICES)
        .limit(MAX_DEVICES)
        .into_tuple()
        .all(tx)
        .await?;
    if !old.is_empty() {
        known_device::Entity::delete_many()
            .filter(Column::UserId.eq(user_id))
            .filter(Column::TokenHash.is_in(old))
            .exec(tx)
            .await?;
    }
    Ok(new)
}

/// Forgets all devices of an account except the one with this token.
pub(in crate::domain) async fn forget_all(
    tx: &impl ConnectionTrait,
    user_id: &str,
    but: Option<&str>,
) -> Result<()> {
    let mut gone = known_device::Entity::delete_many().filter(known_device::Column::UserId.eq(user_id));
    if let Some(but) = hash(but) {
        gone = gone.filter(known_device::Column::TokenHash.ne(but));
    }
    gone.exec(tx).await?;
    Ok(())
}
