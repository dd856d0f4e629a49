//! Requests that nobody waits for any more.

use entity::verification_request::{self, Column, Status};
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{Result, User},
};

/// Takes back what a community is waiting for, with a note why: it closes, or is another's from now on.
pub(in crate::domain) async fn withdraw(
    app: &App,
    tx: &impl ConnectionTrait,
    community_id: Uuid,
    why: &str,
) -> Result<()> {
    verification_request::Entity::update_many()
        .col_expr(Column::Status, Expr::val(Status::Rejected.to_value()))
        .col_expr(Column::StatusRank, Expr::val(0))
        .col_expr(Column::ReviewerNotes, Expr::val(why))
        .col_expr(Column::ReviewedAt, Expr::val(app.clock.now()))
        .filter(Column::CommunityId.eq(community_id))
        .filter(Column::Status.eq(Status::Pending))
        .exec(tx)
        .await?;
    Ok(())
}

/// Drops the papers that an account that ends has sent.
pub(in crate::domain) async fn forget(tx: &impl ConnectionTrait, actor: &User) -> Result<()> {
    let none = || Expr::val(None::<String>);
    verification_request::Entity::update_many()
        .col_expr(Column::BusinessName, none())
        .col_expr(Column::BusinessRegistration, none())
        .col_expr(Column::DocumentsUrl, none())
        .filter(Column::RequesterId.eq(&actor.id))
        .exec(tx)
        .await?;
    Ok(())
}
