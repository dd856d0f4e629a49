//! Statements outside a transaction, each on a separate connection.

use std::{fmt, sync::Arc};

use sea_orm::{
    ConnectionTrait, DatabaseBackend, DbErr, ExecResult, QueryResult, Statement,
    prelude::async_trait::async_trait,
};

use super::{pool::Pool, share::Use};

/// Called with the SQL of each statement after it ran.
pub(super) type Observer = Arc<dyn Fn(&str) + Send + Sync>;

/// Runs statements outside a transaction, each on any free connection. Cheap to clone.
#[derive(Clone)]
pub struct Autocommit {
    pub(super) pool: Pool,
    pub(super) backend: DatabaseBackend,
    pub(super) observer: Option<Observer>,
}

impl Autocommit {
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

impl fmt::Debug for Autocommit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Autocommit({:?})", self.backend)
    }
}

#[async_trait]
impl ConnectionTrait for Autocommit {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let sql = self.sql(&statement);
        let done = self.pool.acquire(Use::Statement).await?.execute(statement).await;
        self.observed(sql, done)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.pool.acquire(Use::Statement).await?.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.query_all_raw(statement).await.map(|rows| rows.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let sql = self.sql(&statement);
        let done = self.pool.acquire(Use::Statement).await?.fetch(statement).await;
        self.observed(sql, done)
    }
}
