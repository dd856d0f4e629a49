//! Sign-ins, identified by the session cookie or token.

use sea_orm::entity::prelude::*;

/// A sign-in of a device. Its token is stored as SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "login_sessions")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the user.
    pub user_id: String,
    /// SHA-256 of the token in lower-case hex.
    #[sea_orm(unique)]
    pub token_hash: String,
    /// The client's network address when it signed in.
    pub ip_address: Option<String>,
    /// The client's `User-Agent` when it signed in.
    pub user_agent: Option<String>,
    /// Time of the sign-in.
    pub created_at: DateTimeUtc,
    /// Time of the last extension.
    pub updated_at: DateTimeUtc,
    /// Time of expiry unless extended.
    pub expires_at: DateTimeUtc,
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
