//! A page of the messages of a community's room with the right to read it, in one statement. Members who request the
//! same page at once share it.
//!
//! The statement is text and its columns are read by their index: it is the most frequent one of the server.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, LazyLock},
};

use chrono::{DateTime, Utc};
use entity::{
    membership::Role,
    message::{self, Kind},
};
use sea_orm::{ConnectionTrait, DatabaseBackend, DbErr, QueryResult, Statement, TryGetable, Value};
use uuid::Uuid;

use super::{MessageRow, Person, access::CANNOT_READ, target::room_scope};
use crate::{
    app::App,
    database::{Batch, Outcome, Share},
    domain::{
        User,
        communities::{Lifecycle, MembershipState, Terms},
        failed_batch, shared_read,
    },
    error::{Error, Result},
};

/// Columns of the membership, of the message, and of its author. The room's conversation is found by its scope. Only the
/// first row of several memberships carries the messages.
const SELECT: &str = "SELECT own.role, own.paid_until, own.is_cancelled, own.agreed_fee, own.renew_at, \
    page.id, page.conversation_id, page.seq, page.number, page.author_id, page.agent_listing_id, page.kind, page.content, page.reply_to_id, \
    page.client_key, page.is_incomplete, page.tts_audio_url, page.created_at, page.edited_at, page.deleted_at, \
    author.name, author.image, alias.name, agent.agent_name, own.user_id";

/// The memberships of the users of a list.
fn members(backend: DatabaseBackend) -> String {
    let users = match backend {
        // An array, so that the index finds each user; a list would be compared with all members.
        DatabaseBackend::Postgres => "= ANY (ARRAY(SELECT json_array_elements_text($3::json)))",
        _ => "IN (SELECT value FROM json_each($3))",
    };
    format!(
        "FROM (SELECT user_id, role, paid_until, is_cancelled, agreed_fee, renew_at, ROW_NUMBER() OVER () AS place \
         FROM memberships WHERE community_id = $2 AND user_id {users}) AS own \
         JOIN conversations AS c ON c.scope = $1"
    )
}

/// The newest messages of the room.
fn page(before: &str) -> String {
    format!(
        "LEFT JOIN (SELECT id, conversation_id, seq, number, author_id, agent_listing_id, kind, content, reply_to_id, \
         client_key, is_incomplete, tts_audio_url, created_at, edited_at, deleted_at FROM messages \
         WHERE conversation_id = (SELECT id FROM conversations WHERE scope = $1){before} \
         ORDER BY created_at DESC LIMIT $4) AS page ON own.place = 1"
    )
}

/// The author of each message. The planner does not know the number of messages: `OFFSET 0` keeps PostgreSQL from
/// reading all accounts at once.
fn authors(backend: DatabaseBackend) -> &'static str {
    match backend {
        DatabaseBackend::Postgres => {
            "LEFT JOIN LATERAL (SELECT name, image FROM users WHERE id = page.author_id OFFSET 0) AS author ON TRUE \
             LEFT JOIN LATERAL (SELECT name FROM aliases WHERE community_id = $2 \
             AND user_id = page.author_id OFFSET 0) AS alias ON TRUE \
             LEFT JOIN LATERAL (SELECT agent_name FROM agent_listings WHERE id = page.agent_listing_id OFFSET 0) \
             AS agent ON TRUE"
        }
        _ => {
            "LEFT JOIN users AS author ON author.id = page.author_id \
             LEFT JOIN aliases AS alias ON alias.community_id = $2 AND alias.user_id = page.author_id \
             LEFT JOIN agent_listings AS agent ON agent.id = page.agent_listing_id"
        }
    }
}

/// The statements of each kind of database, without and with a time before which the messages were posted.
static STATEMENTS: LazyLock<[[String; 2]; 2]> = LazyLock::new(|| {
    [DatabaseBackend::Sqlite, DatabaseBackend::Postgres].map(|backend| {
        ["", " AND created_at < $5"]
            .map(|before| format!("{SELECT} {} {} {}", members(backend), page(before), authors(backend)))
    })
});

/// Pages of rooms.
struct RoomPages;

/// A page of a room.
#[derive(Clone, PartialEq, Eq, Hash)]
struct RoomPage {
    community: Uuid,
    before: Option<DateTime<Utc>>,
    limit: u64,
}

impl Batch for RoomPages {
    type Context = App;
    type Key = RoomPage;
    /// The id of the user who reads.
    type Request = String;
    type Output = Result<Arc<Vec<MessageRow>>>;

    const NAME: &'static str = "room_pages";
    const SHARE: Share = Share::OfFirstCaller;

    fn weight(user: &String) -> usize {
        size_of::<RoomPage>() + user.len()
    }

