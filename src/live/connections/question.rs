//! Questions to the other servers, and their answers.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::{FutureExt, future::BoxFuture};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio::{
    sync::{Semaphore, mpsc},
    time::{Instant, timeout_at},
};
use uuid::Uuid;

use super::{OpenConnection, OpenConnections, Slice};

/// How long a server may take to answer.
const LIMIT: Duration = Duration::from_secs(1);
/// Maximum number of questions at the same time; further ones wait.
const QUESTIONS: usize = 8;
/// Maximum number of parts of answers that wait to be read.
const PARTS: usize = 1024;
/// Maximum number of connections in one message, so that it fits a notification of PostgreSQL.
const ROWS: usize = 8;
/// Maximum number of bytes of texts of a connection on the bus. A longer text would not fit.
const TEXT: usize = 256;

/// A question to the other servers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Question {
    number: u64,
    /// The only server that answers; `None` for all.
    to: Option<Uuid>,
    subject: Subject,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Subject {
    /// A part of the list.
    Slice(Slice),
    /// A connection by its id.
    Find(Uuid),
    /// Ends a connection.
    End(Uuid),
}

/// A part of an answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The server that asked.
    to: Uuid,
    number: u64,
    rows: Vec<OpenConnection>,
    /// Number of rows of all parts.
    of: usize,
    /// Number of open connections of the server.
    total: usize,
}

/// The answers of all servers.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    /// The connections, in no order.
    pub rows: Vec<OpenConnection>,
    /// Number of open connections of the servers that answered.
    pub total: usize,
    /// The servers that did not answer in time.
    pub silent: Vec<Uuid>,
}

/// The questions that wait for answers.
pub(super) struct Questions {
    asked: AtomicU64,
    waiting: Mutex<HashMap<u64, mpsc::Sender<(Uuid, Answer)>>>,
    turns: Semaphore,
}

impl Default for Questions {
    fn default() -> Self {
        let (asked, waiting) = (AtomicU64::new(0), Mutex::default());
        Self { asked, waiting, turns: Semaphore::new(QUESTIONS) }
    }
}

/// A question that was sent; dropped, its answers are ignored.
struct PendingQuestion {
    list: Arc<OpenConnections>,
    number: u64,
    answers: mpsc::Receiver<(Uuid, Answer)>,
    expected: HashSet<Uuid>,
    until: Instant,
}

impl OpenConnections {
    /// Subject of the messages that carry questions.
    pub const QUESTION: &'static str = "connections-question";
    /// Subject of the messages that carry answers.
    pub const ANSWER: &'static str = "connections-answer";

    /// Returns the connections of all servers in this slice; those of each server are at most `limit`.
    pub async fn collect(&self, slice: Slice) -> Collected {
        // Never closed.
        let _turn = self.questions.turns.acquire().await;
        let mut collected = match self.ask(None, Subject::Slice(slice)) {
            Some(asked) => asked.wait().await,
            None => Collected::default(),
        };
        let (rows, total) = self.own_slice(slice);
        collected.rows.extend(rows);
        collected.total += total;
        collected
    }

    /// Finds a connection on any server.
    pub async fn find(&self, id: Uuid) -> Collected {
        if let Some(own) = self.find_own(id) {
            return Collected { rows: vec![own], ..Collected::default() };
        }
        let _turn = self.questions.turns.acquire().await;
        match self.ask(None, Subject::Find(id)) {
            Some(asked) => asked.wait().await,
            None => Collected::default(),
        }
    }

