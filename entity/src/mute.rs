//! Who may not speak in a community; it outlasts leaving and coming back.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One mute; at most one a user and community, of which only the last counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "mutes")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// In which community.
    #[sea_orm(unique_key = "community_user")]
    pub community_id: Uuid,
    /// Who.
    #[sea_orm(unique_key = "community_user")]
    pub user_id: String,
    /// Who muted them.
    pub by_id: String,
    /// Why, where something was said.
    pub reason: Option<String>,
    /// Until when; none: until it is lifted.
    pub until: Option<DateTimeUtc>,
    /// Since when.
    pub created_at: DateTimeUtc,
}

/// What it belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// In which community.
    #[sea_orm(
        belongs_to = "super::community::Entity",
        from = "Column::CommunityId",
        to = "super::community::Column::Id"
    )]
    Community,
    /// Who.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
    /// Who muted them.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::ById", to = "super::user::Column::Id")]
    By,
    /// The membership, while there is one.
    #[sea_orm(
        belongs_to = "super::membership::Entity",
        from = "(Column::CommunityId, Column::UserId)",
        to = "(super::membership::Column::CommunityId, super::membership::Column::UserId)",
        skip_fk
    )]
    Member,
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
