//! Changing a lounge.

use entity::community;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use super::{browse::get, rules};
use crate::{
    app::App,
    domain::{
        Error, Result, User,
        audit::{self, Deed},
        communities::{Action, CommunityChange, apply, get_locked_for},
        zone,
    },
};

/// What of a lounge changes; `None` leaves it, `Some(None)` takes it away.
#[derive(Clone, Debug, Default)]
pub struct LoungeChange {
    /// 1 to 100 characters.
    pub name: Option<String>,
    /// At most 5000 characters.
    pub description: Option<Option<String>>,
    /// URL of a picture.
    pub avatar_url: Option<Option<String>>,
    /// URL of recordings of the voice. A voice that was cloned from others stays.
    pub voice_samples_url: Option<Option<String>>,
    /// Minutes of voice that each member hears for nothing in a day.
    pub free_minutes_per_day: Option<i64>,
    /// Whole coins for 30 days; those who have paid keep what they paid for. 0 offers no subscription any more.
    pub subscription_price: Option<i64>,
    /// Whole coins for each answer.
    pub agent_call_fee: Option<i64>,
    /// The agent that talks.
    pub default_agent_listing_id: Option<Option<Uuid>>,
    /// The IANA name of the time zone that its days are of. What was heard before stays on the day that it was heard on.
    pub time_zone: Option<Option<String>>,
}

/// Changes a lounge, all or nothing. Its creator only.
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
        ..CommunityChange::default()
    };
    let community = apply(app, &tx, actor, community, of_community).await?;
    if row.is_changed() {
        row.updated_at = Set(community.updated_at);
        let lounge = row.update(&tx).await?;
        if lounge.subscription_price != price {
            let changed = json!({ "subscriptionPrice": { "from": price, "to": lounge.subscription_price } });
            audit::record(app, &tx, Deed::of(actor, audit::Action::FeesChanged).within(id).with(changed))
                .await?;
        }
    }
    tx.commit(community).await
}
