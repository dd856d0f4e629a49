//! Memberships that renew themselves, each period once, however many servers try and whenever one of them dies.

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
    domain::{Error, Result, due},
};

/// Renews everything that is due, and tells when the next is.
///
/// # Errors
/// [`Error::Internal`] when the database does not answer; what could not be renewed otherwise is logged and tried again.
pub async fn renew_due(app: &App) -> Result<Option<DateTime<Utc>>> {
    use membership::{Column, Entity};
    due::each::<Entity, _>(app, Column::Id, Column::RenewAt, |own| renew_one(app, own.id, own.community_id))
        .await
}

/// Renews one membership under its community's lock, unless another server has just done so.
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
        Lifecycle::Renewing { agreed, .. } if may_go_on(&tx, &community, &membership, agreed).await? => {
            let renewed = lifecycle.renew_itself(community.monthly_fee);
            match renew(app, &tx, &community, membership.clone(), renewed).await {
                Ok(_) => None,
                // What was refused has moved no coin.
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

/// Whether the community is open, costs no more than its member agreed to, and the account may act.
async fn may_go_on(
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
