//! Compaction of reply logs: the chunks of an old reply are redundant, because the reply holds its full
//! text.

use chrono::{DateTime, Utc};
use entity::{
    agent_reply,
    agent_reply_event::{self, Kind},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{app::App, error::Result};

/// Maximum number of replies per transaction, so that other writers do not wait long.
const AT_ONCE: u64 = 200;

/// Reduces each reply that finished before `before` to one empty chunk; returns the number of replies.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn trim(app: &App, before: DateTime<Utc>) -> Result<u64> {
    use agent_reply_event::{Column, Entity};
    let mut trimmed = 0;
    loop {
        let ids: Vec<Uuid> = agent_reply::Entity::find()
            .select_only()
            .column(agent_reply::Column::Id)
            .filter(agent_reply::Column::IsTrimmed.eq(false))
            .filter(agent_reply::Column::FinishedAt.lt(before))
            .order_by_asc(agent_reply::Column::FinishedAt)
            .limit(AT_ONCE)
            .into_tuple()
            .all(app.db.read())
            .await?;
        if ids.is_empty() {
            return Ok(trimmed);
        }
        let tx = app.db.begin().await?;
        let pieces = || Column::ReplyId.is_in(ids.iter().copied()).and(Column::Kind.eq(Kind::Chunk));
        Entity::delete_many()
            .filter(pieces())
            .filter(Expr::col((Entity, Column::Seq)).lt(last_piece()))
            .exec(&tx)
            .await?;
        Entity::update_many().col_expr(Column::Text, Expr::value("")).filter(pieces()).exec(&tx).await?;
        trimmed += agent_reply::Entity::update_many()
            .col_expr(agent_reply::Column::IsTrimmed, Expr::value(true))
            .filter(agent_reply::Column::Id.is_in(ids))
            .exec(&tx)
            .await?
            .rows_affected;
        tx.commit().await?;
    }
}

/// Selects the sequence number of the last chunk of the outer row's reply.
fn last_piece() -> SelectStatement {
    use agent_reply_event::{Column, Entity};
    let other = || Alias::new("other");
    Query::select()
        .expr(Expr::col((other(), Column::Seq)).max())
        .from_as(Entity, other())
        .and_where(Expr::col((other(), Column::ReplyId)).equals((Entity, Column::ReplyId)))
        .and_where(Expr::col((other(), Column::Kind)).eq(Kind::Chunk))
        .take()
}
