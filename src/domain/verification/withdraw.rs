//! Withdrawal of verification requests.

use entity::verification_request::{self, Column, Status};
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use crate::{app::App, domain::User, error::Result};

/// Rejects the pending request of a community with a note: on archival or transfer of the community.
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

/// Deletes the documents that an account that is being deleted has sent.
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
