//! Copies the SQLite database while it is in use.

use std::{
    fs::File,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};
use tempfile::NamedTempFile;

use super::{say, serve::shutdown_signal};
use crate::{
    config::Settings,
    database::{self, Database, Options},
};

/// Maximum time of a copy.
const LIMIT: Duration = Duration::from_secs(24 * 3600);

/// Writes a consistent copy of the SQLite database. `file` appears when the copy is complete and checked.
pub(super) async fn run(settings: &Settings, file: &Path) -> Result<()> {
    let Some(source) = database::sqlite_file(&settings.database_url) else {
        bail!("backup is for SQLite; use pg_dump for PostgreSQL");
    };
    if !source.exists() {
        bail!("there is no database {}", source.display());
    }
    if file.exists() {
        bail!("{} already exists; choose another file", file.display());
    }
    let folder = folder_of(file);
    let doing = || format!("cannot write {}", file.display());
    // Only the owner can read the temporary file; it is removed on failure.
    let copy = tempfile::Builder::new().prefix(".plaza-backup-").tempfile_in(&folder).with_context(doing)?;
    let db = Database::open(&Options { statement_timeout: LIMIT, ..settings.database() }).await?;
    let copied = tokio::select! {
        copied = copy_into(&db, copy.path()) => copied.with_context(doing),
        _ = shutdown_signal() => Err(anyhow::anyhow!("interrupted; nothing was written")),
    };
    db.close().await;
    copied?;
    keep(copy, file, &folder).with_context(doing)?;
    say(&format!("The database is copied to {}.", file.display()));
    Ok(())
}

async fn copy_into(db: &Database, file: &Path) -> Result<()> {
    let name = file.to_str().context("the file's name is not UTF-8")?;
    let copy = Statement::from_sql_and_values(DatabaseBackend::Sqlite, "VACUUM INTO ?", [name.into()]);
    db.write().execute_raw(copy).await?;
    database::check_file(file).await
}

/// Renames the copy to `file`, unless that exists by now, and syncs both to disk.
fn keep(copy: NamedTempFile, file: &Path, folder: &Path) -> Result<()> {
    copy.as_file().sync_all()?;
    copy.persist_noclobber(file).map_err(|error| error.error)?;
    sync(folder)
}

/// Returns the folder of a file.
pub(super) fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Syncs the entries of a folder to disk.
pub(super) fn sync(folder: &Path) -> Result<()> {
    // Only Unix can open folders.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
