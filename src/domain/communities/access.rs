//! Who may see a community, and who may read and speak in it.

use entity::{
    community::{self, Status},
    membership, mute,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{
    lifecycle::{Standing, standing},
    members::{find, is_in_force},
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
    let found = find(db, community_id, &actor.id).await?.ok_or(Error::Forbidden(refusal))?;
    match standing(&found, app.clock.now()) {
        Standing::Expired => Err(Error::MembershipExpired),
        Standing::Active | Standing::Cancelled => Ok(found),
    }
}

/// The actor's membership, for speaking: one that has not run out, and whose owner is not muted.
///
/// # Errors
/// [`Error::Forbidden`] with the refusal, [`Error::MembershipExpired`], [`Error::Muted`], in this order.
pub async fn get_speaker(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &User,
    community_id: Uuid,
    refusal: &'static str,
) -> Result<membership::Model> {
    let membership = get_current(app, db, actor, community_id, refusal).await?;
    let mute = mute::Entity::find()
        .filter(mute::Column::CommunityId.eq(community_id))
        .filter(mute::Column::UserId.eq(&actor.id))
        .one(db)
        .await?;
    match mute {
        Some(mute) if is_in_force(mute.until, app.clock.now()) => Err(Error::Muted),
        _ => Ok(membership),
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
    check_active(&found)?;
    Ok(found)
}

/// The community, locked: whatever changes it or its members waits for its turn here.
pub(in crate::domain) async fn get_locked(tx: &impl ConnectionTrait, id: Uuid) -> Result<community::Model> {
    let found = community::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    found.ok_or(Error::NotFound("Community"))
}

/// Refuses what only an open community does.
pub(super) fn check_active(community: &community::Model) -> Result<()> {
    if community.status == Status::Active {
        return Ok(());
    }
    Err(Error::invalid("communityId", "Community is not active"))
}
