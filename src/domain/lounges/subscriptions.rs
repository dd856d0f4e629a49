//! Lounge subscriptions: 30 days of unlimited voice.

use chrono::{DateTime, Utc};
use entity::{
    community,
    journal::{CauseKind, Kind},
    lounge_period, lounge_subscription,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter,
};
use uuid::Uuid;

use super::{
    browse::{get, get_open},
    lifecycle::{read, write},
};
use crate::{
    app::App,
    domain::{
        UnitOfWork, User,
        communities::{self, Lifecycle, MembershipState, PERIOD},
        wallet::{self, Cause, Charge, Fee},
    },
    error::{Error, Result},
};

/// Returns a user's subscription to a lounge, valid or expired.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    lounge_id: Uuid,
    user_id: &str,
) -> Result<Option<lounge_subscription::Model>> {
    Ok(lounge_subscription::Entity::find()
        .filter(lounge_subscription::Column::CommunityId.eq(lounge_id))
        .filter(lounge_subscription::Column::UserId.eq(user_id))
        .one(db)
        .await?)
}

/// Subscribes to a lounge for 30 days, also after expiry; a non-member joins. Resumes a cancelled
/// subscription that is still paid, free of charge.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`] if it offers no subscription, [`Error::MemberBanned`],
/// [`Error::Conflict`] for its creator and if it is paid already, [`Error::PriceChanged`],
/// [`Error::InsufficientBalance`].
pub async fn subscribe(
    app: &App,
    actor: &User,
    lounge_id: Uuid,
    expected_price: Option<i64>,
) -> Result<lounge_subscription::Model> {
    let tx = app.begin(actor).await?;
    let (community, lounge) = get_open(&tx, lounge_id).await?;
    communities::refuse_banned(app, &tx, lounge_id, &actor.id).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let (price, now) = (lounge.subscription_price, app.clock.now());
    let own = find(&tx, lounge_id, &actor.id).await?;
    if let Some(own) = &own
        && let cancelled @ Lifecycle::Cancelled { .. } = read(own, now)
    {
        communities::join_free(app, &tx, actor, &community).await?;
        let own = rewrite(&tx, own.clone(), cancelled.resume()?).await?;
        return tx.commit(own).await;
    }
    if price == 0 {
        return Err(Error::invalid("loungeId", "This lounge offers no subscription"));
    }
    if community.creator_id == actor.id {
        return Err(Error::Conflict("The creator of a lounge needs no subscription".to_owned()));
    }
    communities::join_free(app, &tx, actor, &community).await?;
    let lifecycle = match &own {
        Some(own) => read(own, now).renew(price, now).map_err(|error| match error {
            Error::AlreadyMember => Error::Conflict("You are already subscribed".to_owned()),
            other => other,
        })?,
        None => Lifecycle::begin(price, now),
    };
    if let Some(expected) = expected_price.filter(|expected| *expected != price) {
        return Err(Error::PriceChanged { expected, actual: price });
    }
    let own = match own {
        Some(own) => own,
        None => open(app, &tx, lounge_id, actor, now).await?,
    };
    let own = pay(app, &tx, &community, own, price, lifecycle).await?;
    tx.commit(own).await
}

/// Inserts a subscription that the same transaction pays for.
async fn open(
    app: &App,
    tx: &UnitOfWork,
    lounge_id: Uuid,
    actor: &User,
    now: DateTime<Utc>,
) -> Result<lounge_subscription::Model> {
    let new = lounge_subscription::ActiveModel {
        id: Set(app.new_id()?),
        community_id: Set(lounge_id),
        user_id: Set(actor.id.clone()),
        paid_until: Set(now),
        is_cancelled: Set(false),
        agreed_price: Set(None),
        renew_at: Set(None),
        created_at: Set(now),
    };
    Ok(new.insert(tx).await?)
}

