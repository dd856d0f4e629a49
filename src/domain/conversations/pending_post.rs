//! Pending posts: a locked conversation with the next sequence number taken for a message.

use entity::{
    community::{self, Language},
    conversation, conversation_event, message,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    TryIntoModel, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    MessageRow, Notification, Target,
    access::{ConversationAccess, Permission, check_access},
    log::{NumberedEvent, take_number, write},
    read_marks,
};
use crate::{
    app::App,
    domain::{User, notices::Notice},
    error::{Error, Result},
    timeline::{load_messages, select_messages},
};

/// A conversation that the actor may post in, locked until the transaction ends.
pub(in crate::domain) struct PendingPost {
    advanced: NumberedEvent,
    access: ConversationAccess,
    /// URL of the message's audio.
    audio_url: Option<String>,
}

/// A message of an agent.
pub(in crate::domain) struct AgentMessage {
    /// The agent's listing.
    pub listing_id: Uuid,
    /// Name of the agent.
    pub agent_name: String,
    /// Text of the message.
    pub content: String,
    /// The message that it replies to.
    pub reply_to: Uuid,
    /// Whether the text is incomplete.
    pub is_incomplete: bool,
}

/// Locks a conversation, takes its next sequence number and checks the actor's permission.
///
/// # Errors
/// The refusal to post there.
pub(in crate::domain) async fn begin_post(
    app: &App,
    tx: &impl ConnectionTrait,
    actor: &User,
    target: &Target,
    permission: Permission,
) -> Result<PendingPost> {
    let refusal = || target.missing(permission);
    let advanced = take_number(tx, app.clock.now(), target, true).await?.ok_or_else(refusal)?;
    let access = check_access(app, tx, actor, advanced.conversation.clone(), permission).await?;
    Ok(PendingPost { advanced, access, audio_url: None })
}

impl PendingPost {
    /// Returns the conversation.
    pub(in crate::domain) fn conversation(&self) -> &conversation::Model {
        &self.advanced.conversation
    }

    /// Sets the URL of the message's audio.
    pub(super) fn with_audio(self, url: Option<&str>) -> Self {
        Self { audio_url: url.map(str::to_owned), ..self }
    }

    /// Returns the actor's earlier message with this client key.
    pub(in crate::domain) async fn find_by_key(
        &self,
        tx: &impl ConnectionTrait,
        actor: &User,
        key: &str,
    ) -> Result<Option<MessageRow>> {
        Ok(select_messages()
            .filter(message::Column::ConversationId.eq(self.conversation().id))
            .filter(message::Column::AuthorId.eq(&actor.id))
            .filter(message::Column::ClientKey.eq(key))
            .into_model()
            .one(tx)
            .await?)
    }

    /// Inserts the message.
    pub(in crate::domain) async fn insert_message(
        self,
        app: &App,
        tx: &impl ConnectionTrait,
        actor: &User,
        content: String,
        client_key: Option<String>,
        reply_to: Option<Uuid>,
    ) -> Result<(MessageRow, Notification)> {
        let search_text = terms::search_text(&content);
        let row = message::ActiveModel {
            author_id: Set(Some(actor.id.clone())),
            agent_listing_id: Set(None),
            reply_to_id: Set(reply_to),
            client_key: Set(client_key),
            is_incomplete: Set(false),
            tts_audio_url: Set(self.audio_url),
            ..new_row(app, &self.advanced, content, search_text)?
        };
        let (message, at) = (insert(tx, row).await?, self.advanced.at);
        let row =
            MessageRow { message, author: Some(self.access.person), agent_name: None, agent_refusal: None };
        let kind = conversation_event::Kind::MessagePosted;
        let notification = write(tx, &self.advanced, kind, Some(row.clone()), None).await?;
        // An author has read all earlier messages.
        let conversation = &self.advanced.conversation;
        read_marks::mark(tx, at, conversation.id, &actor.id, conversation.message_count).await?;
        Ok((row, notification))
    }
}

/// Posts a message of an agent.
///
/// # Errors
/// [`Error::NotFound`] if the conversation does not exist.
pub(in crate::domain) async fn post_as_agent(
    app: &App,
    tx: &impl ConnectionTrait,
    conversation_id: Uuid,
    spoken: AgentMessage,
) -> Result<(MessageRow, Notification)> {
    let target = Target::Conversation(conversation_id);
    let advanced = take_number(tx, app.clock.now(), &target, true).await?;
    let advanced = advanced.ok_or(Error::NotFound("Conversation"))?;
    let search_text = terms::search_text(&spoken.content);
    let row = message::ActiveModel {
        author_id: Set(None),
        agent_listing_id: Set(Some(spoken.listing_id)),
        reply_to_id: Set(Some(spoken.reply_to)),
        client_key: Set(None),
        is_incomplete: Set(spoken.is_incomplete),
        ..new_row(app, &advanced, spoken.content, search_text)?
    };
    let message = insert(tx, row).await?;
    let row = MessageRow { message, author: None, agent_name: Some(spoken.agent_name), agent_refusal: None };
    let kind = conversation_event::Kind::MessagePosted;
    let notification = write(tx, &advanced, kind, Some(row.clone()), None).await?;
    Ok((row, notification))
}

