//! The log of a conversation: events are numbered under the conversation's row lock, in the transaction that they are
//! part of, so that the order of the numbers is the order of the commits.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use entity::{
    alias, conversation,
    conversation_event::{self, Kind},
    support_chat::Status,
    user,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{CaseStatement, Expr, ExprTrait},
};
use uuid::Uuid;

use super::{Event, MessageRow, Person, Target, messages};
use crate::{
    app::App,
    database::Database,
    domain::{Error, Result, User},
    live::{Log, Position},
};

/// Where conversations' events are read.
pub struct ConversationLog(pub Database);

impl Log for ConversationLog {
    type Event = Event;

    async fn read(&self, topic: Uuid, after: Position, limit: u64) -> Result<Option<Vec<Arc<Event>>>> {
        let db = self.0.read();
        let rows = conversation_event::Entity::find()
            .filter(conversation_event::Column::ConversationId.eq(topic))
            .filter(conversation_event::Column::Seq.gt(after.0))
            .order_by_asc(conversation_event::Column::Seq)
            .limit(limit)
            .all(db)
            .await?;
        let Some(first) = rows.first() else {
            let conversation = conversation::Entity::find_by_id(topic).one(db).await?;
            // Nothing behind a place that is not the end: that was cut off.
            let at_end = conversation.is_none_or(|conversation| conversation.last_seq <= after.0);
            return Ok(at_end.then(Vec::new));
        };
        if first.seq != after.0 + 1 {
            return Ok(None);
        }
        let mut messages = messages::load(db, rows.iter().filter_map(|row| row.message_id)).await?;
        let unmasked = rows.iter().filter(|row| row.alias.is_none());
        let people = list_people(db, topic, unmasked.filter_map(|row| row.user_id.as_deref())).await?;
        let events = rows.into_iter().map(|row| {
            let message = row.message_id.and_then(|id| find_message(&mut messages, id));
            let person = row.user_id.and_then(|id| match row.alias {
                // As whom they were known then: they may have left, and their name with them.
                Some(alias) => Some(Person::alias(id, alias)),
                None => people.iter().find(|person| person.id == id).cloned(),
            });
            Arc::new(Event {
                conversation_id: topic,
                position: Position(row.seq),
                at: row.created_at,
                kind: row.kind,
                message,
                person,
                support: row.support_status,
            })
        });
        Ok(Some(events.collect()))
    }
}

fn find_message(messages: &mut [MessageRow], id: Uuid) -> Option<MessageRow> {
    messages.iter().find(|row| row.message.id == id).cloned()
}

/// People as they are known in a conversation.
async fn list_people<'a>(
    db: &impl ConnectionTrait,
    conversation_id: Uuid,
    ids: impl Iterator<Item = &'a str>,
) -> Result<Vec<Person>> {
    let ids: Vec<&str> = ids.collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let users = user::Entity::find().filter(user::Column::Id.is_in(ids.iter().copied())).all(db).await?;
    let community = conversation::Entity::find()
        .select_only()
        .column(conversation::Column::CommunityId)
        .filter(conversation::Column::Id.eq(conversation_id));
    let aliases = alias::Entity::find()
        .filter(alias::Column::CommunityId.in_subquery(community.into_query()))
        .filter(alias::Column::UserId.is_in(ids))
        .all(db)
        .await?;
    let person = |user: User| {
        let name = aliases.iter().find(|alias| alias.user_id == user.id).map(|alias| alias.name.clone());
        Person::known_as(user, name)
    };
    Ok(users.into_iter().map(person).collect())
}

/// People as they are known in conversations, in no order.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_known(app: &App, keys: &[(Uuid, String)]) -> Result<Vec<(Uuid, Person)>> {
    let mut by_conversation: BTreeMap<Uuid, Vec<&str>> = BTreeMap::new();
    for (conversation, user) in keys {
        by_conversation.entry(*conversation).or_default().push(user);
    }
    let mut known = Vec::new();
    for (conversation, ids) in by_conversation {
        let people = list_people(app.db.read(), conversation, ids.into_iter()).await?;
        known.extend(people.into_iter().map(|person| (conversation, person)));
    }
    Ok(known)
}

impl From<User> for Person {
    fn from(user: User) -> Self {
        Self { id: user.id, name: user.name, image: user.image, is_alias: false }
    }
}

