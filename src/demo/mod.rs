//! Demo data: users, spaces, sessions, communities with agents, and wallets, the same on every machine.

mod agents;
mod communities;
mod community_ids;
mod conversations;
mod lounges;
mod oversight;
mod people;
mod sessions;
mod spaces;
mod support;
mod wallets;

use std::collections::HashMap;

use anyhow::Context;
use chrono::{DateTime, Utc};
use entity::{
    agent_knowledge, agent_listing, canned_answer, community, community_agent, conversation,
    conversation_event, credential, membership, message, participant, reaction, space, space_invite,
    space_session, support_chat, support_episode, support_note, support_settings, user,
};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect, sea_query::OnConflict,
};
use sha2::Digest;
use uuid::Uuid;

use crate::{app::App, database::Transaction, domain, text::fields};

/// Password of all demo users.
pub const PASSWORD: &str = "plaza-demo";

/// The first second of 2026, the start of the demo's time.
const START: i64 = 1_767_225_600;

/// A demo user that can sign in with [`PASSWORD`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Display name.
    pub name: &'static str,
    /// E-mail address.
    pub email: String,
    /// Role in the demo, to help choose a user.
    pub what: &'static str,
}

/// Returns the demo users that can sign in.
pub fn sign_ins() -> Vec<SignIn> {
    let sign_in =
        |sample: &people::Sample| SignIn { name: sample.name, email: sample.email(), what: sample.what };
    people::SAMPLES.iter().map(sign_in).collect()
}

