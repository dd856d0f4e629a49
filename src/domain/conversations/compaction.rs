//! Compaction of event logs. Messages stay; only subscribers with an old position must resync.

use chrono::{DateTime, Utc};
use entity::conversation_event;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{app::App, error::Result};

/// Maximum number of conversations per transaction, so that other writers do not wait long.
const AT_ONCE: u64 = 200;

#[derive(FromQueryResult)]
struct Cut {
    conversation_id: Uuid,
    seq: i64,
}

/// Deletes the events from before a time; returns their number.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn trim(app: &App, before: DateTime<Utc>) -> Result<u64> {
    use conversation_event::Column;
    let mut dropped = 0;
    loop {
        let cuts: Vec<Cut> = conversation_event::Entity::find()
            .select_only()
            .column(Column::ConversationId)
            .column_as(Expr::col(Column::Seq).max(), "seq")
            .filter(Column::CreatedAt.lt(before))
            .group_by(Column::ConversationId)
            .limit(AT_ONCE)
            .into_model()
            .all(app.db.read())
            .await?;
        if cuts.is_empty() {
            return Ok(dropped);
        }
        for Cut { conversation_id, seq } in cuts {
            let gone = conversation_event::Entity::delete_many()
                .filter(Column::ConversationId.eq(conversation_id))
                .filter(Column::Seq.lte(seq))
                .exec(app.db.write())
                .await?;
            dropped += gone.rows_affected;
        }
    }
}
