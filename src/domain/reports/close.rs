//! Closing a report.

use entity::{
    membership::Role,
    report::{self, Outcome, Status},
};
use sea_orm::{ActiveEnum, ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::desk;
use crate::{
    app::App,
    domain::{
        Error, Result, User,
        audit::{self, Deed},
        communities, text,
    },
};

/// Closes a report, once. Those who see to it only.
///
/// # Errors
/// [`Error::Invalid`]; [`Error::NotFound`], also for one that others see to; [`Error::Conflict`] for one that is closed.
pub async fn close(
    app: &App,
    actor: &User,
    id: Uuid,
    outcome: Outcome,
    note: Option<String>,
) -> Result<report::Model> {
    let note = note.map(|note| text::at_most("note", note, 1000)).transpose()?;
    let tx = app.begin(actor).await?;
    // Of two that close it at once the second waits here.
    report::Entity::find_by_id(id).lock_exclusive().one(&tx).await?;
    let report = desk::get(&tx, actor, id).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let status = shut(report.status)?;
    let mut row = report.into_active_model();
    row.status = Set(status);
    row.outcome = Set(Some(outcome));
    row.closed_by_id = Set(Some(actor.id.clone()));
    row.closing_note = Set(note.filter(|note| !text::is_blank(note)));
    row.closed_at = Set(Some(app.clock.now()));
    let report = row.update(&tx).await?;
    let deed = Deed::of(actor, audit::Action::ReportClosed)
        // The creator, who does not see what is said against them, does not read of its end either.
        .within(report.community_id.filter(|_| report.user_rank > communities::rank(Role::Creator)))
        .to(report.user_id.as_deref())
        .on(id)
        .with(json!({ "outcome": outcome.to_value() }));
    audit::record(app, &tx, deed).await?;
    tx.commit(report).await
}

/// Only what is open can be closed.
fn shut(status: Status) -> Result<Status> {
    match status {
        Status::Open => Ok(Status::Closed),
        Status::Closed => Err(Error::Conflict("The report was closed before".to_owned())),
    }
}
