//! What is done about voices beside requests: deleting those that are not wanted any more, and having others made. Each
//! is done by one server at a time, which holds its lease; when that is gone, the next takes it up.

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
    discard::Discarded,
    lifecycle::Life,
    make::{Made, make, name},
    request::NOBODY,
};
use crate::{
    adapters::voice::VoiceCloning,
    app::App,
    domain::{Result, communities},
};

/// How long a server may be at one voice before others take it for gone.
const LEASE: TimeDelta = TimeDelta::minutes(15);
/// How long it may be at it in fact.
const LIMIT: Duration = Duration::from_secs(600);
/// How often making a voice is tried.
const ATTEMPTS: i32 = 3;
/// How long after something failed it is tried again; each further time twice as long.
const AGAIN: TimeDelta = TimeDelta::minutes(1);
/// But not longer than this.
const AGAIN_AT_MOST: TimeDelta = TimeDelta::minutes(15);
/// How many are read at once.
const BATCH: u64 = 20;
/// How many voices are worked at at once.
const AT_ONCE: usize = 4;

/// Does what is due, and tells when the next is.
///
/// # Errors
/// [`crate::domain::Error::Internal`] when the database does not answer.
pub async fn work_due(app: &App) -> Result<Option<DateTime<Utc>>> {
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
        // A provider, or whoever serves the samples, takes their time: nobody else waits for it.
        let each = stream::iter(due).for_each_concurrent(AT_ONCE, async |lounge| {
            let which = lounge.community_id;
            if let Err(error) = take_up(app, lounge).await {
                let error = format!("{:#}", anyhow::Error::new(error));
                tracing::error!(error, lounge = %which, "what is due for a voice was not done");
                failed.store(true, Ordering::Relaxed);
            }
        });
        each.await;
    }
    if failed.into_inner() {
        return Ok(Some(now + AGAIN));
    }
    let next = lounge::Entity::find()
        .filter(lounge::Column::VoiceDueAt.is_not_null())
        .order_by_asc(lounge::Column::VoiceDueAt)
        .one(app.db.read())
        .await?;
    Ok(next.and_then(|lounge| lounge.voice_due_at))
}

async fn take_up(app: &App, lounge: lounge::Model) -> Result<()> {
    match take(app, lounge).await? {
        Some(lounge) => work(app, lounge).await,
        None => Ok(()),
    }
}

/// Takes the lease; none where somebody else was faster.
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

/// Gives the lease back, for the next server to take the work up.
async fn give_back(app: &App, lounge: &lounge::Model) -> Result<()> {
    lounge::Entity::update_many()
        .col_expr(lounge::Column::VoiceDueAt, Expr::value(app.clock.now()))
        .filter(lounge::Column::CommunityId.eq(lounge.community_id))
        .filter(lounge::Column::VoiceDueAt.eq(lounge.voice_due_at))
        .exec(app.db.write())
        .await?;
    Ok(())
}

/// What one server did about a voice.
#[derive(Default)]
struct Done {
    deleted: Discarded,
    /// Whether something is still to be deleted.
    is_stuck: bool,
    made: Option<Made>,
}

async fn work(app: &App, lounge: lounge::Model) -> Result<()> {
    let done = match app.adapters.voices.clone() {
        Some(voices) => {
            let acted = timeout(LIMIT, act(app, voices.as_ref(), &lounge));
            tokio::select! {
                biased;
                () = app.tasks.stopping() => return give_back(app, &lounge).await,
                acted = acted => acted.unwrap_or_else(|_| Done {
                    made: is_processing(&lounge).then(|| Made::Unheard("The provider of voices failed".to_owned())),
                    is_stuck: true,
                    ..Done::default()
                }),
            }
        }
        None => Done {
            made: is_processing(&lounge).then(|| Made::Failed(NOBODY.to_owned())),
            is_stuck: true,
            ..Done::default()
        },
    };
    conclude(app, &lounge, done).await
}

fn is_processing(lounge: &lounge::Model) -> bool {
    Life::of(lounge) == Life::Processing
}

