//! Background jobs for voices: delete discarded voices and clone requested ones. One server at a time works
//! on a voice, under a lease; when that expires, another takes over.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use entity::lounge;
use futures_util::{StreamExt, stream};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use tokio::time::timeout;

use super::{
    discard::DiscardedVoices,
    lifecycle::Lifecycle,
    make::{ClonedVoice, make, name},
    request::NOT_CONFIGURED,
};
use crate::{adapters::voice::VoiceCloning, app::App, domain::communities, error::Result};

/// Lease of a job; another server takes over when it expires.
const LEASE: TimeDelta = TimeDelta::minutes(15);
/// Maximum duration of a job, less than its lease.
const LIMIT: Duration = Duration::from_secs(600);
/// Maximum number of attempts to clone a voice.
const ATTEMPTS: i32 = 3;
/// Delay before the first retry; doubles with each further one.
const RETRY_DELAY: TimeDelta = TimeDelta::minutes(1);
/// Maximum delay before a retry.
const MAX_RETRY_DELAY: TimeDelta = TimeDelta::minutes(15);
/// Maximum number of jobs per query.
const BATCH: u64 = 20;
/// Maximum number of concurrent jobs.
const AT_ONCE: usize = 4;

/// Runs all due jobs and returns when the next one is due.
///
/// # Errors
/// [`crate::error::Error::Internal`] when the database does not answer.
pub async fn run_due(app: &App) -> Result<Option<DateTime<Utc>>> {
    let now = app.clock.now();
    let failed = AtomicBool::new(false);
    while !app.tasks.is_stopping() && !failed.load(Ordering::Relaxed) {
        let due = lounge::Entity::find()
            .filter(lounge::Column::VoiceDueAt.lte(now))
            .order_by_asc(lounge::Column::VoiceDueAt)
            .limit(BATCH)
            .all(app.db.read())
            .await?;
        if due.is_empty() {
            break;
        }
        // Providers and sample hosts may be slow: jobs run concurrently.
        let each = stream::iter(due).for_each_concurrent(AT_ONCE, async |lounge| {
            let which = lounge.community_id;
            if let Err(error) = claim_and_run(app, lounge).await {
                let error = format!("{:#}", anyhow::Error::new(error));
                tracing::error!(error, lounge = %which, "a voice job failed");
                failed.store(true, Ordering::Relaxed);
            }
        });
        each.await;
    }
    if failed.into_inner() {
        return Ok(Some(now + RETRY_DELAY));
    }
    let next = lounge::Entity::find()
        .filter(lounge::Column::VoiceDueAt.is_not_null())
        .order_by_asc(lounge::Column::VoiceDueAt)
        .one(app.db.read())
        .await?;
    Ok(next.and_then(|lounge| lounge.voice_due_at))
}

async fn claim_and_run(app: &App, lounge: lounge::Model) -> Result<()> {
    match take(app, lounge).await? {
        Some(lounge) => work(app, lounge).await,
        None => Ok(()),
    }
}

/// Takes the lease; returns `None` if another server took it first.
async fn take(app: &App, mut lounge: lounge::Model) -> Result<Option<lounge::Model>> {
    let lease = app.clock.now() + LEASE;
    let taken = lounge::Entity::update_many()
        .col_expr(lounge::Column::VoiceDueAt, Expr::value(lease))
        .col_expr(lounge::Column::VoiceAttempts, Expr::col(lounge::Column::VoiceAttempts).add(1))
        .filter(lounge::Column::CommunityId.eq(lounge.community_id))
        .filter(lounge::Column::VoiceDueAt.eq(lounge.voice_due_at))
        .exec(app.db.write())
        .await?;
    lounge.voice_attempts += 1;
    lounge.voice_due_at = Some(lease);
    Ok((taken.rows_affected == 1).then_some(lounge))
}

/// Releases the lease, so that another server can take over.
async fn release(app: &App, lounge: &lounge::Model) -> Result<()> {
    lounge::Entity::update_many()
        .col_expr(lounge::Column::VoiceDueAt, Expr::value(app.clock.now()))
        .filter(lounge::Column::CommunityId.eq(lounge.community_id))
        .filter(lounge::Column::VoiceDueAt.eq(lounge.voice_due_at))
        .exec(app.db.write())
        .await?;
    Ok(())
}

/// Result of a job.
#[derive(Default)]
struct JobResult {
    deleted: DiscardedVoices,
    /// Whether a deletion failed.
    is_stuck: bool,
    made: Option<ClonedVoice>,
}

async fn work(app: &App, lounge: lounge::Model) -> Result<()> {
    let done = match app.adapters.voices.clone() {
        Some(voices) => {
            let acted = timeout(LIMIT, run_provider_call(app, voices.as_ref(), &lounge));
            tokio::select! {
                biased;
                () = app.tasks.stopping() => return release(app, &lounge).await,
                acted = acted => acted.unwrap_or_else(|_| JobResult {
                    made: is_processing(&lounge).then(|| ClonedVoice::Unheard("The voice provider failed".to_owned())),
                    is_stuck: true,
                    ..JobResult::default()
                }),
            }
        }
        None => JobResult {
            made: is_processing(&lounge).then(|| ClonedVoice::Failed(NOT_CONFIGURED.to_owned())),
            is_stuck: true,
            ..JobResult::default()
        },
    };
    conclude(app, &lounge, done).await
}

