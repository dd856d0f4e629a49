//! Closing reports.

use entity::{
    membership::Role,
    report::{self, Outcome, Status},
};
use sea_orm::{ActiveEnum, ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::{moderators, watch::notify};
use crate::{
    app::App,
    domain::{
        User,
        audit::{self, AuditEntry},
        communities,
    },
    error::{Error, Result},
    text::fields,
};

/// Closes a report, once. Only for users who may handle it.
///
/// # Errors
/// [`Error::Invalid`]; [`Error::NotFound`], also if the actor may not handle it; [`Error::Conflict`] if it
/// is closed.
pub async fn close(
    app: &App,
    actor: &User,
    id: Uuid,
    outcome: Outcome,
    note: Option<String>,
) -> Result<report::Model> {
    let note = note.map(|note| fields::at_most("note", note, 1000)).transpose()?;
    let tx = app.begin(actor).await?;
    // Of concurrent calls, the second waits here.
    report::Entity::find_by_id(id).lock_exclusive().one(&tx).await?;
    let report = moderators::get(&tx, actor, id).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let status = write_closed(report.status)?;
    let mut row = report.into_active_model();
    row.status = Set(status);
    row.outcome = Set(Some(outcome));
    row.closed_by_id = Set(Some(actor.id.clone()));
    row.closing_note = Set(note.filter(|note| !fields::is_blank(note)));
    row.closed_at = Set(Some(app.clock.now()));
    let report = row.update(&tx).await?;
    let entry = AuditEntry::of(actor, audit::Action::ReportClosed)
        // Creators cannot see reports on themselves, so the entry is also hidden from them.
        .within(report.community_id.filter(|_| report.user_rank > communities::rank(Role::Creator)))
        .to(report.user_id.as_deref())
        .on(id)
        .with(json!({ "outcome": outcome.to_value() }));
    audit::record(app, &tx, entry).await?;
    notify(&tx, &report);
    tx.commit(report).await
}

/// Returns the status of a closed report; only an open one can be closed.
fn write_closed(status: Status) -> Result<Status> {
    match status {
        Status::Open => Ok(Status::Closed),
        Status::Closed => Err(Error::Conflict("The report is already closed".to_owned())),
    }
}
