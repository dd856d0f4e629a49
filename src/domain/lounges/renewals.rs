//! Subscriptions that renew themselves, each period once, however many servers try and whenever one of them dies.

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
        Error, Result,
        communities::{self, Lifecycle},
        due,
    },
};

/// Renews everything that is due, and tells when the next is.
///
/// # Errors
/// [`Error::Internal`] when the database does not answer; what could not be renewed otherwise is logged and tried again.
pub async fn renew_due(app: &App) -> Result<Option<DateTime<Utc>>> {
    use lounge_subscription::{Column, Entity};
    due::each::<Entity, _>(app, Column::Id, Column::RenewAt, |own| renew_one(app, own.id, own.community_id))
        .await
}

/// Renews one subscription under its lounge's lock, unless another server has just done so.
async fn renew_one(app: &App, id: Uuid, lounge_id: Uuid) -> Result<()> {
    let tx = app.begin_apart().await?;
    let community = communities::get_locked(&tx, lounge_id).await?;
    let found = lounge_subscription::Entity::find_by_id(id).one(&tx).await?;
    let now = app.clock.now();
    let Some(own) = found.filter(|found| found.renew_at.is_some_and(|at| at <= now)) else {
        return Ok(());
    };
    let lounge = get(&tx, lounge_id).await?;
    let lifecycle = read(&own, now);
    let stays = match lifecycle {
        Lifecycle::Renewing { agreed, .. } if may_go_on(&tx, &community, &lounge, &own, agreed).await? => {
            let renewed = lifecycle.renew_itself(lounge.subscription_price);
            match pay(app, &tx, &community, own.clone(), lounge.subscription_price, renewed).await {
                Ok(_) => None,
                // What was refused has moved no coin.
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

/// Whether the lounge is open, offers a subscription for no more than its owner agreed to, and the account may act and is
/// a member who does not run it.
async fn may_go_on(
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

/// Lets all subscriptions of a lounge that closes end with what is paid.
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
