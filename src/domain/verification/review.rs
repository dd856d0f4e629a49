//! Judging who asked to be verified.

use entity::{
    community,
    verification_request::{self, Status},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use crate::{
    app::App,
    database::Transaction,
    domain::{
        Error, Late, Result, User,
        accounts::check_admin,
        audit::{self, Deed},
        communities, text,
    },
};

/// What an administrator finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is who it says.
    Approved,
    /// It was not shown that it is.
    Rejected,
}

const GONE: Error = Error::Missing("Request not found or already reviewed");

/// Judges a request, once; approving verifies the community at the same moment. Administrators only.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`], [`Error::Missing`] for one that is not there or was judged before, in this
/// order.
pub async fn review(
    app: &App,
    actor: &User,
    id: Uuid,
    verdict: Late<Verdict>,
    notes: Option<String>,
) -> Result<verification_request::Model> {
    check_admin(actor)?;
    let verdict = verdict.judge("status", "status must be 'approved' or 'rejected'")?;
    let notes = notes.map(|notes| text::at_most("reviewerNotes", notes, 2000)).transpose()?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let request = judge(app, &tx, actor, id, verdict, notes).await?;
    tx.commit(request).await
}

/// The same in a transaction of the caller's.
pub(crate) async fn judge(
    app: &App,
    tx: &Transaction,
    actor: &User,
    id: Uuid,
    verdict: Verdict,
    notes: Option<String>,
) -> Result<verification_request::Model> {
    let community_id = find(tx, id).await?.community_id;
    let community = communities::get_locked(tx, community_id).await?;
    // Read again under the lock: another may have been faster.
    let request = find(tx, id).await?;
    let requester = request.requester_id.clone();
    let (status, action) = request.status.judge(verdict)?;
    let now = app.clock.now();
    let mut row = request.into_active_model();
    row.status = Set(status);
    row.status_rank = Set(0);
    row.reviewer_id = Set(Some(actor.id.clone()));
    row.reviewer_notes = Set(notes.filter(|notes| !text::is_blank(notes)));
    row.reviewed_at = Set(Some(now));
    let request = row.update(tx).await?;
    if verdict == Verdict::Approved && !community.verified {
        let mut row: community::ActiveModel = community.into_active_model();
        row.verified = Set(true);
        row.updated_at = Set(now);
        row.update(tx).await?;
    }
    let deed = Deed::of(actor, action).within(community_id).to(requester.as_str()).on(id);
    audit::record(app, tx, deed.with(json!({ "notes": request.reviewer_notes }))).await?;
    Ok(request)
}

/// Where a request goes from where it stands.
trait Judged {
    /// What it is then, and how the log calls it.
    fn judge(self, verdict: Verdict) -> Result<(Status, audit::Action)>;
}

impl Judged for Status {
    fn judge(self, verdict: Verdict) -> Result<(Status, audit::Action)> {
        match (self, verdict) {
            (Self::Pending, Verdict::Approved) => Ok((Self::Approved, audit::Action::VerificationApproved)),
            (Self::Pending, Verdict::Rejected) => Ok((Self::Rejected, audit::Action::VerificationRejected)),
            (Self::Approved | Self::Rejected, _) => Err(GONE),
        }
    }
}

async fn find(tx: &impl ConnectionTrait, id: Uuid) -> Result<verification_request::Model> {
    verification_request::Entity::find_by_id(id).one(tx).await?.ok_or(GONE)
}
