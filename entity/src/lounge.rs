//! Settings and voices of lounges.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// The settings and the voice of a lounge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "lounges")]
pub struct Model {
    /// Id of the community.
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: Uuid,
    /// Free voice minutes of each member for a day of the lounge's time zone.
    pub free_minutes_per_day: i64,
    /// IANA name of the time zone that determines days; `None`: UTC.
    pub time_zone: Option<String>,
    /// Coins for 30 days of voice; 0 offers no subscription.
    pub subscription_price: i64,
    /// URL of the voice samples.
    pub voice_samples_url: Option<String>,
    /// Status of the cloned voice.
    pub voice_status: VoiceStatus,
    /// Id of the cloned voice at its provider.
    pub voice_model_id: Option<String>,
    /// Reason if there is no cloned voice.
    pub voice_reason: Option<String>,
    /// Provider of the cloned voice.
    pub voice_provider: Option<String>,
    /// Time of the creator's consent to cloning.
    pub consent_at: Option<DateTimeUtc>,
    /// Id of the consenting user.
    pub consent_by: Option<String>,
    /// Literal text of the consent.
    pub consent_text: Option<String>,
    /// Version of the consent text.
    pub consent_version: Option<String>,
    /// Time at which the consent was withdrawn.
    pub withdrawn_at: Option<DateTimeUtc>,
    /// Number of cloning attempts since the request.
    pub voice_attempts: i32,
    /// Time at which a voice job is due; a working server postpones it as its lease.
    pub voice_due_at: Option<DateTimeUtc>,
    /// Id of a voice that must be deleted at its provider.
    pub voice_discarded_id: Option<String>,
    /// Time of the last change.
    pub updated_at: DateTimeUtc,
}

/// Status of a cloned voice.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum VoiceStatus {
    /// There is no cloned voice.
    None,
    /// The voice is being cloned.
    Processing,
    /// The voice is in use.
    Ready,
    /// Cloning failed.
    Failed,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The community.
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
