//! Event log of an agent reply.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::{
    agent_reply::{self, Status},
    agent_reply_event::{self, Kind},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    database::Database,
    domain::conversations::ReadRight,
    error::Result,
    live::{self, Log, Position},
};

/// An event of an agent reply.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReplyEvent {
    /// The reply, at the time of the event or later.
    pub reply: Arc<agent_reply::Model>,
    /// Sequence number of the event, from 1.
    pub position: Position,
    /// Kind of the event.
    pub kind: Kind,
    /// A chunk of the reply, an error message or the URL of the audio.
    pub text: String,
}

impl ReplyEvent {
    /// Proof that the subscriber may read the conversation; subscribing requires it.
    pub fn right(&self) -> ReadRight {
        ReadRight::checked(self.reply.conversation_id)
    }
}

impl live::Event for ReplyEvent {
    fn position(&self) -> Position {
        self.position
    }
}

/// Reads the event logs of replies.
pub struct ReplyLog(pub Database);

impl Log for ReplyLog {
    type Event = ReplyEvent;

    async fn read(&self, topic: Uuid, after: Position, limit: u64) -> Result<Option<Vec<Arc<ReplyEvent>>>> {
        let db = self.0.read();
        let Some(reply) = agent_reply::Entity::find_by_id(topic).one(db).await? else {
            return Ok(Some(Vec::new()));
        };
        let reply = Arc::new(reply);
        let rows = agent_reply_event::Entity::find()
            .filter(agent_reply_event::Column::ReplyId.eq(topic))
            .filter(agent_reply_event::Column::Seq.gt(after.0))
            .order_by_asc(agent_reply_event::Column::Seq)
            .limit(limit)
            .all(db)
            .await?;
        let event = |row: agent_reply_event::Model| {
            // The only chunk that compaction leaves.
            let is_all = row.kind == Kind::Chunk && row.text.is_empty();
            Arc::new(ReplyEvent {
                reply: reply.clone(),
                position: Position(row.seq),
                kind: row.kind,
                text: if is_all { reply.text.clone() } else { row.text },
            })
        };
        Ok(Some(rows.into_iter().map(event).collect()))
    }
}

/// Inserts an event of a running reply and extends its lease. Returns `None` if the reply has ended.
pub(super) async fn append(
    tx: &impl ConnectionTrait,
    id: Uuid,
    lease_until: DateTime<Utc>,
    kind: Kind,
    text: String,
) -> Result<Option<ReplyEvent>> {
    use agent_reply::Column;
    let running = agent_reply::Entity::update_many()
        .col_expr(Column::LastSeq, Expr::col(Column::LastSeq).add(1_i64))
        .col_expr(Column::LeaseUntil, Expr::value(lease_until))
        .filter(Column::Id.eq(id))
        .filter(Column::Status.eq(Status::Running))
        .exec_with_returning(tx)
        .await?;
    let Some(reply) = running.into_iter().next() else { return Ok(None) };
    let event = ReplyEvent { position: Position(reply.last_seq), reply: Arc::new(reply), kind, text };
    insert(tx, &event).await?;
    Ok(Some(event))
}

/// Inserts an event whose sequence number is already taken.
pub(super) async fn insert(tx: &impl ConnectionTrait, event: &ReplyEvent) -> Result<()> {
    let row = agent_reply_event::ActiveModel {
        reply_id: Set(event.reply.id),
        seq: Set(event.position.0),
        kind: Set(event.kind),
        text: Set(event.text.clone()),
    };
    agent_reply_event::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Extends the lease of a running reply; returns `false` if it has ended.
pub(super) async fn extend(db: &impl ConnectionTrait, id: Uuid, lease_until: DateTime<Utc>) -> Result<bool> {
    let extended = agent_reply::Entity::update_many()
        .col_expr(agent_reply::Column::LeaseUntil, Expr::value(lease_until))
        .filter(agent_reply::Column::Id.eq(id))
        .filter(agent_reply::Column::Status.eq(Status::Running))
        .exec(db)
        .await?;
    Ok(extended.rows_affected > 0)
}

/// Returns the text of a reply so far.
pub(super) async fn said(db: &impl ConnectionTrait, id: Uuid) -> Result<String> {
    let pieces: Vec<String> = agent_reply_event::Entity::find()
        .select_only()
        .column(agent_reply_event::Column::Text)
        .filter(agent_reply_event::Column::ReplyId.eq(id))
        .filter(agent_reply_event::Column::Kind.eq(Kind::Chunk))
        .order_by_asc(agent_reply_event::Column::Seq)
        .into_tuple()
        .all(db)
        .await?;
    Ok(pieces.concat())
}
