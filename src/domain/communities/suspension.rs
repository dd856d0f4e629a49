//! What the platform does to a community: holding it, and opening it again.

use entity::community::{self, Status};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter,
};
use serde_json::json;
use uuid::Uuid;

use super::{access::get_locked, manage::counted, tallies::shift};
use crate::{
    app::App,
    domain::{
        Error, Result, Slice, User, Window, Write,
        accounts::check_admin,
        audit::{self, Deed},
        newest_first, text,
    },
};

/// What the platform does to a community.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Suspend,
    Reinstate,
}

/// Where it takes a community from where it stands.
fn turn(status: Status, turn: Turn) -> Result<Status> {
    match (status, turn) {
        (Status::Active, Turn::Suspend) => Ok(Status::Suspended),
        (Status::Suspended, Turn::Reinstate) => Ok(Status::Active),
        (Status::Suspended, Turn::Suspend) => {
            Err(Error::Conflict("The community is suspended already".to_owned()))
        }
        (Status::Active, Turn::Reinstate) => {
            Err(Error::Conflict("The community is not suspended".to_owned()))
        }
        (Status::Archived, _) => Err(Error::Conflict("The community is archived".to_owned())),
    }
}

/// Holds a community: it is seen by its members only, who can read and leave it, and nobody pays for it meanwhile.
/// Administrators only.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`], [`Error::NotFound`], [`Error::Conflict`] unless it is open.
pub async fn suspend(app: &App, actor: &User, id: Uuid, reason: &str) -> Result<community::Model> {
    check_admin(actor)?;
    let reason = text::required("reason", reason, 500, "reason must be 1-500 characters")?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let community = set(app, &tx, id, Turn::Suspend).await?;
    let deed =
        Deed::of(actor, audit::Action::CommunitySuspended).within(id).with(json!({ "reason": reason }));
    audit::record(app, &tx, deed).await?;
    tx.commit(community).await
}

/// Opens a suspended community again. Administrators only.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] unless it is suspended.
pub async fn reinstate(app: &App, actor: &User, id: Uuid) -> Result<community::Model> {
    check_admin(actor)?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let community = set(app, &tx, id, Turn::Reinstate).await?;
    audit::record(app, &tx, Deed::of(actor, audit::Action::CommunityReinstated).within(id)).await?;
    tx.commit(community).await
}

async fn set(app: &App, tx: &Write, id: Uuid, to: Turn) -> Result<community::Model> {
    let community = get_locked(tx, id).await?;
    let was = counted(&community);
    let status = turn(community.status, to)?;
    let mut row = community.into_active_model();
    row.status = Set(status);
    row.updated_at = Set(app.clock.now());
    let community = row.update(tx).await?;
    shift(tx, Some(was), counted(&community)).await?;
    Ok(community)
}

/// Communities that stand so, whoever may see them, newest first. Administrators only.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn list_standing(
    app: &App,
    actor: &User,
    status: Status,
    window: Window,
    total: bool,
) -> Result<Slice<community::Model>> {
    check_admin(actor)?;
    let select = community::Entity::find().filter(community::Column::Status.eq(status));
    let total = if total { Some(select.clone().count(app.db.read()).await?) } else { None };
    let select = newest_first(select, community::Column::CreatedAt, community::Column::Id, window);
    Ok(Slice::new(select.all(app.db.read()).await?, window, total))
}
