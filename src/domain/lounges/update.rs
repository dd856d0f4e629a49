//! Changing lounges.

use entity::community::{self, Language};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use super::{browse::get, rules};
use crate::{
    app::App,
    domain::{
        User,
        audit::{self, AuditEntry},
        communities::{Action, CommunityChange, apply, get_locked_for},
        zone,
    },
    error::{Error, Result},
};

/// Changes of a lounge; `None` keeps a value, `Some(None)` clears it.
#[derive(Clone, Debug, Default)]
pub struct LoungeChange {
    /// 1 to 100 characters.
    pub name: Option<String>,
    /// Maximum 5000 characters.
    pub description: Option<Option<String>>,
    /// URL of a picture.
    pub avatar_url: Option<Option<String>>,
    /// URL of the voice samples. Does not affect a voice that is already cloned.
    pub voice_samples_url: Option<Option<String>>,
    /// Free minutes of voice per member and day.
    pub free_minutes_per_day: Option<i64>,
    /// Whole coins for 30 days; does not affect paid periods. 0 ends the offer.
    pub subscription_price: Option<i64>,
    /// Whole coins per reply.
    pub agent_call_fee: Option<i64>,
    /// The lounge's agent.
    pub default_agent_listing_id: Option<Option<Uuid>>,
    /// IANA name of the time zone of its days. Recorded usage keeps its date.
    pub time_zone: Option<Option<String>>,
    /// Language of future system messages in its conversations.
    pub language: Option<Language>,
}

/// Changes a lounge, all or nothing. Creator only.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], in this order.
pub async fn update(app: &App, actor: &User, id: Uuid, change: LoungeChange) -> Result<community::Model> {
    let tx = app.begin(actor).await?;
    let community = get_locked_for(&tx, actor, id, Action::Update).await.map_err(|error| match error {
        Error::NotFound(_) => Error::NotFound("Lounge"),
        other => other,
    })?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let lounge = get(&tx, id).await?;
    let price = lounge.subscription_price;
    let mut row = lounge.into_active_model();
    if let Some(url) = change.voice_samples_url {
        row.voice_samples_url = Set(url.map(|url| rules::samples_url(&url)).transpose()?.flatten());
    }
    if let Some(minutes) = change.free_minutes_per_day {
        row.free_minutes_per_day = Set(rules::free_minutes(minutes)?);
    }
    if let Some(name) = change.time_zone {
        row.time_zone = Set(name.map(|name| zone::name("timeZone", &name)).transpose()?);
    }
    if let Some(price) = change.subscription_price {
        row.subscription_price = Set(rules::subscription_price(price)?);
    }
    let name = change.name.map(|name| rules::name(&name)).transpose()?;
    let of_community = CommunityChange {
        name,
        description: change.description,
        avatar_url: change.avatar_url,
        agent_call_fee: change.agent_call_fee,
        default_agent_listing_id: change
            .default_agent_listing_id
            .map(|listing| listing.map(|id| id.to_string())),
        language: change.language,
        ..CommunityChange::default()
    };
    let community = apply(app, &tx, actor, community, of_community).await?;
    if row.is_changed() {
        row.updated_at = Set(community.updated_at);
        let lounge = row.update(&tx).await?;
        if lounge.subscription_price != price {
            let changed = json!({ "subscriptionPrice": { "from": price, "to": lounge.subscription_price } });
            audit::record(
                app,
                &tx,
                AuditEntry::of(actor, audit::Action::FeesChanged).within(id).with(changed),
            )
            .await?;
        }
    }
    tx.commit(community).await
}
