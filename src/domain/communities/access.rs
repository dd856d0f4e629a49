//! Who may see a community, and who may read and speak in it.

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
    lifecycle::{Standing, standing},
    members::find,
    roles::{Action, may, refusal},
};
use crate::{
    app::App,
    domain::{Error, Result, User},
};

/// What a community must fulfil to be seen: an active one is seen by everybody, any other by its members.
fn visible(actor: Option<&str>) -> Condition {
    let active = Condition::any().add(community::Column::Status.eq(Status::Active));
    let Some(actor) = actor else { return active };
    let own = membership::Entity::find()
        .select_only()
        .column(membership::Column::CommunityId)
        .filter(membership::Column::UserId.eq(actor));
    active.add(community::Column::Id.in_subquery(own.into_query()))
}

/// Those of these communities that whoever asks may see, in no order.
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

/// The actor's membership, for what takes one that has not run out. `refusal` is what others are told.
///
/// # Errors
/// [`Error::Forbidden`] with the refusal, [`Error::MembershipExpired`].
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

/// Refuses with a membership that has run out.
pub(super) fn check_current(own: membership::Model, now: DateTime<Utc>) -> Result<membership::Model> {
    match standing(&own, now) {
        Standing::Expired => Err(Error::MembershipExpired),
        Standing::Active | Standing::Cancelled => Ok(own),
    }
}

/// The actor's membership, for what their role has to allow. To others it makes no difference whether there is such a
/// community.
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

/// The community, where it is open.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`] where it is not active.
pub(in crate::domain) async fn get_active(db: &impl ConnectionTrait, id: Uuid) -> Result<community::Model> {
    let found = community::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound("Community"))?;
    check_active(found.status)?;
    Ok(found)
}

/// The community, locked: whatever changes it or its members waits for its turn here. What only names it does not, such
/// as a line of the audit log that is written under the lock of a conversation: it would wait in a circle.
pub(in crate::domain) async fn get_locked(tx: &impl ConnectionTrait, id: Uuid) -> Result<community::Model> {
    let found = community::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(tx).await?;
    found.ok_or(Error::NotFound("Community"))
}

/// Refuses what only an open community does.
pub(super) fn check_active(status: Status) -> Result<()> {
    if status == Status::Active {
        return Ok(());
    }
    Err(Error::invalid("communityId", "Community is not active"))
}
