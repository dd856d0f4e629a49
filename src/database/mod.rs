//! SQLite or PostgreSQL behind one door: where to read, where to write, and the state of the tables.

mod autocommit;
mod connection;
mod failure;
mod file;
mod migrate;
mod options;
mod pool;
mod readiness;
mod share;
mod transaction;

use std::{fmt, sync::Arc};

use anyhow::Context;
use sea_orm::{DatabaseBackend, DbErr, RuntimeErr};

pub use autocommit::Autocommit;
pub use failure::is_unavailable;
pub use file::{Folded, check as check_file, fold as fold_file};
pub use options::{Options, sqlite_file};
pub use readiness::NotReady;
pub use share::Work;
pub use transaction::{CommitError, Transaction};

use options::{Target, Targets};
use pool::Pool;
use readiness::Readiness;
use share::Use;

/// The product's database; cheap to clone.
#[derive(Clone)]
pub struct Database {
    writer: Autocommit,
    reader: Autocommit,
    readiness: Readiness,
    migrations: Arc<Target>,
}

impl Database {
    /// Connects to `sqlite://FILE` or `postgres://…` within the default limits; a missing SQLite file is created.
    ///
    /// # Errors
    /// When the URL is of neither kind, or the database does not answer; the text says what to do.
    pub async fn connect(url: &str) -> anyhow::Result<Self> {
        Self::open(&Options::new(url)).await
    }

    /// Connects within these limits; a missing SQLite file is created, readable by its owner alone.
    ///
    /// # Errors
    /// When the URL is of neither kind, or the database does not answer; the text says what to do.
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
        let writer = commit(Pool::new(write, writers, options));
        let reader = match read {
            Some(read) => commit(Pool::new(read, readers, options)),
            None => writer.clone(),
        };
        let probe = Pool::new(probe, 1, options);
        for pool in [&writer.pool, &reader.pool] {
            drop(pool.acquire(Use::Statement).await.with_context(|| doing.clone())?);
        }
        let readiness = Readiness::new(backend, writer.pool.clone(), probe);
        Ok(Self { writer, reader, readiness, migrations: Arc::new(migrate) })
    }

    /// Where to read outside a transaction.
    pub fn read(&self) -> &Autocommit {
        &self.reader
    }

    /// Where to write a single statement.
    pub fn write(&self) -> &Autocommit {
        &self.writer
    }

    /// Begins a transaction that may write: on SQLite it takes the write lock at once, so that it cannot fail midway.
    ///
    /// # Errors
    /// When the database does not answer, or no connection was free in time.
    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        self.begin_for(None).await
    }

    /// Begins a transaction that locks this place, such as a conversation: those that wait for the same place take a
    /// bounded share of the connections.
    ///
    /// # Errors
    /// When the database does not answer, or no connection was free in time.
    pub async fn begin_at(&self, place: &[u8]) -> Result<Transaction, DbErr> {
        self.begin_for(Some(place)).await
    }

    async fn begin_for(&self, place: Option<&[u8]>) -> Result<Transaction, DbErr> {
        match self.try_begin(place).await {
            // The connection had been closed while nobody used it, and nothing was begun: a new one may do.
            Err(DbErr::Exec(RuntimeErr::SqlxError(error))) if failure::is_closed(&error) => {
                self.try_begin(place).await
            }
            begun => begun,
        }
    }

    async fn try_begin(&self, place: Option<&[u8]>) -> Result<Transaction, DbErr> {
        let Autocommit { pool, backend, observer } = &self.writer;
        let lease = pool.acquire(Use::Transaction { place }).await?;
        Transaction::begin(lease, *backend, observer.clone()).await
    }

    /// SQLite or PostgreSQL.
    pub fn backend(&self) -> DatabaseBackend {
        self.writer.backend
    }

    /// Calls `observe` at every statement, for tests that count them. Before the database is shared.
    pub fn on_statement(&mut self, observe: impl Fn(&str) + Send + Sync + 'static) {
        let observer: autocommit::Observer = Arc::new(observe);
        self.reader.observer = Some(observer.clone());
        self.writer.observer = Some(observer);
    }

    /// Brings the tables up to date. Two servers may do so at once.
    ///
    /// # Errors
    /// When the database is newer than this program, or a migration fails.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        migrate::run(&self.migrations).await
    }

    /// Whether the tables are those of this program or of an earlier one.
    ///
    /// # Errors
    /// When they are of a later one, or the database does not answer.
    pub async fn refuse_newer(&self) -> anyhow::Result<()> {
        migrate::refuse_newer(&self.reader).await
    }

    /// Whether the database can be written, as of a second ago at most. Answers within a second whatever happens.
    ///
    /// # Errors
    /// When it cannot; the cause is logged.
    pub async fn check_ready(&self) -> Result<(), NotReady> {
        self.readiness.check().await
    }

    /// Closes the connections, so that SQLite folds its log into the file. Waits a bounded time for those in use.
    pub async fn close(self) {
        // SQLite's log stays beside the file when a connection that only reads is closed last.
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
