//! Opens the configured database and locks a SQLite file against a second server.

use std::{
    fs::{File, TryLockError},
    path::PathBuf,
};

use anyhow::{Context, Result, bail};

use crate::{
    config::Settings,
    database::{Database, sqlite_file},
};

/// Connects and migrates the tables.
pub(super) async fn open(settings: &Settings) -> Result<Database> {
    let db = Database::open(&settings.database()).await?;
    db.migrate().await?;
    Ok(db)
}

/// Locks a SQLite file for this server until it is dropped, because servers do not share their state in
/// memory.
pub(super) struct FileLock {
    _file: Option<File>,
}

/// Locks the file. Returns an error if another server has locked it. PostgreSQL needs no lock.
pub(super) fn lock_file(settings: &Settings) -> Result<FileLock> {
    let Some(file) = sqlite_file(&settings.database_url) else { return Ok(FileLock { _file: None }) };
    let lock = PathBuf::from(format!("{}.lock", file.display()));
    let doing = || format!("cannot open {}; check that the folder exists and is writable", lock.display());
    let opened = File::options().create(true).truncate(false).write(true).open(&lock).with_context(doing)?;
    match opened.try_lock() {
        Ok(()) => Ok(FileLock { _file: Some(opened) }),
        Err(TryLockError::WouldBlock) => bail!(
            "another server is using {}; stop it, choose another database_url, or use PostgreSQL for several servers",
            file.display()
        ),
        Err(TryLockError::Error(error)) => Err(error).with_context(doing),
    }
}
