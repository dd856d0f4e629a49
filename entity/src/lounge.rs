//! What a lounge has that other communities have not.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One lounge: its terms and its voice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "lounges")]
pub struct Model {
    /// The community that it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: Uuid,
    /// Minutes of voice that each member hears for nothing in a day of its time zone.
    pub free_minutes_per_day: i64,
    /// The IANA name of the time zone that its days are of; none: UTC.
    pub time_zone: Option<String>,
    /// Whole coins for 30 days of voice; 0 where no subscription is offered.
    pub subscription_price: i64,
    /// URL of recordings of the voice.
    pub voice_samples_url: Option<String>,
    /// How its cloned voice stands.
    pub voice_status: VoiceStatus,
    /// The name of the cloned voice at its provider.
    pub voice_model_id: Option<String>,
    /// Why there is no cloned voice, where there is none.
    pub voice_reason: Option<String>,
    /// Who has the cloned voice.
    pub voice_provider: Option<String>,
    /// When the creator agreed that their voice is cloned.
    pub consent_at: Option<DateTimeUtc>,
    /// Who agreed.
    pub consent_by: Option<String>,
    /// What they agreed to, word by word.
    pub consent_text: Option<String>,
    /// Which wording that was.
    pub consent_version: Option<String>,
    /// When they took that back.
    pub withdrawn_at: Option<DateTimeUtc>,
    /// How often cloning was tried since it was asked for.
    pub voice_attempts: i32,
    /// When something is to be done about the voice: a server that does it puts this off, as its lease.
    pub voice_due_at: Option<DateTimeUtc>,
    /// A voice that is still to be deleted at its provider.
    pub voice_discarded_id: Option<String>,
    /// When any of this last changed.
    pub updated_at: DateTimeUtc,
}

/// How a cloned voice stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum VoiceStatus {
    /// There is none.
    None,
    /// It is being made.
    Processing,
    /// It speaks.
    Ready,
    /// Making it failed.
    Failed,
}

/// What a lounge belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The community that it is.
    #[sea_orm(
        belongs_to = "super::community::Entity",
        from = "Column::CommunityId",
        to = "super::community::Column::Id"
    )]
    Community,
}

impl Related<super::community::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Community.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
