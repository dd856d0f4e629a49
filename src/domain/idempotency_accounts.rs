//! Accounts mentioned in stored results, by which the deletion of an account finds its data in the results of others.

use std::collections::BTreeSet;

use entity::{idempotency_key, result_account};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType,
    QueryFilter, QuerySelect, RelationTrait, sea_query::OnConflict,
};
use serde_json::{Value, json};

use crate::{error::Result, text::fields};

/// Name of a deleted account.
pub(super) const DELETED: &str = "Deleted user";

/// Members with a user's id, the member beside it with a name of that user, and whether that name is never null.
const NAMED: [(&str, &str, bool); 4] = [
    ("user_id", "display_name", false),
    ("user_id", "user_name", true),
    ("reporter_id", "reporter_name", true),
    ("blocked_id", "label", false),
];

/// Lists the accounts that the results of these requests mention, besides their callers.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub(super) async fn list<'a>(
    tx: &impl ConnectionTrait,
    results: impl IntoIterator<Item = (&'a idempotency_key::Model, &'a Value)>,
) -> Result<()> {
    let mut rows = Vec::new();
    for (request, result) in results {
        let mut accounts = BTreeSet::new();
        collect(result, &mut accounts);
        accounts.remove(request.actor_id.as_str());
        rows.extend(accounts.into_iter().map(|account| result_account::ActiveModel {
            account_id: Set(account.to_owned()),
            actor_id: Set(request.actor_id.clone()),
            key: Set(request.key.clone()),
        }));
    }
    // Each column is a parameter; SQLite accepts 32,766.
    for part in rows.chunks(1000) {
        result_account::Entity::insert_many(part.to_vec())
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Collects the ids of possible accounts in a result: of all objects with a name or a picture, and of members that
/// name users. An id that belongs to no account is never looked up by a deletion.
fn collect<'a>(value: &'a Value, accounts: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(members) => {
            let text = |name: &str| members.get(name).and_then(Value::as_str);
            let is_named = ["name", "image", "email"].iter().any(|name| text(name).is_some());
            accounts.extend(text("id").filter(|_| is_named));
            accounts.extend(
                NAMED.iter().filter(|(_, name, _)| text(name).is_some()).filter_map(|(id, ..)| text(id)),
            );
            members.values().for_each(|member| collect(member, accounts));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, accounts)),
        _ => {}
    }
}

/// Deletes an account's stored results, and removes its data from those of others, which must stay for their
/// idempotency keys.
pub(super) async fn forget(tx: &impl ConnectionTrait, account_id: &str) -> Result<()> {
    use idempotency_key::Column;
    idempotency_key::Entity::delete_many().filter(Column::ActorId.eq(account_id)).exec(tx).await?;
    let mentioning = idempotency_key::Entity::find()
        .join_rev(JoinType::InnerJoin, result_account::Relation::Request.def())
        .filter(result_account::Column::AccountId.eq(account_id));
    for row in mentioning.all(tx).await? {
        let mut results = row.results.clone();
        scrub(&mut results, account_id);
        if results != row.results {
            let mut row = row.into_active_model();
            row.results = Set(results);
            row.update(tx).await?;
        }
    }
    Ok(())
}

/// Removes an account's personal data from every copy of its row in a result.
fn scrub(value: &mut Value, user_id: &str) {
    match value {
        Value::Object(members) => {
            let is_account = members.get("id").and_then(Value::as_str) == Some(user_id);
            if is_account {
                for (name, bare) in [
                    ("name", json!(DELETED)),
                    ("name_fold", json!(fields::search_fold(DELETED))),
                    ("image", Value::Null),
                    ("email", json!(format!("{user_id}@deleted.invalid"))),
                    ("email_fold", json!(format!("{user_id}@deleted.invalid"))),
                    ("email_skeleton", Value::Null),
                    ("display_name", Value::Null),
                    ("alias", Value::Null),
                ] {
                    if let Some(member) = members.get_mut(name) {
                        *member = bare;
                    }
                }
            }
            for (id, name, is_named) in NAMED {
                let bare = if is_named { json!(DELETED) } else { Value::Null };
                let is_theirs = members.get(id).and_then(Value::as_str) == Some(user_id);
                if let Some(member) = members.get_mut(name).filter(|member| is_theirs && member.is_string()) {
                    *member = bare;
                }
            }
            members.values_mut().for_each(|member| scrub(member, user_id));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| scrub(item, user_id)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_copy_of_the_account_is_left() {
        let mut results = json!({ "0.0": { "user": { "id": "u1", "email": "a@b.c", "name": "Ann" }, "other": [{ "id": "u2", "name": "Bob" }] },
            "0.1": { "id": "m1", "user_id": "u1", "display_name": "Annie" },
            "0.2": { "reporter_id": "u2", "reporter_name": "Bob", "user_id": "u1", "user_name": "Anna" },
            "0.3": { "reporter_id": "u1", "reporter_name": "Annabel", "user_id": "u2", "user_name": "Bob" },
            "0.4": { "blocker_id": "u2", "blocked_id": "u1", "label": "Ann from work" } });
        let mut accounts = BTreeSet::new();
        collect(&results, &mut accounts);
        assert!(["u1", "u2"].iter().all(|id| accounts.contains(id)), "{accounts:?}");
        scrub(&mut results, "u1");
        let text = results.to_string();
        assert!(!text.contains("Ann") && !text.contains("a@b.c") && text.contains("Bob"), "{text}");
    }
}
