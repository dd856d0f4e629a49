//! The floor: a conversation in which somebody may speak now, with the next number taken for what they say.

use entity::{conversation, conversation_event, message};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    TryIntoModel, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    Bell, MessageRow, Target,
    access::{Intent, Seat, seat},
    log::{Advanced, advance, write},
    messages, reads,
};
use crate::{
    app::App,
    domain::{Error, Result, User, words},
};

/// A conversation that the actor may speak in, locked until the transaction ends.
pub(in crate::domain) struct Floor {
    advanced: Advanced,
    seat: Seat,
    /// Where what is said can be heard.
    sound: Option<String>,
}

/// What an agent has said.
pub(in crate::domain) struct Spoken {
    /// Which agent.
    pub listing_id: Uuid,
    /// Its name.
    pub agent_name: String,
    /// The text.
    pub content: String,
    /// The message that it answers.
    pub reply_to: Uuid,
    /// Whether it is only a part of what there was to say.
    pub is_incomplete: bool,
}

/// Takes the next number of a conversation for something that the actor says.
///
/// # Errors
/// Why they may not speak there.
pub(in crate::domain) async fn take_floor(
    app: &App,
    tx: &impl ConnectionTrait,
    actor: &User,
    target: &Target,
    intent: Intent,
) -> Result<Floor> {
    let refusal = || target.missing(intent);
    let advanced = advance(tx, app.clock.now(), target, true).await?.ok_or_else(refusal)?;
    let seat = seat(app, tx, actor, advanced.conversation.clone(), intent).await?;
    Ok(Floor { advanced, seat, sound: None })
}

impl Floor {
    /// The conversation.
    pub(in crate::domain) fn conversation(&self) -> &conversation::Model {
        &self.advanced.conversation
    }

    /// The same for something that can be heard.
    pub(super) fn with_sound(self, url: Option<&str>) -> Self {
        Self { sound: url.map(str::to_owned), ..self }
    }

    /// What the actor said under this key before.
    pub(in crate::domain) async fn find_by_key(
        &self,
        tx: &impl ConnectionTrait,
        actor: &User,
        key: &str,
    ) -> Result<Option<MessageRow>> {
        Ok(messages::select()
            .filter(message::Column::ConversationId.eq(self.conversation().id))
            .filter(message::Column::AuthorId.eq(&actor.id))
            .filter(message::Column::ClientKey.eq(key))
            .into_model()
            .one(tx)
            .await?)
    }

    /// Says it.
    pub(in crate::domain) async fn say(
        self,
        app: &App,
        tx: &impl ConnectionTrait,
        actor: &User,
        content: String,
        client_key: Option<String>,
        reply_to: Option<Uuid>,
    ) -> Result<(MessageRow, Bell)> {
        let row = message::ActiveModel {
            author_id: Set(Some(actor.id.clone())),
            agent_listing_id: Set(None),
            reply_to_id: Set(reply_to),
            client_key: Set(client_key),
            is_incomplete: Set(false),
            tts_audio_url: Set(self.sound),
            ..draft(app, &self.advanced, content)?
        };
        let (message, at) = (insert(tx, row).await?, self.advanced.at);
        let row = MessageRow { message, author: Some(self.seat.person), agent_name: None, refusal: None };
        let kind = conversation_event::Kind::MessagePosted;
        let bell = write(tx, &self.advanced, kind, Some(row.clone()), None).await?;
        // Whoever speaks has seen what was said.
        let conversation = &self.advanced.conversation;
        reads::mark(tx, at, conversation.id, &actor.id, conversation.message_count).await?;
        Ok((row, bell))
    }
}

