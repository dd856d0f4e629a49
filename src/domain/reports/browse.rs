//! Lists of reports.

use entity::report::{self, Status};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::moderators;
use crate::{
    app::App,
    domain::{PageRows, User, Window, newest_first},
    error::{Error, Result},
};

/// The set of reports to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportScope {
    /// Reports of a community, for its creator and moderators.
    Community(Uuid),
    /// Reports of a space, for its owner.
    Space(Uuid),
    /// All reports, for administrators.
    Platform,
}

/// Lists the reports that the actor may handle, newest first.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn list(
    app: &App,
    actor: &User,
    desk: ReportScope,
    status: Option<Status>,
    window: Window,
    total: bool,
) -> Result<PageRows<report::Model>> {
    let mut wanted = visible_reports(app.db.read(), actor, desk).await?;
    if let Some(status) = status {
        wanted = wanted.add(report::Column::Status.eq(status));
    }
    fetch(app, wanted, window, total).await
}

/// Returns the condition of the reports that the actor may see.
///
/// # Errors
/// [`Error::Forbidden`].
pub(super) async fn visible_reports(
    db: &impl ConnectionTrait,
    actor: &User,
    desk: ReportScope,
) -> Result<Condition> {
    let (of_desk, refusal) = match desk {
        ReportScope::Community(id) => (
            moderators::of_community(db, actor, id).await?,
            "Only the creator and moderators can see reports",
        ),
        ReportScope::Space(id) => {
            (moderators::of_space(db, actor, id).await?, "Only the owner of the space can see its reports")
        }
        ReportScope::Platform => (moderators::of_platform(actor), "Admin only"),
    };
    of_desk.ok_or(Error::Forbidden(refusal))
}

/// Finds a report that the actor may handle or made; the flag is true for their own.
///
/// # Errors
/// [`Error::Internal`].
pub async fn find(app: &App, actor: &User, id: Uuid) -> Result<Option<(report::Model, bool)>> {
    match moderators::get(app.db.read(), actor, id).await {
        Ok(report) => return Ok(Some((report, false))),
        Err(Error::NotFound(_)) => {}
        Err(error) => return Err(error),
    }
    let found = report::Entity::find_by_id(id).one(app.db.read()).await?;
    Ok(found.filter(|report| report.reporter_id == actor.id).map(|report| (report, true)))
}

/// Lists the actor's own reports, newest first.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_own(
    app: &App,
    actor: &User,
    window: Window,
    total: bool,
) -> Result<PageRows<report::Model>> {
    let own = Condition::all().add(report::Column::ReporterId.eq(&actor.id));
    fetch(app, own, window, total).await
}

async fn fetch(app: &App, wanted: Condition, window: Window, total: bool) -> Result<PageRows<report::Model>> {
    let select = report::Entity::find().filter(wanted);
    let total = if total { Some(select.clone().count(app.db.read()).await?) } else { None };
    let select = newest_first(select, report::Column::CreatedAt, report::Column::Id, window);
    Ok(PageRows::new(select.all(app.db.read()).await?, window, total))
}
