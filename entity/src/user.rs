//! User accounts.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// An account. Ids are opaque text, so that accounts of the original service keep theirs.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "users")]
pub struct Model {
    /// Opaque text; a UUID v7 for accounts created here.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The trimmed e-mail address as entered.
    pub email: String,
    /// The folded address, which is unique.
    #[sea_orm(unique)]
    pub email_fold: String,
    /// The folded address with look-alike characters written alike, which makes it unique, too; `None` if an older
    /// account had a similar one before they were compared.
    #[sea_orm(unique)]
    #[serde(default)]
    pub email_skeleton: Option<String>,
    /// Whether the user proved to own the address.
    pub email_verified: bool,
    /// Name shown to other users.
    pub name: String,
    /// The folded name, by which accounts are searched.
    #[serde(default)]
    pub name_fold: String,
    /// URL of a picture.
    pub image: Option<String>,
    /// Whether the user is a platform administrator, set by command only.
    pub is_admin: bool,
    /// Time of the ban, if banned.
    pub banned_at: Option<DateTimeUtc>,
    /// Reason of the ban, for operators.
    pub ban_reason: Option<String>,
    /// Time of deletion. The row stays without personal data for the rows that refer to it.
    pub deleted_at: Option<DateTimeUtc>,
    /// Time of creation.
    pub created_at: DateTimeUtc,
    /// Time of the last change.
    pub updated_at: DateTimeUtc,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The password, while the account has one.
    #[sea_orm(has_one = "super::credential::Entity")]
    Credential,
}

impl Related<super::credential::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Credential.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
