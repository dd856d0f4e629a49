//! The support queue of a community: waiting, assigned, agent-answered and resolved chats.

use std::collections::HashMap;

use entity::support_chat::{self, Status};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, QueryTrait,
    sea_query::{CaseStatement, Expr, ExprTrait, Query},
};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{
        User,
        communities::{self, Action},
    },
    error::Result,
};

/// Maximum number of chats of each kind per request.
const MAX_CHATS: u64 = 1000;

/// Lists the first `limit` support chats of a community: waiting ones, longest wait first; then assigned, agent-answered
/// and resolved ones, last changed first. Team only.
///
/// # Errors
/// [`crate::error::Error::Forbidden`], also if the community does not exist.
pub async fn list_queue(
    app: &App,
    actor: &User,
    community_id: Uuid,
    limit: u64,
) -> Result<Vec<support_chat::Model>> {
    communities::get_allowed(app.db.read(), actor, community_id, Action::SeeQueue).await?;
    let mut chats = list(app.db.read(), community_id, Ord::min(limit, MAX_CHATS)).await?;
    chats.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(chats)
}

/// Returns the open chats in queue order, followed by at most `resolved` resolved ones.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    community_id: Uuid,
    resolved: u64,
) -> Result<Vec<support_chat::Model>> {
    use support_chat::Column;
    let rank = CaseStatement::new()
        .case(Column::Status.eq(Status::WaitingHuman), 0)
        .case(Column::Status.eq(Status::HumanActive), 1)
        .finally(Expr::val(2));
    let of_community = || support_chat::Entity::find().filter(Column::CommunityId.eq(community_id));
    let mut chats = of_community()
        .filter(Column::Status.ne(Status::Resolved))
        .order_by_asc(Expr::expr(rank))
        .order_by_asc(Column::WaitingSince)
        .order_by_desc(Column::UpdatedAt)
        .order_by_asc(Column::Id)
        .limit(MAX_CHATS)
        .all(db)
        .await?;
    let done = of_community()
        .filter(Column::Status.eq(Status::Resolved))
        .order_by_desc(Column::UpdatedAt)
        .order_by_desc(Column::Id)
        .limit(resolved)
        .all(db)
        .await?;
    chats.extend(done);
    Ok(chats)
}

/// Returns the queue positions, from 1, of those of these chats that wait, without an access check. Each key is a
/// community and a chat of it.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_positions(app: &App, chats: &[(Uuid, Uuid)]) -> Result<HashMap<(Uuid, Uuid), u64>> {
    use support_chat::Column;
    const PLACE: &str = "ROW_NUMBER() OVER (PARTITION BY community_id ORDER BY waiting_since, id)";
    let waiting = support_chat::Entity::find()
        .select_only()
        .column(Column::CommunityId)
        .column(Column::Id)
        .expr_as(Expr::cust(PLACE), "place")
        .filter(Column::CommunityId.is_in(chats.iter().map(|(community, _)| *community)))
        .filter(Column::Status.eq(Status::WaitingHuman))
        .into_query();
    // Numbered by the database, so that only the positions that were asked for are read.
    let select = Query::select()
        .column("community_id")
        .column("id")
        .column("place")
        .from_subquery(waiting, "waiting")
        .and_where(Expr::col("id").is_in(chats.iter().map(|(_, chat)| *chat)))
        .take();
    let db = app.db.read();
    let rows = db.query_all_raw(db.get_database_backend().build(&select)).await?;
    let read = |row: QueryResult| {
        let key = (row.try_get("", "community_id")?, row.try_get("", "id")?);
        let place: i64 = row.try_get("", "place")?;
        Ok((key, u64::try_from(place).unwrap_or_default()))
    };
    rows.into_iter().map(read).collect()
}

/// Returns the queue position of a chat, from 1, without loading the others; `None` if it does not wait.
pub(super) async fn position(db: &impl ConnectionTrait, chat: &support_chat::Model) -> Result<Option<u64>> {
    use support_chat::Column;
    let Some(since) = chat.waiting_since else { return Ok(None) };
    let before = Condition::any()
        .add(Column::WaitingSince.lt(since))
        .add(Condition::all().add(Column::WaitingSince.eq(since)).add(Column::Id.lt(chat.id)));
    let ahead = support_chat::Entity::find()
        .filter(Column::CommunityId.eq(chat.community_id))
        .filter(Column::Status.eq(Status::WaitingHuman))
        .filter(before)
        .count(db)
        .await?;
    Ok(Some(ahead + 1))
}