fn is_processing(lounge: &lounge::Model) -> bool {
    Lifecycle::of(lounge) == Lifecycle::Processing
}

/// Deletes discarded voices first, so that the new voice is the only one of its name.
async fn run_provider_call(app: &App, voices: &dyn VoiceCloning, lounge: &lounge::Model) -> JobResult {
    let discarded = DiscardedVoices::read(lounge.voice_discarded_id.as_deref());
    let (deleted, error) = discarded.delete(voices, &name(lounge), lounge.voice_model_id.as_deref()).await;
    if let Some(error) = error {
        tracing::warn!(%error, lounge = %lounge.community_id, "deleting a voice failed");
        let made = is_processing(lounge).then(|| ClonedVoice::Later("The voice provider failed".to_owned()));
        return JobResult { deleted, is_stuck: true, made };
    }
    let made = match is_processing(lounge) {
        true => make(app, voices, lounge, announce(app, lounge, &deleted)).await,
        false => None,
    };
    JobResult { deleted, is_stuck: false, made }
}

/// Records that an unconfirmed voice may exist from now on, so that a crash leaves it findable. Returns
/// whether it is still wanted.
async fn announce(app: &App, taken: &lounge::Model, deleted: &DiscardedVoices) -> Result<bool> {
    let tx = app.begin_without_key().await?;
    communities::get_locked(&tx, taken.community_id).await?;
    let found = lounge::Entity::find_by_id(taken.community_id).one(&tx).await?;
    let Some(lounge) = found.filter(|lounge| is_wanted(lounge, taken)) else { return Ok(false) };
    let mut discarded = DiscardedVoices::read(lounge.voice_discarded_id.as_deref());
    discarded.remove(deleted);
    discarded.add_unconfirmed();
    let mut row = lounge.into_active_model();
    row.voice_discarded_id = Set(discarded.write());
    row.update(&tx).await?;
    tx.commit(true).await
}

/// Returns whether the voice is still wanted under this lease: the consent may have been withdrawn or given
/// anew.
fn is_wanted(lounge: &lounge::Model, taken: &lounge::Model) -> bool {
    is_processing(lounge)
        && lounge.voice_due_at == taken.voice_due_at
        && lounge.consent_at == taken.consent_at
}

/// Stores the result as far as it is still wanted.
async fn conclude(app: &App, taken: &lounge::Model, done: JobResult) -> Result<()> {
    let tx = app.begin_without_key().await?;
    communities::get_locked(&tx, taken.community_id).await?;
    let Some(lounge) = lounge::Entity::find_by_id(taken.community_id).one(&tx).await? else { return Ok(()) };
    let now = app.clock.now();
    let mut discarded = DiscardedVoices::read(lounge.voice_discarded_id.as_deref());
    discarded.remove(&done.deleted);
    if done.made.is_some() {
        // The outcome is known, unless it is recorded as unconfirmed below.
        discarded.remove(&DiscardedVoices::unconfirmed());
    }
    let life = Lifecycle::of(&lounge);
    let has_lease = lounge.voice_due_at == taken.voice_due_at;
    let is_wanted = is_wanted(&lounge, taken);
    let mut row = lounge.clone().into_active_model();
    let mut again = done.is_stuck;
    let mut next = life.clone();
    match done.made {
        None => {}
        Some(ClonedVoice::Voice(voice)) if is_wanted => next = life.succeed(voice)?,
        Some(ClonedVoice::Useless(voice, reason)) if is_wanted => {
            discarded.add(voice);
            row.voice_reason = Set(Some(reason.to_owned()));
            next = life.fail()?;
        }
        Some(ClonedVoice::Failed(reason)) if is_wanted => {
            row.voice_reason = Set(Some(reason));
            next = life.fail()?;
        }
        Some(made @ (ClonedVoice::Later(_) | ClonedVoice::Unheard(_))) if is_wanted => {
            if matches!(made, ClonedVoice::Unheard(_)) {
                discarded.add_unconfirmed();
            }
            again = true;
            if lounge.voice_attempts >= ATTEMPTS
                && let ClonedVoice::Later(reason) | ClonedVoice::Unheard(reason) = made
            {
                row.voice_reason = Set(Some(reason));
                next = life.fail()?;
            }
        }
        Some(ClonedVoice::Voice(voice) | ClonedVoice::Useless(voice, _)) => discarded.add(voice),
        Some(ClonedVoice::Unheard(_)) => discarded.add_unconfirmed(),
        Some(ClonedVoice::Failed(_) | ClonedVoice::Later(_)) => {}
    }
    let is_open = next == Lifecycle::Processing || !discarded.is_empty();
    let at = match lounge.voice_due_at {
        // Another server has the lease.
        Some(lease) if !has_lease => lease,
        _ if again => now + wait(lounge.voice_attempts),
        _ => now,
    };
    row.voice_status = Set(next.status());
    row.voice_due_at = Set(is_open.then_some(at));
    if !is_open {
        row.voice_attempts = Set(0);
    }
    row.voice_model_id = Set(next.voice());
    row.voice_discarded_id = Set(discarded.write());
    row.updated_at = Set(now);
    row.update(&tx).await?;
    tx.commit(()).await
}

/// Returns the delay before the next attempt.
fn wait(attempts: i32) -> TimeDelta {
    let doubled = u32::try_from(attempts.clamp(1, 8) - 1).unwrap_or_default();
    Ord::min(RETRY_DELAY * 2_i32.pow(doubled), MAX_RETRY_DELAY)
}
