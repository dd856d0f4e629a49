//! SQLite or PostgreSQL behind one interface: reads, writes, transactions and migrations.

mod autocommit;
mod batch;
mod connection;
mod failure;
mod file;
mod migrate;
mod notifications;
mod options;
mod pool;
mod readiness;
mod share;
mod together;
mod transaction;
mod usage;

use std::{fmt, sync::Arc};

use anyhow::Context;
use sea_orm::{ConnectionTrait, DatabaseBackend, DbErr, RuntimeErr, Statement};

pub use autocommit::Autocommit;
pub use batch::{Batch, BatchLimits, Batchers, Outcome, Share, SubmitError, Submitted};
pub use failure::is_unavailable;
pub use file::{Folded, check as check_file, fold as fold_file};
pub use notifications::Notifications;
pub use options::{Options, sqlite_file};
pub use readiness::NotReady;
pub use share::Work;
pub use together::Writes;
pub use transaction::{CommitError, Transaction};
pub use usage::{Usage, count_statements};

use options::{Target, Targets};
use pool::Pool;
use readiness::Readiness;
use share::Use;

/// The application's database. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    writer: Autocommit,
    reader: Autocommit,
    readiness: Readiness,
    migrations: Arc<Target>,
}

impl Database {
    /// Connects to `sqlite://FILE` or `postgres://…` with the default limits. Creates a missing SQLite file.
    ///
    /// # Errors
    /// Returns an error with advice if the URL has another scheme or the database does not answer.
    pub async fn connect(url: &str) -> anyhow::Result<Self> {
        Self::open(&Options::new(url)).await
    }

    /// Connects with these options. Creates a missing SQLite file that only its owner can read.
    ///
    /// # Errors
    /// Returns an error with advice if the URL has another scheme or the database does not answer.
    pub async fn open(options: &Options) -> anyhow::Result<Self> {
        let Targets { write, read, probe, migrate, writers, readers } = Targets::of(options)?;
        let (backend, doing) = match sqlite_file(&options.url) {
            Some(file) => {
                let file = file.display();
                let doing = format!(
                    "cannot open {file}; check that the folder is writable and nothing else locks the file"
                );
                (DatabaseBackend::Sqlite, doing)
            }
            None => {
                let doing = "cannot reach PostgreSQL; check database_url and that the server runs";
                (DatabaseBackend::Postgres, doing.to_owned())
            }
        };
        let commit = |pool| Autocommit { pool, backend, observer: None };
        let writer = commit(Pool::new("write", write, writers, options));
        let reader = match read {
            Some(read) => commit(Pool::new("read", read, readers, options)),
            None => writer.clone(),
        };
        let probe = Pool::new("probe", probe, 1, options);
        for pool in [&writer.pool, &reader.pool] {
            drop(pool.acquire(Use::Statement).await.with_context(|| doing.clone())?);
        }
        let readiness = Readiness::new(backend, writer.pool.clone(), probe);
        Ok(Self { writer, reader, readiness, migrations: Arc::new(migrate) })
    }

    /// Returns the connection for reads outside a transaction.
    pub fn read(&self) -> &Autocommit {
        &self.reader
    }

    /// Returns the connection for single writes outside a transaction.
    pub fn write(&self) -> &Autocommit {
        &self.writer
    }

    /// Begins a transaction that may write. On SQLite it acquires the write lock at once, so that a later
    /// write cannot fail for it.
    ///
    /// # Errors
    /// Returns an error if the database does not answer, or no connection became free in time.
    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        self.begin_for(None).await
    }

    /// Begins a transaction that locks `lock_key`, such as a conversation. Transactions of one place share a
    /// bounded part of the connections.
    ///
    /// # Errors
    /// Returns an error if the database does not answer, or no connection became free in time.
    pub async fn begin_at(&self, lock_key: &[u8]) -> Result<Transaction, DbErr> {
        self.begin_for(Some(lock_key)).await
    }

    async fn begin_for(&self, lock_key: Option<&[u8]>) -> Result<Transaction, DbErr> {
        match self.try_begin(lock_key).await {
            // The idle connection was closed by the server before anything began: a new one may succeed.
            Err(DbErr::Exec(RuntimeErr::SqlxError(error))) if failure::is_closed(&error) => {
                self.try_begin(lock_key).await
            }
            begun => begun,
        }
    }

    async fn try_begin(&self, lock_key: Option<&[u8]>) -> Result<Transaction, DbErr> {
        let Autocommit { pool, backend, observer } = &self.writer;
        let lease = pool.acquire(Use::Transaction { lock_key }).await?;
        Transaction::begin(lease, *backend, observer.clone()).await
    }

    /// Returns the kind of database.
    pub fn backend(&self) -> DatabaseBackend {
        self.writer.backend
    }

    /// Sets a function to call at every statement, for tests that count them. Call it before the database is
    /// shared.
    pub fn on_statement(&mut self, observe: impl Fn(&str) + Send + Sync + 'static) {
        let observer: autocommit::Observer = Arc::new(observe);
        self.reader.observer = Some(observer.clone());
        self.writer.observer = Some(observer);
    }

    /// Migrates the tables to the current version. Several servers may call it at once.
    ///
    /// # Errors
    /// Returns an error if the database is newer than this program, or if a migration fails.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        migrate::run(&self.migrations).await
    }

    /// Checks that no later version of the program has migrated the tables.
    ///
    /// # Errors
    /// Returns an error if one has, or if the database does not answer.
    pub async fn refuse_newer(&self) -> anyhow::Result<()> {
        migrate::refuse_newer(&self.reader).await
    }

    /// Returns the names of the migrations that the tables still need, in order.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn list_pending_migrations(&self) -> anyhow::Result<Vec<String>> {
        migrate::pending(&self.reader).await
    }

    /// Checks whether the database can be written; the result may be a second old. Returns within a second.
    ///
    /// # Errors
    /// Returns the reason if it cannot; the cause is logged.
    pub async fn check_ready(&self) -> Result<(), NotReady> {
        self.readiness.check().await
    }

    /// Returns whether an index finds names and descriptions by a part of them. PostgreSQL needs its extension
    /// `pg_trgm` for it.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn has_trigrams(&self) -> Result<bool, DbErr> {
        if self.backend() != DatabaseBackend::Postgres {
            return Ok(true);
        }
        let sql = "SELECT to_regclass('ix_spaces_trigrams') IS NOT NULL \
                   AND to_regclass('ix_communities_trigrams') IS NOT NULL \
                   AND to_regclass('ix_agent_listings_trigrams') IS NOT NULL AS found";
        let row = self.reader.query_one_raw(Statement::from_string(DatabaseBackend::Postgres, sql)).await?;
        row.map_or(Ok(false), |row| row.try_get("", "found"))
    }

    /// Closes the connections, so that SQLite checkpoints its log. Waits a bounded time for connections in
    /// use.
    pub async fn close(self) {
        // SQLite keeps the log file if the last connection that closes is read-only.
        let last = match self.backend() {
            DatabaseBackend::Sqlite => self.writer.pool.acquire(Use::Statement).await.ok(),
            _ => None,
        };
        self.readiness.close().await;
        self.reader.pool.close().await;
        drop(last);
        self.writer.pool.close().await;
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Database({:?})", self.backend())
    }
}
