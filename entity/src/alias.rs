//! Display names of users in communities.

use sea_orm::entity::prelude::*;

/// A display name. It outlives the membership, because the user's messages keep it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aliases")]
pub struct Model {
    /// Id of the community.
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: Uuid,
    /// Id of the user.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    /// The display name.
    pub name: String,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The community.
    #[sea_orm(
        belongs_to = "super::community::Entity",
        from = "Column::CommunityId",
        to = "super::community::Column::Id",
        on_delete = "Cascade"
    )]
    Community,
    /// The user.
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::UserId",
        to = "super::user::Column::Id",
        on_delete = "Cascade"
    )]
    User,
}

impl ActiveModelBehavior for ActiveModel {}
