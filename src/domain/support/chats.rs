//! Support chats: finding them, and writing where they stand.

use entity::support_chat;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set, Unchanged},
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use uuid::Uuid;

use super::{lifecycle::Lifecycle, owed, settings};
use crate::{
    app::App,
    database::Transaction,
    domain::{
        Error, Result, User,
        conversations::{self, Bell, Person, Target},
    },
};

/// Chats by their conversations, in no order, whoever asks: for those who have been shown what is in them.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_chats(app: &App, conversations: &[Uuid]) -> Result<Vec<support_chat::Model>> {
    let of_these = support_chat::Column::ConversationId.is_in(conversations.iter().copied());
    Ok(support_chat::Entity::find().filter(of_these).all(app.db.read()).await?)
}

/// The chats of these customers with these communities, in no order, whoever asks: for those whose they are.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_own(app: &App, keys: &[(String, Uuid)]) -> Result<Vec<support_chat::Model>> {
    let customers = keys.iter().map(|(customer, _)| customer.as_str());
    let communities = keys.iter().map(|(_, community)| *community);
    Ok(support_chat::Entity::find()
        .filter(support_chat::Column::CustomerId.is_in(customers))
        .filter(support_chat::Column::CommunityId.is_in(communities))
        .all(app.db.read())
        .await?)
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

/// A chat with a community that the actor takes part in, as its customer or of the team; none to others.
///
/// # Errors
/// [`Error::MemberBanned`] to its customer.
pub async fn find_readable(
    app: &App,
    actor: &User,
    community_id: Uuid,
    conversation_id: Uuid,
) -> Result<Option<support_chat::Model>> {
    // A conversation of another kind, or of another community, is refused like none.
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

/// The chat of a conversation, which is locked until the transaction ends; none where it is no support chat.
pub(super) async fn hold(
    tx: &impl ConnectionTrait,
    conversation_id: Uuid,
) -> Result<Option<support_chat::Model>> {
    conversations::lock(tx, conversation_id).await?;
    find_by_conversation(tx, conversation_id).await
}

/// Writes where a chat stands from now on, and that in its conversation's log. Guarded: only from where it stood.
pub(super) async fn enter(
    app: &App,
    tx: &Transaction,
    chat: support_chat::Model,
    to: Lifecycle,
    by: Option<Person>,
) -> Result<(support_chat::Model, Bell)> {
    let settings = settings::load(tx, chat.community_id).await?;
    let now = app.clock.now();
    let (id, stood) = (chat.id, chat.status);
    let mut row = owed::follow(chat.clone(), &to, &settings, now).into_active_model().reset_all();
    to.write(&mut row);
    row.id = NotSet;
    row.updated_at = Set(now);
    let written = support_chat::Entity::update_many()
        .set(row)
        .filter(support_chat::Column::Id.eq(id))
        .filter(support_chat::Column::Status.eq(stood))
        .exec_with_returning(tx)
        .await?
        .pop();
    let chat = written.ok_or_else(|| Error::Conflict("The chat has changed hands".to_owned()))?;
    let bell = conversations::record_support(tx, now, chat.conversation_id, chat.status, by).await?;
    Ok((chat, bell))
}

/// Writes what else of a chat has changed.
pub(super) async fn save(
    tx: &impl ConnectionTrait,
    chat: support_chat::Model,
) -> Result<support_chat::Model> {
    let id = chat.id;
    let mut row = chat.into_active_model().reset_all();
    row.id = Unchanged(id);
    Ok(row.update(tx).await?)
}
