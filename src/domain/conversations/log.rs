//! Event log of a conversation. Sequence numbers are taken under the conversation's row lock in the event's
//! transaction, so their order is the commit order.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use entity::{
    alias, conversation,
    conversation_event::{self, Kind},
    support_chat::Status,
    user,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect,
    sea_query::{CaseStatement, Expr, ExprTrait},
};
use uuid::Uuid;

use super::Target;
use crate::{
    app::{App, Change, ConversationChange},
    database::Writes,
    domain::{Publish, User},
    error::{Error, Result},
    live::Position,
    timeline::{ConversationEvent, MessageRow, Person},
};

/// Returns users as shown in conversations, in no order.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_known(app: &App, keys: &[(Uuid, String)]) -> Result<Vec<(Uuid, Person)>> {
    let db = app.db.read();
    let ids = || keys.iter().map(|(_, user)| user.as_str());
    let users = user::Entity::find().filter(user::Column::Id.is_in(ids())).all(db).await?;
    let users: HashMap<&str, &User> = users.iter().map(|user| (user.id.as_str(), user)).collect();
    let here = conversation::Entity::belongs_to(alias::Entity)
        .from(conversation::Column::CommunityId)
        .to(alias::Column::CommunityId)
        .into();
    let aliases: Vec<(Uuid, String, String)> = conversation::Entity::find()
        .select_only()
        .column(conversation::Column::Id)
        .column(alias::Column::UserId)
        .column(alias::Column::Name)
        .join(JoinType::InnerJoin, here)
        .filter(conversation::Column::Id.is_in(keys.iter().map(|(conversation, _)| *conversation)))
        .filter(alias::Column::UserId.is_in(ids()))
        .into_tuple()
        .all(db)
        .await?;
    let aliases: HashMap<_, _> = aliases.into_iter().map(|(at, user, name)| ((at, user), name)).collect();
    let known = keys.iter().filter_map(|key| {
        let user = (*users.get(key.1.as_str())?).clone();
        Some((key.0, Person::known_as(user, aliases.get(key).cloned())))
    });
    Ok(known.collect())
}

/// A conversation with the next sequence number taken, and the event's time.
pub(super) struct NumberedEvent {
    pub(super) conversation: conversation::Model,
    pub(super) at: DateTime<Utc>,
}

/// Takes the next sequence number of a conversation, which locks it until the transaction ends; for a
/// message also the next message number. Returns `None` if it does not exist.
pub(super) async fn take_number(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    target: &Target,
    message: bool,
) -> Result<Option<NumberedEvent>> {
    use conversation::Column;
    let micros = now.timestamp_micros();
    let later = CaseStatement::new()
        .case(Condition::all().add(Column::LastMicros.gte(micros)), Expr::col(Column::LastMicros).add(1_i64))
        .finally(Expr::val(micros));
    let mut update = conversation::Entity::update_many()
        .col_expr(Column::LastSeq, Expr::col(Column::LastSeq).add(1_i64))
        .col_expr(Column::LastMicros, later.into())
        .filter(target.condition());
    if message {
        update = update.col_expr(Column::MessageCount, Expr::col(Column::MessageCount).add(1_i64));
    }
    let Some(conversation) = update.exec_with_returning(tx).await?.pop() else { return Ok(None) };
    let at = DateTime::from_timestamp_micros(conversation.last_micros).ok_or_else(out_of_range)?;
    Ok(Some(NumberedEvent { conversation, at }))
}

/// Inserts an event with the sequence number taken for it.
pub(super) async fn write(
    tx: &impl ConnectionTrait,
    advanced: &NumberedEvent,
    kind: Kind,
    message: Option<MessageRow>,
    person: Option<Person>,
) -> Result<Notification> {
    write_all(tx, advanced, kind, message, person, None).await
}

async fn write_all(
    tx: &impl ConnectionTrait,
    advanced: &NumberedEvent,
    kind: Kind,
    message: Option<MessageRow>,
    person: Option<Person>,
    support: Option<Status>,
) -> Result<Notification> {
    let (row, notification) = event(advanced, kind, message, person, support);
    conversation_event::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(notification)
}

/// Returns the row of an event with the number taken for it, and its notification.
pub(super) fn event(
    advanced: &NumberedEvent,
    kind: Kind,
    message: Option<MessageRow>,
    person: Option<Person>,
    support: Option<Status>,
) -> (conversation_event::ActiveModel, Notification) {
    let NumberedEvent { conversation, at } = advanced;
    let row = conversation_event::ActiveModel {
        conversation_id: Set(conversation.id),
        seq: Set(conversation.last_seq),
        kind: Set(kind),
        message_id: Set(message.as_ref().map(|row| row.message.id)),
        user_id: Set(person.as_ref().map(|person| person.id.clone())),
        alias: Set(person.as_ref().filter(|person| person.is_alias).map(|person| person.name.clone())),
        support_status: Set(support),
        created_at: Set(*at),
    };
    let event = ConversationEvent {
        conversation_id: conversation.id,
        position: Position(conversation.last_seq),
        at: *at,
        kind,
        message,
        person,
        support,
    };
    let queue = conversation.community_id.filter(|_| conversation.kind == conversation::Kind::Support);
    (row, Notification { event, queue })
}

