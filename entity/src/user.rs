//! A person with an account.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One account. Ids are opaque text, so that accounts of the original service keep theirs.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "users")]
pub struct Model {
    /// Opaque text; UUID v7 for accounts made here.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The address as it was typed, trimmed.
    pub email: String,
    /// The address folded, which is what makes it unique.
    #[sea_orm(unique)]
    pub email_fold: String,
    /// The folded address with look-alike characters written alike, which makes it unique, too; `None` if an older
    /// account had a similar one before they were compared.
    #[sea_orm(unique)]
    #[serde(default)]
    pub email_skeleton: Option<String>,
    /// Whether the address was proven to be theirs.
    pub email_verified: bool,
    /// The name that others see.
    pub name: String,
    /// URL of a picture.
    pub image: Option<String>,
    /// Platform administrator, made by command only.
    pub is_admin: bool,
    /// Since when the account is banned.
    pub banned_at: Option<DateTimeUtc>,
    /// Why it is banned, for operators.
    pub ban_reason: Option<String>,
    /// When the owner deleted it; the row stays for what refers to it, without personal data.
    pub deleted_at: Option<DateTimeUtc>,
    /// When the account was made.
    pub created_at: DateTimeUtc,
    /// When the account last changed.
    pub updated_at: DateTimeUtc,
}

/// What an account leads to.
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