/// Charges another period, at most once per period. Must be the last step of the transaction. A charge
/// refused for lack of balance moves no coins.
pub(super) async fn pay(
    app: &App,
    tx: &UnitOfWork,
    community: &community::Model,
    own: lounge_subscription::Model,
    price: i64,
    lifecycle: Lifecycle,
) -> Result<lounge_subscription::Model> {
    let once = format!("lounge subscription {} from {}", own.id, own.paid_until.timestamp_micros());
    let own = rewrite(tx, own, lifecycle).await?;
    let charge = Charge {
        payer: &own.user_id,
        payee: &community.creator_id,
        fees: &[Fee { kind: Kind::LoungeSubscription, amount: price }],
        refusal: "Insufficient balance",
        cause: Cause { kind: CauseKind::Lounge, id: &community.id.to_string() },
        what: &community.name,
        once: Some(&once),
    };
    wallet::charge(app, tx, charge).await?;
    // After the charge, so that a refused one leaves no period.
    let period = lounge_period::ActiveModel {
        id: Set(app.new_id()?),
        subscription_id: Set(own.id),
        community_id: Set(own.community_id),
        begins_at: Set(own.paid_until - PERIOD),
        ends_at: Set(own.paid_until),
        price: Set(price),
    };
    lounge_period::Entity::insert(period).exec_without_returning(tx).await?;
    Ok(own)
}

/// Updates the lifecycle of a subscription.
pub(super) async fn rewrite(
    tx: &impl ConnectionTrait,
    own: lounge_subscription::Model,
    lifecycle: Lifecycle,
) -> Result<lounge_subscription::Model> {
    let mut row = own.into_active_model();
    write(lifecycle, &mut row)?;
    Ok(row.update(tx).await?)
}

/// Cancels the actor's subscription at the end of the paid period.
///
/// # Errors
/// [`Error::Missing`] without a valid subscription.
pub async fn cancel(app: &App, actor: &User, lounge_id: Uuid) -> Result<lounge_subscription::Model> {
    let now = app.clock.now();
    change_renewal(app, actor, lounge_id, false, |lifecycle, _| lifecycle.cancel(now)).await
}

/// Turns automatic renewal of the actor's subscription on, for at most the current price, or off. Turning
/// it on revokes a cancellation.
///
/// # Errors
/// [`Error::Missing`] without a valid subscription, [`Error::Invalid`] if the lounge is not active or
/// offers no subscription any more; when turned on, [`Error::MemberBanned`] and, for non-members, [`Error::Forbidden`].
pub async fn set_auto_renew(
    app: &App,
    actor: &User,
    lounge_id: Uuid,
    on: bool,
) -> Result<lounge_subscription::Model> {
    let now = app.clock.now();
    let own = change_renewal(app, actor, lounge_id, on, |lifecycle, price| match (on, price) {
        (false, _) if lifecycle.state() == MembershipState::Expired => Err(Error::MembershipExpired),
        (false, _) => Ok(lifecycle.stop_renewing(now)),
        (true, Some(price)) => lifecycle.start_renewing(price),
        (true, None) => Err(Error::invalid("loungeId", "This lounge offers no subscription")),
    })
    .await?;
    app.renewals_wake.notify_one();
    Ok(own)
}

/// Changes the actor's subscription. The price is `None` if the lounge offers no subscription. `renews` states whether
/// the subscription renews itself afterwards, which requires a membership.
async fn change_renewal(
    app: &App,
    actor: &User,
    lounge_id: Uuid,
    renews: bool,
    transition: impl FnOnce(Lifecycle, Option<i64>) -> Result<Lifecycle>,
) -> Result<lounge_subscription::Model> {
    const NONE: Error = Error::Missing("No subscription");
    let tx = app.begin(actor).await?;
    let community = communities::get_locked(&tx, lounge_id).await.map_err(|error| match error {
        Error::NotFound(_) => NONE,
        other => other,
    })?;
    let own = find(&tx, lounge_id, &actor.id).await?.ok_or(NONE)?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if renews {
        communities::refuse_banned(app, &tx, lounge_id, &actor.id).await?;
        let membership = communities::find_membership(&tx, lounge_id, &actor.id).await?;
        membership.ok_or(Error::Forbidden("You must be a member to renew the subscription"))?;
    }
    let price = get(&tx, lounge_id).await?.subscription_price;
    let price = Some(price).filter(|price| *price > 0 && community.status == community::Status::Active);
    let lifecycle = transition(read(&own, app.clock.now()), price).map_err(|error| match error {
        Error::MembershipExpired => NONE,
        other => other,
    })?;
    let own = rewrite(&tx, own, lifecycle).await?;
    tx.commit(own).await
}

/// Returns a user's subscriptions to lounges, valid or expired, in no order.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_own(app: &App, user_id: &str, lounges: &[Uuid]) -> Result<Vec<lounge_subscription::Model>> {
    Ok(lounge_subscription::Entity::find()
        .filter(lounge_subscription::Column::UserId.eq(user_id))
        .filter(lounge_subscription::Column::CommunityId.is_in(lounges.iter().copied()))
        .all(app.db.read())
        .await?)
}
