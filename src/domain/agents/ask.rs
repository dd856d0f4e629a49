//! Asking an agent: the question, the hold of its fee and the start of the agent reply, all in one commit.

use std::sync::Arc;

use entity::{
    agent_listing,
    agent_reply::{self, Audio, Status},
    agent_reply_event::Kind,
    community, conversation,
    journal::{CauseKind, Kind as Coins},
    message,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{
    browse::find_active,
    community_agents,
    daily_cap::check_daily_cap,
    log::insert,
    run::{self, LEASE},
};
use crate::{
    app::{App, Change},
    database::Transaction,
    domain::{
        User,
        conversations::{self, Permission, ReadRight, Target},
        wallet::{self, Cause, Fee, Hold},
    },
    error::{Error, Result},
    live::Position,
    text::fields,
    timeline::ReplyEvent,
};

/// A question to an agent.
#[derive(Clone, Debug)]
pub struct NewQuestion {
    /// Conversation of the question.
    pub target: Target,
    /// The agent's listing.
    pub listing_id: Uuid,
    /// 1 character up to the agent's limit, kept verbatim.
    pub content: String,
    /// Key chosen by the sender; a retry with the same key returns the first reply.
    pub client_key: Option<String>,
    /// Fee in whole coins that the caller expects.
    pub expected_fee: Option<i64>,
}

/// An agent reply that starts after its transaction is committed.
#[must_use = "a reply that is not started is never generated"]
pub(in crate::domain) struct PendingReply {
    reply: agent_reply::Model,
    listing: agent_listing::Model,
    question: message::Model,
    is_spoken: bool,
}

impl PendingReply {
    /// The reply as it starts.
    pub(in crate::domain) fn reply(&self) -> &agent_reply::Model {
        &self.reply
    }

    /// Turns off reading aloud.
    pub(in crate::domain) fn without_audio(self) -> Self {
        Self { is_spoken: false, ..self }
    }

    /// Starts the reply. Call only after the commit.
    pub(in crate::domain) fn start(self, app: &App) {
        app.announce(Change::reply(meta(&self.reply)));
        run::begin(app, self.reply, self.listing, self.question, self.is_spoken);
    }
}

/// Asks an agent. The reply continues without subscribers.
///
/// # Errors
/// In this order: the refusal to post there, [`Error::Invalid`] if the agent is not in the community,
/// [`Error::Missing`] if it is archived, [`Error::Invalid`] for the length, [`Error::NotConfigured`] if no
/// provider serves its model, [`Error::ReplyRunning`], [`Error::RateLimited`], [`Error::PriceChanged`],
/// [`Error::DailyCapReached`], [`Error::InsufficientBalance`].
pub async fn ask(app: &App, actor: &User, ask: NewQuestion) -> Result<agent_reply::Model> {
    let client_key = ask.client_key.map(conversations::client_key).transpose()?;
    let tx = app.begin(actor).await?;
    let pending = conversations::begin_post(app, &tx, actor, &ask.target, Permission::AskAgent).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if let Some(key) = &client_key
        && let Some(first) = pending.find_by_key(&tx, actor, key).await?
    {
        // The transaction is rolled back, including the sequence number that it took.
        let asked = find_asked_by(&tx, first.message.id).await?;
        return asked.ok_or_else(|| Error::Conflict("The clientKey was used for another message".to_owned()));
    }
    let (conversation_id, community_id) = (pending.conversation().id, pending.conversation().community_id);
    let is_lounge_chat = pending.conversation().kind == conversation::Kind::Lounge;
    let community = match community_id {
        Some(id) => community::Entity::find_by_id(id).one(&tx).await?,
        None => None,
    };
    let community = match community {
        Some(community) if is_in_community(&tx, &community, ask.listing_id, is_lounge_chat).await? => {
            community
        }
        _ => return Err(not_in_community()),
    };
    let listing = find_active(&tx, ask.listing_id).await?.ok_or(NOT_ACTIVE)?;
    check_ready(app, &tx, actor, &listing, conversation_id, &ask.content).await?;
    let (row, notification) = pending.insert_message(app, &tx, actor, ask.content, client_key, None).await?;
    let price = Price { fee: community.agent_call_fee, expected: ask.expected_fee };
    let asked = open(app, &tx, actor, community, listing, row.message, price).await?;
    tx.publish([notification]);
    let reply = asked.reply.clone();
    tx.after_commit(|app| asked.start(app));
    tx.commit(reply).await
}

/// The refusal of a question to an agent that is not in the community.
pub(super) fn not_in_community() -> Error {
    Error::invalid("agentListingId", "Agent is not in this community")
}

/// Returns whether the agent can be asked here: it was added to the community, or is the lounge's default
/// agent.
async fn is_in_community(
    tx: &Transaction,
    community: &community::Model,
    listing_id: Uuid,
    is_lounge_chat: bool,
) -> Result<bool> {
    if is_lounge_chat && community.default_agent_listing_id == Some(listing_id) {
        return Ok(true);
    }
    Ok(community_agents::find(tx, community.id, listing_id).await?.is_some())
}

/// Asks an agent about a posted message, for `fee` or else the community's agent fee. The conversation must
/// be locked.
///
/// # Errors
/// As [`ask()`], from the length check on. A refusal changes nothing.
pub(in crate::domain) async fn ask_about_message(
    app: &App,
    tx: &Transaction,
    actor: &User,
    listing: agent_listing::Model,
    community: community::Model,
    message: &message::Model,
    fee: Option<i64>,
) -> Result<PendingReply> {
    check_ready(app, tx, actor, &listing, message.conversation_id, &message.content).await?;
    let price = Price { fee: fee.unwrap_or(community.agent_call_fee), expected: None };
    open(app, tx, actor, community, listing, message.clone(), price).await
}

/// Checks all conditions of a question except the fee.
async fn check_ready(
    app: &App,
    tx: &Transaction,
    actor: &User,
    listing: &agent_listing::Model,
    conversation_id: Uuid,
    content: &str,
) -> Result<()> {
    check_length(listing, content)?;
    if !app.adapters.models.serves(&listing.model) {
        return Err(Error::NotConfigured("LLM service not configured"));
    }
    check_not_running(tx, conversation_id, actor).await?;
    app.question_limiter.count(&actor.id)
}

pub(super) const NOT_ACTIVE: Error = Error::Missing("Agent listing not found or not active");

fn check_length(listing: &agent_listing::Model, content: &str) -> Result<()> {
    let most = listing.input_char_limit;
    let length = content.chars().count();
    if fields::is_blank(content) || i32::try_from(length).map_or(true, |length| length > most) {
        return Err(Error::invalid("content", format!("Message must be 1-{most} characters")));
    }
    if content.contains('\0') {
        return Err(Error::invalid("content", "content must not contain NUL"));
    }
    Ok(())
}

/// The conversation is locked, so the second of two concurrent questions finds the first.
async fn check_not_running(tx: &Transaction, conversation_id: Uuid, actor: &User) -> Result<()> {
    let running = agent_reply::Entity::find()
        .filter(agent_reply::Column::ConversationId.eq(conversation_id))
        .filter(agent_reply::Column::AskerId.eq(&actor.id))
        .filter(agent_reply::Column::Status.eq(Status::Running))
        .count(tx)
        .await?;
    if running == 0 { Ok(()) } else { Err(Error::ReplyRunning) }
}

/// Price of a question.
struct Price {
    /// Whole coins; the community's creator pays nothing.
    fee: i64,
    /// Fee that the caller expects.
    expected: Option<i64>,
}

/// Holds the fee and inserts the starting reply. Must be the last step of the transaction.
async fn open(
    app: &App,
    tx: &Transaction,
    actor: &User,
    community: community::Model,
    listing: agent_listing::Model,
    question: message::Model,
    price: Price,
) -> Result<PendingReply> {
    // The creator of the community pays nothing, for any expected price.
    let is_free = community.creator_id == actor.id;
    let fee = if is_free { 0 } else { price.fee };
    if let Some(expected) = price.expected.filter(|expected| !is_free && *expected != fee) {
        return Err(Error::PriceChanged { expected, actual: fee });
    }
    check_daily_cap(app, tx, &listing, fee).await?;
    let id = app.new_id()?;
    let cause = id.to_string();
    let now = app.clock.now();
    let mut reply = agent_reply::Model {
        id,
        conversation_id: question.conversation_id,
        community_id: community.id,
        listing_id: listing.id,
        asker_id: actor.id.clone(),
        question_id: question.id,
        message_id: None,
        status: Status::Running,
        text: String::new(),
        fee,
        hold_id: None,
        is_paid: false,
        outcome: None,
        provider: None,
        prompt_tokens: None,
        completion_tokens: None,
        audio: Audio::None,
        voice_notice: None,
        last_seq: 1,
        lease_until: now + LEASE,
        created_at: now,
        finished_at: None,
        is_trimmed: false,
    };
    reply.hold_id = wallet::hold(
        app,
        tx,
        Hold {
            payer: &actor.id,
            payee: &community.creator_id,
            fee: Fee { kind: Coins::CommunityAgentCall, amount: fee },
            refusal: "Insufficient balance for agent call",
            cause: Cause { kind: CauseKind::AgentReply, id: &cause },
            what: &community.name,
        },
    )
    .await?;
    let row = reply.clone().into_active_model().reset_all();
    agent_reply::Entity::insert(row).exec_without_returning(tx).await?;
    insert(tx, &meta(&reply)).await?;
    Ok(PendingReply { reply, listing, question, is_spoken: true })
}

fn meta(reply: &agent_reply::Model) -> ReplyEvent {
    ReplyEvent {
        reply: Arc::new(reply.clone()),
        position: Position(1),
        kind: Kind::Meta,
        text: String::new(),
    }
}

/// Returns the agent replies to these messages, in no order.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_asked_by(app: &App, questions: &[(ReadRight, Uuid)]) -> Result<Vec<agent_reply::Model>> {
    let asked = agent_reply::Column::QuestionId.is_in(questions.iter().map(|(_, id)| *id));
    let mut rows = agent_reply::Entity::find().filter(asked).all(app.db.read()).await?;
    rows.retain(|row| questions.contains(&(ReadRight::checked(row.conversation_id), row.question_id)));
    Ok(rows)
}

/// Returns the agent reply to a message.
pub(in crate::domain) async fn find_asked_by(
    tx: &Transaction,
    question_id: Uuid,
) -> Result<Option<agent_reply::Model>> {
    Ok(agent_reply::Entity::find().filter(agent_reply::Column::QuestionId.eq(question_id)).one(tx).await?)
}
