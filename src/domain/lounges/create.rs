//! Making a lounge.

use entity::{
    community::{self, Kind},
    lounge::{self, VoiceStatus},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use super::rules;
use crate::{
    app::App,
    domain::{
        Result, User,
        communities::{NewCommunity, draft},
        zone,
    },
};

/// A lounge to be made.
#[derive(Clone, Debug, Default)]
pub struct NewLounge {
    /// 1 to 100 characters.
    pub name: String,
    /// None unless given.
    pub description: Option<String>,
    /// URL of a picture.
    pub avatar_url: Option<String>,
    /// URL of recordings of the voice.
    pub voice_samples_url: Option<String>,
    /// 5 unless given.
    pub free_minutes_per_day: Option<i64>,
    /// Whole coins for 30 days; 0 unless given, which offers no subscription.
    pub subscription_price: Option<i64>,
    /// Whole coins; 0 unless given.
    pub agent_call_fee: Option<i64>,
    /// The agent that talks.
    pub default_agent_listing_id: Option<Uuid>,
    /// The IANA name of the time zone that its days are of; UTC unless given.
    pub time_zone: Option<String>,
}

/// Makes a lounge; the actor is its creator and first member.
///
/// # Errors
/// [`crate::domain::Error::Invalid`], for the name first.
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
