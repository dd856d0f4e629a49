//! Who blocked whom.

use entity::block;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

use crate::{
    app::App,
    domain::{Result, Slice, User, Window, newest_first},
};

/// Whom the actor blocked, last blocked first.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn list(app: &App, actor: &User, window: Window, total: bool) -> Result<Slice<block::Model>> {
    let select = block::Entity::find().filter(block::Column::BlockerId.eq(&actor.id));
    let total = if total { Some(select.clone().count(app.db.read()).await?) } else { None };
    let select = newest_first(select, block::Column::CreatedAt, block::Column::Id, window);
    Ok(Slice::new(select.all(app.db.read()).await?, window, total))
}

/// Those of these people whom somebody blocked.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
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

/// Whether somebody blocked another: whatever would reach the one from the other asks this first, and lets the other
/// believe that it did.
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
