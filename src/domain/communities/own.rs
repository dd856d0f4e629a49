//! What members do with their own memberships.

use entity::{conversation_event::Kind, membership};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter,
};
use uuid::Uuid;

use super::{
    access::{check_active, get_locked},
    aliases,
    lifecycle::Lifecycle,
    members::{find, tell},
    rules,
};
use crate::{
    app::App,
    domain::{Error, Result, Slice, User, Window, newest_first},
};

/// What a member changes of their membership; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct MembershipChange {
    /// The name they go by here; `Some(None)` goes back to the account's.
    pub display_name: Option<Option<String>>,
    /// Whether it renews itself, for the monthly fee of today at most.
    pub auto_renew: Option<bool>,
}

/// Changes the actor's membership.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`], [`Error::Conflict`] where there is nothing to renew,
/// [`Error::MembershipExpired`].
pub async fn update_membership(
    app: &App,
    actor: &User,
    id: Uuid,
    change: MembershipChange,
) -> Result<membership::Model> {
    let tx = app.begin(actor).await?;
    let community = get_locked(&tx, id).await?;
    let own = find(&tx, id, &actor.id).await?.ok_or(Error::Missing("Not a member"))?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let now = app.clock.now();
    let lifecycle = Lifecycle::of(&own, now);
    let mut row = own.clone().into_active_model();
    if let Some(name) = change.display_name {
        row.display_name = Set(name.map(|name| rules::display_name(&name)).transpose()?);
    }
    match change.auto_renew {
        None => {}
        Some(true) => {
            check_active(community.status)?;
            lifecycle.start_renewing(community.monthly_fee)?.write(&mut row);
        }
        // The team's row keeps what was paid for the day that it is a member again.
        Some(false) if lifecycle == Lifecycle::Open => {}
        Some(false) => lifecycle.stop_renewing(now).write(&mut row),
    }
    let known_as = own.display_name.clone();
    let own = if row.is_changed() { row.update(&tx).await? } else { own };
    if own.display_name != known_as {
        aliases::set(&tx, id, &actor.id, own.display_name.as_deref()).await?;
        tell(app, &tx, &own, Kind::MemberChanged).await?;
    }
    tx.after(|app| app.renewals.notify_one());
    tx.commit(own).await
}

/// Lets the actor's membership end with what is paid.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`] where it has no end, [`Error::MembershipExpired`].
pub async fn cancel(app: &App, actor: &User, id: Uuid) -> Result<membership::Model> {
    let now = app.clock.now();
    turn(app, actor, id, |lifecycle| lifecycle.cancel(now)).await
}

/// Takes back that the actor's membership ends with what is paid.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`] unless it was cancelled, [`Error::MembershipExpired`].
pub async fn resume(app: &App, actor: &User, id: Uuid) -> Result<membership::Model> {
    turn(app, actor, id, Lifecycle::resume).await
}

async fn turn(
    app: &App,
    actor: &User,
    id: Uuid,
    transition: impl FnOnce(Lifecycle) -> Result<Lifecycle>,
) -> Result<membership::Model> {
    let tx = app.begin(actor).await?;
    get_locked(&tx, id).await?;
    let own = find(&tx, id, &actor.id).await?.ok_or(Error::Missing("Not a member"))?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let lifecycle = transition(Lifecycle::of(&own, app.clock.now()))?;
    let mut row = own.into_active_model();
    lifecycle.write(&mut row);
    let own = row.update(&tx).await?;
    tx.commit(own).await
}

/// The actor's memberships, last joined first.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_memberships(
    app: &App,
    actor: &User,
    window: Window,
    total: bool,
) -> Result<Slice<membership::Model>> {
    let select = membership::Entity::find().filter(membership::Column::UserId.eq(&actor.id));
    let total = if total { Some(select.clone().count(app.db.read()).await?) } else { None };
    let select = newest_first(select, membership::Column::JoinedAt, membership::Column::Id, window);
    Ok(Slice::new(select.all(app.db.read()).await?, window, total))
}

/// Somebody's memberships in these communities, in no order.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_own(app: &App, user_id: &str, communities: &[Uuid]) -> Result<Vec<membership::Model>> {
    Ok(membership::Entity::find()
        .filter(membership::Column::UserId.eq(user_id))
        .filter(membership::Column::CommunityId.is_in(communities.iter().copied()))
        .all(app.db.read())
        .await?)
}
