//! Writing agents.

use entity::{
    agent_knowledge,
    agent_listing::{self, Status},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::rules::{self, Knowledge};
use crate::{
    app::App,
    domain::{Error, Result, User, text},
};

/// An agent to be written.
#[derive(Clone, Debug, Default)]
pub struct NewListing {
    /// 1 to 100 characters.
    pub agent_name: String,
    /// Empty unless given.
    pub description: Option<String>,
    /// URL of a picture.
    pub avatar_url: Option<String>,
    /// The operator's default unless given.
    pub model: Option<String>,
    /// What the model is told to be.
    pub system_prompt: Option<String>,
    /// What it says to one who opens a chat with it.
    pub welcome: Option<String>,
    /// What it knows.
    pub knowledge: Vec<Knowledge>,
    /// The most characters of a question; 2000 unless given.
    pub input_char_limit: Option<i32>,
    /// The operator's default unless given.
    pub tts_voice: Option<String>,
    /// Whole coins that may be spent on it a day.
    pub daily_spend_cap: Option<i64>,
}

/// What of an agent changes; `None` leaves it, `Some(None)` takes it away.
#[derive(Clone, Debug, Default)]
pub struct ListingChange {
    /// 1 to 100 characters.
    pub agent_name: Option<String>,
    /// What it is for.
    pub description: Option<Option<String>>,
    /// URL of a picture.
    pub avatar_url: Option<Option<String>>,
    /// The model that answers for it.
    pub model: Option<Option<String>>,
    /// What the model is told to be.
    pub system_prompt: Option<Option<String>>,
    /// What it says to one who opens a chat with it.
    pub welcome: Option<Option<String>>,
    /// All that it knows.
    pub knowledge: Option<Vec<Knowledge>>,
    /// The most characters of a question.
    pub input_char_limit: Option<i32>,
    /// The voice that reads its answers.
    pub tts_voice: Option<Option<String>>,
    /// Whole coins that may be spent on it a day.
    pub daily_spend_cap: Option<Option<i64>>,
}

/// Writes an agent that the actor owns.
///
/// # Errors
/// [`Error::Invalid`].
pub async fn create(app: &App, actor: &User, new: NewListing) -> Result<agent_listing::Model> {
    let name = rules::name(&new.agent_name)?;
    let description = rules::description(new.description.unwrap_or_default())?;
    let knowledge = rules::knowledge(new.knowledge)?;
    let now = app.clock.now();
    let row = agent_listing::ActiveModel {
        id: Set(app.new_id()?),
        owner_id: Set(actor.id.clone()),
        search_fold: Set(rules::search_fold(&name, &description)),
        agent_name: Set(name),
        description: Set(description),
        avatar_url: Set(new.avatar_url.map(|url| text::picture_url("avatarUrl", &url)).transpose()?),
        model: Set(rules::model(app, &new.model.unwrap_or_default())?),
        system_prompt: Set(rules::system_prompt(new.system_prompt.unwrap_or_default())?),
        welcome: Set(rules::welcome(new.welcome.unwrap_or_default())?),
        input_char_limit: Set(rules::input_char_limit(new.input_char_limit.unwrap_or(rules::QUESTION))?),
        tts_voice: Set(rules::voice(&new.tts_voice.unwrap_or_default())?),
        daily_spend_cap: Set(new.daily_spend_cap.map(rules::daily_spend_cap).transpose()?),
        status: Set(Status::Active),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let listing = row.insert(&tx).await?;
    learn(&tx, listing.id, knowledge).await?;
    tx.commit(listing).await
}

/// Changes an agent, all or nothing. Its owner only.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], in this order.
pub async fn update(
    app: &App,
    actor: &User,
    id: Uuid,
    change: ListingChange,
) -> Result<agent_listing::Model> {
    let tx = app.begin(actor).await?;
    let listing = get_owned(&tx, actor, id, "Only the owner can change this agent").await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let name = change.agent_name.map(|name| rules::name(&name)).transpose()?;
    let name = name.unwrap_or_else(|| listing.agent_name.clone());
    let description = match change.description {
        Some(description) => rules::description(description.unwrap_or_default())?,
        None => listing.description.clone(),
    };
    let mut row = listing.into_active_model();
    if let Some(url) = change.avatar_url {
        row.avatar_url = Set(url.map(|url| text::picture_url("avatarUrl", &url)).transpose()?);
    }
    if let Some(model) = change.model {
        row.model = Set(rules::model(app, &model.unwrap_or_default())?);
    }
    if let Some(prompt) = change.system_prompt {
        row.system_prompt = Set(rules::system_prompt(prompt.unwrap_or_default())?);
    }
    if let Some(welcome) = change.welcome {
        row.welcome = Set(rules::welcome(welcome.unwrap_or_default())?);
    }
    if let Some(limit) = change.input_char_limit {
        row.input_char_limit = Set(rules::input_char_limit(limit)?);
    }
    if let Some(voice) = change.tts_voice {
        row.tts_voice = Set(rules::voice(&voice.unwrap_or_default())?);
    }
    if let Some(cap) = change.daily_spend_cap {
        row.daily_spend_cap = Set(cap.map(rules::daily_spend_cap).transpose()?);
    }
    if let Some(knowledge) = change.knowledge {
        let knowledge = rules::knowledge(knowledge)?;
        let of_it = agent_knowledge::Column::ListingId.eq(id);
        agent_knowledge::Entity::delete_many().filter(of_it).exec(&tx).await?;
        learn(&tx, id, knowledge).await?;
    }
    row.search_fold = Set(rules::search_fold(&name, &description));
    row.agent_name = Set(name);
    row.description = Set(description);
    row.updated_at = Set(app.clock.now());
    let listing = row.update(&tx).await?;
    tx.commit(listing).await
}

/// Takes an agent back: nobody can ask it any more, wherever it is. Its owner only; again changes nothing.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn archive(app: &App, actor: &User, id: Uuid) -> Result<agent_listing::Model> {
    let tx = app.begin(actor).await?;
    let listing = get_owned(&tx, actor, id, "Only the owner can archive this agent").await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if listing.status == Status::Archived {
        return tx.commit(listing).await;
    }
    let mut row = listing.into_active_model();
    row.status = Set(Status::Archived);
    row.updated_at = Set(app.clock.now());
    let listing = row.update(&tx).await?;
    tx.commit(listing).await
}

/// The agent, locked, for its owner. One that was taken back is seen by nobody else.
async fn get_owned(
    tx: &impl ConnectionTrait,
    actor: &User,
    id: Uuid,
    refusal: &'static str,
) -> Result<agent_listing::Model> {
    let found = agent_listing::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    let listing = found.ok_or(Error::NotFound("Agent listing"))?;
    match (listing.owner_id == actor.id, listing.status) {
        (true, _) => Ok(listing),
        (false, Status::Active) => Err(Error::Forbidden(refusal)),
        (false, Status::Archived) => Err(Error::NotFound("Agent listing")),
    }
}

async fn learn(tx: &impl ConnectionTrait, listing_id: Uuid, knowledge: Vec<Knowledge>) -> Result<()> {
    if knowledge.is_empty() {
        return Ok(());
    }
    let rows = (0..).zip(knowledge).map(|(position, known)| agent_knowledge::ActiveModel {
        listing_id: Set(listing_id),
        position: Set(position),
        title: Set(known.title),
        text: Set(known.text),
    });
    agent_knowledge::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Takes all agents of an account that ends back, and clears what their owner wrote; their names stay with what they said.
pub(in crate::domain) async fn forget(app: &App, tx: &impl ConnectionTrait, actor: &User) -> Result<()> {
    use agent_listing::Column;
    let own = agent_listing::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OwnerId.eq(&actor.id))
        .into_query();
    agent_knowledge::Entity::delete_many()
        .filter(agent_knowledge::Column::ListingId.in_subquery(own))
        .exec(tx)
        .await?;
    let bare = agent_listing::ActiveModel {
        search_fold: Set(String::new()),
        description: Set(String::new()),
        avatar_url: Set(None),
        system_prompt: Set(String::new()),
        welcome: Set(String::new()),
        status: Set(Status::Archived),
        updated_at: Set(app.clock.now()),
        ..Default::default()
    };
    agent_listing::Entity::update_many().set(bare).filter(Column::OwnerId.eq(&actor.id)).exec(tx).await?;
    Ok(())
}
