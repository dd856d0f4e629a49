//! The end of an account: what it leaves behind, and what not.

use chrono::TimeDelta;
use entity::{conversation_event, credential, idempotency_key, space, space_invite, user};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LikeExpr},
};
use serde_json::{Value, json};

use super::{
    Identity,
    address::fold_case,
    credentials::prove,
    devices,
    identity::{forget, lock_proven},
    keys::revoke_all,
    login_sessions::end_all,
};
use crate::{
    app::App,
    domain::{
        Result, User, Write, agents, blocks, communities::leave_all, lounges, reports, support, text,
        verification,
    },
};

/// The name of an account that was deleted.
const NAME: &str = "Deleted user";
/// For how long after its end an account is cleared once more: requests that began before it have ended by then.
const LATE: TimeDelta = TimeDelta::minutes(5);
/// The most accounts that one round clears once more.
const ROUND: u64 = 100;

/// Deletes the actor's account: personal data, sign-ins, keys, own spaces and agents go at once, own communities are
/// closed and the others left; the bare row stays for what refers to it.
///
/// # Errors
/// [`crate::domain::Error::Invalid`] when the password is wrong, [`crate::domain::Error::Unauthenticated`] when the
/// sign-in has ended meanwhile.
pub async fn delete_account(app: &App, identity: &Identity, password: String) -> Result<()> {
    let proven = prove(app, identity, password, "password").await?;
    let tx = app.begin_apart().await?;
    // Whatever lets them in somewhere waits for this, or this waits for it; what merely refers to them does not.
    let actor = lock_proven(app, &tx, identity).await?;
    proven.check(&tx).await?;
    let now = app.clock.second();
    let address = format!("{}@deleted.invalid", actor.id);
    let mut bare = actor.clone().into_active_model();
    bare.email = Set(address.clone());
    bare.email_fold = Set(fold_case(&address));
    bare.email_skeleton = Set(Some(fold_case(&address)));
    bare.email_verified = Set(false);
    bare.name = Set(NAME.to_owned());
    bare.image = Set(None);
    bare.is_admin = Set(false);
    bare.deleted_at = Set(Some(now));
    bare.updated_at = Set(now);
    clear(app, &tx, &actor).await?;
    bare.update(&tx).await?;
    forget(&tx, &actor.id);
    tx.commit(()).await
}

/// Clears accounts that were deleted a moment ago once more, of what requests wrote that had begun before. When the next
/// is due is not known: this is done every minute.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn clear_deleted(app: &App) -> Result<()> {
    let recent = user::Column::DeletedAt.gt(app.clock.now() - LATE);
    let deleted = user::Entity::find().filter(recent).order_by_asc(user::Column::DeletedAt).limit(ROUND);
    for account in deleted.all(app.db.read()).await? {
        let tx = app.begin_apart().await?;
        clear(app, &tx, &account).await?;
        tx.commit(()).await?;
    }
    Ok(())
}

/// Clears what an account has left but its own row. Again changes nothing.
async fn clear(app: &App, tx: &Write, actor: &User) -> Result<()> {
    end_all(tx, &actor.id, None).await?;
    revoke_all(tx, &actor.id, None).await?;
    devices::forget_all(tx, &actor.id, None).await?;
    credential::Entity::delete_by_id(&actor.id).exec(tx).await?;
    space::Entity::delete_many().filter(space::Column::OwnerId.eq(&actor.id)).exec(tx).await?;
    space_invite::Entity::delete_many().filter(space_invite::Column::UserId.eq(&actor.id)).exec(tx).await?;
    leave_all(app, tx, actor).await?;
    lounges::withdraw_all(app, tx, &actor.id).await?;
    lounges::forget(tx, actor).await?;
    agents::forget(app, tx, actor).await?;
    support::forget(tx, actor).await?;
    reports::forget(tx, actor).await?;
    blocks::forget(tx, actor).await?;
    verification::forget(tx, actor).await?;
    forget_aliases(tx, actor).await?;
    forget_results(tx, actor).await?;
    tx.after(|app| {
        app.voices_due.notify_one();
        app.tending.notify_one();
    });
    Ok(())
}

/// Takes the names that they went by in communities out of the logs.
async fn forget_aliases(tx: &Write, actor: &User) -> Result<()> {
    conversation_event::Entity::update_many()
        .col_expr(conversation_event::Column::Alias, Expr::val(None::<String>))
        .filter(conversation_event::Column::UserId.eq(&actor.id))
        .filter(conversation_event::Column::Alias.is_not_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Drops what their requests came to, and takes their data out of what the requests of others came to: those have to be
/// found again, so that nothing is done twice.
async fn forget_results(tx: &Write, actor: &User) -> Result<()> {
    use idempotency_key::Column;
    idempotency_key::Entity::delete_many().filter(Column::ActorId.eq(&actor.id)).exec(tx).await?;
    // The id as a text of JSON, with what LIKE would read as more than it is escaped.
    let pattern = text::like_as_written(&json!(actor.id).to_string());
    let naming = Expr::col(Column::Results).cast_as("text").like(LikeExpr::new(pattern).escape('\\'));
    for row in idempotency_key::Entity::find().filter(naming).all(tx).await? {
        let mut results = row.results.clone();
        scrub(&mut results, &actor.id);
        if results != row.results {
            let mut row = row.into_active_model();
            row.results = Set(results);
            row.update(tx).await?;
        }
    }
    Ok(())
}

/// Takes the personal data of an account out of every copy of its row in a result.
fn scrub(value: &mut Value, user_id: &str) {
    match value {
        Value::Object(members) => {
            let is_account = members.get("id").and_then(Value::as_str) == Some(user_id);
            if is_account {
                for (name, bare) in [
                    ("name", json!(NAME)),
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
            let is_theirs = members.get("user_id").and_then(Value::as_str) == Some(user_id);
            if let Some(alias) = members.get_mut("display_name").filter(|_| is_theirs) {
                *alias = Value::Null;
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
            "0.1": { "id": "m1", "user_id": "u1", "display_name": "Annie" } });
        scrub(&mut results, "u1");
        let text = results.to_string();
        assert!(!text.contains("Ann") && !text.contains("a@b.c") && text.contains("Bob"), "{text}");
    }
}
