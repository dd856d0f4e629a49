//! Lists of spaces, newest first.

use entity::{space, user};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Select,
    sea_query::{Expr, ExprTrait, LikeExpr},
};

use crate::{
    app::App,
    domain::{Result, Slice, User, Window, newest_first, text},
};

/// A space and, where it was asked for, its owner.
pub type SpaceRow = (space::Model, Option<User>);

/// What is looked for and what is wanted of it.
#[derive(Clone, Debug)]
pub struct Browse {
    /// Part of the name, in any case.
    pub search: Option<String>,
    /// Exactly this category.
    pub category: Option<String>,
    /// Which part of the list.
    pub window: Window,
    /// Whether the owners are wanted, which then come with the same statement.
    pub owners: bool,
    /// Whether the length of the whole list is wanted, which is a statement more.
    pub total: bool,
}

/// Public spaces.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn list_public(app: &App, browse: Browse) -> Result<Slice<SpaceRow>> {
    list(app, space::Entity::find().filter(space::Column::IsPublic.eq(true)), browse).await
}

/// The actor's own spaces, public or not.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn list_owned(app: &App, actor: &User, browse: Browse) -> Result<Slice<SpaceRow>> {
    list(app, space::Entity::find().filter(space::Column::OwnerId.eq(&actor.id)), browse).await
}

async fn list(app: &App, mut select: Select<space::Entity>, browse: Browse) -> Result<Slice<SpaceRow>> {
    if let Some(term) = text::search_term("search", browse.search.as_deref())? {
        select = select
            .filter(Expr::col(space::Column::NameFold).like(LikeExpr::new(text::like(term)).escape('\\')));
    }
    if let Some(category) = &browse.category {
        select = select.filter(space::Column::Category.eq(category));
    }
    let total = if browse.total { Some(select.clone().count(app.db.read()).await?) } else { None };

    select = newest_first(select, space::Column::CreatedAt, space::Column::Id, browse.window);
    let rows = if browse.owners {
        select.find_also_related(user::Entity).all(app.db.read()).await?
    } else {
        select.all(app.db.read()).await?.into_iter().map(|space| (space, None)).collect()
    };
    Ok(Slice::new(rows, browse.window, total))
}
