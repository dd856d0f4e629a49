//! The pieces of the answers that this process gives, written together: many answers a transaction, one statement per
//! table.

use std::{collections::HashSet, sync::Arc};

use chrono::{DateTime, Utc};
use entity::{
    agent_reply::{self, Status},
    agent_reply_event::{self, Kind},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType},
};
use uuid::Uuid;

use crate::{
    app::{App, Change},
    database::{Batch, BatchLimits, Outcome, Submitted},
    domain::failed_batch,
    error::Result,
    live::Position,
    timeline::ReplyEvent,
};

/// A piece of an answer.
pub(super) struct ReplyPiece {
    pub(super) reply_id: Uuid,
    pub(super) text: String,
    /// The lease is extended to this time.
    pub(super) lease_until: Option<DateTime<Utc>>,
}

/// Batches of pieces; all pieces share one queue.
struct PieceBatch;

/// Writes a piece together with those of other replies, and publishes it. Returns the piece if it must be written
/// alone.
pub(super) async fn submit(app: &App, piece: ReplyPiece) -> Result<Option<ReplyPiece>> {
    match app.batchers.submit::<PieceBatch>(app, (), piece).await? {
        Submitted::Done(written) => written.map(|()| None),
        Submitted::Returned(piece) => Ok(Some(piece)),
    }
}

impl Batch for PieceBatch {
    type Context = App;
    type Key = ();
    type Request = ReplyPiece;
    type Output = Result<()>;

    const NAME: &'static str = "pieces";
    const LIMITS: BatchLimits = BatchLimits { requests: 256, ..BatchLimits::DEFAULT };

    fn weight(piece: &ReplyPiece) -> usize {
        size_of::<ReplyPiece>() + piece.text.len()
    }

    async fn run(app: App, (): (), pieces: Vec<ReplyPiece>) -> Vec<Outcome<ReplyPiece, Result<()>>> {
        let mut seen = HashSet::new();
        let is_first: Vec<bool> = pieces.iter().map(|piece| seen.insert(piece.reply_id)).collect();
        let now: Vec<&ReplyPiece> =
            pieces.iter().zip(&is_first).filter(|(_, first)| **first).map(|(it, _)| it).collect();
        let written = match write(&app, &now).await {
            Ok(written) => written,
            Err(error) => return failed_batch::return_all(Self::NAME, error, pieces),
        };
        let outcome = |(piece, is_first): (ReplyPiece, bool)| match written.contains(&piece.reply_id) {
            true if is_first => Outcome::Done(Ok(())),
            // Its answer has ended, or is about to.
            false if is_first => Outcome::Returned(piece),
            _ => Outcome::Postponed(piece),
        };
        pieces.into_iter().zip(is_first).map(outcome).collect()
    }
}

/// Writes pieces of different replies and publishes them. Returns the ids of the replies whose pieces were written.
async fn write(app: &App, pieces: &[&ReplyPiece]) -> Result<HashSet<Uuid>> {
    use agent_reply::Column;
    let tx = app.db.begin().await?;
    let due = pieces.iter().filter_map(|piece| Some((piece.reply_id, piece.lease_until?)));
    let (ids, leases): (Vec<Uuid>, Vec<_>) = due.unzip();
    if let Some(until) = leases.into_iter().max() {
        agent_reply::Entity::update_many()
            .col_expr(Column::LeaseUntil, Expr::value(until))
            .filter(Column::Id.in_subquery(running(ids)))
            .exec(&tx)
            .await?;
    }
    let taking = agent_reply::Entity::update_many()
        .col_expr(Column::LastSeq, Expr::col(Column::LastSeq).add(1_i64))
        .filter(Column::Id.in_subquery(running(pieces.iter().map(|piece| piece.reply_id))))
        .exec_with_returning(&tx)
        .await?;
    let events = taking.into_iter().filter_map(|reply| {
        let piece = pieces.iter().find(|piece| piece.reply_id == reply.id)?;
        let (position, kind) = (Position(reply.last_seq), Kind::Chunk);
        Some(ReplyEvent { reply: Arc::new(reply), position, kind, text: piece.text.clone() })
    });
    let events: Vec<ReplyEvent> = events.collect();
    if events.is_empty() {
        return Ok(HashSet::new());
    }
    let row = |event: &ReplyEvent| {
        let (reply_id, seq) = (event.reply.id, event.position.0);
        let row = agent_reply_event::Model { reply_id, seq, kind: event.kind, text: event.text.clone() };
        row.into_active_model().reset_all()
    };
    agent_reply_event::Entity::insert_many(events.iter().map(row)).exec_without_returning(&tx).await?;
    tx.commit().await?;
    let written = events.iter().map(|event| event.reply.id).collect();
    for event in events {
        app.announce(Change::reply(event));
    }
    Ok(written)
}

/// The running answers among these. An answer that another transaction is ending is skipped, so that the batch does not
/// wait for it.
fn running(ids: impl IntoIterator<Item = Uuid>) -> sea_orm::sea_query::SelectStatement {
    agent_reply::Entity::find()
        .select_only()
        .column(agent_reply::Column::Id)
        .filter(agent_reply::Column::Id.is_in(ids))
        .filter(agent_reply::Column::Status.eq(Status::Running))
        .order_by_asc(agent_reply::Column::Id)
        .lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked)
        .into_query()
}