/// A conversation with the next number taken, and the time that goes with it.
pub(super) struct Advanced {
    pub(super) conversation: conversation::Model,
    pub(super) at: DateTime<Utc>,
}

/// Takes the next number of a conversation, which locks it until the transaction ends; none when there is no such
/// conversation. Of a message, also the next message's number.
pub(super) async fn advance(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    target: &Target,
    message: bool,
) -> Result<Option<Advanced>> {
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
    let at = DateTime::from_timestamp_micros(conversation.last_micros)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("a conversation's time is out of range")))?;
    Ok(Some(Advanced { conversation, at }))
}

/// Writes an event with the number that was taken for it.
pub(super) async fn write(
    tx: &impl ConnectionTrait,
    advanced: &Advanced,
    kind: Kind,
    message: Option<MessageRow>,
    person: Option<Person>,
) -> Result<Bell> {
    write_all(tx, advanced, kind, message, person, None).await
}

async fn write_all(
    tx: &impl ConnectionTrait,
    advanced: &Advanced,
    kind: Kind,
    message: Option<MessageRow>,
    person: Option<Person>,
    support: Option<Status>,
) -> Result<Bell> {
    let Advanced { conversation, at } = advanced;
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
    conversation_event::Entity::insert(row).exec_without_returning(tx).await?;
    let event = Event {
        conversation_id: conversation.id,
        position: Position(conversation.last_seq),
        at: *at,
        kind,
        message,
        person,
        support,
    };
    let queue = conversation.community_id.filter(|_| conversation.kind == conversation::Kind::Support);
    Ok(Bell { event, queue })
}

/// Takes the next number and writes an event about a person; none when there is no such conversation.
pub(in crate::domain) async fn record(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    target: Target,
    kind: Kind,
    person: Person,
) -> Result<Option<Bell>> {
    match advance(tx, now, &target, false).await? {
        Some(advanced) => write(tx, &advanced, kind, None, Some(person)).await.map(Some),
        None => Ok(None),
    }
}

/// Writes an event about a person into a community's room.
pub(in crate::domain) async fn record_in_room(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    community_id: Uuid,
    kind: Kind,
    person: Person,
) -> Result<Option<Bell>> {
    record(tx, now, Target::Room(community_id), kind, person).await
}

/// Writes an event about a person into a session's chat.
pub(in crate::domain) async fn record_in_session(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    session_id: Uuid,
    kind: Kind,
    person: Person,
) -> Result<Option<Bell>> {
    record(tx, now, Target::Session(session_id), kind, person).await
}

/// Takes the next number and writes that a support chat stands otherwise, and who brought that about.
pub(in crate::domain) async fn record_support(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    conversation_id: Uuid,
    status: Status,
    person: Option<Person>,
) -> Result<Bell> {
    let advanced = advance(tx, now, &Target::Conversation(conversation_id), false).await?;
    let advanced = advanced.ok_or(Error::NotFound("Conversation"))?;
    write_all(tx, &advanced, Kind::SupportChanged, None, person, Some(status)).await
}

/// Writes an event about a person into their own talk.
pub(in crate::domain) async fn record_in_talk(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    talk_id: Uuid,
    kind: Kind,
    person: Person,
) -> Result<Option<Bell>> {
    record(tx, now, Target::Conversation(talk_id), kind, person).await
}

/// An event that was written: once its transaction is committed it is told ([`crate::domain::Write::tell`]).
#[must_use = "nobody hears of an event that is not told"]
pub struct Bell {
    event: Event,
    /// The community whose queue it may change.
    queue: Option<Uuid>,
}

impl Bell {
    /// Tells everybody who listens. Only after the commit.
    pub(in crate::domain) fn ring(self, app: &App) {
        let event = Arc::new(self.event);
        if let Some(community) = self.queue {
            app.queues.touched(community);
            if event.kind == Kind::SupportChanged {
                app.places.touched(community);
            }
        }
        app.inbox.touched(event.conversation_id);
        if let Some(person) = &event.person {
            app.inbox.changed_for(&person.id);
        }
        if event.kind == Kind::MessagePosted
            && let Some(author) = event.message.as_ref().and_then(|row| row.message.author_id.as_deref())
        {
            super::typing::stop(app, author, event.conversation_id);
        }
        app.conversations.ring(event.conversation_id, Some(event));
    }
}
