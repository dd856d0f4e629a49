//! Access to communities: visibility, membership checks and locks.

use chrono::{DateTime, Utc};
use entity::{
    community::{self, Status},
    membership,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::LockType,
};
use uuid::Uuid;

use super::{
    lifecycle::{MembershipState, membership_state},
    members::find,
    roles::{Action, may, refusal},
};
use crate::{
    app::App,
    domain::User,
    error::{Error, Result},
};

/// Selects the visible communities: active ones, and those of any status that the actor is a member of.
fn visible(actor: Option<&str>) -> Condition {
    let active = Condition::any().add(community::Column::Status.eq(Status::Active));
    let Some(actor) = actor else { return active };
    let own = membership::Entity::find()
        .select_only()
        .column(membership::Column::CommunityId)
        .filter(membership::Column::UserId.eq(actor));
    active.add(community::Column::Id.in_subquery(own.into_query()))
}

/// Returns those of the given communities that the actor may see, in no order.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_visible(app: &App, actor: Option<&str>, ids: &[Uuid]) -> Result<Vec<community::Model>> {
    Ok(community::Entity::find()
        .filter(community::Column::Id.is_in(ids.iter().copied()))
        .filter(visible(actor))
        .all(app.db.read())
        .await?)
}

/// Returns the actor's membership if it has not expired. `refusal` is the message for non-members.
///
/// # Errors
/// [`Error::Forbidden`] with `refusal`, [`Error::MembershipExpired`].
pub async fn get_current(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &User,
    community_id: Uuid,
    refusal: &'static str,
) -> Result<membership::Model> {
    let found = find(db, community_id, &actor.id).await?;
    check_current(found.ok_or(Error::Forbidden(refusal))?, app.clock.now())
}

/// Refuses an expired membership.
pub(super) fn check_current(own: membership::Model, now: DateTime<Utc>) -> Result<membership::Model> {
    match membership_state(&own, now) {
        MembershipState::Expired => Err(Error::MembershipExpired),
        MembershipState::Active | MembershipState::Cancelled => Ok(own),
    }
}

/// Returns the actor's membership if its role permits the action. The refusal does not reveal whether the
/// community exists.
///
/// # Errors
/// [`Error::Forbidden`].
pub(in crate::domain) async fn get_allowed(
    db: &impl ConnectionTrait,
    actor: &User,
    community_id: Uuid,
    action: Action,
) -> Result<membership::Model> {
    let own = find(db, community_id, &actor.id).await?;
    own.filter(|own| may(own.role, action)).ok_or_else(|| Error::Forbidden(refusal(action)))
}

/// Returns the community if it is active.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`] if it is not active.
pub(in crate::domain) async fn get_active(db: &impl ConnectionTrait, id: Uuid) -> Result<community::Model> {
    let found = community::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound("Community"))?;
    check_active(found.status)?;
    Ok(found)
}

/// Locks and returns the community. Every change of a community or of its members takes this lock first. A
/// write that only refers to the community does not: an audit entry written under a conversation's lock
/// would deadlock here.
pub(in crate::domain) async fn get_locked(tx: &impl ConnectionTrait, id: Uuid) -> Result<community::Model> {
    let found = community::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(tx).await?;
    found.ok_or(Error::NotFound("Community"))
}

/// Refuses a community that is not active.
pub(super) fn check_active(status: Status) -> Result<()> {
    if status == Status::Active {
        return Ok(());
    }
    Err(Error::invalid("communityId", "Community is not active"))
}
