//! Lists of communities.

use entity::{
    community::{self, Kind, Status},
    membership, user,
};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, Order as Direction, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait, Select,
    sea_query::{Expr, ExprTrait, LikeExpr},
};
use uuid::Uuid;

use super::{rules::known_kind, tallies};
use crate::{
    app::App,
    domain::{Late, Order, Result, Slice, User, Window, newest_first, text},
};

/// A community and, where it was asked for, its creator.
pub type CommunityRow = (community::Model, Option<User>);

/// The most rows of a list that is not paged.
const ALL: u64 = 1000;

/// In which order communities are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Most members first, then newest.
    #[default]
    Members,
    /// Newest first.
    Newest,
}

/// What is looked for and what is wanted of it.
#[derive(Clone, Debug)]
pub struct Browse {
    /// Only this kind; of one that nobody knows there are none.
    pub kind: Option<Late<Kind>>,
    /// Exactly this category.
    pub category: Option<String>,
    /// Part of the name or the description, in any case.
    pub search: Option<String>,
    /// In which order.
    pub sort: Sort,
    /// Which part of the list.
    pub window: Window,
    /// Whether the creators are wanted, which then come with the same statement.
    pub creators: bool,
    /// Whether the length of the whole list is wanted, which is a statement more.
    pub total: bool,
}

/// Active communities.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn list_active(app: &App, browse: Browse) -> Result<Slice<CommunityRow>> {
    let db = app.db.read();
    let mut select = community::Entity::find().filter(community::Column::Status.eq(Status::Active));
    let kind = match browse.kind.map(known_kind) {
        None => None,
        Some(Late::Fits(kind)) => Some(kind),
        Some(Late::Unfit(_)) => return Ok(nothing(browse.window, browse.total)),
    };
    if let Some(kind) = kind {
        select = select.filter(community::Column::Kind.eq(kind));
    }
    if let Some(category) = &browse.category {
        // Nothing has a category that is no slug, and the counts keep such words for themselves.
        if text::slug("category", category).is_err() {
            return Ok(nothing(browse.window, browse.total));
        }
        select = select.filter(community::Column::Category.eq(category));
    }
    let term = text::search_term("search", browse.search.as_deref())?;
    if let Some(term) = term {
        let like = LikeExpr::new(text::like(term)).escape('\\');
        select = select.filter(Expr::col((community::Entity, community::Column::SearchFold)).like(like));
    }
    let total = match (browse.total, term) {
        (false, _) => None,
        (true, None) => Some(tallies::count(db, kind, browse.category.as_deref()).await?),
        (true, Some(_)) => Some(select.clone().count(db).await?),
    };
    let order = Order {
        rank: (browse.sort == Sort::Members).then_some(community::Column::MemberCount),
        at: community::Column::CreatedAt,
        id: community::Column::Id,
        direction: Direction::Desc,
    };
    let rows = fetch(app, order.part(select, browse.window), browse.creators).await?;
    Ok(Slice::new(rows, browse.window, total))
}

/// What the actor runs, archived ones included, newest first.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn list_created(
    app: &App,
    actor: &User,
    window: Window,
    total: bool,
) -> Result<Slice<CommunityRow>> {
    let select = community::Entity::find().filter(community::Column::CreatorId.eq(&actor.id));
    let total = if total { Some(select.clone().count(app.db.read()).await?) } else { None };
    let select = newest_first(select, community::Column::CreatedAt, community::Column::Id, window);
    let rows = fetch(app, select, false).await?;
    Ok(Slice::new(rows, window, total))
}

/// All that the actor runs, archived ones included, newest first (the newest thousand).
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn list_all_created(app: &App, actor: &User) -> Result<Vec<community::Model>> {
    let window = Window::Forward { limit: ALL, after: None };
    let slice = list_created(app, actor, window, false).await?;
    Ok(slice.rows.into_iter().map(|(community, _)| community).collect())
}

/// All active communities that the actor is in, those they run too, last joined first (the last thousand).
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn list_all_joined(app: &App, actor: &User) -> Result<Vec<community::Model>> {
    Ok(community::Entity::find()
        .join(JoinType::InnerJoin, membership::Relation::Community.def().rev())
        .filter(membership::Column::UserId.eq(&actor.id))
        .filter(community::Column::Status.eq(Status::Active))
        .order_by_desc(membership::Column::JoinedAt)
        .order_by_desc(membership::Column::Id)
        .limit(ALL)
        .all(app.db.read())
        .await?)
}

/// Communities by their ids, in no order, whoever may see them: for what refers to them.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn list_by_ids(app: &App, ids: &[Uuid]) -> Result<Vec<community::Model>> {
    let of_ids = community::Column::Id.is_in(ids.iter().copied());
    Ok(community::Entity::find().filter(of_ids).all(app.db.read()).await?)
}

async fn fetch(app: &App, select: Select<community::Entity>, creators: bool) -> Result<Vec<CommunityRow>> {
    if creators {
        return Ok(select.find_also_related(user::Entity).all(app.db.read()).await?);
    }
    Ok(select.all(app.db.read()).await?.into_iter().map(|community| (community, None)).collect())
}

fn nothing(window: Window, total: bool) -> Slice<CommunityRow> {
    Slice::new(Vec::new(), window, total.then_some(0))
}
