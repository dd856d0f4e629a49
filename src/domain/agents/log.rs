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
use uuid::Uuid;

use crate::{domain::conversations::ReadRight, error::Result, live::Position, timeline::ReplyEvent};

impl ReplyEvent {
    /// Proof that the subscriber may read the conversation; subscribing requires it.
    pub fn right(&self) -> ReadRight {
        ReadRight::checked(self.reply.conversation_id)
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
pub(super) async fn text_so_far(db: &impl ConnectionTrait, id: Uuid) -> Result<String> {
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
