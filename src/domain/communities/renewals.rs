//! Automatic renewal of memberships: each period once, also with several servers and after a crash.

use chrono::{DateTime, Utc};
use entity::{
    community::{self, Status},
    membership, user,
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QuerySelect};
use uuid::Uuid;

use super::{access::get_locked, join::renew, lifecycle::Lifecycle};
use crate::{
    app::App,
    domain::due_rows,
    error::{Error, Result},
};

/// Renews all due memberships and returns when the next one is due.
///
/// # Errors
/// [`Error::Internal`] if the database fails; other failures are logged and retried.
pub async fn renew_due(app: &App) -> Result<Option<DateTime<Utc>>> {
    use membership::{Column, Entity};
    due_rows::run_due::<Entity, _>(app, Column::Id, Column::RenewAt, |own| {
        renew_one(app, own.id, own.community_id)
    })
    .await
}

/// Renews one membership under its community's lock, unless another server has done so.
async fn renew_one(app: &App, id: Uuid, community_id: Uuid) -> Result<()> {
    let tx = app.db.begin().await?;
    let community = get_locked(&tx, community_id).await?;
    let found = membership::Entity::find_by_id(id).lock_exclusive().one(&tx).await?;
    let now = app.clock.now();
    let Some(membership) = found.filter(|found| found.renew_at.is_some_and(|at| at <= now)) else {
        return Ok(());
    };
    let lifecycle = Lifecycle::of(&membership, now);
    let renewed = match lifecycle {
        Lifecycle::Renewing { agreed, .. } if may_renew(&tx, &community, &membership, agreed).await? => {
            let renewed = lifecycle.renew_itself(community.monthly_fee);
            match renew(app, &tx, &community, membership.clone(), renewed).await {
                Ok(_) => None,
                // The refused charge has moved no coins.
                Err(Error::InsufficientBalance(_)) => Some(lifecycle.postpone(now)),
                Err(error) => return Err(error),
            }
        }
        lifecycle => Some(lifecycle.stop_renewing(now)),
    };
    if let Some(lifecycle) = renewed {
        let mut row = membership.into_active_model();
        lifecycle.write(&mut row);
        row.update(&tx).await?;
    }
    Ok(tx.commit().await?)
}

/// Returns whether the community is active and costs no more than agreed, and the account is neither banned
/// nor deleted.
async fn may_renew(
    tx: &impl ConnectionTrait,
    community: &community::Model,
    membership: &membership::Model,
    agreed: i64,
) -> Result<bool> {
    if community.status != Status::Active || community.monthly_fee > agreed {
        return Ok(false);
    }
    let account = user::Entity::find_by_id(&membership.user_id).one(tx).await?;
    Ok(account.is_some_and(|account| account.banned_at.is_none() && account.deleted_at.is_none()))
}
