//! Lists of agents.

use entity::{
    agent_knowledge,
    agent_listing::{self, Status},
    user,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Select,
    sea_query::{Expr, ExprTrait, LikeExpr},
};
use uuid::Uuid;

use super::rules::Knowledge;
use crate::{
    app::App,
    domain::{Error, Result, Slice, User, Window, newest_first, text},
};

/// An agent and, where it was asked for, its owner.
pub type ListingRow = (agent_listing::Model, Option<User>);

/// What is looked for and what is wanted of it.
#[derive(Clone, Debug)]
pub struct Browse {
    /// Part of the name or the description, in any case.
    pub search: Option<String>,
    /// Which part of the list.
    pub window: Window,
    /// Whether the owners are wanted, which then come with the same statement.
    pub owners: bool,
    /// Whether the length of the whole list is wanted, which is a statement more.
    pub total: bool,
}

/// Agents that answer, newest first.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_active(app: &App, browse: Browse) -> Result<Slice<ListingRow>> {
    let mut select = agent_listing::Entity::find().filter(agent_listing::Column::Status.eq(Status::Active));
    let term = text::search_term("search", browse.search.as_deref())?;
    if let Some(term) = term {
        let like = LikeExpr::new(text::like(term)).escape('\\');
        let fold = Expr::col((agent_listing::Entity, agent_listing::Column::SearchFold));
        select = select.filter(fold.like(like));
    }
    part(app, select, browse.window, browse.owners, browse.total).await
}

/// What the actor wrote, taken back ones included, newest first.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_own(app: &App, actor: &User, window: Window, total: bool) -> Result<Slice<ListingRow>> {
    let select = agent_listing::Entity::find().filter(agent_listing::Column::OwnerId.eq(&actor.id));
    part(app, select, window, false, total).await
}

async fn part(
    app: &App,
    select: Select<agent_listing::Entity>,
    window: Window,
    owners: bool,
    total: bool,
) -> Result<Slice<ListingRow>> {
    let db = app.db.read();
    let total = if total { Some(select.clone().count(db).await?) } else { None };
    let select = newest_first(select, agent_listing::Column::CreatedAt, agent_listing::Column::Id, window);
    let rows = if owners {
        select.find_also_related(user::Entity).all(db).await?
    } else {
        select.all(db).await?.into_iter().map(|listing| (listing, None)).collect()
    };
    Ok(Slice::new(rows, window, total))
}

/// An agent that answers, or one of the actor's own.
///
/// # Errors
/// [`Error::Internal`].
pub async fn find_listing(app: &App, actor: Option<&User>, id: Uuid) -> Result<Option<agent_listing::Model>> {
    let mut seen = Condition::any().add(agent_listing::Column::Status.eq(Status::Active));
    if let Some(actor) = actor {
        seen = seen.add(agent_listing::Column::OwnerId.eq(&actor.id));
    }
    Ok(agent_listing::Entity::find_by_id(id).filter(seen).one(app.db.read()).await?)
}

/// Agents by their ids, in no order, taken back ones included: for what refers to them.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_by_ids(app: &App, ids: &[Uuid]) -> Result<Vec<agent_listing::Model>> {
    let of_ids = agent_listing::Column::Id.is_in(ids.iter().copied());
    Ok(agent_listing::Entity::find().filter(of_ids).all(app.db.read()).await?)
}

/// What an agent knows. Its owner only.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn list_knowledge(
    app: &App,
    actor: &User,
    listing: &agent_listing::Model,
) -> Result<Vec<Knowledge>> {
    if listing.owner_id != actor.id {
        return Err(Error::Forbidden("Only the owner sees what an agent knows"));
    }
    load_knowledge(app.db.read(), listing.id).await
}

/// What an agent knows, for whoever answers in its name.
pub(super) async fn load_knowledge(db: &impl ConnectionTrait, listing_id: Uuid) -> Result<Vec<Knowledge>> {
    let rows = agent_knowledge::Entity::find()
        .filter(agent_knowledge::Column::ListingId.eq(listing_id))
        .order_by_asc(agent_knowledge::Column::Position)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| Knowledge { title: row.title, text: row.text }).collect())
}

/// An agent that answers.
pub(in crate::domain) async fn find_active(
    db: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<agent_listing::Model>> {
    let active = agent_listing::Column::Status.eq(Status::Active);
    Ok(agent_listing::Entity::find_by_id(id).filter(active).one(db).await?)
}
