//! The password of an account, apart from it so that no list of people ever loads one.

use sea_orm::entity::prelude::*;

/// An argon2id hash in PHC format.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credentials")]
pub struct Model {
    /// Whose password it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    /// `$argon2id$…`, with its own salt and parameters.
    pub password_hash: String,
    /// When the password was last set.
    pub updated_at: DateTimeUtc,
}

// By hand: a derived `Debug` would put the hash into a log.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credential").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

/// What a credential belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Whose password it is.
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
