//! Lists of communities.

use entity::{
    community::{self, Kind, Status},
    membership,
};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, DatabaseBackend, EntityTrait, JoinType, Order as Direction,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait,
    sea_query::{Expr, SimpleExpr},
};
use uuid::Uuid;

use super::{
    community_tallies,
    rows::{self, CommunityRow},
    rules::{self, known_kind},
};
use crate::{
    app::App,
    domain::{Deferred, Order, PageRows, Searched, User, Window, counted_page, newest_first},
    error::Result,
    text::fields,
};

/// The searched column.
const TEXT: Searched = Searched { table: "communities", column: "search_fold" };

/// Maximum number of rows of an unpaged list.
const ALL: u64 = 1000;

/// Sort order of a list of communities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Most members first, then newest.
    #[default]
    Members,
    /// Newest first.
    Newest,
}

/// Filter, order and page of a list of communities.
#[derive(Clone, Debug)]
pub struct Browse {
    /// Only this kind; an unknown kind matches no community.
    pub kind: Option<Deferred<Kind>>,
    /// Only this category.
    pub category: Option<String>,
    /// Text that the name or the description contains, ignoring case.
    pub search: Option<String>,
    /// The sort order.
    pub sort: Sort,
    /// The requested page.
    pub window: Window,
    /// Whether to load the creators, in the same statement.
    pub creators: bool,
    /// Whether to count the whole list, in the same statement.
    pub total: bool,
}

/// Lists active communities.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_active(app: &App, browse: Browse) -> Result<PageRows<CommunityRow>> {
    let db = app.db.read();
    let kind = match browse.kind.map(known_kind) {
        None => None,
        Some(Deferred::Valid(kind)) => Some(kind),
        Some(Deferred::Malformed(_)) => return Ok(nothing(browse.window, browse.total)),
    };
    let category = browse.category.as_deref();
    // No community has a category that is not a slug, and the tallies reserve such values.
    if category.is_some_and(|category| rules::CATEGORY.check(category).is_err()) {
        return Ok(nothing(browse.window, browse.total));
    }
    let term = fields::search_term("search", browse.search.as_deref())?;
    let order = Order {
        rank: (browse.sort == Sort::Members).then_some(community::Column::MemberCount),
        at: community::Column::CreatedAt,
        id: community::Column::Id,
        direction: Direction::Desc,
    };
    let rows = rows::select(browse.creators);
    if let Some(term) = term {
        let backend = app.db.backend();
        let of = |column, value: &str| TEXT.with(backend, term, column, value);
        let filter = Condition::all()
            .add_option(kind.map(|kind| of("kind", &kind.to_value())))
            .add_option(category.map(|category| of("category", category)))
            .add(is_active(backend))
            .add(TEXT.contains(backend, term));
        let select = counted_page::search(rows, filter.clone(), &order, browse.window);
        let count = async || Ok(community::Entity::find().filter(filter).count(db).await?);
        return counted_page::fetch(db, select, rows::read, browse.window, browse.total, count).await;
    }
    let rows = counted_page::with_total(rows, browse.total, community_tallies::tally(kind, category));
    let filter = Condition::all()
        .add_option(kind.map(|kind| community::Column::Kind.eq(kind)))
        .add_option(category.map(|category| community::Column::Category.eq(category)))
        .add(community::Column::Status.eq(Status::Active));
    let select = order.part(rows.filter(filter), browse.window);
    let count = async || community_tallies::count(db, kind, category).await;
    counted_page::fetch(db, select, rows::read, browse.window, browse.total, count).await
}

/// Condition: the community is active. On SQLite an expression, so that the planner starts from the index of trigrams.
fn is_active(backend: DatabaseBackend) -> SimpleExpr {
    match backend {
        DatabaseBackend::Postgres => Expr::cust("communities.status = 'active'"),
        _ => Expr::cust("+communities.status = 'active'"),
    }
}

/// Lists the communities that the actor runs, including archived ones, newest first.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_created(
    app: &App,
    actor: &User,
    window: Window,
    total: bool,
) -> Result<PageRows<CommunityRow>> {
    let db = app.db.read();
    let filter = Condition::all().add(community::Column::CreatorId.eq(&actor.id));
    let own = community::Entity::find().select_only().expr(Expr::cust("COUNT(*)")).filter(filter.clone());
    let rows = counted_page::with_total(rows::select(false), total, own.into_query()).filter(filter.clone());
    let select = newest_first(rows, community::Column::CreatedAt, community::Column::Id, window);
    let count = async || Ok(community::Entity::find().filter(filter).count(db).await?);
    counted_page::fetch(db, select, rows::read, window, total, count).await
}

/// Lists up to 1000 communities that the actor runs, including archived ones, newest first.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_all_created(app: &App, actor: &User) -> Result<Vec<community::Model>> {
    let window = Window::Forward { limit: ALL, after: None };
    let slice = list_created(app, actor, window, false).await?;
    Ok(slice.rows.into_iter().map(|(community, _)| community).collect())
}

/// Lists up to 1000 active communities that the actor is a member of or runs, last joined first.
///
/// # Errors
/// [`crate::error::Error::Internal`].
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

/// Returns communities by id, in no order, without checking visibility: for objects that refer to them.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_by_ids(app: &App, ids: &[Uuid]) -> Result<Vec<community::Model>> {
    let of_ids = community::Column::Id.is_in(ids.iter().copied());
    Ok(community::Entity::find().filter(of_ids).all(app.db.read()).await?)
}

fn nothing(window: Window, total: bool) -> PageRows<CommunityRow> {
    PageRows::new(Vec::new(), window, total.then_some(0))
}