/// Deletes what is to be deleted first: with it gone, what is made is the only one of its name.
async fn act(app: &App, voices: &dyn VoiceCloning, lounge: &lounge::Model) -> Done {
    let discarded = Discarded::read(lounge.voice_discarded_id.as_deref());
    let (deleted, error) = discarded.delete(voices, &name(lounge), lounge.voice_model_id.as_deref()).await;
    if let Some(error) = error {
        tracing::warn!(%error, lounge = %lounge.community_id, "a voice was not deleted");
        let made = is_processing(lounge).then(|| Made::Later("The provider of voices failed".to_owned()));
        return Done { deleted, is_stuck: true, made };
    }
    let made = match is_processing(lounge) {
        true => make(app, voices, lounge, announce(app, lounge, &deleted)).await,
        false => None,
    };
    Done { deleted, is_stuck: false, made }
}

/// Notes that one may be made from now on: should nobody live to tell of it, it is looked for. Whether it is still wanted.
async fn announce(app: &App, taken: &lounge::Model, deleted: &Discarded) -> Result<bool> {
    let tx = app.begin_apart().await?;
    communities::get_locked(&tx, taken.community_id).await?;
    let found = lounge::Entity::find_by_id(taken.community_id).one(&tx).await?;
    let Some(lounge) = found.filter(|lounge| is_wanted(lounge, taken)) else { return Ok(false) };
    let mut discarded = Discarded::read(lounge.voice_discarded_id.as_deref());
    discarded.remove(deleted);
    discarded.add_unheard();
    let mut row = lounge.into_active_model();
    row.voice_discarded_id = Set(discarded.write());
    row.update(&tx).await?;
    tx.commit(true).await
}

/// Whether what was taken is still to be made, and by whoever took it: it may have been taken back or asked for anew.
fn is_wanted(lounge: &lounge::Model, taken: &lounge::Model) -> bool {
    is_processing(lounge)
        && lounge.voice_due_at == taken.voice_due_at
        && lounge.consent_at == taken.consent_at
}

/// Writes what was done, as far as it is still wanted.
async fn conclude(app: &App, taken: &lounge::Model, done: Done) -> Result<()> {
    let tx = app.begin_apart().await?;
    communities::get_locked(&tx, taken.community_id).await?;
    let Some(lounge) = lounge::Entity::find_by_id(taken.community_id).one(&tx).await? else { return Ok(()) };
    let now = app.clock.now();
    let mut discarded = Discarded::read(lounge.voice_discarded_id.as_deref());
    discarded.remove(&done.deleted);
    if done.made.is_some() {
        // It was heard what it came to, unless it is noted again below.
        discarded.remove(&Discarded::unheard());
    }
    let life = Life::of(&lounge);
    let has_lease = lounge.voice_due_at == taken.voice_due_at;
    let is_wanted = is_wanted(&lounge, taken);
    let mut row = lounge.clone().into_active_model();
    let mut again = done.is_stuck;
    let mut next = life.clone();
    match done.made {
        None => {}
        Some(Made::Voice(voice)) if is_wanted => next = life.succeed(voice)?,
        Some(Made::Useless(voice, reason)) if is_wanted => {
            discarded.add(voice);
            row.voice_reason = Set(Some(reason.to_owned()));
            next = life.fail()?;
        }
        Some(Made::Failed(reason)) if is_wanted => {
            row.voice_reason = Set(Some(reason));
            next = life.fail()?;
        }
        Some(made @ (Made::Later(_) | Made::Unheard(_))) if is_wanted => {
            if matches!(made, Made::Unheard(_)) {
                discarded.add_unheard();
            }
            again = true;
            if lounge.voice_attempts >= ATTEMPTS
                && let Made::Later(reason) | Made::Unheard(reason) = made
            {
                row.voice_reason = Set(Some(reason));
                next = life.fail()?;
            }
        }
        Some(Made::Voice(voice) | Made::Useless(voice, _)) => discarded.add(voice),
        Some(Made::Unheard(_)) => discarded.add_unheard(),
        Some(Made::Failed(_) | Made::Later(_)) => {}
    }
    let is_open = next == Life::Processing || !discarded.is_empty();
    let at = match lounge.voice_due_at {
        // Somebody else is at it.
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

/// How long after so many attempts the next one is.
fn wait(attempts: i32) -> TimeDelta {
    let doubled = u32::try_from(attempts.clamp(1, 8) - 1).unwrap_or_default();
    Ord::min(AGAIN * 2_i32.pow(doubled), AGAIN_AT_MOST)
}
