//! A transaction: all of it is stored, or nothing, and what became of it is known or said to be unknown.

use std::fmt;

use sea_orm::{
    ConnectionTrait, DatabaseBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement,
    prelude::async_trait::async_trait,
};
use tokio::sync::Mutex;

use super::{autocommit::Observer, failure, pool::Lease};

/// A transaction of the database itself, never nested in another. Dropped without [`Transaction::commit`], it is rolled
/// back, also in the middle of a statement.
pub struct Transaction {
    state: Mutex<State>,
    backend: DatabaseBackend,
    observer: Option<Observer>,
}

struct State {
    lease: Lease,
    /// A statement failed: nothing more happens in this transaction, and it is never committed.
    failed: bool,
}

/// Why a transaction was not committed, as far as that is known.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Nothing of it was stored.
    #[error("the transaction was rolled back")]
    RolledBack(#[source] DbErr),
    /// The answer of the database got lost: either all of it was stored, or nothing.
    #[error("the outcome of the transaction is unknown")]
    Unknown(#[source] DbErr),
}

impl Transaction {
    /// Begins a transaction on this connection.
    pub(super) async fn begin(
        mut lease: Lease,
        backend: DatabaseBackend,
        observer: Option<Observer>,
    ) -> Result<Self, DbErr> {
        lease.begin().await?;
        Ok(Self { state: Mutex::new(State { lease, failed: false }), backend, observer })
    }

    /// Makes all of it last. Succeeds only when the database has committed it.
    ///
    /// # Errors
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

    /// The SQL of the statement, if an observer wants it.
    fn sql(&self, statement: &Statement) -> Option<String> {
        self.observer.is_some().then(|| statement.sql.clone())
    }
}

impl State {
    fn check(&self) -> Result<(), DbErr> {
        if self.failed { Err(failed_before()) } else { Ok(()) }
    }
}

/// SQLite may have rolled back at the failure: what came then would be stored by itself.
fn failed_before() -> DbErr {
    DbErr::Exec(RuntimeErr::Internal("a statement of this transaction failed before".to_owned()))
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
