//! Mutes in communities, which outlast leaving and rejoining.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A mute, at most one for each user and community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "mutes")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the community.
    #[sea_orm(unique_key = "community_user")]
    pub community_id: Uuid,
    /// Id of the user.
    #[sea_orm(unique_key = "community_user")]
    pub user_id: String,
    /// Id of the muting moderator.
    pub by_id: String,
    /// Reason, if stated.
    pub reason: Option<String>,
    /// Time of expiry; `None`: until it is lifted.
    pub until: Option<DateTimeUtc>,
    /// Time of creation.
    pub created_at: DateTimeUtc,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The community.
    #[sea_orm(
        belongs_to = "super::community::Entity",
        from = "Column::CommunityId",
        to = "super::community::Column::Id"
    )]
    Community,
    /// The user.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
    /// The muting moderator.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::ById", to = "super::user::Column::Id")]
    By,
    /// The membership, if any.
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
