//! Suspension and reinstatement of communities by the platform.

use entity::community::{self, Status};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    access::get_locked,
    community_tallies::{counted, shift},
};
use crate::{
    app::App,
    domain::{
        PageRows, UnitOfWork, User, Window,
        accounts::check_admin,
        audit::{self, AuditEntry},
        newest_first,
    },
    error::{Error, Result},
    text::rule::TextRule,
};

/// Reason of a suspension.
pub const REASON: TextRule = TextRule::text("reason", "reason", 500);

/// A status change by the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StatusChange {
    Suspend,
    Reinstate,
}

/// Returns the status after the change.
fn apply_change(status: Status, turn: StatusChange) -> Result<Status> {
    match (status, turn) {
        (Status::Active, StatusChange::Suspend) => Ok(Status::Suspended),
        (Status::Suspended, StatusChange::Reinstate) => Ok(Status::Active),
        (Status::Suspended, StatusChange::Suspend) => {
            Err(Error::Conflict("The community is already suspended".to_owned()))
        }
        (Status::Active, StatusChange::Reinstate) => {
            Err(Error::Conflict("The community is not suspended".to_owned()))
        }
        (Status::Archived, _) => Err(Error::Conflict("The community is archived".to_owned())),
    }
}

/// Suspends a community: only members see it, they can read and leave it, and no fees are charged.
/// Administrators only.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`], [`Error::NotFound`], [`Error::Conflict`] unless it is active.
pub async fn suspend(app: &App, actor: &User, id: Uuid, reason: &str) -> Result<community::Model> {
    check_admin(actor)?;
    let reason = REASON.check(reason)?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let community = set(app, &tx, id, StatusChange::Suspend).await?;
    let entry =
        AuditEntry::of(actor, audit::Action::CommunitySuspended).within(id).with(json!({ "reason": reason }));
    audit::record(app, &tx, entry).await?;
    tx.commit(community).await
}

/// Reinstates a suspended community. Administrators only.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] unless it is suspended.
pub async fn reinstate(app: &App, actor: &User, id: Uuid) -> Result<community::Model> {
    check_admin(actor)?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let community = set(app, &tx, id, StatusChange::Reinstate).await?;
    audit::record(app, &tx, AuditEntry::of(actor, audit::Action::CommunityReinstated).within(id)).await?;
    tx.commit(community).await
}

async fn set(app: &App, tx: &UnitOfWork, id: Uuid, to: StatusChange) -> Result<community::Model> {
    let community = get_locked(tx, id).await?;
    let was = counted(&community);
    let status = apply_change(community.status, to)?;
    let mut row = community.into_active_model();
    row.status = Set(status);
    row.updated_at = Set(app.clock.now());
    let community = row.update(tx).await?;
    shift(tx, Some(was), counted(&community)).await?;
    Ok(community)
}

/// Lists communities of this status, newest first, without checking visibility. Administrators only.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn list_by_status(
    app: &App,
    actor: &User,
    status: Status,
    window: Window,
    total: bool,
) -> Result<PageRows<community::Model>> {
    check_admin(actor)?;
    let select = community::Entity::find().filter(community::Column::Status.eq(status));
    let total = if total { Some(select.clone().count(app.db.read()).await?) } else { None };
    let select = newest_first(select, community::Column::CreatedAt, community::Column::Id, window);
    Ok(PageRows::new(select.all(app.db.read()).await?, window, total))
}