/// Takes numbers for the given count of messages in a locked conversation, which `writes` will store.
pub(super) fn take_numbers(
    writes: &mut Writes,
    now: DateTime<Utc>,
    conversation: &conversation::Model,
    messages: usize,
) -> Result<Vec<NumberedEvent>> {
    use conversation::Column;
    let first = Ord::max(now.timestamp_micros(), conversation.last_micros + 1);
    let mut numbered = Vec::with_capacity(messages);
    for (step, micros) in (1..).zip(first..).take(messages) {
        let at = DateTime::from_timestamp_micros(micros).ok_or_else(out_of_range)?;
        let conversation = conversation::Model {
            last_seq: conversation.last_seq + step,
            message_count: conversation.message_count + step,
            last_micros: micros,
            ..conversation.clone()
        };
        numbered.push(NumberedEvent { conversation, at });
    }
    if let Some(NumberedEvent { conversation: last, .. }) = numbered.last() {
        let update = conversation::Entity::update_many()
            .col_expr(Column::LastSeq, Expr::value(last.last_seq))
            .col_expr(Column::MessageCount, Expr::value(last.message_count))
            .col_expr(Column::LastMicros, Expr::value(last.last_micros))
            .filter(Column::Id.eq(last.id));
        writes.add(update);
    }
    Ok(numbered)
}

fn out_of_range() -> Error {
    Error::Internal(anyhow::anyhow!("a conversation's time is out of range"))
}

/// Takes the next sequence number and records an event about a person; returns `None` if the conversation
/// does not exist.
pub(in crate::domain) async fn record(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    target: Target,
    kind: Kind,
    person: Person,
) -> Result<Option<Notification>> {
    match take_number(tx, now, &target, false).await? {
        Some(advanced) => write(tx, &advanced, kind, None, Some(person)).await.map(Some),
        None => Ok(None),
    }
}

/// Records an event about a person in a community's room.
pub(in crate::domain) async fn record_in_room(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    community_id: Uuid,
    kind: Kind,
    person: Person,
) -> Result<Option<Notification>> {
    record(tx, now, Target::Room(community_id), kind, person).await
}

/// Records an event about a person in a session's conversation.
pub(in crate::domain) async fn record_in_session(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    session_id: Uuid,
    kind: Kind,
    person: Person,
) -> Result<Option<Notification>> {
    record(tx, now, Target::Session(session_id), kind, person).await
}

/// Records a new status of a support chat, with the person who changed it.
pub(in crate::domain) async fn record_support(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    conversation_id: Uuid,
    status: Status,
    person: Option<Person>,
) -> Result<Notification> {
    let advanced = take_number(tx, now, &Target::Conversation(conversation_id), false).await?;
    let advanced = advanced.ok_or(Error::NotFound("Conversation"))?;
    write_all(tx, &advanced, Kind::SupportChanged, None, person, Some(status)).await
}

/// Records an event about a person in their lounge chat.
pub(in crate::domain) async fn record_in_lounge_chat(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    chat_id: Uuid,
    kind: Kind,
    person: Person,
) -> Result<Option<Notification>> {
    record(tx, now, Target::Conversation(chat_id), kind, person).await
}

/// A recorded event, to be published after commit ([`crate::domain::UnitOfWork::publish`]).
#[must_use = "the event must be published after the commit"]
pub struct Notification {
    event: ConversationEvent,
    /// The community whose support queue it may change.
    queue: Option<Uuid>,
}

impl Publish for Notification {
    fn publish(self, app: &App) {
        let Self { event, queue } = self;
        let author = event.message.as_ref().filter(|_| event.kind == Kind::MessagePosted);
        app.announce(Change::Conversation(ConversationChange {
            id: event.conversation_id,
            position: event.position,
            queue,
            is_status: event.kind == Kind::SupportChanged,
            person: event.person.as_ref().map(|person| person.id.clone()),
            is_membership: matches!(
                event.kind,
                Kind::MemberJoined | Kind::MemberChanged | Kind::MemberLeft | Kind::MemberRemoved
            ),
            author: author.and_then(|row| row.message.author_id.clone()),
            event: Some(Arc::new(event)),
        }));
    }
}
