//! Requesting a voice and withdrawing the consent.

use chrono::{DateTime, Utc};
use entity::{
    community,
    lounge::{self, VoiceStatus},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter, QuerySelect, QueryTrait, sea_query::Expr,
};
use uuid::Uuid;

use super::{consent::Consent, discard::DiscardedVoices, lifecycle::Lifecycle};
use crate::{
    app::App,
    domain::{
        UnitOfWork, User,
        communities::get_locked,
        lounges::browse::{get, get_open},
    },
    error::{Error, Result},
};

/// Refusal without a provider of voices.
pub(super) const NOT_CONFIGURED: &str = "Voice cloning is not configured";

/// Requests cloning of the lounge's voice from its samples, with the creator's consent. The voice status
/// shows the progress.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] unless the actor is the creator, [`Error::Invalid`] for the
/// consent, [`Error::NotConfigured`] without a provider of voices, [`Error::Conflict`] without samples and
/// while cloning runs.
pub async fn clone_voice(app: &App, actor: &User, id: Uuid, consent: Consent) -> Result<community::Model> {
    let tx = app.begin(actor).await?;
    let (community, lounge) = get_open(&tx, id).await?;
    if community.creator_id != actor.id {
        return Err(Error::Forbidden("Only the creator can clone the lounge's voice"));
    }
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let consent = consent.check()?;
    let voices = app.adapters.voices.as_ref().ok_or(Error::NotConfigured(NOT_CONFIGURED))?;
    if lounge.voice_samples_url.is_none() {
        return Err(Error::Conflict("The lounge has no voice samples".to_owned()));
    }
    let (life, old) = Lifecycle::of(&lounge).begin()?;
    let now = app.clock.now();
    let mut discarded = DiscardedVoices::read(lounge.voice_discarded_id.as_deref());
    discarded.add_all(old);
    let mut row = lounge.clone().into_active_model();
    row.voice_status = Set(life.status());
    row.voice_model_id = Set(None);
    row.voice_reason = Set(None);
    row.voice_provider = Set(Some(voices.provider().to_owned()));
    row.consent_at = Set(Some(now));
    row.consent_by = Set(Some(actor.id.clone()));
    row.consent_text = Set(Some(consent.statement));
    row.consent_version = Set(consent.version);
    row.withdrawn_at = Set(None);
    row.voice_attempts = Set(0);
    row.voice_due_at = Set(Some(due(&lounge, now)));
    row.voice_discarded_id = Set(discarded.write());
    row.updated_at = Set(now);
    row.update(&tx).await?;
    tx.after_commit(|app| app.voice_jobs_wake.notify_one());
    tx.commit(community).await
}

/// Withdraws the consent: the lounge stops using the voice, and the provider must delete it. Idempotent.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] unless the actor is the creator.
pub async fn withdraw_voice(app: &App, actor: &User, id: Uuid) -> Result<community::Model> {
    let tx = app.begin(actor).await?;
    // Also in an archived lounge: consent can always be withdrawn.
    let community = get_locked(&tx, id).await.map_err(|error| match error {
        Error::NotFound(_) => Error::NotFound("Lounge"),
        other => other,
    })?;
    if community.kind != community::Kind::Lounge {
        return Err(Error::NotFound("Lounge"));
    }
    if community.creator_id != actor.id {
        return Err(Error::Forbidden("Only the creator can withdraw the lounge's voice"));
    }
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    withdraw(app, &tx, get(&tx, id).await?).await?;
    tx.after_commit(|app| app.voice_jobs_wake.notify_one());
    tx.commit(community).await
}

/// Withdraws all consents of an account that is being deleted. The caller wakes the voice jobs after
/// commit.
///
/// # Errors
/// [`Error::Internal`].
pub(in crate::domain) async fn withdraw_all(app: &App, tx: &UnitOfWork, user_id: &str) -> Result<()> {
    let given = lounge::Column::ConsentBy.eq(user_id);
    for lounge in lounge::Entity::find().filter(given).all(tx).await? {
        get_locked(tx, lounge.community_id).await?;
        withdraw(app, tx, get(tx, lounge.community_id).await?).await?;
    }
    Ok(())
}

/// Clears sample URLs and consents of an account that is being deleted. All consents must have been
/// withdrawn.
pub(in crate::domain) async fn forget(tx: &impl ConnectionTrait, actor: &User) -> Result<()> {
    use lounge::Column;
    let own = community::Entity::find()
        .select_only()
        .column(community::Column::Id)
        .filter(community::Column::CreatorId.eq(&actor.id))
        .into_query();
    let none = || Expr::val(None::<String>);
    lounge::Entity::update_many()
        .col_expr(Column::VoiceSamplesUrl, none())
        .col_expr(Column::ConsentText, none())
        .col_expr(Column::ConsentVersion, none())
        .filter(
            Condition::any().add(Column::CommunityId.in_subquery(own)).add(Column::ConsentBy.eq(&actor.id)),
        )
        .exec(tx)
        .await?;
    Ok(())
}

/// Withdraws the consent to a lounge's voice when its ownership changes; does nothing for other
/// communities. The community must be locked. The caller wakes the voice jobs after commit.
///
/// # Errors
/// [`Error::Internal`].
pub(in crate::domain) async fn withdraw_of(app: &App, tx: &UnitOfWork, id: Uuid) -> Result<()> {
    if let Some(lounge) = lounge::Entity::find_by_id(id).one(tx).await? {
        withdraw(app, tx, lounge).await?;
    }
    Ok(())
}

async fn withdraw(app: &App, tx: &UnitOfWork, lounge: lounge::Model) -> Result<()> {
    let before = Lifecycle::of(&lounge);
    if before == Lifecycle::None {
        return Ok(());
    }
    let now = app.clock.now();
    let mut discarded = DiscardedVoices::read(lounge.voice_discarded_id.as_deref());
    let (life, old) = before.withdraw();
    discarded.add_all(old);
    let mut row = lounge.clone().into_active_model();
    row.voice_status = Set(life.status());
    row.voice_model_id = Set(None);
    row.voice_reason = Set(None);
    row.withdrawn_at = Set(Some(now));
    row.voice_due_at = Set((!discarded.is_empty()).then(|| due(&lounge, now)));
    row.voice_discarded_id = Set(discarded.write());
    row.updated_at = Set(now);
    row.update(tx).await?;
    Ok(())
}

/// Returns when the job is due: now, or when a running attempt has ended or expired.
fn due(lounge: &lounge::Model, now: DateTime<Utc>) -> DateTime<Utc> {
    lounge.voice_due_at.filter(|_| lounge.voice_attempts > 0).map_or(now, |lease| lease.max(now))
}

/// Returns why a lounge has no own voice; `None` if there is no obstacle.
pub fn reason(app: &App, lounge: &lounge::Model) -> Option<String> {
    let nobody = lounge.voice_status == VoiceStatus::None && app.adapters.voices.is_none();
    lounge.voice_reason.clone().or_else(|| nobody.then(|| NOT_CONFIGURED.to_owned()))
}
