//! A sign-in that lasts: what the session cookie stands for.

use sea_orm::entity::prelude::*;

/// One signed-in device. Only the SHA-256 of its token is kept.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "login_sessions")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who is signed in.
    pub user_id: String,
    /// SHA-256 of the token, in lower-case hex.
    #[sea_orm(unique)]
    pub token_hash: String,
    /// The client's network address when it signed in.
    pub ip_address: Option<String>,
    /// The client's `User-Agent` when it signed in.
    pub user_agent: Option<String>,
    /// When it began.
    pub created_at: DateTimeUtc,
    /// When its life was last extended.
    pub updated_at: DateTimeUtc,
    /// When it ends unless it is extended.
    pub expires_at: DateTimeUtc,
}

/// What a session belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Who is signed in.
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
