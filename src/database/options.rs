//! Options of a database: address, number of connections, and time limits.

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

/// Maximum number of rows that SQLite reads ahead: the largest page and one more row.
const ROWS: usize = 128;
/// Default number of connections to PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;
/// Default number of connections that read a SQLite file; one more writes.
const SQLITE_READERS: u32 = 4;

/// Address and limits of a database.
#[derive(Clone)]
pub struct Options {
    /// `sqlite://FILE` or `postgres://…`. It may contain a password and is never logged.
    pub url: String,
    /// Number of connections to PostgreSQL, or of connections that read a SQLite file. 0 means the default:
    /// 16 or 4.
    pub connections: u32,
    /// Maximum time that a statement waits for a connection.
    pub acquire_timeout: Duration,
    /// Maximum time to open a connection.
    pub connect_timeout: Duration,
    /// Maximum time that a statement waits for a lock of another transaction or process.
    pub lock_timeout: Duration,
    /// Maximum time of a statement.
    pub statement_timeout: Duration,
    /// Whether SQLite waits for the disk at each commit, so that a commit survives a loss of power.
    pub waits_for_disk: bool,
}

impl Options {
    /// Returns the default options for this URL.
    pub fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            connections: 0,
            acquire_timeout: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(5),
            lock_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(15),
            waits_for_disk: true,
        }
    }

    /// Returns how long a transaction may be idle before PostgreSQL ends it.
    fn idle_timeout(&self) -> Duration {
        self.statement_timeout * 2
    }
}

/// Options of one connection.
#[derive(Clone)]
pub(super) enum Target {
    Sqlite(Box<SqliteConnectOptions>),
    Postgres(Box<PgConnectOptions>),
}

/// Options of the connections of a database.
pub(super) struct Targets {
    /// Connections that write.
    pub(super) write: Target,
    /// Connections that only read; `None` if the writing connections serve both.
    pub(super) read: Option<Target>,
    /// The connection of the readiness check.
    pub(super) probe: Target,
    /// The connections of migrations, without time limits.
    pub(super) migrate: Target,
    /// Number of connections that write.
    pub(super) writers: u32,
    /// Number of connections that read.
    pub(super) readers: u32,
}

impl Targets {
    /// Parses the options. Creates a missing SQLite file that only its owner can read.
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
        let synchronous =
            if options.waits_for_disk { SqliteSynchronous::Full } else { SqliteSynchronous::Normal };
        let base = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .foreign_keys(true)
            .pragma("temp_store", "MEMORY")
            .pragma("cache_size", "-16384")
            // A page of rows fits, so the SQLite thread reads it without waiting for the task.
            .row_buffer_size(ROWS)
            .busy_timeout(options.lock_timeout)
            .disable_statement_logging();
        let sqlite = |options: SqliteConnectOptions| Target::Sqlite(Box::new(options));
        Self {
            read: Some(sqlite(base.clone().pragma("query_only", "ON"))),
            probe: sqlite(base.clone().busy_timeout(Duration::from_millis(500))),
            migrate: sqlite(base.clone()),
            write: sqlite(base),
            // SQLite has one writer; a queue in this process is cheaper and fairer than SQLite's.
            writers: 1,
            readers: if options.connections == 0 { SQLITE_READERS } else { options.connections },
        }
    }

    fn postgres(options: &Options) -> anyhow::Result<Self> {
        // The error names the fault and quotes nothing of the URL, which may contain a password.
        let mut base =
            PgConnectOptions::from_str(&options.url).context("database_url")?.disable_statement_logging();
        if base.get_application_name().is_none() {
            base = base.application_name("plaza");
        }
        let millis = |time: Duration| time.as_millis().to_string();
        let base = base.options([
            // With a bound LIMIT, PostgreSQL would plan anew at every execution.
            ("plan_cache_mode", "force_generic_plan"),
            // A rollback after an unknown end may find no transaction; the warning is noise.
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

/// Returns the file of a SQLite URL; `None` for PostgreSQL.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
}

/// Creates the file if it is missing, and removes all permissions of others. SQLite copies the permissions to
/// `-wal` and `-shm`.
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
            // Another user owns the writable file and decides about its permissions.
            tracing::warn!(%error, file = %Path::new(&path).display(), "other users can read the file");
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn make_private(file: &Path) -> std::io::Result<()> {
    std::fs::File::options().create(true).truncate(false).write(true).open(file).map(|_| ())
}
