//! Asking an agent: the question, the promise of its fee and the answer that begins, all in one commit.

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
    answer::{self, LEASE},
    browse::find_active,
    log::{ReplyEvent, insert},
    pace::check_spending,
    places,
};
use crate::{
    app::App,
    database::Transaction,
    domain::{
        Error, Result, User,
        conversations::{self, Intent, ReadRight, Target},
        text,
        wallet::{self, Cause, Fee, Hold},
    },
    live::Position,
};

/// A question to an agent.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Where.
    pub target: Target,
    /// Whom.
    pub listing_id: Uuid,
    /// 1 character to as many as the agent takes, kept as they are.
    pub content: String,
    /// The sender's own key: sent again with it, the first answer is given back.
    pub client_key: Option<String>,
    /// Whole coins that the caller expects it to cost.
    pub expected_fee: Option<i64>,
}

/// An answer that is to begin once its transaction is committed.
#[must_use = "an answer that is not begun is never given"]
pub(in crate::domain) struct Asked {
    reply: agent_reply::Model,
    listing: agent_listing::Model,
    question: message::Model,
    is_heard: bool,
}

impl Asked {
    /// The answer as it begins.
    pub(in crate::domain) fn reply(&self) -> &agent_reply::Model {
        &self.reply
    }

    /// The same, but nobody reads it aloud.
    pub(in crate::domain) fn in_silence(self) -> Self {
        Self { is_heard: false, ..self }
    }

    /// Begins to answer. Only after the commit.
    pub(in crate::domain) fn begin(self, app: &App) {
        let event = meta(&self.reply);
        app.replies.ring(self.reply.id, Some(Arc::new(event)));
        answer::begin(app, self.reply, self.listing, self.question, self.is_heard);
    }
}

/// Asks an agent. Its answer goes on whether or not anybody listens to it.
///
/// # Errors
/// In this order: why the actor may not speak there, [`Error::Invalid`] where the agent is not there,
/// [`Error::Missing`] where it was taken back, [`Error::Invalid`] for the length, [`Error::NotConfigured`] where
/// nobody serves its model, [`Error::ReplyRunning`], [`Error::RateLimited`], [`Error::PriceChanged`],
/// [`Error::SpentForToday`], [`Error::InsufficientBalance`].
pub async fn ask(app: &App, actor: &User, ask: Ask) -> Result<agent_reply::Model> {
    let client_key = ask.client_key.map(conversations::client_key).transpose()?;
    let tx = app.begin(actor).await?;
    let floor = conversations::take_floor(app, &tx, actor, &ask.target, Intent::Ask).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if let Some(key) = &client_key
        && let Some(first) = floor.find_by_key(&tx, actor, key).await?
    {
        // Nothing is kept of this transaction, the number taken neither.
        let asked = find_asked_by(&tx, first.message.id).await?;
        return asked
            .ok_or_else(|| Error::Conflict("The clientKey was used to say something else".to_owned()));
    }
    let (conversation_id, community_id) = (floor.conversation().id, floor.conversation().community_id);
    let is_talk = floor.conversation().kind == conversation::Kind::Lounge;
    let community = match community_id {
        Some(id) => community::Entity::find_by_id(id).one(&tx).await?,
        None => None,
    };
    let community = match community {
        Some(community) if is_here(&tx, &community, ask.listing_id, is_talk).await? => community,
        _ => return Err(not_here()),
    };
    let listing = find_active(&tx, ask.listing_id).await?.ok_or(GONE)?;
    check_ready(app, &tx, actor, &listing, conversation_id, &ask.content).await?;
    let (row, bell) = floor.say(app, &tx, actor, ask.content, client_key, None).await?;
    let price = Price { fee: community.agent_call_fee, expected: ask.expected_fee };
    let asked = open(app, &tx, actor, community, listing, row.message, price).await?;
    tx.tell([bell]);
    let reply = asked.reply.clone();
    tx.after(|app| asked.begin(app));
    tx.commit(reply).await
}

/// The refusal of a question to an agent that the community does not have.
pub(super) fn not_here() -> Error {
    Error::invalid("listingId", "Agent is not in this community")
}