    /// Makes a connection of a server end. The request is sent before this returns; the future returns whether the
    /// server confirmed it in time. Idempotent.
    pub fn end(&self, server: Uuid, id: Uuid) -> BoxFuture<'static, bool> {
        if server == self.server {
            self.end_own(id);
            return std::future::ready(true).boxed();
        }
        match self.ask(Some(server), Subject::End(id)) {
            Some(asked) => async move { asked.wait().await.silent.is_empty() }.boxed(),
            None => std::future::ready(false).boxed(),
        }
    }

    /// Sends a question; `None` if there is no other server.
    fn ask(&self, to: Option<Uuid>, subject: Subject) -> Option<PendingQuestion> {
        let list = self.own.upgrade().filter(|_| self.bus.is_shared())?;
        let number = self.questions.asked.fetch_add(1, Ordering::Relaxed);
        let expected = to.map_or_else(|| self.bus.peers().into_iter().collect(), |to| HashSet::from([to]));
        let (sender, answers) = mpsc::channel(PARTS);
        self.questions.waiting.lock().insert(number, sender);
        self.bus.send(Self::QUESTION, &Question { number, to, subject }, || None);
        Some(PendingQuestion { list, number, answers, expected, until: Instant::now() + LIMIT })
    }

    /// Answers a question of another server.
    pub fn answer(&self, asker: Uuid, question: &Question) {
        if question.to.is_some_and(|to| to != self.server) {
            return;
        }
        let (rows, total) = match question.subject {
            Subject::Slice(slice) => self.own_slice(slice),
            Subject::Find(id) => (self.find_own(id).into_iter().collect(), 0),
            Subject::End(id) => {
                self.end_own(id);
                (Vec::new(), 0)
            }
        };
        let (of, mut parts) = (rows.len(), rows.chunks(ROWS).peekable());
        // Without rows, one part has none.
        let mut first: Option<&[OpenConnection]> = parts.peek().is_none().then_some(&[]);
        while let Some(part) = first.take().or_else(|| parts.next()) {
            let rows = part.iter().map(fitted).collect();
            let answer = Answer { to: asker, number: question.number, rows, of, total };
            self.bus.send(Self::ANSWER, &answer, || None);
        }
    }

    /// Receives a part of an answer of another server. One that no question waits for is ignored.
    pub fn answered(&self, server: Uuid, answer: Answer) {
        if answer.to != self.server {
            return;
        }
        if let Some(waiting) = self.questions.waiting.lock().get(&answer.number) {
            // Without room the server counts as silent.
            let _ = waiting.try_send((server, answer));
        }
    }
}

impl PendingQuestion {
    /// Waits until all servers have answered, or the time is over.
    async fn wait(mut self) -> Collected {
        let mut collected = Collected::default();
        let mut received: HashMap<Uuid, usize> = HashMap::new();
        while !self.expected.is_empty() {
            let Ok(Some((server, answer))) = timeout_at(self.until, self.answers.recv()).await else { break };
            let is_first = !received.contains_key(&server);
            let rows = received.entry(server).or_default();
            *rows += answer.rows.len();
            if *rows >= answer.of {
                self.expected.remove(&server);
            }
            if is_first {
                collected.total += answer.total;
            }
            collected.rows.extend(answer.rows.into_iter().map(|row| OpenConnection { server, ..row }));
        }
        collected.silent = self.expected.iter().copied().collect();
        collected.silent.sort_unstable();
        collected
    }
}

impl Drop for PendingQuestion {
    fn drop(&mut self) {
        self.list.questions.waiting.lock().remove(&self.number);
    }
}

/// Returns a row that fits into a message.
fn fitted(row: &OpenConnection) -> OpenConnection {
    let short = |text: &Option<String>| text.clone().filter(|text| text.len() <= TEXT);
    OpenConnection { user: short(&row.user), address: short(&row.address), ..row.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::ConnectionKind;

    #[test]
    fn the_largest_part_fits_a_notification() {
        let row = OpenConnection {
            id: Uuid::max(),
            server: Uuid::max(),
            kind: ConnectionKind::GraphqlStream,
            user: Some("u".repeat(TEXT)),
            address: Some("a".repeat(TEXT)),
            opened_at: chrono::DateTime::from_timestamp_micros(1_772_712_000_123_456).unwrap(),
            subscriptions: usize::MAX,
        };
        let rows = vec![fitted(&row); ROWS];
        let answer = Answer { to: Uuid::max(), number: u64::MAX, rows, of: usize::MAX, total: usize::MAX };
        let text = serde_json::to_string(&(OpenConnections::ANSWER, &answer)).unwrap();
        assert!(text.len() + 128 < 7900, "{}", text.len());
    }
}
