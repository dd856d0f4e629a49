//! Lists of blocks.

use entity::block;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{PageRows, User, Window, newest_first},
    error::Result,
};

/// Lists the users blocked by the actor, last blocked first.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list(app: &App, actor: &User, window: Window, total: bool) -> Result<PageRows<block::Model>> {
    let select = block::Entity::find().filter(block::Column::BlockerId.eq(&actor.id));
    let total = if total { Some(select.clone().count(app.db.read()).await?) } else { None };
    let select = newest_first(select, block::Column::CreatedAt, block::Column::Id, window);
    Ok(PageRows::new(select.all(app.db.read()).await?, window, total))
}

/// Finds one of the actor's blocks.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn find_own(app: &App, actor: &User, id: Uuid) -> Result<Option<block::Model>> {
    let found = block::Entity::find_by_id(id).one(app.db.read()).await?;
    Ok(found.filter(|block| block.blocker_id == actor.id))
}

/// Returns the given users that `blocker` blocks.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_blocked(app: &App, blocker: &str, people: &[String]) -> Result<Vec<String>> {
    Ok(block::Entity::find()
        .select_only()
        .column(block::Column::BlockedId)
        .filter(block::Column::BlockerId.eq(blocker))
        .filter(block::Column::BlockedId.is_in(people))
        .into_tuple()
        .all(app.db.read())
        .await?)
}

/// Returns whether `blocker` blocks `blocked`. Every feature by which one user reaches another checks this,
/// and pretends success if blocked.
pub(in crate::domain) async fn is_blocked(
    db: &impl ConnectionTrait,
    blocker: &str,
    blocked: &str,
) -> Result<bool> {
    let found = block::Entity::find()
        .filter(block::Column::BlockerId.eq(blocker))
        .filter(block::Column::BlockedId.eq(blocked))
        .one(db)
        .await?;
    Ok(found.is_some())
}
