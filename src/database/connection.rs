//! One connection and its state. Every statement has a time limit, and a connection in unknown state is never
//! reused.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use sea_orm::{
    ExecResult, QueryResult, Statement,
    sea_query::Values,
    sqlx::{
        self, AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection,
        SqliteConnection,
    },
};
use sea_query_sqlx::SqlxValues;
use tokio::time::{error::Elapsed, timeout};

use super::{failure, options::Target};

/// Number of SQLite VM instructions between two checks for an interrupt.
const INSTRUCTIONS: i32 = 10_000;
/// How much longer than the server's limit to wait for a statement, so that the server's error arrives first.
const GRACE: Duration = Duration::from_secs(2);
/// Maximum time to clean up after an abandoned statement.
const RESET: Duration = Duration::from_secs(5);
/// Maximum time to test or close a connection.
const SHORT: Duration = Duration::from_secs(1);

enum Raw {
    Sqlite { connection: SqliteConnection, interrupt: Arc<AtomicBool> },
    Postgres(Box<PgConnection>),
}

/// A connection. Transactions are never nested: `BEGIN`, `COMMIT` and `ROLLBACK` are those of the database.
pub(super) struct Connection {
    raw: Raw,
    limit: Duration,
    pub(super) opened: Instant,
    pub(super) used: Instant,
    /// A statement was sent and its end was not received.
    busy: bool,
    /// A transaction was begun and may still be open.
    in_transaction: bool,
    /// The connection must not be reused.
    broken: bool,
}

/// Runs one statement on a connection of either kind, with a time limit, and records the connection's state.
macro_rules! run {
    ($self:ident, |$connection:ident| $statement:expr) => {{
        $self.busy = true;
        let limit = $self.limit;
        let ended = match &mut $self.raw {
            Raw::Sqlite { connection: $connection, .. } => {
                timeout(limit, $statement).await.map(|done| done.map(Into::into))
            }
            Raw::Postgres($connection) => {
                let $connection: &mut PgConnection = $connection;
                timeout(limit, $statement).await.map(|done| done.map(Into::into))
            }
        };
        $self.ended(ended)
    }};
}

impl Connection {
    /// Opens a connection with `limit` as the time limit of a statement.
    pub(super) async fn open(target: &Target, limit: Duration) -> Result<Self, sqlx::Error> {
        let raw = match target {
            Target::Sqlite(options) => {
                let mut connection = options.connect().await?;
                let interrupt = Arc::new(AtomicBool::new(false));
                let wanted = interrupt.clone();
                connection
                    .lock_handle()
                    .await?
                    .set_progress_handler(INSTRUCTIONS, move || !wanted.load(Ordering::Relaxed));
                Raw::Sqlite { connection, interrupt }
            }
            Target::Postgres(options) => Raw::Postgres(Box::new(options.connect().await?)),
        };
        let now = Instant::now();
        let limit = limit + GRACE;
        Ok(Self { raw, limit, opened: now, used: now, busy: false, in_transaction: false, broken: false })
    }

    /// Returns whether the connection is idle, outside a transaction, and did not fail.
    pub(super) fn is_clean(&self) -> bool {
        !self.busy && !self.in_transaction && !self.broken
    }

    /// Executes a statement that returns no rows.
    pub(super) async fn execute(&mut self, statement: Statement) -> Result<ExecResult, sqlx::Error> {
        let Statement { sql, values, .. } = statement;
        let (sql, values) = (AssertSqlSafe(sql), SqlxValues(values.unwrap_or(Values(Vec::new()))));
        run!(self, |connection| sqlx::query_with(sql, values).execute(connection))
    }

