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
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
