//! Event log of a conversation.

use std::sync::Arc;

use entity::{alias, conversation, conversation_event, user};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{ConversationEvent, MessageRow, Person, load_messages};
use crate::{
    database::Database,
    error::Result,
    live::{Log, Position},
};

/// Reads the event logs of conversations.
pub struct ConversationLog(pub Database);

impl Log for ConversationLog {
    type Event = ConversationEvent;

    async fn read(
        &self,
        topic: Uuid,
        after: Position,
        limit: u64,
    ) -> Result<Option<Vec<Arc<ConversationEvent>>>> {
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
            // No event follows although this is not the end: compaction has deleted them.
            let at_end = conversation.is_none_or(|conversation| conversation.last_seq <= after.0);
            return Ok(at_end.then(Vec::new));
        };
        if first.seq != after.0 + 1 {
            return Ok(None);
        }
        let mut messages = load_messages(db, rows.iter().filter_map(|row| row.message_id)).await?;
        let unmasked = rows.iter().filter(|row| row.alias.is_none());
        let people = list_people(db, topic, unmasked.filter_map(|row| row.user_id.as_deref())).await?;
        let events = rows.into_iter().map(|row| {
            let message = row.message_id.and_then(|id| find_message(&mut messages, id));
            let person = row.user_id.and_then(|id| match row.alias {
                // The alias at the time of the event: the person may have left.
                Some(alias) => Some(Person::alias(id, alias)),
                None => people.iter().find(|person| person.id == id).cloned(),
            });
            Arc::new(ConversationEvent {
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

/// Returns users as shown in a conversation.
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
    let person = |user: user::Model| {
        let name = aliases.iter().find(|alias| alias.user_id == user.id).map(|alias| alias.name.clone());
        Person::known_as(user, name)
    };
    Ok(users.into_iter().map(person).collect())
}
