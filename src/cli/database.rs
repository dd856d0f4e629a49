//! Opening the database that the settings name, and keeping a second server off a SQLite file.

use std::{
    fs::{File, TryLockError},
    path::PathBuf,
};

use anyhow::{Context, Result, bail};

use crate::{
    config::Settings,
    database::{Database, sqlite_file},
};

/// Connects and brings the tables up to date.
pub(super) async fn open(settings: &Settings) -> Result<Database> {
    let db = Database::open(&settings.database()).await?;
    db.migrate().await?;
    Ok(db)
}

/// Holds a SQLite file for this server alone until it is dropped: what servers keep in memory they would not share.
pub(super) struct Hold {
    _file: Option<File>,
}

/// Takes hold of the file, or says who has it. PostgreSQL needs none.
pub(super) fn hold(settings: &Settings) -> Result<Hold> {
    let Some(file) = sqlite_file(&settings.database_url) else { return Ok(Hold { _file: None }) };
    let lock = PathBuf::from(format!("{}.lock", file.display()));
    let doing = || format!("cannot open {}; check that the folder exists and is writable", lock.display());
    let opened = File::options().create(true).truncate(false).write(true).open(&lock).with_context(doing)?;
    match opened.try_lock() {
        Ok(()) => Ok(Hold { _file: Some(opened) }),
        Err(TryLockError::WouldBlock) => bail!(
            "another server is using {}; stop it, choose another database_url, or use PostgreSQL for several servers",
            file.display()
        ),
        Err(TryLockError::Error(error)) => Err(error).with_context(doing),
    }
}
