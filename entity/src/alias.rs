//! The display name of a user in a community.

use sea_orm::entity::prelude::*;

/// One name. It outlives the membership: what was said under it is shown under it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aliases")]
pub struct Model {
    /// In which community.
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: Uuid,
    /// Whose name it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    /// The name.
    pub name: String,
}

/// What a name belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// In which community.
    #[sea_orm(
        belongs_to = "super::community::Entity",
        from = "Column::CommunityId",
        to = "super::community::Column::Id",
        on_delete = "Cascade"
    )]
    Community,
    /// Whose name it is.
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::UserId",
        to = "super::user::Column::Id",
        on_delete = "Cascade"
    )]
    User,
}

impl ActiveModelBehavior for ActiveModel {}
