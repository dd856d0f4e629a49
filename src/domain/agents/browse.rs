//! Lists of agent listings.

use std::collections::HashMap;

use entity::{
    agent_knowledge,
    agent_listing::{self, Status},
    user,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, SimpleExpr},
};
use uuid::Uuid;

use super::rules::Knowledge;
use crate::{
    app::App,
    domain::{PageRows, Searched, User, Window, newest_first},
    error::Result,
    text::fields,
};

/// The searched column.
const TEXT: Searched = Searched { table: "agent_listings", column: "search_fold" };

/// A listing with its owner, if requested.
pub type ListingRow = (agent_listing::Model, Option<User>);

/// Filter and page of a list of listings.
#[derive(Clone, Debug)]
pub struct Browse {
    /// Text that the name or the description contains, ignoring case.
    pub search: Option<String>,
    /// The requested page.
    pub window: Window,
    /// Whether to load the owners, in the same statement.
    pub owners: bool,
    /// Whether to count the whole list, at the cost of one more statement.
    pub total: bool,
}

/// Lists active listings, newest first.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_active(app: &App, browse: Browse) -> Result<PageRows<ListingRow>> {
    let backend = app.db.backend();
    let select = match fields::search_term("search", browse.search.as_deref())? {
        Some(term) => {
            agent_listing::Entity::find().filter(is_active(backend)).filter(TEXT.contains(backend, term))
        }
        None => agent_listing::Entity::find().filter(agent_listing::Column::Status.eq(Status::Active)),
    };
    part(app, select, browse.window, browse.owners, browse.total).await
}

/// Condition: the listing is active. On SQLite an expression, so that the planner starts from the index of trigrams.
fn is_active(backend: DatabaseBackend) -> SimpleExpr {
    match backend {
        DatabaseBackend::Postgres => Expr::cust("agent_listings.status = 'active'"),
        _ => Expr::cust("+agent_listings.status = 'active'"),
    }
}

/// Lists the actor's listings, including archived ones, newest first.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_own(app: &App, actor: &User, window: Window, total: bool) -> Result<PageRows<ListingRow>> {
    let select = agent_listing::Entity::find().filter(agent_listing::Column::OwnerId.eq(&actor.id));
    part(app, select, window, false, total).await
}

async fn part(
    app: &App,
    select: Select<agent_listing::Entity>,
    window: Window,
    owners: bool,
    total: bool,
) -> Result<PageRows<ListingRow>> {
    let db = app.db.read();
    let total = if total { Some(select.clone().count(db).await?) } else { None };
    let select = newest_first(select, agent_listing::Column::CreatedAt, agent_listing::Column::Id, window);
    let rows = if owners {
        select.find_also_related(user::Entity).all(db).await?
    } else {
        select.all(db).await?.into_iter().map(|listing| (listing, None)).collect()
    };
    Ok(PageRows::new(rows, window, total))
}

/// Returns a listing that is active or owned by the actor.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn find_listing(app: &App, actor: Option<&User>, id: Uuid) -> Result<Option<agent_listing::Model>> {
    let mut seen = Condition::any().add(agent_listing::Column::Status.eq(Status::Active));
    if let Some(actor) = actor {
        seen = seen.add(agent_listing::Column::OwnerId.eq(&actor.id));
    }
    Ok(agent_listing::Entity::find_by_id(id).filter(seen).one(app.db.read()).await?)
}

/// Returns the active listings among these, in no order, for objects that refer to them. Archived ones are hidden.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_active_by_ids(app: &App, ids: &[Uuid]) -> Result<Vec<agent_listing::Model>> {
    let of_ids = agent_listing::Column::Id.is_in(ids.iter().copied());
    let is_active = agent_listing::Column::Status.eq(Status::Active);
    Ok(agent_listing::Entity::find().filter(of_ids).filter(is_active).all(app.db.read()).await?)
}

/// Lists the knowledge of the actor's own agents among these, by agent, in one statement.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_knowledge(
    app: &App,
    actor_id: &str,
    listings: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Knowledge>>> {
    let own = agent_listing::Entity::find()
        .select_only()
        .column(agent_listing::Column::Id)
        .filter(agent_listing::Column::Id.is_in(listings.iter().copied()))
        .filter(agent_listing::Column::OwnerId.eq(actor_id));
    let rows = agent_knowledge::Entity::find()
        .filter(agent_knowledge::Column::ListingId.in_subquery(own.into_query()))
        .order_by_asc(agent_knowledge::Column::Position)
        .all(app.db.read())
        .await?;
    let mut known: HashMap<Uuid, Vec<Knowledge>> = HashMap::new();
    for row in rows {
        known.entry(row.listing_id).or_default().push(Knowledge { title: row.title, text: row.text });
    }
    Ok(known)
}

/// Loads the knowledge of an agent without an access check, for its prompt.
pub(super) async fn load_knowledge(db: &impl ConnectionTrait, listing_id: Uuid) -> Result<Vec<Knowledge>> {
    let rows = agent_knowledge::Entity::find()
        .filter(agent_knowledge::Column::ListingId.eq(listing_id))
        .order_by_asc(agent_knowledge::Column::Position)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| Knowledge { title: row.title, text: row.text }).collect())
}

/// Returns the listing if it is active.
pub(in crate::domain) async fn find_active(
    db: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<agent_listing::Model>> {
    let active = agent_listing::Column::Status.eq(Status::Active);
    Ok(agent_listing::Entity::find_by_id(id).filter(active).one(db).await?)
}
