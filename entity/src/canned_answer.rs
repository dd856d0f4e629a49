//! An answer that a team has prepared.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One prepared answer; at most one a community and title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "canned_answers")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose team's.
    #[sea_orm(unique_key = "community_title")]
    pub community_id: Uuid,
    /// What the team finds it by, 1 to 100 characters.
    pub title: String,
    /// The title folded, which is what makes it the only one.
    #[sea_orm(unique_key = "community_title")]
    pub title_fold: String,
    /// What it says.
    pub text: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
}

/// What a prepared answer belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Whose team's.
    #[sea_orm(
        belongs_to = "super::community::Entity",
        from = "Column::CommunityId",
        to = "super::community::Column::Id",
        on_delete = "Cascade"
    )]
    Community,
}

impl ActiveModelBehavior for ActiveModel {}
