//! Following the changes of other servers on the same database, if their messages were lost.
//!
//! Each round costs a fixed number of statements: one writes how many messages this server has sent, one reads the
//! positions of all open logs and how many messages the other servers have sent. If more were sent than arrived,
//! all data without a log is read again.

use std::{collections::HashMap, sync::atomic::Ordering, time::Duration};

use chrono::TimeDelta;
use entity::server;
use parking_lot::Mutex;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement,
    sea_query::OnConflict,
};
use tokio::sync::watch;
use uuid::Uuid;

use crate::{app::App, error::Result, live::Position};

/// Maximum number of positions per statement.
const CHUNK: usize = 10_000;
/// Number of subscribers that read again at the same time, and the delay before the next ones.
const SLICE: usize = 20;
const PAUSE: Duration = Duration::from_millis(10);
/// How long the row of a server that is gone is kept.
const KEPT: TimeDelta = TimeDelta::days(1);

/// Positions that are later than those given, and the numbers of messages that the servers have sent.
const NEWS: &str = "SELECT c.id, c.last_seq AS number, FALSE AS is_server \
     FROM unnest(string_to_array($1, ',')::uuid[], string_to_array($2, ',')::bigint[]) AS open(id, seq) \
     JOIN conversations AS c ON c.id = open.id AND c.last_seq > open.seq \
     UNION ALL SELECT r.id, r.last_seq, FALSE \
     FROM unnest(string_to_array($3, ',')::uuid[], string_to_array($4, ',')::bigint[]) AS open(id, seq) \
     JOIN agent_replies AS r ON r.id = open.id AND r.last_seq > open.seq \
     UNION ALL SELECT id, sent, TRUE FROM servers";

/// The rounds of this server.
#[derive(Default)]
pub struct Rounds {
    /// The number of messages that each other server had sent in the previous round.
    sent: Mutex<HashMap<Uuid, u64>>,
    /// Whether this server has joined the others.
    has_joined: watch::Sender<bool>,
}

impl Rounds {
    /// Reads what changed on other servers, and records that this server runs.
    ///
    /// # Errors
    /// [`crate::error::Error::Internal`].
    pub async fn run(&self, app: &App) -> Result<()> {
        let Some((id, sent)) = app.bus.sent() else { return Ok(()) };
        let mut has_missed = app.has_missed.swap(false, Ordering::AcqRel);
        let outcome = self.read(app, id, sent).await;
        match outcome {
            Ok(is_behind) => has_missed |= is_behind,
            Err(error) => {
                app.has_missed.fetch_or(has_missed, Ordering::AcqRel);
                return Err(error);
            }
        }
        if has_missed {
            app.identities.clear();
            app.rights_wake.notify_one();
            wake_all(app).await;
            // The connection to the other servers begins with lost messages.
            self.has_joined.send_replace(true);
        }
        Ok(())
    }

    /// Waits until this server is connected to the others and has read what it missed before.
    pub async fn joined(&self) {
        // The sender lives as long as this value.
        _ = self.has_joined.subscribe().wait_for(|has_joined| *has_joined).await;
    }

    /// Returns whether messages of a server were lost.
    async fn read(&self, app: &App, id: Uuid, sent: u64) -> Result<bool> {
        let number = i64::try_from(sent).unwrap_or(i64::MAX);
        let row = server::ActiveModel { id: Set(id), sent: Set(number), seen_at: Set(app.clock.now()) };
        server::Entity::insert(row)
            .on_conflict(
                OnConflict::column(server::Column::Id)
                    .update_columns([server::Column::Sent, server::Column::SeenAt])
                    .to_owned(),
            )
            .exec_without_returning(app.db.write())
            .await?;
        let (conversations, replies) = (app.conversations.positions(), app.replies.positions());
        let mut chunks = (conversations.chunks(CHUNK), replies.chunks(CHUNK));
        let mut is_behind = false;
        for round in 0.. {
            let (conversations, replies) = (chunks.0.next(), chunks.1.next());
            if round > 0 && conversations.is_none() && replies.is_none() {
                break;
            }
            is_behind |= self.read_chunk(app, conversations.unwrap_or(&[]), replies.unwrap_or(&[])).await?;
        }
        Ok(is_behind)
    }

    async fn read_chunk(
        &self,
        app: &App,
        conversations: &[(Uuid, Position)],
        replies: &[(Uuid, Position)],
    ) -> Result<bool> {
        let values = [conversations, replies].into_iter().flat_map(|open| {
            [
                open.iter().map(|(id, _)| id.to_string()).collect::<Vec<_>>(),
                open.iter().map(|(_, at)| at.to_string()).collect(),
            ]
        });
        let values = values.map(|column| sea_orm::Value::from(column.join(",")));
        let db = app.db.read();
        let statement = Statement::from_sql_and_values(db.get_database_backend(), NEWS, values);
        let mut is_behind = false;
        for row in db.query_all_raw(statement).await? {
            let (id, number): (Uuid, i64) = (row.try_get("", "id")?, row.try_get("", "number")?);
            if row.try_get("", "is_server")? {
                is_behind |= self.is_behind(app, id, u64::try_from(number).unwrap_or_default());
            } else {
                app.conversations.advanced(id, Position(number));
                app.replies.advanced(id, Position(number));
            }
        }
        Ok(is_behind)
    }

    /// Returns whether messages that a server had sent before the previous round did not arrive.
    fn is_behind(&self, app: &App, server: Uuid, sent: u64) -> bool {
        if app.bus.sent().is_some_and(|(id, _)| id == server) {
            return false;
        }
        let Some(before) = self.sent.lock().insert(server, sent) else { return false };
        match app.bus.received(server) {
            Some(received) if received < before => {
                app.bus.catch_up(server, before);
                true
            }
            Some(_) => false,
            // It is not heard, but it works.
            None => sent != before,
        }
    }

    /// Removes the row of this server, which stops, and of those that are gone.
    ///
    /// # Errors
    /// [`crate::error::Error::Internal`].
    pub async fn end(&self, app: &App) -> Result<()> {
        let Some((id, _)) = app.bus.sent() else { return Ok(()) };
        let is_old = server::Column::SeenAt.lt(app.clock.now() - KEPT);
        server::Entity::delete_many()
            .filter(sea_orm::Condition::any().add(server::Column::Id.eq(id)).add(is_old))
            .exec(app.db.write())
            .await?;
        Ok(())
    }
}

/// Makes all subscribers of state that is in no log read it again, a few at a time.
async fn wake_all(app: &App) {
    let users = app.inboxes.users();
    for users in users.chunks(SLICE) {
        users.iter().for_each(|user| app.inboxes.changed_for(user, None));
        tokio::time::sleep(PAUSE).await;
    }
    for signals in [&app.queues, &app.queue_positions, &app.reports] {
        for topics in signals.topics().chunks(SLICE) {
            topics.iter().for_each(|topic| signals.notify(*topic));
            tokio::time::sleep(PAUSE).await;
        }
    }
}
