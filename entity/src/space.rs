//! A shared app that people and agents take part in.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

pub use crate::tags::Tags;

/// One space.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "spaces")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who made it.
    pub owner_id: String,
    /// What it is called, 1 to 100 characters.
    pub name: String,
    /// The name folded, which is what a search looks at.
    pub name_fold: String,
    /// What it is; empty when nothing was said.
    pub description: String,
    /// A slug such as `board_game`.
    pub category: String,
    /// Words to find it by.
    #[sea_orm(column_type = "JsonBinary")]
    pub tags: Tags,
    /// The app's own configuration, always an object.
    #[sea_orm(column_type = "JsonBinary")]
    pub definition: Json,
    /// Whether everybody may see it.
    pub is_public: bool,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
}

/// What a space leads to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Who made it.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::OwnerId", to = "super::user::Column::Id")]
    Owner,
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Owner.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
