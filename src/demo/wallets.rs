//! Coins of the demo: grants and payments, made through the ledger.

use std::{collections::HashMap, time::Duration};

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    community,
    journal::{CauseKind, Kind},
    membership::{self, Role},
    user,
};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{Ids, community_ids::community_id, moment};
use crate::{
    app::App,
    clock::Clock,
    database::Transaction,
    domain::{
        User,
        wallet::{self, Cause, Charge, Fee, Hold},
    },
};

/// A movement of coins and its time.
struct Event<'a> {
    at: DateTime<Utc>,
    entry: SampleEntry<'a>,
}

enum SampleEntry<'a> {
    Grant { who: &'static str, amount: i64, note: &'static str },
    Join { payer: &'a str, community: &'a community::Model },
    Month { payer: &'a str, community: &'a community::Model },
    Ask { payer: String, community: &'a community::Model, answered: bool },
}

/// Moves the coins, oldest first, each at its own time.
pub(super) async fn fill(
    app: &App,
    tx: &Transaction,
    ids: &Ids,
    communities: &[community::Model],
    memberships: &[membership::Model],
) -> anyhow::Result<()> {
    let communities: HashMap<Uuid, &community::Model> =
        communities.iter().map(|community| (community.id, community)).collect();
    let mut events: Vec<Event<'_>> = GRANTS
        .iter()
        .map(|(who, day, amount, note)| {
            let entry = SampleEntry::Grant { who, amount: *amount, note };
            Event { at: moment(day * 86_400 + 10 * 3_600), entry }
        })
        .collect();
    for membership in memberships.iter().filter(|membership| membership.role == Role::Member) {
        if let Some(community) = communities.get(&membership.community_id) {
            events.extend(payments(membership, community));
        }
    }
    for (place, who, day, answered) in QUESTIONS {
        if let Some(community) = communities.get(&community_id(*place)) {
            let entry = SampleEntry::Ask { payer: ids.of(who)?, community, answered: *answered };
            events.push(Event { at: moment(day * 86_400 + 19 * 3_600), entry });
        }
    }
    events.sort_by_key(|event| event.at);
    let admin = ids.of("admin")?;
    let clock = Clock::manual(moment(0));
    let past = App::new(app.db.clone(), clock.clone(), app.rules);
    for Event { at, entry } in events {
        clock.advance((at - clock.now()).to_std().unwrap_or(Duration::ZERO));
        entry.happen(&past, tx, ids, &admin).await?;
    }
    Ok(())
}

/// Returns a member's payments: the join fee and at most three periods.
fn payments<'a>(
    membership: &'a membership::Model,
    community: &'a community::Model,
) -> impl Iterator<Item = Event<'a>> {
    let (payer, joined) = (membership.user_id.as_str(), membership.joined_at);
    let join = Event { at: joined, entry: SampleEntry::Join { payer, community } };
    let ends = membership.paid_until.filter(|_| community.monthly_fee > 0);
    let months = (1..4)
        .map(move |month| joined + TimeDelta::days(30 * month))
        .take_while(move |at| ends.is_some_and(|end| *at + TimeDelta::days(30) <= end))
        .map(move |at| Event { at, entry: SampleEntry::Month { payer, community } });
    std::iter::once(join).chain(months)
}

impl SampleEntry<'_> {
    async fn happen(self, app: &App, tx: &Transaction, ids: &Ids, admin: &str) -> anyhow::Result<()> {
        match self {
            Self::Grant { who, amount, note } => {
                let user = person(tx, &ids.of(who)?).await?;
                wallet::award(app, tx, user, amount, note, Cause { kind: CauseKind::Admin, id: admin })
                    .await?;
            }
            Self::Join { payer, community } => {
                let fees = [
                    Fee { kind: Kind::CommunityJoin, amount: community.join_fee },
                    Fee { kind: Kind::CommunitySubscription, amount: community.monthly_fee },
                ];
                pay(app, tx, payer, community, &fees).await?;
            }
            Self::Month { payer, community } => {
                let fees = [Fee { kind: Kind::CommunitySubscription, amount: community.monthly_fee }];
                pay(app, tx, payer, community, &fees).await?;
            }
            Self::Ask { payer, community, answered } => {
                let hold = Hold {
                    payer: &payer,
                    payee: &community.creator_id,
                    fee: Fee { kind: Kind::CommunityAgentCall, amount: community.agent_call_fee },
                    refusal: "Insufficient balance for agent call",
                    cause: Cause { kind: CauseKind::Community, id: &community.id.to_string() },
                    what: &community.name,
                };
                let hold = wallet::hold(app, tx, hold).await?;
                let hold = hold.with_context(|| format!("{} asks for nothing", community.name))?;
                app.clock.advance(Duration::from_secs(20));
                if answered {
                    wallet::capture(app, tx, hold).await?;
                } else {
                    wallet::void(app, tx, hold).await?;
                }
            }
        }
        Ok(())
    }
}

async fn pay(
    app: &App,
    tx: &Transaction,
    payer: &str,
    community: &community::Model,
    fees: &[Fee],
) -> anyhow::Result<()> {
    let charge = Charge {
        payer,
        payee: &community.creator_id,
        fees,
        refusal: "Insufficient balance",
        cause: Cause { kind: CauseKind::Community, id: &community.id.to_string() },
        what: &community.name,
        once: None,
    };
    wallet::charge(app, tx, charge).await?;
    Ok(())
}

async fn person(tx: &Transaction, id: &str) -> anyhow::Result<User> {
    let found = user::Entity::find_by_id(id).one(tx).await?;
    found.with_context(|| format!("{id} is not among the demo's people"))
}

/// Grants: user, coins, day of 2026, and note.
const GRANTS: &[(&str, i64, i64, &str)] = &[
    ("alice", 3, 100, "Welcome to Plaza"),
    ("bruno", 7, 60, "Welcome to Plaza"),
    ("chloe", 14, 60, "Bienvenue sur Plaza"),
    ("diego", 28, 60, "Bienvenido a Plaza"),
    ("emre", 42, 80, "Plaza'ya hoş geldin"),
    ("jonas", 56, 100, "Willkommen auf der Plaza"),
    ("haruka", 73, 60, "プラザへようこそ"),
    ("kasia", 87, 80, "Witaj na Plaza"),
    ("mei", 100, 80, "欢迎来到 Plaza"),
    ("layla", 109, 80, "أهلًا بك في بلازا"),
    ("minjun", 132, 60, "플라자에 오신 것을 환영합니다"),
    ("alice", 140, 25, "Prize of the spring quiz"),
    ("jonas", 150, 15, "For the seed catalogue, with thanks"),
    ("alice", 212, 40, "For finding three bugs in a row"),
];

/// Questions to agents: index of the community, asker, day of 2026, and whether the agent replied.
const QUESTIONS: &[(usize, &str, i64, bool)] = &[
    (2, "jonas", 200, true),
    (2, "alice", 205, false),
    (2, "alice", 206, true),
    (3, "emre", 222, true),
    (3, "chloe", 230, false),
];
