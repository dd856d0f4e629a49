//! Devices that have signed in to an account before: attempts from them are counted apart from those of strangers.

use entity::known_device;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};

use crate::{
    app::App,
    domain::{Error, Result},
    random,
};

/// The most devices that are remembered for one account: the least recently used go.
const MOST: u64 = 50;
/// How many hex digits a device's token has.
const DIGITS: usize = 64;

/// The hash of a device's token, where it has the form of one.
pub(super) fn hash(token: Option<&str>) -> Option<String> {
    let token =
        token.filter(|token| token.len() == DIGITS && token.bytes().all(|byte| byte.is_ascii_hexdigit()));
    token.map(random::sha256_hex)
}

/// Whether the device with this hash has signed in to the account before.
pub(super) async fn is_known(db: &impl ConnectionTrait, user_id: &str, hash: &str) -> Result<bool> {
    let found = known_device::Entity::find_by_id((user_id.to_owned(), hash.to_owned())).one(db).await?;
    Ok(found.is_some())
}

/// Remembers the device that has signed in just now. Returns the token of a new one.
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
        .offset(MOST)
        .limit(MOST)
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

/// Forgets all devices of an account but the one with this token.
pub(super) async fn forget_all(tx: &impl ConnectionTrait, user_id: &str, but: Option<&str>) -> Result<()> {
    let mut gone = known_device::Entity::delete_many().filter(known_device::Column::UserId.eq(user_id));
    if let Some(but) = hash(but) {
        gone = gone.filter(known_device::Column::TokenHash.ne(but));
    }
    gone.exec(tx).await?;
    Ok(())
}