/// Inserts the demo data, all or nothing. Existing rows are not touched: changed and deleted rows stay changed and
/// deleted. An account with the address of a demo user keeps its password.
///
/// # Errors
/// Returns an error of the database.
pub async fn seed(app: &App) -> anyhow::Result<()> {
    let ids = people::SAMPLES.iter().map(people::Sample::id);
    let known = user::Entity::find().filter(user::Column::Id.is_in(ids)).limit(1).one(app.db.read()).await?;
    if known.is_some() {
        return Ok(());
    }
    // Before the transaction, because hashing is slow and a transaction blocks other writers.
    let hash = app.passwords.hash(PASSWORD.to_owned()).await?;
    let tx = app.db.begin().await?;
    insert::<user::Entity, _>(&tx, people::rows()).await?;
    let ids = Ids::read(&tx).await?;
    insert::<credential::Entity, _>(&tx, people::credentials(&ids, &hash)?).await?;
    insert::<space::Entity, _>(&tx, spaces::rows(&ids)?).await?;
    insert::<space_invite::Entity, _>(&tx, invites(&ids)?).await?;
    let (sessions, participants) = sessions::rows(&ids)?;
    insert::<space_session::Entity, _>(&tx, sessions).await?;
    insert::<participant::Entity, _>(&tx, participants).await?;
    let founded = found_communities(app, &tx, &ids).await?;
    let said = conversations::rows(&ids)?;
    insert::<conversation::Entity, _>(&tx, said.conversations).await?;
    insert::<message::Entity, _>(&tx, said.messages).await?;
    insert::<conversation_event::Entity, _>(&tx, said.events).await?;
    insert::<reaction::Entity, _>(&tx, said.reactions).await?;
    let agents = agents::rows(&ids)?;
    insert::<agent_listing::Entity, _>(&tx, agents.listings).await?;
    insert::<agent_knowledge::Entity, _>(&tx, agents.knowledge).await?;
    insert::<community_agent::Entity, _>(&tx, agents.places).await?;
    let served = support::rows(&ids, app.clock.now())?;
    insert::<conversation::Entity, _>(&tx, served.conversations).await?;
    insert::<message::Entity, _>(&tx, served.messages).await?;
    insert::<conversation_event::Entity, _>(&tx, served.events).await?;
    insert::<support_chat::Entity, _>(&tx, served.chats).await?;
    insert::<support_episode::Entity, _>(&tx, served.episodes).await?;
    insert::<support_note::Entity, _>(&tx, served.notes).await?;
    insert::<canned_answer::Entity, _>(&tx, served.canned).await?;
    insert::<support_settings::Entity, _>(&tx, served.settings).await?;
    let heard = lounges::rows(&ids, app.clock.now())?;
    insert::<entity::lounge::Entity, _>(&tx, heard.lounges).await?;
    insert::<entity::lounge_subscription::Entity, _>(&tx, heard.subscriptions).await?;
    insert::<entity::lounge_period::Entity, _>(&tx, heard.periods).await?;
    insert::<conversation::Entity, _>(&tx, heard.talks).await?;
    insert::<entity::voice_usage::Entity, _>(&tx, heard.usage).await?;
    if founded {
        oversight::fill(app, &tx, &ids).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Inserts the communities, counts them, and moves their payments. Does nothing and returns false if another
/// server has just done so, because the counts must change once.
async fn found_communities(app: &App, tx: &Transaction, ids: &Ids) -> anyhow::Result<bool> {
    let first = community::Entity::find_by_id(community_ids::community_id(0)).one(tx).await?;
    if first.is_some() {
        return Ok(false);
    }
    let (communities, memberships) = communities::rows(ids, app.clock.now())?;
    for community in &communities {
        domain::communities::count_in(tx, community).await?;
    }
    insert::<community::Entity, _>(tx, communities.clone()).await?;
    insert::<membership::Entity, _>(tx, memberships.clone()).await?;
    wallets::fill(app, tx, ids, &communities, &memberships).await?;
    lounges::pay(app, tx, ids, &communities).await?;
    Ok(true)
}

/// Inserts all missing rows in one statement. Another server may insert the demo concurrently.
async fn insert<E, A>(tx: &Transaction, rows: Vec<E::Model>) -> anyhow::Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
{
    // A column from a model counts as unchanged; `reset_all` marks all columns for insertion.
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
    E::insert_many(rows)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Ids of the demo users by the local part of their address.
struct Ids(HashMap<&'static str, String>);

impl Ids {
    /// Reads the ids by address, because a user may have signed up with a demo address before.
    async fn read(tx: &impl ConnectionTrait) -> anyhow::Result<Self> {
        let folds = people::SAMPLES.iter().map(|sample| fields::fold(&sample.email()));
        let users = user::Entity::find().filter(user::Column::EmailFold.is_in(folds)).all(tx).await?;
        let mut ids: HashMap<String, String> =
            users.into_iter().map(|user| (user.email_fold, user.id)).collect();
        let id = |sample: &people::Sample| Some((sample.who, ids.remove(&fields::fold(&sample.email()))?));
        Ok(Self(people::SAMPLES.iter().filter_map(id).collect()))
    }

    fn of(&self, who: &str) -> anyhow::Result<String> {
        self.0.get(who).cloned().with_context(|| format!("{who} is not among the demo's people"))
    }
}

fn invites(ids: &Ids) -> anyhow::Result<Vec<space_invite::Model>> {
    let row = |(space, who): &(&str, &str)| {
        let space_id = spaces::space_id(spaces::place(space)?);
        // An evening after the last space was created.
        Ok(space_invite::Model { space_id, user_id: ids.of(who)?, created_at: moment(285 * 86_400 + 66_000) })
    };
    spaces::INVITES.iter().map(row).collect()
}

/// Returns the time this many seconds after the demo's start.
fn moment(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(START + seconds, 0).unwrap_or_default()
}

/// Returns a UUID v7 that is the same on every machine: a hash of the name replaces the random part.
fn id(seconds: i64, name: &str) -> Uuid {
    let mut bytes = [0; 10];
    for (byte, hashed) in bytes.iter_mut().zip(sha2::Sha256::digest(name.as_bytes())) {
        *byte = hashed;
    }
    let millis = u64::try_from(moment(seconds).timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}

#[cfg(test)]
mod tests;