    /// Executes SQL without parameters, which may be several statements.
    pub(super) async fn execute_unprepared(&mut self, sql: &str) -> Result<ExecResult, sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        run!(self, |connection| connection.execute(sql))
    }

    /// Returns all rows of a statement. It reads to the end, because an error of an autocommit follows the
    /// last row.
    pub(super) async fn fetch(&mut self, statement: Statement) -> Result<Vec<QueryResult>, sqlx::Error> {
        let Statement { sql, values, .. } = statement;
        let (sql, values) = (AssertSqlSafe(sql), SqlxValues(values.unwrap_or(Values(Vec::new()))));
        self.busy = true;
        let limit = self.limit;
        let ended = match &mut self.raw {
            Raw::Sqlite { connection, .. } => {
                let rows = timeout(limit, sqlx::query_with(sql, values).fetch_all(connection)).await;
                rows.map(|done| done.map(|rows| rows.into_iter().map(QueryResult::from).collect()))
            }
            Raw::Postgres(connection) => {
                let connection: &mut PgConnection = connection;
                let rows = timeout(limit, sqlx::query_with(sql, values).fetch_all(connection)).await;
                rows.map(|done| done.map(|rows| rows.into_iter().map(QueryResult::from).collect()))
            }
        };
        self.ended(ended)
    }

    /// Begins a transaction. On SQLite it acquires the write lock at once, so that a later write cannot fail
    /// for it.
    pub(super) async fn begin(&mut self) -> Result<(), sqlx::Error> {
        // The connection counts as in a transaction from here on, because the answer may get lost.
        self.in_transaction = true;
        let sql = match &self.raw {
            Raw::Sqlite { .. } => "BEGIN IMMEDIATE",
            Raw::Postgres(_) => "BEGIN",
        };
        let begun: Result<ExecResult, sqlx::Error> = run!(self, |connection| connection.execute(sql));
        if let Err(error) = begun {
            if failure::is_busy(&error) {
                // SQLite did not begin the transaction.
                self.in_transaction = false;
            } else {
                self.broken = true;
            }
            return Err(error);
        }
        Ok(())
    }

    /// Commits the transaction. Fails if the connection was in no transaction.
    pub(super) async fn commit(&mut self) -> Result<(), sqlx::Error> {
        let committed: Result<ExecResult, sqlx::Error> =
            run!(self, |connection| connection.execute("COMMIT"));
        match committed {
            Ok(_) => {
                self.in_transaction = false;
                Ok(())
            }
            Err(error) => {
                self.broken = true;
                Err(error)
            }
        }
    }

    /// Returns whether the database answers within a second.
    pub(super) async fn test(&mut self) -> bool {
        self.busy = true;
        let answered = match &mut self.raw {
            Raw::Sqlite { connection, .. } => timeout(SHORT, connection.ping()).await,
            Raw::Postgres(connection) => timeout(SHORT, connection.ping()).await,
        };
        let answered = matches!(answered, Ok(Ok(())));
        self.busy = !answered;
        answered
    }

    /// Interrupts the running statement on SQLite. PostgreSQL continues until the statement ends or times
    /// out.
    pub(super) fn interrupt(&self) {
        if let Raw::Sqlite { interrupt, .. } = &self.raw {
            interrupt.store(true, Ordering::Relaxed);
        }
    }

    /// Interrupts an abandoned statement, if any.
    pub(super) fn interrupt_if_busy(&self) {
        if self.busy {
            self.interrupt();
        }
    }

    /// Waits for the end of an abandoned statement and rolls an abandoned transaction back. Returns whether
    /// the connection is clean; otherwise it must be closed.
    pub(super) async fn reset(&mut self) -> bool {
        if self.broken {
            return false;
        }
        if self.busy {
            let ended = match &mut self.raw {
                Raw::Sqlite { connection, .. } => timeout(RESET, connection.ping()).await,
                Raw::Postgres(connection) => timeout(RESET, connection.ping()).await,
            };
            if !matches!(ended, Ok(Ok(()))) {
                return false;
            }
            self.busy = false;
            if let Raw::Sqlite { interrupt, .. } = &self.raw {
                interrupt.store(false, Ordering::Relaxed);
            }
        }
        if self.in_transaction {
            let ended: Result<ExecResult, sqlx::Error> =
                run!(self, |connection| connection.execute("ROLLBACK"));
            // An error means that the database is in no transaction, or in an unknown state.
            self.broken |= ended.is_err();
            self.in_transaction = ended.is_err();
        }
        self.is_clean()
    }

    /// Discards the connection. Waits for SQLite, so that its transaction is rolled back before the next
    /// begins; PostgreSQL detects the closed socket.
    pub(super) async fn discard(self) {
        if matches!(self.raw, Raw::Sqlite { .. }) {
            self.interrupt();
            self.close().await;
        }
    }

    /// Closes the connection, so that SQLite checkpoints its log and PostgreSQL is notified.
    pub(super) async fn close(self) {
        let limit = if matches!(self.raw, Raw::Sqlite { .. }) { RESET } else { SHORT };
        let closing = async {
            match self.raw {
                Raw::Sqlite { connection, .. } => connection.close().await,
                Raw::Postgres(connection) => connection.close().await,
            }
        };
        match timeout(limit, closing).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "closing a connection to the database"),
            Err(_) => tracing::debug!("closing a connection to the database took too long"),
        }
    }

    /// Records how a statement ended.
    fn ended<T>(&mut self, ended: Result<Result<T, sqlx::Error>, Elapsed>) -> Result<T, sqlx::Error> {
        match ended {
            Ok(done) => {
                self.busy = false;
                self.broken |= done.as_ref().is_err_and(failure::breaks);
                done
            }
            Err(_) => {
                self.broken = true;
                self.interrupt();
                Err(failure::timed_out())
            }
        }
    }
}
