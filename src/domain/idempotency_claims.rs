//! The `Idempotency-Key`s of the requests of one batch: the same guarantee as [`super::UnitOfWork`] gives for one
//! request.

use chrono::{DateTime, Utc};
use entity::idempotency_key;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, sea_query::OnConflict,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    idempotency::WriteSlot,
    idempotency_accounts,
    unit_of_work::{IdempotencyRecord, unreadable},
};
use crate::error::{Error, Result};

/// The state of a request's key.
pub(in crate::domain) enum Claim {
    /// The request is new: its result is stored, or its key is released.
    New(Key),
    /// The request was carried out before, with this result.
    Replayed(Value),
    /// The key came with another request, or is about to be dropped.
    Refused(Error),
}

/// The key of a request that is new.
pub(in crate::domain) struct Key {
    kept: IdempotencyRecord,
    /// Whether this request inserted the key: then a refusal removes it.
    is_new: bool,
}

impl Claim {
    /// Reads a kept result.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub(in crate::domain) fn replay<T: DeserializeOwned>(done: Value) -> Result<T> {
        serde_json::from_value(done).map_err(unreadable)
    }
}

/// Takes the keys of requests; no two of them are the same. Waits if another transaction holds one of them.
pub(in crate::domain) async fn claim(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    requests: &[(&str, &WriteSlot)],
) -> Result<Vec<Claim>> {
    if requests.is_empty() {
        return Ok(Vec::new());
    }
    let row = |(actor, slot): &(&str, &WriteSlot)| idempotency_key::Model {
        actor_id: (*actor).to_owned(),
        key: slot.key.clone(),
        fingerprint: slot.fingerprint.clone(),
        results: Value::Object(Default::default()),
        created_at: now,
    };
    let mut rows: Vec<_> = requests.iter().map(row).collect();
    // In one order, so that two batches cannot wait for one another.
    rows.sort_by(|a, b| (&a.actor_id, &a.key).cmp(&(&b.actor_id, &b.key)));
    let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let mine =
        idempotency_key::Entity::insert_many(rows.into_iter().map(|row| row.into_active_model().reset_all()))
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(tx)
            .await?;
    let found = if mine == count { Vec::new() } else { load(tx, requests).await? };
    let claim = |request: &(&str, &WriteSlot)| {
        let (actor, slot) = *request;
        let is = |row: &&idempotency_key::Model| row.actor_id == actor && row.key == slot.key;
        let kept = |request| IdempotencyRecord { request, slot: slot.name.clone() };
        let Some(row) = found.iter().find(is) else {
            return if mine == count {
                Claim::New(Key { kept: kept(row(request)), is_new: true })
            } else {
                // A day old, and deleted just now.
                Claim::Refused(Error::Conflict("The result of this Idempotency-Key has expired".to_owned()))
            };
        };
        if row.fingerprint != slot.fingerprint {
            return Claim::Refused(Error::IdempotencyMismatch);
        }
        match row.results.get(&slot.name) {
            Some(done) => Claim::Replayed(done.clone()),
            // A committed key always has a result.
            None => {
                let is_new = row.results.as_object().is_none_or(serde_json::Map::is_empty);
                Claim::New(Key { kept: kept(row.clone()), is_new })
            }
        }
    };
    Ok(requests.iter().map(claim).collect())
}

async fn load(
    tx: &impl ConnectionTrait,
    requests: &[(&str, &WriteSlot)],
) -> Result<Vec<idempotency_key::Model>> {
    use idempotency_key::Column;
    Ok(idempotency_key::Entity::find()
        .filter(any(requests.iter().map(|(actor, slot)| (*actor, slot.key.as_str()))))
        .order_by_asc(Column::ActorId)
        .order_by_asc(Column::Key)
        .lock_exclusive()
        .all(tx)
        .await?)
}

fn any<'a>(keys: impl Iterator<Item = (&'a str, &'a str)>) -> Condition {
    use idempotency_key::Column;
    keys.fold(Condition::any(), |any, (actor, key)| {
        any.add(Condition::all().add(Column::ActorId.eq(actor)).add(Column::Key.eq(key)))
    })
}

/// Keeps the results of requests with their keys.
pub(in crate::domain) async fn keep<T: Serialize>(
    tx: &impl ConnectionTrait,
    results: Vec<(Key, &T)>,
) -> Result<()> {
    if results.is_empty() {
        return Ok(());
    }
    let mut requests = Vec::with_capacity(results.len());
    for (Key { kept: IdempotencyRecord { mut request, slot }, .. }, result) in results {
        request.results[slot] = serde_json::to_value(result).map_err(unreadable)?;
        requests.push(request);
    }
    use idempotency_key::Column;
    let kept = OnConflict::columns([Column::ActorId, Column::Key]).update_column(Column::Results).to_owned();
    let rows = requests.iter().map(|request| request.clone().into_active_model().reset_all());
    idempotency_key::Entity::insert_many(rows).on_conflict(kept).exec_without_returning(tx).await?;
    idempotency_accounts::list(tx, requests.iter().map(|request| (request, &request.results))).await
}

/// Removes the keys of requests that wrote nothing: these requests may be sent again.
pub(in crate::domain) async fn release(tx: &impl ConnectionTrait, keys: Vec<Key>) -> Result<()> {
    let keys: Vec<_> = keys.into_iter().filter(|key| key.is_new).map(|key| key.kept.request).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let these = any(keys.iter().map(|row| (row.actor_id.as_str(), row.key.as_str())));
    idempotency_key::Entity::delete_many().filter(these).exec(tx).await?;
    Ok(())
}
