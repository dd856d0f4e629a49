//! Creating lounges.

use entity::{
    community::{self, Kind, Language},
    lounge::{self, VoiceStatus},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use super::rules;
use crate::{
    app::App,
    domain::{
        User,
        communities::{NewCommunity, draft},
        zone,
    },
    error::Result,
};

/// Input of a new lounge.
#[derive(Clone, Debug, Default)]
pub struct NewLounge {
    /// 1 to 100 characters.
    pub name: String,
    /// Maximum 5000 characters; default none.
    pub description: Option<String>,
    /// URL of a picture.
    pub avatar_url: Option<String>,
    /// URL of the voice samples.
    pub voice_samples_url: Option<String>,
    /// Free minutes of voice per day; default 5.
    pub free_minutes_per_day: Option<i64>,
    /// Whole coins for 30 days; default 0, which offers no subscription.
    pub subscription_price: Option<i64>,
    /// Whole coins per reply; default 0.
    pub agent_call_fee: Option<i64>,
    /// The lounge's agent.
    pub default_agent_listing_id: Option<Uuid>,
    /// IANA name of the time zone of its days; default UTC.
    pub time_zone: Option<String>,
    /// Language of the system messages in its conversations; default English.
    pub language: Option<Language>,
}

/// Creates a lounge; the actor becomes its creator and first member.
///
/// # Errors
/// [`crate::error::Error::Invalid`], for the name first.
pub async fn create(app: &App, actor: &User, new: NewLounge) -> Result<community::Model> {
    let name = rules::name(&new.name)?;
    let free_minutes = rules::free_minutes(new.free_minutes_per_day.unwrap_or(rules::FREE_MINUTES))?;
    let price = rules::subscription_price(new.subscription_price.unwrap_or_default())?;
    let samples = new.voice_samples_url.map(|url| rules::samples_url(&url)).transpose()?.flatten();
    let time_zone = new.time_zone.map(|name| zone::name("timeZone", &name)).transpose()?;
    let community = NewCommunity {
        name,
        description: new.description,
        avatar_url: new.avatar_url,
        agent_call_fee: new.agent_call_fee,
        default_agent_listing_id: new.default_agent_listing_id.map(|id| id.to_string()),
        language: new.language,
        ..NewCommunity::default()
    };
    let draft = draft(app, actor, Kind::Lounge, community)?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let community = draft.open(app, &tx).await?;
    lounge::ActiveModel {
        community_id: Set(community.id),
        free_minutes_per_day: Set(free_minutes),
        subscription_price: Set(price),
        time_zone: Set(time_zone),
        voice_samples_url: Set(samples),
        voice_status: Set(VoiceStatus::None),
        voice_attempts: Set(0),
        updated_at: Set(community.created_at),
        ..Default::default()
    }
    .insert(&tx)
    .await?;
    tx.commit(community).await
}
