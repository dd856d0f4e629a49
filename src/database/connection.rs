//! One connection, and what is known about its state: every statement is bounded in time, and a connection whose state
//! is in doubt says so.

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

/// Instructions of SQLite's machine between two looks at whether the statement is still wanted.
const INSTRUCTIONS: i32 = 10_000;
/// How much longer than the server a statement is waited for, so that the server's own error comes first.
const GRACE: Duration = Duration::from_secs(2);
/// How long tidying up behind an abandoned statement may take.
const RESET: Duration = Duration::from_secs(5);
/// How long testing or closing a connection may take.
const SHORT: Duration = Duration::from_secs(1);

enum Raw {
    Sqlite { connection: SqliteConnection, interrupt: Arc<AtomicBool> },
    Postgres(Box<PgConnection>),
}

/// A connection. No transaction is ever nested in another: `BEGIN`, `COMMIT` and `ROLLBACK` are those of the database.
pub(super) struct Connection {
    raw: Raw,
    limit: Duration,
    pub(super) opened: Instant,
    pub(super) used: Instant,
    /// A statement was sent whose end was not seen.
    busy: bool,
    /// A transaction was begun and is not known to have ended.
    in_transaction: bool,
    /// It must not be used again.
    broken: bool,
}

/// Runs one statement on the connection of either kind, bounded in time, and keeps account of its state.
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
    /// Opens a connection whose statements may take as long as `limit`.
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

    /// Whether it is outside a transaction, nothing is under way on it, and it did not fail.
    pub(super) fn is_clean(&self) -> bool {
        !self.busy && !self.in_transaction && !self.broken
    }

    /// Executes a statement that gives no rows.
    pub(super) async fn execute(&mut self, statement: Statement) -> Result<ExecResult, sqlx::Error> {
        let Statement { sql, values, .. } = statement;
        let (sql, values) = (AssertSqlSafe(sql), SqlxValues(values.unwrap_or(Values(Vec::new()))));
        run!(self, |connection| sqlx::query_with(sql, values).execute(connection))
    }

    /// Executes SQL without values, which may be several statements.
    pub(super) async fn execute_unprepared(&mut self, sql: &str) -> Result<ExecResult, sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        run!(self, |connection| connection.execute(sql))
    }

    /// All rows of a statement, read to its end: an error of an autocommit comes behind the last row.
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

    /// Begins a transaction; on SQLite it takes the write lock at once, so that it cannot fail midway.
    pub(super) async fn begin(&mut self) -> Result<(), sqlx::Error> {
        // From here on it is in a transaction unless the contrary is known: the answer may get lost.
        self.in_transaction = true;
        let sql = match &self.raw {
            Raw::Sqlite { .. } => "BEGIN IMMEDIATE",
            Raw::Postgres(_) => "BEGIN",
        };
        let begun: Result<ExecResult, sqlx::Error> = run!(self, |connection| connection.execute(sql));
        if let Err(error) = begun {
            if failure::is_busy(&error) {
                // SQLite did not begin.
                self.in_transaction = false;
            } else {
                self.broken = true;
            }
            return Err(error);
        }
        Ok(())
    }

    /// Commits the transaction. Succeeds only when the database was in one, and it was the outermost.
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

    /// Whether the database answers within a second.
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

    /// Stops what is under way on SQLite. PostgreSQL goes on until the statement ends or its time is up.
    pub(super) fn interrupt(&self) {
        if let Raw::Sqlite { interrupt, .. } = &self.raw {
            interrupt.store(true, Ordering::Relaxed);
        }
    }

    /// Stops what is under way, if anything is: it was abandoned.
    pub(super) fn interrupt_if_busy(&self) {
        if self.busy {
            self.interrupt();
        }
    }

    /// Waits for the end of an abandoned statement and rolls an abandoned transaction back. Whether the connection is
    /// clean then; otherwise it must be closed.
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
            // An error says that the database is in no transaction, or worse: its state is not what was believed.
            self.broken |= ended.is_err();
            self.in_transaction = ended.is_err();
        }
        self.is_clean()
    }

    /// Gives the connection up. SQLite's is waited for, so that its transaction is rolled back before the next begins;
    /// PostgreSQL finds out by itself.
    pub(super) async fn discard(self) {
        if matches!(self.raw, Raw::Sqlite { .. }) {
            self.interrupt();
            self.close().await;
        }
    }

    /// Closes the connection, so that SQLite folds its log into the file and PostgreSQL is notified.
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

    /// Notes how a statement ended.
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
