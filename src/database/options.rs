//! How a database is reached: its address, how many connections, and how long anything may take.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use anyhow::{Context, bail};
use sea_orm::sqlx::{
    ConnectOptions as _,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

/// Rows that SQLite may read ahead of us: the largest page and the row behind it.
const ROWS: usize = 128;
/// Connections to PostgreSQL where the operator names no number.
const POSTGRES_CONNECTIONS: u32 = 16;
/// Connections that read a SQLite file where the operator names no number; one more writes.
const SQLITE_READERS: u32 = 4;

/// How a database is reached.
#[derive(Clone)]
pub struct Options {
    /// `sqlite://FILE` or `postgres://…`. It may contain a password: never logged.
    pub url: String,
    /// Connections to PostgreSQL, or connections that read a SQLite file; 0: 16 and 4.
    pub connections: u32,
    /// How long a statement waits for a connection.
    pub acquire_timeout: Duration,
    /// How long establishing a connection may take.
    pub connect_timeout: Duration,
    /// How long a statement waits for a lock that another transaction or process holds.
    pub lock_timeout: Duration,
    /// How long a statement may run.
    pub statement_timeout: Duration,
}

impl Options {
    /// The default limits for the database at this URL.
    pub fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            connections: 0,
            acquire_timeout: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(5),
            lock_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(15),
        }
    }

    /// How long a transaction may be idle before PostgreSQL ends it.
    fn idle_timeout(&self) -> Duration {
        self.statement_timeout * 2
    }
}

/// How one connection is opened.
#[derive(Clone)]
pub(super) enum Target {
    Sqlite(Box<SqliteConnectOptions>),
    Postgres(Box<PgConnectOptions>),
}

/// How the pools of a database open their connections.
pub(super) struct Targets {
    /// Connections that write.
    pub(super) write: Target,
    /// Connections that only read; `None` where those that write serve both.
    pub(super) read: Option<Target>,
    /// The connection of the readiness check.
    pub(super) probe: Target,
    /// The connections of migrations, without limits in time.
    pub(super) migrate: Target,
    /// Connections that write.
    pub(super) writers: u32,
    /// Connections that read.
    pub(super) readers: u32,
}

impl Targets {
    /// Reads the options; a missing SQLite file is created, readable by its owner alone.
    pub(super) fn of(options: &Options) -> anyhow::Result<Self> {
        match sqlite_file(&options.url) {
            Some(file) => {
                make_private(&file).with_context(|| {
                    format!("cannot open {}; check that the folder exists and is writable", file.display())
                })?;
                Ok(Self::sqlite(&file, options))
            }
            None if options.url.starts_with("postgres://") || options.url.starts_with("postgresql://") => {
                Self::postgres(options)
            }
            None => bail!("database_url must begin with sqlite: or postgres://"),
        }
    }

    fn sqlite(file: &Path, options: &Options) -> Self {
        let base = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("temp_store", "MEMORY")
            .pragma("cache_size", "-16384")
            // A page of rows fits: its thread then reads it without waiting for ours.
            .row_buffer_size(ROWS)
            .busy_timeout(options.lock_timeout)
            .disable_statement_logging();
        let sqlite = |options: SqliteConnectOptions| Target::Sqlite(Box::new(options));
        Self {
            read: Some(sqlite(base.clone().pragma("query_only", "ON"))),
            probe: sqlite(base.clone().busy_timeout(Duration::from_millis(500))),
            migrate: sqlite(base.clone()),
            write: sqlite(base),
            // One writer: SQLite has one anyway, and waiting in our queue is cheaper and fairer than in its.
            writers: 1,
            readers: if options.connections == 0 { SQLITE_READERS } else { options.connections },
        }
    }

    fn postgres(options: &Options) -> anyhow::Result<Self> {
        // The text of the failure names what is wrong with the URL and quotes nothing of it.
        let mut base =
            PgConnectOptions::from_str(&options.url).context("database_url")?.disable_statement_logging();
        if base.get_application_name().is_none() {
            base = base.application_name("plaza");
        }
        let millis = |time: Duration| time.as_millis().to_string();
        let base = base.options([
            // A bound LIMIT would make PostgreSQL plan anew at every execution.
            ("plan_cache_mode", "force_generic_plan"),
            // A rollback behind an unknown end may find no transaction, which is no news.
            ("client_min_messages", "error"),
            ("tcp_keepalives_idle", "30"),
            ("tcp_keepalives_interval", "10"),
            ("tcp_keepalives_count", "3"),
            ("tcp_user_timeout", "30000"),
        ]);
        let limited = base.clone().options([
            ("lock_timeout", millis(options.lock_timeout)),
            ("statement_timeout", millis(options.statement_timeout)),
            ("idle_in_transaction_session_timeout", millis(options.idle_timeout())),
        ]);
        let unlimited = base.options([
            ("lock_timeout", "0"),
            ("statement_timeout", "0"),
            ("idle_in_transaction_session_timeout", "0"),
        ]);
        let probe = limited.clone().options([("lock_timeout", "500"), ("statement_timeout", "800")]);
        let postgres = |options: PgConnectOptions| Target::Postgres(Box::new(options));
        let connections = if options.connections == 0 { POSTGRES_CONNECTIONS } else { options.connections };
        Ok(Self {
            write: postgres(limited),
            read: None,
            probe: postgres(probe),
            migrate: postgres(unlimited),
            writers: connections,
            readers: connections,
        })
    }
}

/// The file of a SQLite URL; `None` for PostgreSQL.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
}

/// Creates the file if it is missing, and takes all rights to it from everyone but its owner. SQLite gives its `-wal`
/// and `-shm` the same rights.
#[cfg(unix)]
fn make_private(file: &Path) -> std::io::Result<()> {
    use std::{
        fs::{File, Permissions},
        os::unix::fs::{OpenOptionsExt, PermissionsExt},
    };

    File::options().create(true).truncate(false).write(true).mode(0o600).open(file)?;
    for suffix in ["", "-wal", "-shm"] {
        let mut path = file.as_os_str().to_owned();
        path.push(suffix);
        let Ok(found) = std::fs::metadata(&path) else { continue };
        if found.permissions().mode() & 0o077 != 0
            && let Err(error) = std::fs::set_permissions(&path, Permissions::from_mode(0o600))
        {
            // The file of another user, that we may write: its rights are that user's decision.
            tracing::warn!(%error, file = %Path::new(&path).display(), "the file can be read by others");
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn make_private(file: &Path) -> std::io::Result<()> {
    std::fs::File::options().create(true).truncate(false).write(true).open(file).map(|_| ())
}
