//! Finding what was said.

use entity::message;
use sea_orm::{DatabaseBackend, QueryFilter, QueryOrder, Value, sea_query::Expr};
use uuid::Uuid;

use super::{
    MessageRow, Target,
    access::{Intent, get_seat},
    messages,
};
use crate::{
    app::App,
    domain::{
        Result, User, text,
        words::{Place, Query},
    },
};

/// The most blocks of 16,384 messages that a search looks into: the newest million messages of a conversation.
const MOST_PLACES: usize = 64;
/// The most blocks of one statement. What they have, 131,072 messages, is the most that it can find and sort.
const MOST_AT_ONCE: usize = 8;

/// What PostgreSQL's index has of a message, as the index is defined: each word behind the message's place.
const TERMS: &str = "array_to_tsvector(string_to_array( \
    right(found.conversation_id::text, 8) || lpad(to_hex(found.number >> 14), 4, '0') || \
    replace(found.search_text, ' ', ' ' || right(found.conversation_id::text, 8) || \
    lpad(to_hex(found.number >> 14), 4, '0')), ' '))";

/// The newest messages of a conversation that have all these words, the last of which may be a beginning; newest
/// first. Without a word nothing is found. The newest million messages are searched.
///
/// The index is asked for one part of the conversation after another, newest first, until enough is found. So a frequent
/// word is found in the newest messages, and a rare one has few entries in each part.
///
/// # Errors
/// Why the actor may not read there.
pub async fn search(
    app: &App,
    actor: &User,
    target: &Target,
    text: &str,
    limit: u64,
) -> Result<Vec<MessageRow>> {
    let term = text::search_term("text", Some(text))?;
    let seat = get_seat(app, app.db.read(), actor, target, Intent::Read).await?;
    let Some(query) = term.and_then(Query::parse) else { return Ok(Vec::new()) };
    let conversation = seat.conversation;
    let places = Place::newest_first(conversation.id.as_u128(), conversation.message_count);
    let places: Vec<Place> = places.take(MOST_PLACES).collect();
    let (mut rest, mut at_once) = (places.as_slice(), 1);
    let mut found: Vec<MessageRow> = Vec::new();
    while !rest.is_empty() {
        let (part, older) = rest.split_at(at_once.min(rest.len()));
        let wanted = limit.saturating_sub(found.len() as u64);
        if wanted == 0 {
            break;
        }
        found.extend(search_in(app, conversation.id, &query, part, wanted).await?);
        (rest, at_once) = (older, (at_once * 2).min(MOST_AT_ONCE));
    }
    Ok(found)
}

/// The newest messages in these places, newest first.
async fn search_in(
    app: &App,
    conversation: Uuid,
    query: &Query,
    places: &[Place],
    limit: u64,
) -> Result<Vec<MessageRow>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    // Written so that no planner walks the conversation instead of asking the index: `IS TRUE` keeps the comparison
    // from being a way to find rows. The end of an id before each word may be that of another conversation too.
    let found = match app.db.backend() {
        DatabaseBackend::Postgres => Expr::cust_with_values(
            format!(
                "messages.id IN (SELECT found.id FROM messages AS found WHERE found.search_text <> '' \
                 AND {TERMS} @@ $1::tsquery AND (found.conversation_id = $2) IS TRUE \
                 ORDER BY found.number DESC LIMIT $3)"
            ),
            [Value::from(query.tsquery(places)), conversation.into(), limit.into()],
        ),
        // The rows of this index are in the order of the messages of each conversation.
        _ => Expr::cust_with_values(
            "messages.id IN (SELECT kept.message_id FROM (SELECT rowid AS id FROM message_index \
             WHERE message_index MATCH ? ORDER BY rowid DESC LIMIT ?) AS found \
             CROSS JOIN message_index_rows AS kept ON kept.id = found.id) \
             AND (messages.conversation_id = ?) IS TRUE",
            [Value::from(query.fts5(places)), limit.into(), conversation.into()],
        ),
    };
    Ok(messages::select()
        .filter(found)
        .order_by_desc(message::Column::Number)
        .into_model()
        .all(app.db.read())
        .await?)
}
