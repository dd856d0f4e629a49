//! Communities: clubs, official accounts and lounges.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

pub use crate::tags::Tags;

/// A community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "communities")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the creator, the only member with that role.
    pub creator_id: String,
    /// Kind of the community.
    pub kind: Kind,
    /// Name, 1 to 100 characters.
    pub name: String,
    /// Description, if any.
    pub description: Option<String>,
    /// Folded name and description, for search.
    pub search_fold: String,
    /// Coins for joining.
    pub join_fee: i64,
    /// Coins for 30 days; with 0, memberships do not expire.
    pub monthly_fee: i64,
    /// Coins for each question to an agent.
    pub agent_call_fee: i64,
    /// Whether `@name` in a message asks the agent of that name.
    pub agent_mentions: bool,
    /// Status of the community.
    pub status: Status,
    /// Number of memberships, including expired ones.
    pub member_count: i64,
    /// URL of the picture.
    pub avatar_url: Option<String>,
    /// URL of the cover picture.
    pub cover_image_url: Option<String>,
    /// A slug such as `board_game`.
    pub category: Option<String>,
    /// Search tags.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub tags: Option<Tags>,
    /// Whether administrators verified the official account.
    pub verified: bool,
    /// Mode of customer service.
    pub cs_mode: CsMode,
    /// Id of the agent listing that answers customers first.
    pub default_agent_listing_id: Option<Uuid>,
    /// The language of what the server itself writes into its conversations.
    #[serde(default)]
    pub language: Language,
    /// Time of creation.
    pub created_at: DateTimeUtc,
    /// Time of the last change.
    pub updated_at: DateTimeUtc,
}

/// Kind of a community.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Kind {
    /// A club of users with a common interest.
    Club,
    /// An official account of a business.
    Official,
    /// A lounge with a creator's voice agent.
    Lounge,
}

/// Status of a community.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Status {
    /// Open.
    Active,
    /// Suspended by an administrator.
    Suspended,
    /// Archived by its creator, permanently.
    Archived,
}

/// Mode of customer service.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum CsMode {
    /// An agent.
    AiOnly,
    /// People.
    HumanOnly,
    /// An agent first, then people.
    Hybrid,
}

/// The language of what the server writes into a community's conversations, by its ISO 639-1 code.
#[derive(
    Copy, Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(8))")]
pub enum Language {
    /// English.
    #[default]
    #[sea_orm(string_value = "en")]
    English,
    /// German.
    #[sea_orm(string_value = "de")]
    German,
    /// Spanish.
    #[sea_orm(string_value = "es")]
    Spanish,
    /// French.
    #[sea_orm(string_value = "fr")]
    French,
    /// Japanese.
    #[sea_orm(string_value = "ja")]
    Japanese,
    /// Chinese, in simplified characters.
    #[sea_orm(string_value = "zh")]
    Chinese,
    /// Arabic.
    #[sea_orm(string_value = "ar")]
    Arabic,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The creator.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::CreatorId", to = "super::user::Column::Id")]
    Creator,
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Creator.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
