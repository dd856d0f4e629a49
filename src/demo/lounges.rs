//! The lounge of the demo: its agent, a subscriber, and recent voice usage.

use anyhow::Context;
use chrono::{DateTime, Days, TimeDelta, Utc};
use entity::{
    community,
    conversation::{self, Kind},
    lounge::{self, VoiceStatus},
    lounge_period, lounge_subscription,
    voice_usage::{self, State},
};

use super::{Ids, community_ids, conversations::blank, id};
use crate::{
    app::App,
    database::Transaction,
    domain::{
        communities::PERIOD,
        conversations::lounge_chat_scope,
        wallet::{self, Cause, Charge, Fee},
    },
};

/// Index of its community in the table.
const PLACE: usize = 8;
/// Subscription price in coins.
const PRICE: i64 = 20;
/// The subscriber, and the days since the subscription.
const SUBSCRIBER: (&str, u64) = ("emre", 9);
/// Voice usage: user, days ago, seconds.
const HEARD: &[(&str, u64, i64)] = &[
    ("emre", 9, 512),
    ("bruno", 8, 97),
    ("emre", 6, 388),
    ("mei", 6, 141),
    ("bruno", 3, 204),
    ("emre", 2, 655),
    ("mei", 1, 58),
    ("emre", 0, 119),
];

/// Rows of the lounge.
pub(super) struct Rows {
    pub(super) lounges: Vec<lounge::Model>,
    pub(super) subscriptions: Vec<lounge_subscription::Model>,
    pub(super) periods: Vec<lounge_period::Model>,
    pub(super) talks: Vec<conversation::Model>,
    pub(super) usage: Vec<voice_usage::Model>,
}

/// Returns the rows. Voice usage is dated back from `now`, so that the dashboard has recent data.
pub(super) fn rows(ids: &Ids, now: DateTime<Utc>) -> anyhow::Result<Rows> {
    let (community_id, made) = (community_ids::community_id(PLACE), community_ids::created(PLACE));
    let ago = |days: u64| now.checked_sub_days(Days::new(days)).unwrap_or(now);
    let lounge = lounge::Model {
        community_id,
        free_minutes_per_day: 5,
        time_zone: None,
        subscription_price: PRICE,
        voice_samples_url: None,
        voice_status: VoiceStatus::None,
        voice_model_id: None,
        voice_reason: None,
        voice_provider: None,
        consent_at: None,
        consent_by: None,
        consent_text: None,
        consent_version: None,
        withdrawn_at: None,
        voice_attempts: 0,
        voice_due_at: None,
        voice_discarded_id: None,
        updated_at: now,
    };
    let (who, days) = SUBSCRIBER;
    let begun = ago(days);
    let subscription = lounge_subscription::Model {
        id: id(made, "subscription"),
        community_id,
        user_id: ids.of(who)?,
        paid_until: begun + PERIOD,
        is_cancelled: false,
        agreed_price: None,
        renew_at: None,
        created_at: begun,
    };
    let period = lounge_period::Model {
        id: id(made, "period"),
        subscription_id: subscription.id,
        community_id,
        begins_at: begun,
        ends_at: subscription.paid_until,
        price: PRICE,
    };
    let mut rows = Rows {
        lounges: vec![lounge],
        subscriptions: vec![subscription],
        periods: vec![period],
        talks: Vec::new(),
        usage: Vec::new(),
    };
    for (place, (who, days, seconds)) in HEARD.iter().enumerate() {
        let (user_id, at) = (ids.of(who)?, ago(*days));
        if !rows.talks.iter().any(|talk| talk.customer_id.as_ref() == Some(&user_id)) {
            let scope = lounge_chat_scope(community_id, &user_id);
            let mut talk = blank(id(made, &format!("talk {who}")), Kind::Lounge, scope, made);
            talk.community_id = Some(community_id);
            talk.customer_id = Some(user_id.clone());
            rows.talks.push(talk);
        }
        rows.usage.push(voice_usage::Model {
            id: id(made, &format!("usage {place}")),
            community_id,
            day: at.date_naive(),
            started_at: at,
            state: State::Settled,
            is_free: *who != SUBSCRIBER.0,
            user_id,
            reserved_ms: seconds * 1000,
            measured_ms: Some(seconds * 1000),
            reply_id: id(made, &format!("heard {place}")),
            lease_until: at + TimeDelta::minutes(10),
        });
    }
    Ok(rows)
}

/// Books the payment of the subscription.
pub(super) async fn pay(
    app: &App,
    tx: &Transaction,
    ids: &Ids,
    communities: &[community::Model],
) -> anyhow::Result<()> {
    let id = community_ids::community_id(PLACE);
    let lounge = communities.iter().find(|community| community.id == id).context("there is no lounge")?;
    let charge = Charge {
        payer: &ids.of(SUBSCRIBER.0)?,
        payee: &lounge.creator_id,
        fees: &[Fee { kind: entity::journal::Kind::LoungeSubscription, amount: PRICE }],
        refusal: "Insufficient balance",
        cause: Cause { kind: entity::journal::CauseKind::Lounge, id: &lounge.id.to_string() },
        what: &lounge.name,
        once: None,
    };
    Ok(wallet::charge(app, tx, charge).await?)
}
