//! A club, an official account or a lounge.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

pub use crate::tags::Tags;

/// One community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "communities")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who runs it: the one member whose role is creator.
    pub creator_id: String,
    /// Which of the three it is.
    pub kind: Kind,
    /// What it is called, 1 to 100 characters.
    pub name: String,
    /// What it is, where something was said.
    pub description: Option<String>,
    /// Name and description folded, which is what a search looks at.
    pub search_fold: String,
    /// Whole coins for coming in.
    pub join_fee: i64,
    /// Whole coins for 30 days; 0 for ever.
    pub monthly_fee: i64,
    /// Whole coins for each question to an agent.
    pub agent_call_fee: i64,
    /// Whether `@name` in a message asks the agent of that name.
    pub agent_mentions: bool,
    /// Whether it is open.
    pub status: Status,
    /// How many memberships it has, expired ones included.
    pub member_count: i64,
    /// URL of its picture.
    pub avatar_url: Option<String>,
    /// URL of the picture across its page.
    pub cover_image_url: Option<String>,
    /// A slug such as `board_game`.
    pub category: Option<String>,
    /// Words to find it by.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub tags: Option<Tags>,
    /// Whether the platform checked that it is who it says.
    pub verified: bool,
    /// Who answers its customers.
    pub cs_mode: CsMode,
    /// The agent that answers its customers first.
    pub default_agent_listing_id: Option<Uuid>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
}

/// What a community is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Kind {
    /// People who share an interest.
    Club,
    /// A business with its customers.
    Official,
    /// A creator's voice.
    Lounge,
}

/// Whether a community is open.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Status {
    /// Open.
    Active,
    /// Held by the platform.
    Suspended,
    /// Closed for good by its creator.
    Archived,
}

/// Who answers the customers of a community.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum CsMode {
    /// An agent.
    AiOnly,
    /// People.
    HumanOnly,
    /// An agent first, people when it does not help.
    Hybrid,
}

/// What a community leads to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Who runs it.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::CreatorId", to = "super::user::Column::Id")]
    Creator,
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Creator.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