/// Posts what an agent has said.
///
/// # Errors
/// [`Error::NotFound`] where the conversation is gone.
pub(in crate::domain) async fn say_as_agent(
    app: &App,
    tx: &impl ConnectionTrait,
    conversation_id: Uuid,
    spoken: Spoken,
) -> Result<(MessageRow, Bell)> {
    let target = Target::Conversation(conversation_id);
    let advanced = advance(tx, app.clock.now(), &target, true).await?;
    let advanced = advanced.ok_or(Error::NotFound("Conversation"))?;
    let row = message::ActiveModel {
        author_id: Set(None),
        agent_listing_id: Set(Some(spoken.listing_id)),
        reply_to_id: Set(Some(spoken.reply_to)),
        client_key: Set(None),
        is_incomplete: Set(spoken.is_incomplete),
        ..draft(app, &advanced, spoken.content)?
    };
    let message = insert(tx, row).await?;
    let row = MessageRow { message, author: None, agent_name: Some(spoken.agent_name), refusal: None };
    let kind = conversation_event::Kind::MessagePosted;
    let bell = write(tx, &advanced, kind, Some(row.clone()), None).await?;
    Ok((row, bell))
}

/// Says something in nobody's name: what became of a conversation.
///
/// # Errors
/// [`Error::NotFound`] where the conversation is gone.
pub(in crate::domain) async fn say_as_system(
    app: &App,
    tx: &impl ConnectionTrait,
    conversation_id: Uuid,
    content: String,
) -> Result<Bell> {
    let target = Target::Conversation(conversation_id);
    let advanced = advance(tx, app.clock.now(), &target, true).await?;
    let advanced = advanced.ok_or(Error::NotFound("Conversation"))?;
    let row = message::ActiveModel {
        author_id: Set(None),
        agent_listing_id: Set(None),
        reply_to_id: Set(None),
        client_key: Set(None),
        is_incomplete: Set(false),
        kind: Set(message::Kind::System),
        ..draft(app, &advanced, content)?
    };
    let message = insert(tx, row).await?;
    let row = MessageRow { message, author: None, agent_name: None, refusal: None };
    write(tx, &advanced, conversation_event::Kind::MessagePosted, Some(row), None).await
}

/// Tells that a message can be heard; none where it is gone.
pub(in crate::domain) async fn tell_spoken(
    app: &App,
    tx: &impl ConnectionTrait,
    conversation_id: Uuid,
    message_id: Uuid,
    url: &str,
) -> Result<Option<Bell>> {
    let target = Target::Conversation(conversation_id);
    let Some(advanced) = advance(tx, app.clock.now(), &target, false).await? else { return Ok(None) };
    message::Entity::update_many()
        .col_expr(message::Column::TtsAudioUrl, Expr::value(url))
        .filter(message::Column::Id.eq(message_id))
        .filter(message::Column::DeletedAt.is_null())
        .exec(tx)
        .await?;
    let row = messages::load(tx, [message_id]).await?.pop();
    let Some(row) = row else { return Ok(None) };
    write(tx, &advanced, conversation_event::Kind::MessageSpoken, Some(row), None).await.map(Some)
}

/// Locks a conversation until the transaction ends; none when there is no such conversation.
pub(in crate::domain) async fn lock(
    tx: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<conversation::Model>> {
    Ok(conversation::Entity::find_by_id(id).lock_exclusive().one(tx).await?)
}

/// The newest message that somebody said in a conversation, where it came after this one.
pub(in crate::domain) async fn find_said_since(
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

/// The last messages of people and agents up to one, oldest first, whoever asks.
pub(in crate::domain) async fn list_said(
    app: &App,
    conversation_id: Uuid,
    up_to: i64,
    limit: u64,
) -> Result<Vec<MessageRow>> {
    let mut rows: Vec<MessageRow> = messages::select()
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

/// What every new text has.
fn draft(app: &App, advanced: &Advanced, content: String) -> Result<message::ActiveModel> {
    Ok(message::ActiveModel {
        id: Set(app.new_id()?),
        conversation_id: Set(advanced.conversation.id),
        seq: Set(advanced.conversation.last_seq),
        number: Set(advanced.conversation.message_count),
        kind: Set(message::Kind::Text),
        search_text: Set(words::search_text(&content)),
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
