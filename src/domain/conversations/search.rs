//! Full-text search of messages.

use entity::message;
use sea_orm::{DatabaseBackend, QueryFilter, QueryOrder, Value, sea_query::Expr};
use uuid::Uuid;

use super::{
    MessageRow, Target,
    access::{Permission, get_access},
};
use crate::{app::App, domain::User, error::Result, text::fields, timeline::select_messages};
use terms::{Block, Query};

/// Maximum number of blocks of 16,384 messages per search: the newest million messages of a conversation.
const MOST_PLACES: usize = 64;
/// Maximum number of blocks per statement: at most 131,072 messages to match and sort.
const BLOCKS_PER_STATEMENT: usize = 8;

/// Terms of a message in PostgreSQL's index, as the index defines them: each word prefixed with the
/// message's block.
const TERMS: &str = "array_to_tsvector(string_to_array( \
    right(found.conversation_id::text, 8) || lpad(to_hex(found.number >> 14), 4, '0') || \
    replace(found.search_text, ' ', ' ' || right(found.conversation_id::text, 8) || \
    lpad(to_hex(found.number >> 14), 4, '0')), ' '))";

/// Returns the newest messages of a conversation that contain all words, newest first; the last word may be
/// a prefix. Without a word the result is empty. Covers the newest million messages.
///
/// Queries the index block by block, newest first, until enough messages are found: a frequent word is
/// found in the newest blocks, and a rare one has few entries per block.
///
/// # Errors
/// The refusal to read the conversation.
pub async fn search(
    app: &App,
    actor: &User,
    target: &Target,
    text: &str,
    limit: u64,
) -> Result<Vec<MessageRow>> {
    let term = fields::search_term("text", Some(text))?;
    let access = get_access(app, app.db.read(), actor, target, Permission::Read).await?;
    let Some(query) = term.and_then(Query::parse) else { return Ok(Vec::new()) };
    let conversation = access.conversation;
    let places = Block::newest_first(conversation.id.as_u128(), conversation.message_count);
    let places: Vec<Block> = places.take(MOST_PLACES).collect();
    let (mut rest, mut at_once) = (places.as_slice(), 1);
    let mut found: Vec<MessageRow> = Vec::new();
    while !rest.is_empty() {
        let (part, older) = rest.split_at(at_once.min(rest.len()));
        let wanted = limit.saturating_sub(found.len() as u64);
        if wanted == 0 {
            break;
        }
        found.extend(search_in(app, conversation.id, &query, part, wanted).await?);
        (rest, at_once) = (older, (at_once * 2).min(BLOCKS_PER_STATEMENT));
    }
    Ok(found)
}

/// Returns the newest matches in these blocks, newest first.
async fn search_in(
    app: &App,
    conversation: Uuid,
    query: &Query,
    places: &[Block],
    limit: u64,
) -> Result<Vec<MessageRow>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    // Written so that the planner uses the index and does not scan the conversation: `IS TRUE` hides the
    // comparison from it. The comparison is required, because the id suffix in a term may belong to another
    // conversation.
    let found = match app.db.backend() {
        DatabaseBackend::Postgres => Expr::cust_with_values(
            format!(
                "messages.id IN (SELECT found.id FROM messages AS found WHERE found.search_text <> '' \
                 AND {TERMS} @@ $1::tsquery AND (found.conversation_id = $2) IS TRUE \
                 ORDER BY found.number DESC LIMIT $3)"
            ),
            [Value::from(query.tsquery(places)), conversation.into(), limit.into()],
        ),
        // The row order of this index is the message order of each conversation.
        _ => Expr::cust_with_values(
            "messages.id IN (SELECT kept.message_id FROM (SELECT rowid AS id FROM message_index \
             WHERE message_index MATCH ? ORDER BY rowid DESC LIMIT ?) AS found \
             CROSS JOIN message_index_rows AS kept ON kept.id = found.id) \
             AND (messages.conversation_id = ?) IS TRUE",
            [Value::from(query.fts5(places)), limit.into(), conversation.into()],
        ),
    };
    Ok(select_messages()
        .filter(found)
        .order_by_desc(message::Column::Number)
        .into_model()
        .all(app.db.read())
        .await?)
}
