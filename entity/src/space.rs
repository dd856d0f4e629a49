//! Spaces: shared apps of users and agents.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

pub use crate::tags::Tags;

/// A space.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "spaces")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the owner.
    pub owner_id: String,
    /// Name, 1 to 100 characters.
    pub name: String,
    /// Folded name, for search.
    pub name_fold: String,
    /// Description; may be empty.
    pub description: String,
    /// A slug such as `board_game`.
    pub category: String,
    /// Search tags.
    #[sea_orm(column_type = "JsonBinary")]
    pub tags: Tags,
    /// Configuration of the app, a JSON object.
    #[sea_orm(column_type = "JsonBinary")]
    pub definition: Json,
    /// Whether all users can see the space.
    pub is_public: bool,
    /// Time of creation.
    pub created_at: DateTimeUtc,
    /// Time of the last change.
    pub updated_at: DateTimeUtc,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The owner.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::OwnerId", to = "super::user::Column::Id")]
    Owner,
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Owner.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
