//! Reviewing verification requests.

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
        Deferred, User,
        accounts::check_admin,
        audit::{self, AuditEntry},
        communities,
    },
    error::{Error, Result},
    text::{fields, rule::TextRule},
};

/// Verdict of an administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The identity is confirmed.
    Approved,
    /// The identity is not confirmed.
    Rejected,
}

/// Notes of the reviewer.
pub const NOTES: TextRule = TextRule::free("reviewerNotes", 2000);

const NOT_PENDING: Error = Error::Missing("Request not found or already reviewed");

/// Reviews a pending request; approval verifies the community in the same transaction. Administrators only.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`], [`Error::Missing`] if it does not exist or is reviewed
/// already, in this order.
pub async fn review(
    app: &App,
    actor: &User,
    id: Uuid,
    verdict: Deferred<Verdict>,
    notes: Option<String>,
) -> Result<verification_request::Model> {
    check_admin(actor)?;
    let verdict = verdict.validate("status", "status must be 'approved' or 'rejected'")?;
    let notes = notes.map(|notes| NOTES.check(&notes)).transpose()?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let request = judge(app, &tx, actor, id, verdict, notes).await?;
    tx.commit(request).await
}

/// Like [`review`], in the caller's transaction.
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
    // Read again under the lock: it may have been reviewed meanwhile.
    let request = find(tx, id).await?;
    let requester = request.requester_id.clone();
    let (status, action) = request.status.judge(verdict)?;
    let now = app.clock.now();
    let mut row = request.into_active_model();
    row.status = Set(status);
    row.status_rank = Set(0);
    row.reviewer_id = Set(Some(actor.id.clone()));
    row.reviewer_notes = Set(notes.filter(|notes| !fields::is_blank(notes)));
    row.reviewed_at = Set(Some(now));
    let request = row.update(tx).await?;
    if verdict == Verdict::Approved && !community.verified {
        let mut row: community::ActiveModel = community.into_active_model();
        row.verified = Set(true);
        row.updated_at = Set(now);
        row.update(tx).await?;
    }
    let entry = AuditEntry::of(actor, action).within(community_id).to(requester.as_str()).on(id);
    audit::record(app, tx, entry.with(json!({ "notes": request.reviewer_notes }))).await?;
    Ok(request)
}

/// Status transitions of a request.
trait Review {
    /// Returns the new status and the audit action.
    fn judge(self, verdict: Verdict) -> Result<(Status, audit::Action)>;
}

impl Review for Status {
    fn judge(self, verdict: Verdict) -> Result<(Status, audit::Action)> {
        match (self, verdict) {
            (Self::Pending, Verdict::Approved) => Ok((Self::Approved, audit::Action::VerificationApproved)),
            (Self::Pending, Verdict::Rejected) => Ok((Self::Rejected, audit::Action::VerificationRejected)),
            (Self::Approved | Self::Rejected, _) => Err(NOT_PENDING),
        }
    }
}

async fn find(tx: &impl ConnectionTrait, id: Uuid) -> Result<verification_request::Model> {
    verification_request::Entity::find_by_id(id).one(tx).await?.ok_or(NOT_PENDING)
}