/// Whether the agent can be asked here: it was added to the community, or it is the one that a lounge talks by.
async fn is_here(
    tx: &Transaction,
    community: &community::Model,
    listing_id: Uuid,
    is_talk: bool,
) -> Result<bool> {
    if is_talk && community.default_agent_listing_id == Some(listing_id) {
        return Ok(true);
    }
    Ok(places::find(tx, community.id, listing_id).await?.is_some())
}

/// Asks an agent by a message that was posted, for what a question costs in the community unless told otherwise. The
/// conversation is locked.
///
/// # Errors
/// As [`ask()`], beginning with the length. What is refused has changed nothing.
pub(in crate::domain) async fn ask_by(
    app: &App,
    tx: &Transaction,
    actor: &User,
    listing: agent_listing::Model,
    community: community::Model,
    message: &message::Model,
    fee: Option<i64>,
) -> Result<Asked> {
    check_ready(app, tx, actor, &listing, message.conversation_id, &message.content).await?;
    let price = Price { fee: fee.unwrap_or(community.agent_call_fee), expected: None };
    open(app, tx, actor, community, listing, message.clone(), price).await
}

/// Whether the agent can be asked this now, but for money.
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
    check_alone(tx, conversation_id, actor).await?;
    app.pace.count(&actor.id)
}

pub(super) const GONE: Error = Error::Missing("Agent listing not found or not active");

fn check_length(listing: &agent_listing::Model, content: &str) -> Result<()> {
    let most = listing.input_char_limit;
    let length = content.chars().count();
    if text::is_blank(content) || i32::try_from(length).map_or(true, |length| length > most) {
        return Err(Error::invalid("content", format!("Message must be 1-{most} characters")));
    }
    if content.contains('\0') {
        return Err(Error::invalid("content", "content must not contain NUL"));
    }
    Ok(())
}

/// The conversation is locked, so of two who ask at once the second finds the first.
async fn check_alone(tx: &Transaction, conversation_id: Uuid, actor: &User) -> Result<()> {
    let running = agent_reply::Entity::find()
        .filter(agent_reply::Column::ConversationId.eq(conversation_id))
        .filter(agent_reply::Column::AskerId.eq(&actor.id))
        .filter(agent_reply::Column::Status.eq(Status::Running))
        .count(tx)
        .await?;
    if running == 0 { Ok(()) } else { Err(Error::ReplyRunning) }
}

/// What a question costs.
struct Price {
    /// Whole coins, but for whoever runs the community.
    fee: i64,
    /// What the caller expects it to cost.
    expected: Option<i64>,
}

/// Promises the fee and writes the answer that begins: the last thing that the transaction does.
async fn open(
    app: &App,
    tx: &Transaction,
    actor: &User,
    community: community::Model,
    listing: agent_listing::Model,
    question: message::Model,
    price: Price,
) -> Result<Asked> {
    // Whoever runs the community asks for nothing, whatever price they were shown.
    let is_free = community.creator_id == actor.id;
    let fee = if is_free { 0 } else { price.fee };
    if let Some(expected) = price.expected.filter(|expected| !is_free && *expected != fee) {
        return Err(Error::PriceChanged { expected, actual: fee });
    }
    check_spending(app, tx, &listing, fee).await?;
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
    Ok(Asked { reply, listing, question, is_heard: true })
}

fn meta(reply: &agent_reply::Model) -> ReplyEvent {
    ReplyEvent {
        reply: Arc::new(reply.clone()),
        position: Position(1),
        kind: Kind::Meta,
        text: String::new(),
    }
}

/// The answers that messages asked for, in no order.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_asked_by(app: &App, questions: &[(ReadRight, Uuid)]) -> Result<Vec<agent_reply::Model>> {
    let asked = agent_reply::Column::QuestionId.is_in(questions.iter().map(|(_, id)| *id));
    let mut rows = agent_reply::Entity::find().filter(asked).all(app.db.read()).await?;
    rows.retain(|row| questions.contains(&(ReadRight::checked(row.conversation_id), row.question_id)));
    Ok(rows)
}

/// The answer that a message asked for.
pub(in crate::domain) async fn find_asked_by(
    tx: &Transaction,
    question_id: Uuid,
) -> Result<Option<agent_reply::Model>> {
    Ok(agent_reply::Entity::find().filter(agent_reply::Column::QuestionId.eq(question_id)).one(tx).await?)
}
