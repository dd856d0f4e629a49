//! The queue of a team: who waits, who is served, what the agent answers, and what is done.

use std::collections::HashMap;

use entity::support_chat::{self, Status};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{CaseStatement, Expr},
};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{
        Result, User,
        communities::{self, Action},
    },
};

/// The most chats of each kind that are shown at once.
const MOST: u64 = 1000;

/// The support chats of a community: those who wait, the longest first; then those that people answer, that the agent
/// answers and that are done, the last changed first. The team only.
///
/// # Errors
/// [`crate::domain::Error::Forbidden`], also where there is no such community.
pub async fn list_queue(app: &App, actor: &User, community_id: Uuid) -> Result<Vec<support_chat::Model>> {
    communities::get_allowed(app.db.read(), actor, community_id, Action::SeeQueue).await?;
    list(app.db.read(), community_id, MOST).await
}

/// The open chats in the order of the queue, and behind them so many that are done.
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
        .limit(MOST)
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

/// Those who wait, by community, the longest first, whoever asks.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn list_waiting(app: &App, communities: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    use support_chat::Column;
    let rows: Vec<(Uuid, Uuid)> = support_chat::Entity::find()
        .select_only()
        .column(Column::CommunityId)
        .column(Column::Id)
        .filter(Column::CommunityId.is_in(communities.iter().copied()))
        .filter(Column::Status.eq(Status::WaitingHuman))
        .order_by_asc(Column::WaitingSince)
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(app.db.read())
        .await?;
    let mut waiting: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (community, chat) in rows {
        waiting.entry(community).or_default().push(chat);
    }
    Ok(waiting)
}

/// The place of one chat in that order, from 1, without reading the others; none where it does not wait.
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
