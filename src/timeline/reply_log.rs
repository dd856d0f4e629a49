//! Event log of an agent reply.

use std::sync::Arc;

use entity::{
    agent_reply,
    agent_reply_event::{self, Kind},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::ReplyEvent;
use crate::{
    database::Database,
    error::Result,
    live::{Log, Position},
};

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
