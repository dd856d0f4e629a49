//! A transaction: all or nothing is stored, and an unknown outcome is reported as unknown.

use std::fmt;

use sea_orm::{
    ConnectionTrait, DatabaseBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement,
    prelude::async_trait::async_trait,
};
use tokio::sync::Mutex;

use super::{autocommit::Observer, failure, pool::PooledConnection};

/// A database transaction, never nested. Dropping it without [`Transaction::commit`] rolls it back, also
/// during a statement.
pub struct Transaction {
    state: Mutex<State>,
    backend: DatabaseBackend,
    observer: Option<Observer>,
}

struct State {
    lease: PooledConnection,
    /// A statement failed: no further statement runs, and the transaction is never committed.
    failed: bool,
}

/// The reason why a commit did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Nothing was stored.
    #[error("the transaction was rolled back")]
    RolledBack(#[source] DbErr),
    /// The answer of the database was lost: all or nothing was stored.
    #[error("the outcome of the transaction is unknown")]
    Unknown(#[source] DbErr),
}

impl Transaction {
    /// Begins a transaction on this connection.
    pub(super) async fn begin(
        mut lease: PooledConnection,
        backend: DatabaseBackend,
        observer: Option<Observer>,
    ) -> Result<Self, DbErr> {
        lease.begin().await?;
        Ok(Self { state: Mutex::new(State { lease, failed: false }), backend, observer })
    }

    /// Commits the transaction. Succeeds only if the database confirms the commit.
    ///
    /// # Errors
    /// Returns [`CommitError::RolledBack`] if nothing was stored, [`CommitError::Unknown`] if the outcome is
    /// unknown.
    /// [`CommitError::RolledBack`] when nothing of it was stored, [`CommitError::Unknown`] when that cannot be known.
    pub async fn commit(self) -> Result<(), CommitError> {
        let mut state = self.state.into_inner();
        if state.failed {
            return Err(CommitError::RolledBack(failed_before()));
        }
        state.lease.commit().await.map_err(|error| {
            let rolled_back = failure::proves_rollback(&error);
            let error = DbErr::Exec(RuntimeErr::SqlxError(error.into()));
            if rolled_back { CommitError::RolledBack(error) } else { CommitError::Unknown(error) }
        })
    }

    fn observed<T>(&self, sql: Option<String>, done: Result<T, DbErr>) -> Result<T, DbErr> {
        if let (Some(observer), Some(sql)) = (&self.observer, sql) {
            observer(&sql);
        }
        done
    }

    /// Returns the SQL of the statement if an observer is set.
    fn sql(&self, statement: &Statement) -> Option<String> {
        self.observer.is_some().then(|| statement.sql.clone())
    }
}

impl State {
    fn check(&self) -> Result<(), DbErr> {
        if self.failed { Err(failed_before()) } else { Ok(()) }
    }
}

/// Returns the error for statements after a failure. SQLite may have rolled back, so that later statements
/// would be stored on their own.
fn failed_before() -> DbErr {
    DbErr::Exec(RuntimeErr::Internal("an earlier statement of this transaction failed".to_owned()))
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Transaction({:?})", self.backend)
    }
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let mut state = self.state.lock().await;
        state.check()?;
        let sql = self.sql(&statement);
        let done = state.lease.execute(statement).await;
        state.failed = done.is_err();
        self.observed(sql, done)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let mut state = self.state.lock().await;
        state.check()?;
        let done = state.lease.execute_unprepared(sql).await;
        state.failed = done.is_err();
        done
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.query_all_raw(statement).await.map(|rows| rows.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut state = self.state.lock().await;
        state.check()?;
        let sql = self.sql(&statement);
        let done = state.lease.fetch(statement).await;
        state.failed = done.is_err();
        self.observed(sql, done)
    }
}
