//! Who may see a private space without having taken part in it.

use sea_orm::entity::prelude::*;

/// One invitation.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "space_invites")]
pub struct Model {
    /// To which space.
    #[sea_orm(primary_key, auto_increment = false)]
    pub space_id: Uuid,
    /// Who is invited.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    /// When.
    pub created_at: DateTimeUtc,
}

/// What an invitation belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// To which space.
    #[sea_orm(
        belongs_to = "super::space::Entity",
        from = "Column::SpaceId",
        to = "super::space::Column::Id",
        on_delete = "Cascade"
    )]
    Space,
    /// Who is invited.
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::UserId",
        to = "super::user::Column::Id",
        on_delete = "Cascade"
    )]
    User,
}

impl ActiveModelBehavior for ActiveModel {}
