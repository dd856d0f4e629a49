//! Lists of verification requests.

use entity::{
    community,
    verification_request::{self, Status},
};
use sea_orm::{
    ColumnTrait, EntityTrait, Order as Direction, PaginatorTrait, QueryFilter, QueryOrder, Select,
};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{Order, PageRows, User, Window, accounts::check_admin},
    error::Result,
};

/// Maximum number of rows of an unpaged list.
const ALL: u64 = 1000;

/// Lists verification requests: pending ones first, then newest first. Administrators only.
///
/// # Errors
/// [`crate::error::Error::Forbidden`].
pub async fn list(
    app: &App,
    actor: &User,
    status: Option<Status>,
    window: Window,
    total: bool,
) -> Result<PageRows<verification_request::Model>> {
    check_admin(actor)?;
    let select = of_status(status);
    let total = if total { Some(select.clone().count(app.db.read()).await?) } else { None };
    let order = Order {
        rank: Some(verification_request::Column::StatusRank),
        at: verification_request::Column::CreatedAt,
        id: verification_request::Column::Id,
        direction: Direction::Desc,
    };
    Ok(PageRows::new(order.part(select, window).all(app.db.read()).await?, window, total))
}

/// Lists up to 1000 verification requests without pages.
///
/// # Errors
/// [`crate::error::Error::Forbidden`].
pub async fn list_all(
    app: &App,
    actor: &User,
    status: Option<Status>,
) -> Result<Vec<verification_request::Model>> {
    let window = Window::Forward { limit: ALL, after: None };
    Ok(list(app, actor, status, window, false).await?.rows)
}

/// Finds a verification request, for administrators, and for its sender while they are the creator of the community.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn find(app: &App, actor: &User, id: Uuid) -> Result<Option<verification_request::Model>> {
    let db = app.db.read();
    let Some(request) = verification_request::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    if actor.is_admin {
        return Ok(Some(request));
    }
    let community = community::Entity::find_by_id(request.community_id).one(db).await?;
    let is_creator = community.is_some_and(|community| community.creator_id == actor.id);
    Ok(Some(request).filter(|request| is_creator && request.requester_id == actor.id))
}

/// Lists all verification requests of communities, oldest first, without an access check: for their
/// creators.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_last(app: &App, communities: &[Uuid]) -> Result<Vec<verification_request::Model>> {
    Ok(verification_request::Entity::find()
        .filter(verification_request::Column::CommunityId.is_in(communities.iter().copied()))
        .order_by_asc(verification_request::Column::CreatedAt)
        .order_by_asc(verification_request::Column::Id)
        .all(app.db.read())
        .await?)
}

fn of_status(status: Option<Status>) -> Select<verification_request::Entity> {
    let select = verification_request::Entity::find();
    match status {
        Some(status) => select.filter(verification_request::Column::Status.eq(status)),
        None => select,
    }
}