/// Posts a system message, in the language of the conversation's community.
///
/// # Errors
/// [`Error::NotFound`] if the conversation does not exist.
pub(in crate::domain) async fn post_as_system(
    app: &App,
    tx: &impl ConnectionTrait,
    conversation_id: Uuid,
    notice: &Notice,
) -> Result<Notification> {
    let target = Target::Conversation(conversation_id);
    let advanced = take_number(tx, app.clock.now(), &target, true).await?;
    let advanced = advanced.ok_or(Error::NotFound("Conversation"))?;
    let content = notice.text(language(tx, &advanced.conversation).await?);
    let search_text = terms::search_text(&content);
    let row = message::ActiveModel {
        author_id: Set(None),
        agent_listing_id: Set(None),
        reply_to_id: Set(None),
        client_key: Set(None),
        is_incomplete: Set(false),
        kind: Set(message::Kind::System),
        ..new_row(app, &advanced, content, search_text)?
    };
    let message = insert(tx, row).await?;
    let row = MessageRow { message, author: None, agent_name: None, agent_refusal: None };
    write(tx, &advanced, conversation_event::Kind::MessagePosted, Some(row), None).await
}

/// Returns the language of the system messages in a conversation.
async fn language(tx: &impl ConnectionTrait, conversation: &conversation::Model) -> Result<Language> {
    let Some(id) = conversation.community_id else { return Ok(Language::default()) };
    let found: Option<Language> = community::Entity::find_by_id(id)
        .select_only()
        .column(community::Column::Language)
        .into_tuple()
        .one(tx)
        .await?;
    Ok(found.unwrap_or_default())
}

/// Records that a message has audio; returns `None` if the message does not exist.
pub(in crate::domain) async fn record_audio(
    app: &App,
    tx: &impl ConnectionTrait,
    conversation_id: Uuid,
    message_id: Uuid,
    url: &str,
) -> Result<Option<Notification>> {
    let updated = message::Entity::update_many()
        .col_expr(message::Column::TtsAudioUrl, Expr::value(url))
        .filter(message::Column::Id.eq(message_id))
        .filter(message::Column::DeletedAt.is_null())
        .exec(tx)
        .await?;
    if updated.rows_affected == 0 {
        return Ok(None);
    }
    let target = Target::Conversation(conversation_id);
    let Some(advanced) = take_number(tx, app.clock.now(), &target, false).await? else { return Ok(None) };
    let row = load_messages(tx, [message_id]).await?.pop();
    let Some(row) = row else { return Ok(None) };
    write(tx, &advanced, conversation_event::Kind::MessageSpoken, Some(row), None).await.map(Some)
}

/// Locks a conversation until the transaction ends; returns `None` if it does not exist.
pub(in crate::domain) async fn lock(
    tx: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<conversation::Model>> {
    Ok(conversation::Entity::find_by_id(id).lock_exclusive().one(tx).await?)
}

/// Returns an author's newest message with a number above `after`.
pub(in crate::domain) async fn find_message_since(
    tx: &impl ConnectionTrait,
    conversation_id: Uuid,
    author_id: &str,
    after: i64,
) -> Result<Option<message::Model>> {
    Ok(message::Entity::find()
        .filter(message::Column::ConversationId.eq(conversation_id))
        .filter(message::Column::AuthorId.eq(author_id))
        .filter(message::Column::Number.gt(after))
        .filter(message::Column::DeletedAt.is_null())
        .order_by_desc(message::Column::Number)
        .one(tx)
        .await?)
}

/// Returns the last messages of users and agents up to a number, oldest first, without an access check.
pub(in crate::domain) async fn list_recent(
    app: &App,
    conversation_id: Uuid,
    up_to: i64,
    limit: u64,
) -> Result<Vec<MessageRow>> {
    let mut rows: Vec<MessageRow> = select_messages()
        .filter(message::Column::ConversationId.eq(conversation_id))
        .filter(message::Column::Number.lte(up_to))
        .filter(message::Column::Kind.eq(message::Kind::Text))
        .filter(message::Column::DeletedAt.is_null())
        .order_by_desc(message::Column::Number)
        .limit(limit)
        .into_model()
        .all(app.db.read())
        .await?;
    rows.reverse();
    Ok(rows)
}

/// Common columns of a new message; `search_text` has the terms of its text.
pub(super) fn new_row(
    app: &App,
    advanced: &NumberedEvent,
    content: String,
    search_text: String,
) -> Result<message::ActiveModel> {
    Ok(message::ActiveModel {
        id: Set(app.new_id()?),
        conversation_id: Set(advanced.conversation.id),
        seq: Set(advanced.conversation.last_seq),
        number: Set(advanced.conversation.message_count),
        kind: Set(message::Kind::Text),
        search_text: Set(search_text),
        content: Set(content),
        tts_audio_url: Set(None),
        created_at: Set(advanced.at),
        edited_at: Set(None),
        deleted_at: Set(None),
        ..Default::default()
    })
}

async fn insert(tx: &impl ConnectionTrait, row: message::ActiveModel) -> Result<message::Model> {
    let message = row.clone().try_into_model()?;
    message::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(message)
}
