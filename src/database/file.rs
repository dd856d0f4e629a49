//! A SQLite database as a file: integrity and use by other processes.

use std::path::Path;

use anyhow::{Context, Result, bail};
use migration::{Migrator, MigratorTrait};
use sea_orm::sqlx::{
    self, ConnectOptions as _, Connection as _, Row as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};

use super::failure;

/// The result of a checkpoint into one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folded {
    /// The database is one file, without a log.
    Whole,
    /// Another process uses the database; it is unchanged.
    InUse,
    /// The file is not a readable database; it is unchanged.
    Damaged,
}

/// Checkpoints the log of a SQLite database into its file, if no other process has it open.
///
/// # Errors
/// Returns an error if the file cannot be opened.
pub async fn fold(file: &Path) -> Result<Folded> {
    match open(file).await {
        Ok(connection) => {
            connection.close().await?;
            Ok(Folded::Whole)
        }
        Err(error) if failure::is_busy(&error) => Ok(Folded::InUse),
        Err(error) if error.as_database_error().is_some() => Ok(Folded::Damaged),
        Err(error) => Err(error).with_context(|| format!("cannot open {}", file.display())),
    }
}

/// Checks that a SQLite file is an intact database of this or an earlier version of the program, and
/// checkpoints its log. No other process may use the file.
///
/// # Errors
/// Returns an error that describes the fault otherwise.
/// Returns an error if it is not; the text says what is wrong.
pub async fn check(file: &Path) -> Result<()> {
    let name = || file.display().to_string();
    let mut connection = open(file).await.with_context(|| format!("{} is not a SQLite database", name()))?;
    let outcome = check_open(&mut connection).await;
    connection.close().await?;
    outcome.with_context(name)
}

async fn check_open(connection: &mut SqliteConnection) -> Result<()> {
    let faults = texts(connection, "PRAGMA integrity_check(5)").await?;
    if faults != ["ok"] {
        bail!("the file is damaged: {}", faults.join("; "));
    }
    if !sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut *connection).await?.is_empty() {
        bail!("rows refer to missing rows");
    }
    let versions = texts(connection, "SELECT version FROM seaql_migrations")
        .await
        .context("it is not a database of this program")?;
    let known: Vec<String> =
        Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    match versions.iter().find(|version| !known.contains(version)) {
        Some(version) => bail!("it is newer than this program (it has {version}); use the newer program"),
        None => Ok(()),
    }
}

/// Opens a file exclusively: leaving WAL mode fails while another process has the file open.
async fn open(file: &Path) -> Result<SqliteConnection, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        .busy_timeout(std::time::Duration::ZERO)
        .journal_mode(SqliteJournalMode::Delete)
        .disable_statement_logging();
    let mut connection = options.connect().await?;
    // Reads the first page, because connecting alone may read nothing.
    texts(&mut connection, "SELECT name FROM sqlite_master LIMIT 1").await?;
    Ok(connection)
}

async fn texts(connection: &mut SqliteConnection, sql: &'static str) -> Result<Vec<String>, sqlx::Error> {
    let rows = sqlx::query(sql).fetch_all(connection).await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}
