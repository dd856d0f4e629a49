//! Lists of reports.

use entity::report::{self, Status};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::desk;
use crate::{
    app::App,
    domain::{Error, Result, Slice, User, Window, newest_first},
};

/// Whose reports are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Desk {
    /// Those of a community, for its creator and moderators.
    Community(Uuid),
    /// Those of a space, for its owner.
    Space(Uuid),
    /// All, for administrators.
    Platform,
}

/// The reports that the actor sees to, last made first.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn list(
    app: &App,
    actor: &User,
    desk: Desk,
    status: Option<Status>,
    window: Window,
    total: bool,
) -> Result<Slice<report::Model>> {
    let db = app.db.read();
    let (of_desk, refusal) = match desk {
        Desk::Community(id) => {
            (desk::of_community(db, actor, id).await?, "Only the creator and moderators can see reports")
        }
        Desk::Space(id) => (desk::of_space(db, actor, id).await?, "Only its owner can see reports"),
        Desk::Platform => (desk::of_platform(actor), "Admin only"),
    };
    let mut wanted = of_desk.ok_or(Error::Forbidden(refusal))?;
    if let Some(status) = status {
        wanted = wanted.add(report::Column::Status.eq(status));
    }
    fetch(app, wanted, window, total).await
}

/// What the actor reported, last made first.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_own(app: &App, actor: &User, window: Window, total: bool) -> Result<Slice<report::Model>> {
    let own = Condition::all().add(report::Column::ReporterId.eq(&actor.id));
    fetch(app, own, window, total).await
}

async fn fetch(app: &App, wanted: Condition, window: Window, total: bool) -> Result<Slice<report::Model>> {
    let select = report::Entity::find().filter(wanted);
    let total = if total { Some(select.clone().count(app.db.read()).await?) } else { None };
    let select = newest_first(select, report::Column::CreatedAt, report::Column::Id, window);
    Ok(Slice::new(select.all(app.db.read()).await?, window, total))
}
