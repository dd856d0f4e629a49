//! API keys of users.

use sea_orm::entity::prelude::*;

/// An API key, stored as its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the user.
    pub user_id: String,
    /// Name chosen by the owner.
    pub name: String,
    /// SHA-256 of the whole key in lower-case hex.
    #[sea_orm(unique)]
    pub key_hash: String,
    /// First characters of the key, which identify it to the owner.
    pub prefix: String,
    /// Time of the last use, to the minute.
    pub last_used_at: Option<DateTimeUtc>,
    /// Time of creation.
    pub created_at: DateTimeUtc,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The user.
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::UserId",
        to = "super::user::Column::Id",
        on_delete = "Cascade"
    )]
    User,
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
