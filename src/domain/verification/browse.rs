//! Lists of requests to be verified.

use entity::verification_request::{self, Status};
use sea_orm::{
    ColumnTrait, EntityTrait, Order as Direction, PaginatorTrait, QueryFilter, QueryOrder, Select,
};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{Order, Result, Slice, User, Window, accounts::check_admin},
};

/// The most rows of a list that is not paged.
const ALL: u64 = 1000;

/// What businesses asked: what waits first, then the newest. Administrators only.
///
/// # Errors
/// [`crate::domain::Error::Forbidden`].
pub async fn list(
    app: &App,
    actor: &User,
    status: Option<Status>,
    window: Window,
    total: bool,
) -> Result<Slice<verification_request::Model>> {
    check_admin(actor)?;
    let select = of_status(status);
    let total = if total { Some(select.clone().count(app.db.read()).await?) } else { None };
    let order = Order {
        rank: Some(verification_request::Column::StatusRank),
        at: verification_request::Column::CreatedAt,
        id: verification_request::Column::Id,
        direction: Direction::Desc,
    };
    Ok(Slice::new(order.part(select, window).all(app.db.read()).await?, window, total))
}

/// The same without pages (the first thousand).
///
/// # Errors
/// [`crate::domain::Error::Forbidden`].
pub async fn list_all(
    app: &App,
    actor: &User,
    status: Option<Status>,
) -> Result<Vec<verification_request::Model>> {
    let window = Window::Forward { limit: ALL, after: None };
    Ok(list(app, actor, status, window, false).await?.rows)
}

/// All requests of these communities, oldest first: for those who run them, which the caller has made sure of.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
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
