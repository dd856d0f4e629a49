//! Creating, changing and archiving agent listings.

use entity::{
    agent_knowledge,
    agent_listing::{self, Status},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::Expr,
};
use uuid::Uuid;

use super::rules::{self, Knowledge};
use crate::{
    app::App,
    domain::{User, accounts::lock_account},
    error::{Error, Result},
    text::fields,
};

/// Input of a new listing.
#[derive(Clone, Debug, Default)]
pub struct NewListing {
    /// 1 to 100 characters.
    pub agent_name: String,
    /// Maximum 5000 characters; default empty.
    pub description: Option<String>,
    /// URL of a picture.
    pub avatar_url: Option<String>,
    /// Model that answers; default: the operator's.
    pub model: Option<String>,
    /// Instructions of the model; maximum 20,000 characters.
    pub system_prompt: Option<String>,
    /// Greeting at the start of a chat; maximum 2000 characters.
    pub welcome: Option<String>,
    /// Texts for the model's prompt.
    pub knowledge: Vec<Knowledge>,
    /// Maximum length of a question in characters; default 2000.
    pub input_char_limit: Option<i32>,
    /// Voice that reads replies aloud; default: the operator's.
    pub tts_voice: Option<String>,
    /// Maximum fees per UTC day, in whole coins; default unlimited.
    pub daily_spend_cap: Option<i64>,
}

/// Changes of a listing; `None` keeps a value, `Some(None)` clears it.
#[derive(Clone, Debug, Default)]
pub struct ListingChange {
    /// 1 to 100 characters.
    pub agent_name: Option<String>,
    /// Maximum 5000 characters.
    pub description: Option<Option<String>>,
    /// URL of a picture.
    pub avatar_url: Option<Option<String>>,
    /// Model that answers.
    pub model: Option<Option<String>>,
    /// Instructions of the model; maximum 20,000 characters.
    pub system_prompt: Option<Option<String>>,
    /// Greeting at the start of a chat; maximum 2000 characters.
    pub welcome: Option<Option<String>>,
    /// Replaces all texts for the model's prompt.
    pub knowledge: Option<Vec<Knowledge>>,
    /// Maximum length of a question in characters.
    pub input_char_limit: Option<i32>,
    /// Voice that reads replies aloud.
    pub tts_voice: Option<Option<String>>,
    /// Maximum fees per UTC day, in whole coins.
    pub daily_spend_cap: Option<Option<i64>>,
}

/// Maximum number of listings of an account.
const MAX_LISTINGS: u64 = 100;
/// Maximum number of bytes of the knowledge of all agents of an account.
const KNOWLEDGE_BYTES: u64 = 20 * 1024 * 1024;

/// Creates a listing owned by the actor.
///
/// # Errors
/// [`Error::Invalid`], [`Error::Conflict`] above 100 listings, archived ones included, and above 20 MiB of knowledge.
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
        avatar_url: Set(new.avatar_url.map(|url| fields::picture_url("avatarUrl", &url)).transpose()?),
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
    lock_account(&tx, &actor.id).await?.ok_or(Error::Unauthenticated)?;
    let of_owner = agent_listing::Column::OwnerId.eq(&actor.id);
    if agent_listing::Entity::find().filter(of_owner).count(&tx).await? >= MAX_LISTINGS {
        return Err(Error::Conflict(format!("An account can create at most {MAX_LISTINGS} agents")));
    }
    check_knowledge(&tx, actor, None, &knowledge).await?;
    let listing = row.insert(&tx).await?;
    insert_knowledge(&tx, listing.id, knowledge).await?;
    tx.commit(listing).await
}

/// Changes a listing, all or nothing. Owner only.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], [`Error::Conflict`] above 20 MiB of knowledge, in this
/// order.
pub async fn update(
    app: &App,
    actor: &User,
    id: Uuid,
    change: ListingChange,
) -> Result<agent_listing::Model> {
    let tx = app.begin(actor).await?;
    // Before the listing, in the order of the deletion of an account.
    if change.knowledge.is_some() {
        lock_account(&tx, &actor.id).await?.ok_or(Error::Unauthenticated)?;
    }
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
        row.avatar_url = Set(url.map(|url| fields::picture_url("avatarUrl", &url)).transpose()?);
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
        check_knowledge(&tx, actor, Some(id), &knowledge).await?;
        let of_it = agent_knowledge::Column::ListingId.eq(id);
        agent_knowledge::Entity::delete_many().filter(of_it).exec(&tx).await?;
        insert_knowledge(&tx, id, knowledge).await?;
    }
    row.search_fold = Set(rules::search_fold(&name, &description));
    row.agent_name = Set(name);
    row.description = Set(description);
    row.updated_at = Set(app.clock.now());
    let listing = row.update(&tx).await?;
    tx.commit(listing).await
}

/// Archives a listing: it can no longer be asked anywhere. Idempotent. Owner only.
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

/// Locks and returns a listing for its owner. An archived one does not exist for others.
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

/// Refuses knowledge if the owner's agents would then exceed [`KNOWLEDGE_BYTES`]; `replaced` is the agent whose
/// knowledge is replaced. The account must be locked.
async fn check_knowledge(
    tx: &impl ConnectionTrait,
    owner: &User,
    replaced: Option<Uuid>,
    knowledge: &[Knowledge],
) -> Result<()> {
    use agent_listing::Column;
    let added: usize = knowledge.iter().map(|known| known.text.len()).sum();
    if added == 0 {
        return Ok(());
    }
    let others = agent_listing::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OwnerId.eq(&owner.id))
        .filter(Condition::all().add_option(replaced.map(|id| Column::Id.ne(id))));
    let held: Option<i64> = agent_knowledge::Entity::find()
        .select_only()
        .expr_as(Expr::cust("CAST(COALESCE(SUM(octet_length(text)), 0) AS bigint)"), "held")
        .filter(agent_knowledge::Column::ListingId.in_subquery(others.into_query()))
        .into_tuple()
        .one(tx)
        .await?;
    let held = held.and_then(|held| u64::try_from(held).ok()).unwrap_or_default();
    if held.saturating_add(added as u64) > KNOWLEDGE_BYTES {
        return Err(Error::Conflict(
            "The agents of an account can have at most 20 MiB of knowledge in total".to_owned(),
        ));
    }
    Ok(())
}

async fn insert_knowledge(
    tx: &impl ConnectionTrait,
    listing_id: Uuid,
    knowledge: Vec<Knowledge>,
) -> Result<()> {
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

/// Archives all listings of an account that is being deleted and clears their texts; names stay with posted
/// messages.
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
