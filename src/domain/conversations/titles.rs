//! Titles of conversations: the name of their community or space.

use entity::{community, conversation, space, space_session};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
    sea_query::{Expr, ExprTrait, Func},
};
use uuid::Uuid;

use crate::{app::App, error::Result};

/// Returns the titles of conversations, in no order, in one statement.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_titles(app: &App, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>> {
    let of_community = Expr::col((community::Entity, community::Column::Id))
        .equals((conversation::Entity, conversation::Column::CommunityId));
    let name = Func::coalesce([
        Expr::col((community::Entity, community::Column::Name)),
        Expr::col((space::Entity, space::Column::Name)),
        Expr::val(""),
    ]);
    let mut select = conversation::Entity::find()
        .select_only()
        .column(conversation::Column::Id)
        .column_as(Expr::expr(name), "title")
        .join(JoinType::LeftJoin, conversation::Relation::Session.def())
        .join(JoinType::LeftJoin, space_session::Relation::Space.def())
        .filter(conversation::Column::Id.is_in(ids.iter().copied()));
    sea_orm::QueryTrait::query(&mut select).left_join(community::Entity, of_community);
    Ok(select.into_tuple().all(app.db.read()).await?)
}
