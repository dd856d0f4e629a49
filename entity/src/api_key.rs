//! A key for programs that act for their owner.

use sea_orm::entity::prelude::*;

/// One API key. Only the SHA-256 of it is kept.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// For whom the key speaks.
    pub user_id: String,
    /// What its owner calls it.
    pub name: String,
    /// SHA-256 of the whole key, in lower-case hex.
    #[sea_orm(unique)]
    pub key_hash: String,
    /// The key's first characters, so that its owner can tell keys apart.
    pub prefix: String,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTimeUtc>,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// What a key belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// For whom the key speaks.
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
