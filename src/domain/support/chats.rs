//! Support chats: lookup and status changes.

use std::collections::HashMap;

use entity::{community, support_chat};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set, Unchanged},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use uuid::Uuid;

use super::{lifecycle::Lifecycle, response_deadline, settings};
use crate::{
    app::App,
    database::Transaction,
    domain::{
        User, communities,
        conversations::{self, Notification, Person, Target},
    },
    error::{Error, Result},
};

/// Returns chats by conversation, in no order, without an access check: for callers that may already read
/// them.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_chats(app: &App, conversations: &[Uuid]) -> Result<Vec<support_chat::Model>> {
    let of_these = support_chat::Column::ConversationId.is_in(conversations.iter().copied());
    Ok(support_chat::Entity::find().filter(of_these).all(app.db.read()).await?)
}

/// Returns the chats of these customers with these communities that they are not banned from, in no order, without
/// an access check.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_own(app: &App, keys: &[(String, Uuid)]) -> Result<Vec<support_chat::Model>> {
    let now = app.clock.now();
    let mut by_customer: HashMap<&str, Vec<Uuid>> = HashMap::new();
    for (customer, community) in keys {
        by_customer.entry(customer).or_default().push(*community);
    }
    let of_customer = |(customer, communities): (&str, Vec<Uuid>)| {
        Condition::all()
            .add(support_chat::Column::CustomerId.eq(customer))
            .add(support_chat::Column::CommunityId.is_in(communities))
            .add(support_chat::Column::CommunityId.not_in_subquery(communities::banned_from(customer, now)))
    };
    let of_keys = by_customer.into_iter().map(of_customer).fold(Condition::any(), Condition::add);
    Ok(support_chat::Entity::find().filter(of_keys).all(app.db.read()).await?)
}

pub(super) async fn find_of_customer(
    db: &impl ConnectionTrait,
    community_id: Uuid,
    customer_id: &str,
) -> Result<Option<support_chat::Model>> {
    Ok(support_chat::Entity::find()
        .filter(support_chat::Column::CommunityId.eq(community_id))
        .filter(support_chat::Column::CustomerId.eq(customer_id))
        .one(db)
        .await?)
}

/// Returns a chat with the community if the actor is its customer or on the team; otherwise `None`.
///
/// # Errors
/// [`Error::MemberBanned`] for the customer.
pub async fn find_readable(
    app: &App,
    actor: &User,
    community_id: Uuid,
    conversation_id: Uuid,
) -> Result<Option<support_chat::Model>> {
    // A conversation of another kind or community counts as not found.
    let found = find_by_conversation(app.db.read(), conversation_id).await?;
    let Some(chat) = found.filter(|chat| chat.community_id == community_id) else { return Ok(None) };
    let target = Target::Conversation(conversation_id);
    Ok(conversations::find_readable(app, actor, &target).await?.map(|_| chat))
}

pub(super) async fn find_by_conversation(
    db: &impl ConnectionTrait,
    conversation_id: Uuid,
) -> Result<Option<support_chat::Model>> {
    let of_this = support_chat::Column::ConversationId.eq(conversation_id);
    Ok(support_chat::Entity::find().filter(of_this).one(db).await?)
}

/// Locks the conversation and returns its support chat; `None` if it is not a support chat.
pub(super) async fn lock(
    tx: &impl ConnectionTrait,
    conversation_id: Uuid,
) -> Result<Option<support_chat::Model>> {
    conversations::lock(tx, conversation_id).await?;
    find_by_conversation(tx, conversation_id).await
}

/// Applies a transition and records it in the event log. Guarded: fails if the status has changed
/// meanwhile.
pub(super) async fn transition(
    app: &App,
    tx: &Transaction,
    chat: support_chat::Model,
    to: Lifecycle,
    by: Option<Person>,
) -> Result<(support_chat::Model, Notification)> {
    let settings = settings::load(tx, chat.community_id).await?;
    let now = app.clock.now();
    // A deadline that passed before the first answer, or before the chat was closed, still counts as missed.
    let chat = match &to {
        Lifecycle::AiActive | Lifecycle::Resolved { .. } => response_deadline::miss(tx, chat, now).await?,
        Lifecycle::WaitingHuman { .. } | Lifecycle::HumanActive { .. } => chat,
    };
    let (id, previous_status) = (chat.id, chat.status);
    let mut row =
        response_deadline::follow(chat.clone(), &to, &settings, now).into_active_model().reset_all();
    to.write(&mut row);
    row.id = NotSet;
    row.updated_at = Set(now);
    let written = support_chat::Entity::update_many()
        .set(row)
        .filter(support_chat::Column::Id.eq(id))
        .filter(support_chat::Column::Status.eq(previous_status))
        .exec_with_returning(tx)
        .await?
        .pop();
    let chat = written.ok_or_else(|| Error::Conflict("The chat has another assignee now".to_owned()))?;
    let notification = conversations::record_support(tx, now, chat.conversation_id, chat.status, by).await?;
    Ok((chat, notification))
}

/// Updates the other columns of a chat.
pub(super) async fn save(
    tx: &impl ConnectionTrait,
    chat: support_chat::Model,
) -> Result<support_chat::Model> {
    let id = chat.id;
    let mut row = chat.into_active_model().reset_all();
    row.id = Unchanged(id);
    Ok(row.update(tx).await?)
}

/// Returns the community of a chat.
pub(super) async fn get_community(
    db: &impl ConnectionTrait,
    chat: &support_chat::Model,
) -> Result<community::Model> {
    let found = community::Entity::find_by_id(chat.community_id).one(db).await?;
    found.ok_or(Error::NotFound("Community"))
}
