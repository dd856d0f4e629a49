//! Members' own changes of their memberships.

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
    member::list_member_states,
    members::{find, record_membership},
    rules,
};
use crate::{
    app::App,
    domain::{PageRows, User, Window, conversations, newest_first},
    error::{Error, Result},
};

/// Changes of a membership; `None` keeps a value.
#[derive(Clone, Debug, Default)]
pub struct MembershipChange {
    /// Alias in the community; `Some(None)` restores the account's name.
    pub display_name: Option<Option<String>>,
    /// Whether it renews automatically, for at most the current monthly fee.
    pub auto_renew: Option<bool>,
}

/// Changes the actor's membership.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`], [`Error::Conflict`] if there is nothing to renew,
/// [`Error::MembershipExpired`]; for a new name also [`Error::Muted`] and [`Error::RateLimited`].
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
        let name = name.map(|name| rules::display_name(&name)).transpose()?;
        // The new name is written into the room.
        if name != own.display_name {
            let state = list_member_states(&tx, &[(id, &actor.id)]).await?.pop();
            state.ok_or(Error::Missing("Not a member"))?.check_speech(now)?;
            conversations::count_in_room(app, &tx, &actor.id, id).await?;
        }
        row.display_name = Set(name);
    }
    match change.auto_renew {
        None => {}
        Some(true) => {
            check_active(community.status)?;
            lifecycle.start_renewing(community.monthly_fee)?.write(&mut row);
        }
        // A team member's row keeps the paid period, for a return to the member role.
        Some(false) if lifecycle == Lifecycle::Open => {}
        Some(false) => lifecycle.stop_renewing(now).write(&mut row),
    }
    let known_as = own.display_name.clone();
    let own = if row.is_changed() { row.update(&tx).await? } else { own };
    if own.display_name != known_as {
        aliases::set(&tx, id, &actor.id, own.display_name.as_deref()).await?;
        record_membership(app, &tx, &own, Kind::MemberChanged).await?;
    }
    tx.after_commit(|app| app.renewals_wake.notify_one());
    tx.commit(own).await
}

/// Cancels the actor's membership at the end of the paid period.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`] if it does not end, [`Error::MembershipExpired`].
pub async fn cancel(app: &App, actor: &User, id: Uuid) -> Result<membership::Model> {
    let now = app.clock.now();
    change_renewal(app, actor, id, |lifecycle| lifecycle.cancel(now)).await
}

/// Revokes the cancellation of the actor's membership.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`] unless it was cancelled, [`Error::MembershipExpired`].
pub async fn resume(app: &App, actor: &User, id: Uuid) -> Result<membership::Model> {
    change_renewal(app, actor, id, Lifecycle::resume).await
}

async fn change_renewal(
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
) -> Result<PageRows<membership::Model>> {
    let select = membership::Entity::find().filter(membership::Column::UserId.eq(&actor.id));
    let total = if total { Some(select.clone().count(app.db.read()).await?) } else { None };
    let select = newest_first(select, membership::Column::JoinedAt, membership::Column::Id, window);
    Ok(PageRows::new(select.all(app.db.read()).await?, window, total))
}

/// Returns a user's memberships in these communities, in no order.
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
