//! The limit on a SQLite file: history and posts.
//!
//! A page is one statement on the thread that answers: no other thread is woken. Posts that wait together are one
//! durable transaction.

mod writer;

use std::{cell::OnceCell, sync::Arc};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::get,
};
use rusqlite::{Connection, OpenFlags, Result, Row};

use crate::{
    answer::{History, Message, Post, Posted, Window, answer, bytes, refuse},
    token::token,
};
use writer::{Entry, Writer};

const HISTORY: &str = "SELECT m.id, m.user_id, m.content, m.message_type, m.created_at, u.name, u.image \
                       FROM (SELECT * FROM community_messages WHERE community_id = ?2 \
                       ORDER BY created_at DESC LIMIT ?3) m LEFT JOIN users u ON u.id = m.user_id \
                       WHERE EXISTS (SELECT 1 FROM auth_sessions a JOIN community_members cm ON cm.user_id = a.user_id \
                       AND cm.community_id = ?2 WHERE a.token = ?1 AND a.expires_at > strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) \
                       ORDER BY m.created_at DESC";

thread_local! {
    /// The connection that reads for this thread.
    static READER: OnceCell<Connection> = const { OnceCell::new() };
}

#[derive(Clone)]
struct Limit {
    file: Arc<str>,
    writer: Writer,
}

/// Opens the file and makes the routes. `synchronous` is SQLite's: `FULL` or `NORMAL`.
pub fn router(file: &str, synchronous: &str) -> Router {
    let limit = Limit { file: file.into(), writer: Writer::start(file, synchronous) };
    Router::new().route("/api/communities/{id}/messages", get(history).post(post)).with_state(limit)
}

fn reader(file: &str) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).expect("opens");
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -16384").expect("is set up");
    connection
}

fn message<'a>(row: &'a Row) -> Result<Message<'a, &'a str>> {
    let text = |at| row.get_ref(at).and_then(|value| Ok(value.as_str()?));
    let optional = |at| row.get_ref(at).and_then(|value| Ok(value.as_str_or_null()?));
    Ok(Message {
        id: text(0)?,
        user_id: optional(1)?,
        agent_listing_id: None,
        content: text(2)?,
        message_type: text(3)?,
        created_at: text(4)?.into(),
        user_name: optional(5)?,
        user_image: optional(6)?,
        agent_name: None,
        tts_audio_url: None,
    })
}

/// Writes a page as JSON text; `None` if there is no row.
fn page(connection: &Connection, token: &str, community: &str, size: i64) -> Result<Option<Vec<u8>>> {
    let mut statement = connection.prepare_cached(HISTORY)?;
    let mut rows = statement.query((token, community, size))?;
    // A row lends its columns until the next one, so each is written at once.
    let mut body = bytes(&History::<()> { messages: Vec::new() });
    body.truncate(body.len() - 2);
    let start = body.len();
    while let Some(row) = rows.next()? {
        if body.len() > start {
            body.push(b',');
        }
        serde_json::to_writer(&mut body, &message(row)?).expect("writes to memory");
    }
    let found = body.len() > start;
    body.extend_from_slice(b"]}");
    Ok(found.then_some(body))
}

async fn history(
    State(limit): State<Limit>,
    Path(community): Path<String>,
    Query(window): Query<Window>,
    headers: HeaderMap,
) -> Response {
    let read = |connection: &Connection| page(connection, token(&headers), &community, window.size());
    match READER.with(|cell| read(cell.get_or_init(|| reader(&limit.file)))) {
        Ok(Some(body)) => answer(StatusCode::OK, body),
        Ok(None) => refuse(StatusCode::FORBIDDEN, "Members only"),
        Err(error) => failed(&error),
    }
}

async fn post(
    State(limit): State<Limit>,
    Path(community): Path<String>,
    headers: HeaderMap,
    Json(post): Json<Post>,
) -> Response {
    if !post.is_valid() {
        return refuse(StatusCode::BAD_REQUEST, "Message must be 1-5000 characters");
    }
    let entry = Entry { token: token(&headers).to_owned(), community, content: post.content };
    let (entry, written) = limit.writer.write(entry).await;
    match written {
        Ok(Some((id, user_id, created_at))) => {
            let (content, message_type) = (entry.content.as_str(), "text");
            answer(StatusCode::CREATED, bytes(&Posted { id, user_id, content, message_type, created_at }))
        }
        Ok(None) => refuse(StatusCode::FORBIDDEN, "Members only"),
        Err(error) => failed(&error),
    }
}

fn failed(error: &rusqlite::Error) -> Response {
    eprintln!("{error}");
    refuse(StatusCode::INTERNAL_SERVER_ERROR, "The database failed")
}
