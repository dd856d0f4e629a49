//! Joining and leaving communities.

use entity::{
    community::{self, Status},
    journal::{CauseKind, Kind},
    membership::{self, Role},
};
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use uuid::Uuid;

use super::{
    access::{check_active, get_locked},
    lifecycle::Lifecycle,
    members::{Departure, admit, dismiss, find, refuse_banned},
};
use crate::{
    app::App,
    database::Transaction,
    domain::{
        UnitOfWork, User,
        wallet::{self, Cause, Charge, Fee},
    },
    error::{Error, Result},
};

/// Options of joining a community.
#[derive(Clone, Copy, Debug, Default)]
pub struct Join {
    /// Total price in whole coins that the actor expects; any other price is refused.
    pub expected_total: Option<i64>,
}

/// Joins a community and charges its join fee and first monthly fee; or renews an expired membership and
/// charges only the monthly fee.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`] if it is not active, [`Error::MemberBanned`],
/// [`Error::AlreadyMember`],
/// [`Error::PriceChanged`], [`Error::InsufficientBalance`], in this order.
pub async fn join(app: &App, actor: &User, id: Uuid, join: Join) -> Result<membership::Model> {
    let tx = app.begin(actor).await?;
    let community = get_locked(&tx, id).await?;
    check_active(community.status)?;
    refuse_banned(app, &tx, id, &actor.id).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let now = app.clock.now();
    let membership = match find(&tx, id, &actor.id).await? {
        None => {
            join.check_total(community.join_fee + community.monthly_fee)?;
            let lifecycle = Lifecycle::begin(community.monthly_fee, now);
            let membership = admit(app, &tx, &community, &actor.id, Role::Member, lifecycle).await?;
            let fees = [
                Fee { kind: Kind::CommunityJoin, amount: community.join_fee },
                Fee { kind: Kind::CommunitySubscription, amount: community.monthly_fee },
            ];
            pay(app, &tx, &community, &actor.id, &fees, None).await?;
            membership
        }
        Some(own) => {
            let lifecycle = Lifecycle::of(&own, now).renew(community.monthly_fee, now)?;
            join.check_total(community.monthly_fee)?;
            renew(app, &tx, &community, own, lifecycle).await?
        }
    };
    tx.commit(membership).await
}

/// Adds the actor to a locked community without charge. Returns `false` if they are already a member.
///
/// # Errors
/// [`Error::MemberBanned`].
pub(in crate::domain) async fn join_free(
    app: &App,
    tx: &UnitOfWork,
    actor: &User,
    community: &community::Model,
) -> Result<bool> {
    if find(tx, community.id, &actor.id).await?.is_some() {
        return Ok(false);
    }
    admit(app, tx, community, &actor.id, Role::Member, Lifecycle::Open).await?;
    Ok(true)
}

/// Renews a membership to `lifecycle` and charges its monthly fee, at most once per period.
pub(super) async fn renew(
    app: &App,
    tx: &Transaction,
    community: &community::Model,
    membership: membership::Model,
    lifecycle: Lifecycle,
) -> Result<membership::Model> {
    let ended = membership.paid_until.map(|until| until.timestamp_micros()).unwrap_or_default();
    let once = format!("membership {} from {ended}", membership.id);
    let mut row = membership.into_active_model();
    lifecycle.write(&mut row);
    let membership = row.update(tx).await?;
    let fees = [Fee { kind: Kind::CommunitySubscription, amount: community.monthly_fee }];
    pay(app, tx, community, &membership.user_id, &fees, Some(&once)).await?;
    Ok(membership)
}

/// Pays the creator. Must be the last step of the transaction.
async fn pay(
    app: &App,
    tx: &Transaction,
    community: &community::Model,
    payer: &str,
    fees: &[Fee],
    once: Option<&str>,
) -> Result<()> {
    let charge = Charge {
        payer,
        payee: &community.creator_id,
        fees,
        refusal: "Insufficient balance",
        cause: Cause { kind: CauseKind::Community, id: &community.id.to_string() },
        what: &community.name,
        once,
    };
    wallet::charge(app, tx, charge).await
}

impl Join {
    fn check_total(self, actual: i64) -> Result<()> {
        match self.expected_total {
            Some(expected) if expected != actual => Err(Error::PriceChanged { expected, actual }),
            _ => Ok(()),
        }
    }
}

/// Leaves a community. Returns it and the id of the membership that ended. Fees are not refunded.
///
/// # Errors
/// [`Error::Invalid`] for the creator, [`Error::Missing`] for non-members.
pub async fn leave(app: &App, actor: &User, id: Uuid) -> Result<(community::Model, Uuid)> {
    const NOT_A_MEMBER: Error = Error::Missing("Not a member");
    let tx = app.begin(actor).await?;
    let mut community = get_locked(&tx, id).await.map_err(|error| match error {
        Error::NotFound(_) => NOT_A_MEMBER,
        other => other,
    })?;
    if let Some(done) = tx.replayed()? {
        // The membership ended with the first request: only a community that is open to everyone is shown again.
        return if community.status == Status::Active { Ok(done) } else { Err(NOT_A_MEMBER) };
    }
    let own = find(&tx, id, &actor.id).await?.ok_or(NOT_A_MEMBER)?;
    if own.role == Role::Creator {
        return Err(Error::invalid("communityId", "Creator cannot leave. Archive the community instead."));
    }
    let ended = own.id;
    dismiss(app, &tx, own, Departure::Left).await?;
    community.member_count -= 1;
    tx.commit((community, ended)).await
}
