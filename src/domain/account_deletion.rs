//! Deletion of accounts.

use chrono::TimeDelta;
use entity::{conversation_event, credential, space, space_invite, user};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

use crate::{
    app::App,
    domain::{
        UnitOfWork, User,
        accounts::{Identity, end_all, fold_case, forget, forget_all, lock_proven, prove, revoke_all},
        agents, blocks,
        communities::leave_all,
        idempotency_accounts::{self, DELETED},
        lounges, reports, stored_file, support, verification,
    },
    error::Result,
    text::fields,
};

/// How long after its deletion an account is cleared again: requests that began before it have ended by
/// then.
const REPEAT_WINDOW: TimeDelta = TimeDelta::minutes(5);
/// Maximum number of accounts per run of the repeated clearing.
const ROUND: u64 = 100;

/// Deletes the actor's account: personal data, sessions, keys, own spaces and agents are deleted at once,
/// own communities archived and the others left. An empty row stays for references.
///
/// # Errors
/// [`crate::error::Error::Invalid`] when the password is wrong, [`crate::error::Error::Unauthenticated`] when the
/// sign-in has ended meanwhile.
pub async fn delete_account(app: &App, identity: &Identity, password: String) -> Result<()> {
    let proven = prove(app, identity, password, "password").await?;
    let tx = app.begin_without_key().await?;
    // This lock orders the deletion with everything that adds the account somewhere; mere references do not
    // take it.
    let actor = lock_proven(app, &tx, identity).await?;
    proven.check(&tx).await?;
    let now = app.clock.second();
    let address = format!("{}@deleted.invalid", actor.id);
    let mut bare = actor.clone().into_active_model();
    bare.email = Set(address.clone());
    bare.email_fold = Set(fold_case(&address));
    bare.email_skeleton = Set(Some(fold_case(&address)));
    bare.email_verified = Set(false);
    bare.name = Set(DELETED.to_owned());
    bare.name_fold = Set(fields::search_fold(DELETED));
    bare.image = Set(None);
    bare.is_admin = Set(false);
    bare.deleted_at = Set(Some(now));
    bare.updated_at = Set(now);
    clear(app, &tx, &actor).await?;
    bare.update(&tx).await?;
    forget(&tx, &actor.id);
    tx.commit(()).await?;
    if let Some(picture) = &actor.image {
        stored_file::discard(app, picture).await;
    }
    Ok(())
}

/// Clears recently deleted accounts again, to remove what concurrent requests wrote. Runs every minute.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn clear_deleted(app: &App) -> Result<()> {
    let recent = user::Column::DeletedAt.gt(app.clock.now() - REPEAT_WINDOW);
    let deleted = user::Entity::find().filter(recent).order_by_asc(user::Column::DeletedAt).limit(ROUND);
    for account in deleted.all(app.db.read()).await? {
        let tx = app.begin_without_key().await?;
        clear(app, &tx, &account).await?;
        tx.commit(()).await?;
    }
    Ok(())
}

/// Deletes everything of an account except its row. Idempotent.
async fn clear(app: &App, tx: &UnitOfWork, actor: &User) -> Result<()> {
    end_all(tx, &actor.id, None).await?;
    revoke_all(tx, &actor.id, None).await?;
    forget_all(tx, &actor.id, None).await?;
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
    idempotency_accounts::forget(tx, &actor.id).await?;
    tx.after_commit(|app| {
        app.voice_jobs_wake.notify_one();
        app.support_timers_wake.notify_one();
    });
    Ok(())
}

/// Removes the account's aliases from the event logs.
async fn forget_aliases(tx: &UnitOfWork, actor: &User) -> Result<()> {
    conversation_event::Entity::update_many()
        .col_expr(conversation_event::Column::Alias, Expr::val(None::<String>))
        .filter(conversation_event::Column::UserId.eq(&actor.id))
        .filter(conversation_event::Column::Alias.is_not_null())
        .exec(tx)
        .await?;
    Ok(())
}