    async fn run(app: App, page: RoomPage, users: Vec<String>) -> Vec<Outcome<String, Self::Output>> {
        match fetch(&app, &page, &users).await {
            Ok(answers) => answers.into_iter().map(Outcome::Done).collect(),
            Err(error) => failed_batch::share(error, users.len()),
        }
    }
}

/// Returns the newest `limit` messages of a community's room before a time, oldest first.
///
/// # Errors
/// [`Error::Forbidden`] unless the actor is a member, [`Error::MembershipExpired`]. [`Error::Unavailable`] if too many
/// requests wait.
pub(super) async fn list_of_room(
    app: &App,
    actor: &User,
    community: Uuid,
    before: Option<DateTime<Utc>>,
    limit: u64,
) -> Result<Vec<MessageRow>> {
    let page = RoomPage { community, before, limit };
    let submitted = app.batchers.submit::<RoomPages>(app, page, actor.id.clone()).await;
    shared_read::outcome(submitted).map(Arc::unwrap_or_clone)
}

/// Reads a page for several users. Returns the page or the refusal of each, in their order.
async fn fetch(app: &App, page: &RoomPage, users: &[String]) -> Result<Vec<Result<Arc<Vec<MessageRow>>>>> {
    let (db, backend) = (app.db.read(), app.db.backend());
    let of_backend = &STATEMENTS[usize::from(backend == DatabaseBackend::Postgres)];
    let sql = of_backend[usize::from(page.before.is_some())].as_str();
    let limit = i64::try_from(page.limit).unwrap_or(i64::MAX);
    let list = serde_json::to_string(users).map_err(|error| Error::Internal(error.into()))?;
    let values: [Value; 4] =
        [room_scope(page.community).into(), page.community.into(), list.into(), limit.into()];
    let values = values.into_iter().chain(page.before.map(Value::from));
    let rows = db.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let now = app.clock.now();
    // A member's room without messages is a row without a message.
    let mut members = HashMap::new();
    for row in &rows {
        let user: String = row.try_get_by_index(24)?;
        if let Entry::Vacant(entry) = members.entry(user) {
            entry.insert(member(row, now)?);
        }
    }
    let messages = rows.iter().filter_map(|row| message(row).transpose());
    let mut messages = messages.collect::<Result<Vec<_>, _>>()?;
    messages.sort_by_key(|row| row.message.created_at);
    let messages = Arc::new(messages);
    let answer = |user: &String| match members.get(user) {
        None => Err(Error::Forbidden(CANNOT_READ)),
        Some(MembershipState::Expired) => Err(Error::MembershipExpired),
        Some(_) => Ok(messages.clone()),
    };
    Ok(users.iter().map(answer).collect())
}

/// Returns the state of the actor's membership.
fn member(row: &QueryResult, now: DateTime<Utc>) -> Result<MembershipState, DbErr> {
    let role: Role = row.try_get_by_index(0)?;
    let terms = Terms {
        paid_until: row.try_get_by_index(1)?,
        is_cancelled: row.try_get_by_index(2)?,
        agreed: row.try_get_by_index(3)?,
        renew_at: row.try_get_by_index(4)?,
    };
    Ok(Lifecycle::of_member(role, terms, now).state())
}

/// Reads the message of a row, if it has one.
fn message(row: &QueryResult) -> Result<Option<MessageRow>, DbErr> {
    let Some(id) = row.try_get_by_index::<Option<Uuid>>(5)? else { return Ok(None) };
    fn read<T: TryGetable>(row: &QueryResult, at: usize) -> Result<T, DbErr> {
        row.try_get_by_index(at)
    }
    let message = message::Model {
        id,
        conversation_id: read(row, 6)?,
        seq: read(row, 7)?,
        number: read(row, 8)?,
        author_id: read(row, 9)?,
        agent_listing_id: read(row, 10)?,
        kind: read::<Kind>(row, 11)?,
        content: read(row, 12)?,
        // Only the database reads it.
        search_text: String::new(),
        reply_to_id: read(row, 13)?,
        client_key: read(row, 14)?,
        is_incomplete: read(row, 15)?,
        tts_audio_url: read(row, 16)?,
        created_at: read(row, 17)?,
        edited_at: read(row, 18)?,
        deleted_at: read(row, 19)?,
    };
    let author = match &message.author_id {
        None => None,
        Some(author) => Some(match read(row, 22)? {
            Some(alias) => Person::alias(author.clone(), alias),
            None => {
                Person { id: author.clone(), name: read(row, 20)?, image: read(row, 21)?, is_alias: false }
            }
        }),
    };
    Ok(Some(MessageRow { message, author, agent_name: read(row, 23)?, agent_refusal: None }))
}
