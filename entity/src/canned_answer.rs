//! Canned answers of support teams.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A canned answer, at most one for each community and title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "canned_answers")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the community.
    #[sea_orm(unique_key = "community_title")]
    pub community_id: Uuid,
    /// Title, 1 to 100 characters.
    pub title: String,
    /// Folded title, unique in the community.
    #[sea_orm(unique_key = "community_title")]
    pub title_fold: String,
    /// Text of the answer.
    pub text: String,
    /// Time of creation.
    pub created_at: DateTimeUtc,
    /// Time of the last change.
    pub updated_at: DateTimeUtc,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The community.
    #[sea_orm(
        belongs_to = "super::community::Entity",
        from = "Column::CommunityId",
        to = "super::community::Column::Id",
        on_delete = "Cascade"
    )]
    Community,
}

impl ActiveModelBehavior for ActiveModel {}
