//! SQLite or PostgreSQL behind one door: where to read, where to write, and the state of the tables.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, bail};
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

/// The key of the PostgreSQL advisory lock that migrations hold ("plaza" in ASCII).
const MIGRATION_LOCK: i64 = 0x70_6c_61_7a_61;
/// Rows that SQLite may read ahead of us: the largest page and the row behind it.
const ROWS: usize = 128;

/// The product's database.
#[derive(Clone, Debug)]
pub struct Database {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

impl Database {
    /// Connects to `sqlite://FILE` or `postgres://…`; a missing SQLite file is made.
    ///
    /// # Errors
    /// When the URL is of neither kind, or the database does not answer; the text says what to do.
    pub async fn connect(url: &str) -> anyhow::Result<Self> {
        if url.starts_with("sqlite:") {
            Self::sqlite(url).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let mut options = options(url, 16);
            // A bound LIMIT would make PostgreSQL plan anew at every execution.
            options.map_sqlx_postgres_opts(|options| {
                options.options([("plan_cache_mode", "force_generic_plan")])
            });
            let pool = sea_orm::Database::connect(options)
                .await
                .context("cannot reach PostgreSQL; check database_url and that the server runs")?;
            Ok(Self { writer: pool.clone(), reader: pool })
        } else {
            bail!("database_url must begin with sqlite: or postgres://")
        }
    }

    async fn sqlite(url: &str) -> anyhow::Result<Self> {
        let file = sqlite_file(url).unwrap_or_default();
        let url = format!("sqlite://{}?mode=rwc", file.display());
        let connect = |connections: u32, read_only: bool| {
            let mut options = options(&url, connections);
            options.map_sqlx_sqlite_opts(move |options| {
                let options = options
                    .pragma("journal_mode", "WAL")
                    .pragma("synchronous", "FULL")
                    .pragma("foreign_keys", "ON")
                    .pragma("temp_store", "MEMORY")
                    .pragma("cache_size", "-16384")
                    // A page of rows fits: its thread then reads it without waiting for ours.
                    .row_buffer_size(ROWS)
                    .busy_timeout(Duration::from_secs(5));
                if read_only { options.pragma("query_only", "ON") } else { options }
            });
            sea_orm::Database::connect(options)
        };
        let doing = || {
            format!(
                "cannot open {}; check that the folder is writable and nothing else locks the file",
                file.display()
            )
        };
        // One writer: SQLite has one anyway, and waiting in our queue is cheaper and fairer than in its.
        let writer = connect(1, false).await.with_context(doing)?;
        let reader = connect(4, true).await.with_context(doing)?;
        Ok(Self { writer, reader })
    }

    /// Where to read outside a transaction.
    pub fn read(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Where to write a single statement.
    pub fn write(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Begins a transaction that may write: on SQLite it takes the write lock at once, so that it cannot fail midway.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        self.writer
            .begin_with_options(TransactionOptions {
                isolation_level: None,
                access_mode: None,
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            })
            .await
    }

    /// SQLite or PostgreSQL.
    pub fn backend(&self) -> DatabaseBackend {
        self.writer.get_database_backend()
    }

    /// Calls `observe` at every statement, for tests that count them. Before the database is shared.
    pub fn on_statement(&mut self, observe: impl Fn(&str) + Send + Sync + Clone + 'static) {
        let reader = observe.clone();
        self.reader.set_metric_callback(move |info| reader(&info.statement.sql));
        self.writer.set_metric_callback(move |info| observe(&info.statement.sql));
    }

    /// Brings the tables up to date. Two servers may do so at once.
    ///
    /// # Errors
    /// When the database is newer than this program, or a migration fails.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        if self.backend() != DatabaseBackend::Postgres {
            self.refuse_newer().await?;
            return Migrator::up(&self.writer, None)
                .await
                .context("a migration failed; nothing of it was kept");
        }
        // An advisory lock belongs to a connection: the transaction pins one while the migrations run on others.
        let lock = self.writer.begin().await?;
        lock.execute_raw(Statement::from_string(
            DatabaseBackend::Postgres,
            format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"),
        ))
        .await?;
        self.refuse_newer().await?;
        Migrator::up(&self.writer, None).await.context("a migration failed; nothing of it was kept")?;
        lock.commit().await?;
        Ok(())
    }

    /// Refuses to touch tables that a later version of the program made.
    async fn refuse_newer(&self) -> anyhow::Result<()> {
        let known: Vec<String> =
            Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
        let table = match self.backend() {
            DatabaseBackend::Postgres => "SELECT to_regclass('seaql_migrations')::text AS name",
            _ => "SELECT name FROM sqlite_master WHERE name = 'seaql_migrations'",
        };
        let row = self.writer.query_one_raw(Statement::from_string(self.backend(), table)).await?;
        let exists = match row {
            Some(row) => row.try_get::<Option<String>>("", "name")?.is_some(),
            None => false,
        };
        if !exists {
            return Ok(());
        }
        let rows = self
            .writer
            .query_all_raw(Statement::from_string(self.backend(), "SELECT version FROM seaql_migrations"))
            .await?;
        for row in rows {
            let version: String = row.try_get("", "version")?;
            if !known.contains(&version) {
                bail!("the database is newer than this program (it has {version}); start the newer program");
            }
        }
        Ok(())
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.reader.ping().await
    }

    /// Closes the connections, so that SQLite folds its log into the file.
    pub async fn close(self) {
        for connection in [self.reader, self.writer] {
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "closing the database");
            }
        }
    }
}

/// The file of a SQLite URL; none for PostgreSQL.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
}

fn options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .sqlx_logging(false)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(10));
    options
}
