//! Whether the database can be written, asked often and answered cheaply.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use sea_orm::{DatabaseBackend, DbErr, Statement, Value};
use tokio::{sync::Mutex, time::timeout};

use super::{failure, pool::Pool, share::Use};

/// How long an answer is good for.
const FRESH: Duration = Duration::from_secs(1);
/// How long a check may take, so that it is answered within a second whatever happens.
const LIMIT: Duration = Duration::from_millis(900);
/// Bytes that are written after a write has failed: a single page may find room where nothing else does.
const LARGE: usize = 256 * 1024;
/// Writes one row, on either database.
const WRITE: &str = "INSERT INTO readiness (id, checks, payload) VALUES (1, 1, $1) ON CONFLICT (id) \
     DO UPDATE SET checks = readiness.checks + 1, payload = excluded.payload";

/// Why the database is not ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    /// It gave no answer in time.
    #[error("The database does not answer in time")]
    Slow,
    /// It cannot be reached.
    #[error("The database cannot be reached")]
    Unreachable,
    /// It answers, but stores nothing.
    #[error("The database cannot be written")]
    ReadOnly,
}

/// When the last check ended, and how.
type Checked = (Instant, Result<(), NotReady>);

/// Checks whether the database can be written: one check at a time, on a connection of its own, and at most one a
/// second; cheap to clone.
#[derive(Clone)]
pub(super) struct Readiness {
    backend: DatabaseBackend,
    /// The connections of requests, whose commits say that the database can be written.
    writer: Pool,
    probe: Pool,
    last: Arc<Mutex<Option<Checked>>>,
}

impl Readiness {
    /// Checks by this pool of one connection.
    pub(super) fn new(backend: DatabaseBackend, writer: Pool, probe: Pool) -> Self {
        Self { backend, writer, probe, last: Arc::default() }
    }

    /// Whether the database can be written, as of a second ago at most.
    pub(super) async fn check(&self) -> Result<(), NotReady> {
        if self.writer.wrote_within(FRESH) {
            return Ok(());
        }
        let this = self.clone();
        // In a task of its own: a caller who leaves does not end the check that others wait for.
        let checked = tokio::spawn(async move {
            let mut last = this.last.lock().await;
            if let Some((at, outcome)) = *last
                && at.elapsed() < FRESH
            {
                return outcome;
            }
            let outcome = match timeout(LIMIT, this.write()).await {
                Ok(outcome) => outcome,
                Err(_) => Err(NotReady::Slow),
            };
            *last = Some((Instant::now(), outcome));
            outcome
        });
        match timeout(LIMIT, checked).await {
            Ok(Ok(outcome)) => outcome,
            _ => Err(NotReady::Slow),
        }
    }

    async fn write(&self) -> Result<(), NotReady> {
        let payload = self.writer.is_stopped().then(|| vec![0; LARGE]);
        let write = Statement::from_sql_and_values(self.backend, WRITE, [Value::Bytes(payload)]);
        let written = async { self.probe.acquire(Use::Statement).await?.execute(write).await };
        match written.await {
            Ok(_) => {
                self.writer.resume();
                Ok(())
            }
            Err(error) => {
                let reason = reason(&error);
                tracing::warn!(error = %error, "the database is not ready");
                Err(reason)
            }
        }
    }

    /// Closes its connection.
    pub(super) async fn close(&self) {
        self.probe.close().await;
    }
}

fn reason(error: &DbErr) -> NotReady {
    match error {
        DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => NotReady::Unreachable,
        error if failure::is_timeout(error) => NotReady::Slow,
        _ => NotReady::ReadOnly,
    }
}
