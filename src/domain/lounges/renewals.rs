//! Automatic renewal of lounge subscriptions: each period once, also with several servers and after a
//! crash.

use chrono::{DateTime, Utc};
use entity::{
    community::{self, Status},
    lounge, lounge_subscription, user,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use super::{
    browse::get,
    lifecycle::read,
    subscriptions::{pay, rewrite},
};
use crate::{
    app::App,
    domain::{
        communities::{self, Lifecycle},
        due_rows,
    },
    error::{Error, Result},
};

/// Renews all due subscriptions and returns when the next one is due.
///
/// # Errors
/// [`Error::Internal`] if the database fails; other failures are logged and retried.
pub async fn renew_due(app: &App) -> Result<Option<DateTime<Utc>>> {
    use lounge_subscription::{Column, Entity};
    due_rows::run_due::<Entity, _>(app, Column::Id, Column::RenewAt, |own| {
        renew_one(app, own.id, own.community_id)
    })
    .await
}

/// Renews one subscription under its lounge's lock, unless another server has done so.
async fn renew_one(app: &App, id: Uuid, lounge_id: Uuid) -> Result<()> {
    let tx = app.begin_without_key().await?;
    let community = communities::get_locked(&tx, lounge_id).await?;
    let found = lounge_subscription::Entity::find_by_id(id).one(&tx).await?;
    let now = app.clock.now();
    let Some(own) = found.filter(|found| found.renew_at.is_some_and(|at| at <= now)) else {
        return Ok(());
    };
    let lounge = get(&tx, lounge_id).await?;
    let lifecycle = read(&own, now);
    let stays = match lifecycle {
        Lifecycle::Renewing { agreed, .. } if may_renew(&tx, &community, &lounge, &own, agreed).await? => {
            let renewed = lifecycle.renew_itself(lounge.subscription_price);
            match pay(app, &tx, &community, own.clone(), lounge.subscription_price, renewed).await {
                Ok(_) => None,
                // The refused charge has moved no coins.
                Err(Error::InsufficientBalance(_)) => Some(lifecycle.postpone(now)),
                Err(error) => return Err(error),
            }
        }
        lifecycle => Some(lifecycle.stop_renewing(now)),
    };
    if let Some(lifecycle) = stays {
        let current = lounge_subscription::Entity::find_by_id(id).one(&tx).await?;
        rewrite(&tx, current.unwrap_or(own), lifecycle).await?;
    }
    tx.commit(()).await
}

/// Returns whether the lounge is active and its price within the agreed one, and the subscriber's account
/// may act, is a member and does not run the lounge.
async fn may_renew(
    tx: &impl ConnectionTrait,
    community: &community::Model,
    lounge: &lounge::Model,
    own: &lounge_subscription::Model,
    agreed: i64,
) -> Result<bool> {
    let price = lounge.subscription_price;
    if community.status != Status::Active
        || price == 0
        || price > agreed
        || community.creator_id == own.user_id
    {
        return Ok(false);
    }
    if communities::find_membership(tx, community.id, &own.user_id).await?.is_none() {
        return Ok(false);
    }
    let account = user::Entity::find_by_id(&own.user_id).one(tx).await?;
    Ok(account.is_some_and(|account| account.banned_at.is_none() && account.deleted_at.is_none()))
}

/// Turns automatic renewal off for all subscriptions of a lounge that is being archived.
///
/// # Errors
/// [`Error::Internal`].
pub(in crate::domain) async fn stop_renewing(tx: &impl ConnectionTrait, lounge_id: Uuid) -> Result<()> {
    use lounge_subscription::Column;
    lounge_subscription::Entity::update_many()
        .col_expr(Column::AgreedPrice, Expr::val(None::<i64>))
        .col_expr(Column::RenewAt, Expr::val(None::<DateTime<Utc>>))
        .filter(Column::CommunityId.eq(lounge_id))
        .filter(Column::AgreedPrice.is_not_null())
        .exec(tx)
        .await?;
    Ok(())
}
