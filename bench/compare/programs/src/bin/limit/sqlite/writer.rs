//! The one writer of a SQLite file.

use std::{
    sync::mpsc::{Receiver, Sender, channel},
    thread,
};

use rusqlite::{Connection, OptionalExtension, Result};
use tokio::sync::oneshot;
use uuid::Uuid;

const POST: &str = "INSERT INTO community_messages (id, community_id, user_id, content, message_type, created_at) \
                    SELECT ?1, ?3, a.user_id, ?4, 'text', strftime('%Y-%m-%dT%H:%M:%fZ', 'now') FROM auth_sessions a \
                    JOIN community_members cm ON cm.user_id = a.user_id AND cm.community_id = ?3 \
                    WHERE a.token = ?2 AND a.expires_at > strftime('%Y-%m-%dT%H:%M:%fZ', 'now') RETURNING user_id, created_at";

/// Most posts in one transaction: as many as Plaza takes.
const BATCH: usize = 64;

/// A message to write.
pub struct Entry {
    pub token: String,
    pub community: String,
    pub content: String,
}

/// Id, author and time of a message; `None` if the caller may not post.
type Written = Result<Option<(String, String, String)>>;
type Waiting = (Entry, oneshot::Sender<(Entry, Written)>);

/// Hands messages to the thread that writes.
#[derive(Clone)]
pub struct Writer(Sender<Waiting>);

impl Writer {
    /// Opens the file and starts the thread.
    pub fn start(file: &str, synchronous: &str) -> Self {
        let connection = Connection::open(file).expect("opens");
        let pragmas = format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA cache_size = -16384"
        );
        connection.execute_batch(&pragmas).expect("is set up");
        let (sender, receiver) = channel();
        thread::spawn(move || run(&connection, &receiver));
        Self(sender)
    }

    /// Writes a message. It is durable on return, if `synchronous` is `FULL`.
    pub async fn write(&self, entry: Entry) -> (Entry, Written) {
        let (sender, receiver) = oneshot::channel();
        self.0.send((entry, sender)).expect("the writer runs");
        receiver.await.expect("the writer answers")
    }
}

fn run(connection: &Connection, queue: &Receiver<Waiting>) {
    while let Ok(first) = queue.recv() {
        let batch: Vec<_> = std::iter::once(first).chain(queue.try_iter().take(BATCH - 1)).collect();
        connection.execute_batch("BEGIN IMMEDIATE").expect("begins");
        let written: Vec<_> = batch.iter().map(|(entry, _)| insert(connection, entry)).collect();
        connection.execute_batch("COMMIT").expect("commits");
        for ((entry, sender), written) in batch.into_iter().zip(written) {
            let _ = sender.send((entry, written));
        }
    }
}

fn insert(connection: &Connection, entry: &Entry) -> Written {
    #[expect(clippy::disallowed_methods, reason = "there is no clock but that of the machine here")]
    let id = Uuid::now_v7().to_string();
    let mut statement = connection.prepare_cached(POST)?;
    let row = statement.query_row((&id, &entry.token, &entry.community, &entry.content), |row| {
        Ok((row.get(0)?, row.get(1)?))
    });
    Ok(row.optional()?.map(|(user, time)| (id, user, time)))
}
