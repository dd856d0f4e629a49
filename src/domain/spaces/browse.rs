//! Lists of spaces, newest first. A page with its owners and the total of the list takes one statement.

use std::sync::Arc;

use entity::{space, space_tally};
use sea_orm::{
    ColumnTrait, Condition, DatabaseBackend, EntityTrait, Order as Direction, PaginatorTrait, QueryFilter,
    QuerySelect, QueryTrait,
    sea_query::{Expr, SimpleExpr},
};

use super::{
    rows::{self, SpaceRow},
    rules,
};
use crate::{
    app::App,
    domain::{
        Order, PageRows, Searched, User, Window, counted_page,
        shared_read::{self, SharedRead},
    },
    error::Result,
    text::fields,
};

/// Key of the tally of all categories.
const ALL: &str = "*";
/// The searched column.
const NAME: Searched = Searched { table: "spaces", column: "name_fold" };
/// Newest first.
const NEWEST: Order<space::Column> =
    Order { rank: None, at: space::Column::CreatedAt, id: space::Column::Id, direction: Direction::Desc };

/// Filter and page of a list of spaces.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Browse {
    /// Text that the name contains, ignoring case.
    pub search: Option<String>,
    /// Only this category.
    pub category: Option<String>,
    /// The requested page.
    pub window: Window,
    /// Whether to load the owners, in the same statement.
    pub owners: bool,
    /// Whether to count the whole list, in the same statement.
    pub total: bool,
}

/// A list of public spaces, which is the same for everyone.
#[derive(Clone, PartialEq, Eq, Hash)]
struct PublicList(Browse);

impl SharedRead for PublicList {
    type Rows = PageRows<SpaceRow>;

    const NAME: &'static str = "public_spaces";

    fn weight(&self) -> usize {
        let bytes = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        bytes(&self.0.search) + bytes(&self.0.category)
    }

    async fn fetch(self, app: &App) -> Result<PageRows<SpaceRow>> {
        fetch_public(app, self.0).await
    }
}

/// Lists public spaces.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_public(app: &App, browse: Browse) -> Result<PageRows<SpaceRow>> {
    shared_read::fetch(app, PublicList(browse)).await.map(Arc::unwrap_or_clone)
}

async fn fetch_public(app: &App, browse: Browse) -> Result<PageRows<SpaceRow>> {
    let db = app.db.read();
    let Browse { search, category, window, owners, total } = browse;
    let term = fields::search_term("search", search.as_deref())?;
    // No space has a category that is not a slug, and the tallies reserve such a value.
    if category.as_deref().is_some_and(|category| rules::CATEGORY.check(category).is_err()) {
        return Ok(PageRows::new(Vec::new(), window, total.then_some(0)));
    }
    let rows = rows::select(owners);
    if let Some(term) = term {
        let backend = app.db.backend();
        let of_category = category.map(|slug| NAME.with(backend, term, "category", &slug));
        let filter = Condition::all().add_option(of_category).add(is_public(backend));
        let filter = filter.add(NAME.contains(backend, term));
        let select = counted_page::search(rows, filter.clone(), &NEWEST, window);
        let count = async || Ok(space::Entity::find().filter(filter).count(db).await?);
        return counted_page::fetch(db, select, rows::read, window, total, count).await;
    }
    let filter = Condition::all().add_option(category.as_ref().map(|slug| space::Column::Category.eq(slug)));
    let category = category.as_deref().unwrap_or(ALL);
    let tally = space_tally::Entity::find_by_id(category).select_only().column(space_tally::Column::Count);
    let rows = counted_page::with_total(rows, total, tally.into_query());
    let select = NEWEST.part(rows.filter(filter.add(space::Column::IsPublic.eq(true))), window);
    let count = async || {
        let tally = space_tally::Entity::find_by_id(category).one(db).await?;
        Ok(tally.map_or(0, |tally| u64::try_from(tally.count).unwrap_or_default()))
    };
    counted_page::fetch(db, select, rows::read, window, total, count).await
}

/// Condition: the space is public. On SQLite an expression, so that the planner starts from the index of trigrams.
fn is_public(backend: DatabaseBackend) -> SimpleExpr {
    match backend {
        DatabaseBackend::Postgres => Expr::cust("spaces.is_public"),
        _ => Expr::cust("+spaces.is_public"),
    }
}

/// Lists the actor's spaces, public or private.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_owned(app: &App, actor: &User, browse: Browse) -> Result<PageRows<SpaceRow>> {
    let db = app.db.read();
    let Browse { window, owners, total, .. } = browse;
    let filter = Condition::all().add(space::Column::OwnerId.eq(&actor.id));
    let own = space::Entity::find().select_only().expr(Expr::cust("COUNT(*)")).filter(filter.clone());
    let rows = counted_page::with_total(rows::select(owners), total, own.into_query());
    let select = NEWEST.part(rows.filter(filter.clone()), window);
    let count = async || Ok(space::Entity::find().filter(filter).count(db).await?);
    counted_page::fetch(db, select, rows::read, window, total, count).await
}
