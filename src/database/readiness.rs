//! Checks whether the database can be written, with a cached result.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use sea_orm::{DatabaseBackend, DbErr, Statement, Value};
use tokio::{sync::Mutex, time::timeout};

use super::{failure, pool::Pool, share::Use};

/// How long a result is valid.
const FRESH: Duration = Duration::from_secs(1);
/// Maximum time of a check, so that the answer takes less than a second.
const LIMIT: Duration = Duration::from_millis(900);
/// Bytes to write after a failed write, because a single page may fit when nothing else does.
const LARGE: usize = 256 * 1024;
/// Upserts one row on either database.
const WRITE: &str = "INSERT INTO readiness (id, checks, payload) VALUES (1, 1, $1) ON CONFLICT (id) \
     DO UPDATE SET checks = readiness.checks + 1, payload = excluded.payload";

/// The reason why the database is not ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    /// It did not answer in time.
    #[error("The database does not answer in time")]
    Slow,
    /// It is unreachable.
    #[error("The database cannot be reached")]
    Unreachable,
    /// It answers but cannot be written.
    #[error("The database cannot be written")]
    ReadOnly,
}

/// Time and result of the last check.
type Checked = (Instant, Result<(), NotReady>);

/// Checks whether the database can be written: one check at a time, on a separate connection, at most once a
/// second. Cheap to clone.
#[derive(Clone)]
pub(super) struct Readiness {
    backend: DatabaseBackend,
    /// The pool of requests; its commits prove that the database can be written.
    writer: Pool,
    probe: Pool,
    last: Arc<Mutex<Option<Checked>>>,
}

impl Readiness {
    /// Creates the check on a pool of one connection.
    pub(super) fn new(backend: DatabaseBackend, writer: Pool, probe: Pool) -> Self {
        Self { backend, writer, probe, last: Arc::default() }
    }

    /// Returns whether the database can be written; the result may be a second old.
    pub(super) async fn check(&self) -> Result<(), NotReady> {
        if self.writer.wrote_within(FRESH) {
            return Ok(());
        }
        let this = self.clone();
        // A separate task, so that a cancelled caller does not end the check for other callers.
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

    /// Closes the connection.
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
