//! Replaces the SQLite database by a backup and keeps the former database.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::{
    backup::{folder_of, sync},
    database::lock_file,
    say,
};
use crate::{
    config::Settings,
    database::{Folded, check_file, fold_file, sqlite_file},
};

/// Checks a backup, replaces the database by a copy of it, and checks the result.
pub(super) async fn run(settings: &Settings, backup: &Path) -> Result<()> {
    let Some(target) = sqlite_file(&settings.database_url) else {
        bail!("restore is for SQLite; use pg_restore or psql for PostgreSQL");
    };
    if !backup.is_file() {
        bail!("there is no file {}", backup.display());
    }
    if same(backup, &target) {
        bail!("{} is the database itself", backup.display());
    }
    let _hold = lock_file(settings)?;
    let folder = folder_of(&target);
    // A temporary folder on the same disk, so that the final rename is atomic.
    let room = tempfile::Builder::new()
        .prefix(".plaza-restore-")
        .tempdir_in(&folder)
        .with_context(|| format!("cannot write into {}", folder.display()))?;
    let copy = room.path().join("plaza.db");
    copy_with_log(backup, &copy).with_context(|| format!("cannot copy {}", backup.display()))?;
    check_file(&copy).await.context("the backup cannot be used; the database is unchanged")?;
    fs::File::open(&copy)?.sync_all()?;
    let former = if target.exists() { Some(set_aside(&target).await?) } else { None };
    fs::rename(&copy, &target).with_context(|| format!("cannot replace {}", target.display()))?;
    sync(&folder)?;
    let kept = former.map_or(String::new(), |former| {
        format!(" The former database is {}; delete it when you no longer need it.", former.display())
    });
    check_file(&target).await.with_context(|| format!("the restored database is damaged.{kept}"))?;
    say(&format!("{} is restored to {}.{kept}", backup.display(), target.display()));
    Ok(())
}

/// Copies a database with its log, if it has one.
fn copy_with_log(from: &Path, to: &Path) -> io::Result<()> {
    fs::copy(from, to)?;
    for suffix in ["-wal", "-journal"] {
        let log = beside(from, suffix);
        if log.exists() {
            fs::copy(log, beside(to, suffix))?;
        }
    }
    Ok(())
}

/// Gives the former database a second name and moves its log files there, because a new database must not
/// inherit them. The database itself stays until it is replaced.
async fn set_aside(target: &Path) -> Result<PathBuf> {
    let folded = fold_file(target).await?;
    if folded == Folded::InUse {
        bail!("another process is using {}; stop it first", target.display());
    }
    let former = unused_name(target);
    fs::hard_link(target, &former)
        .or_else(|_| fs::copy(target, &former).map(|_| ()))
        .with_context(|| format!("cannot keep the former database as {}", former.display()))?;
    for suffix in ["-wal", "-shm", "-journal"] {
        let log = beside(target, suffix);
        if log.exists() {
            // The log of a damaged database belongs to the kept file.
            fs::rename(&log, beside(&former, suffix))
                .with_context(|| format!("cannot move {}", log.display()))?;
        }
    }
    Ok(former)
}

/// Returns a free name in the folder of the database.
fn unused_name(target: &Path) -> PathBuf {
    let name = |number: u32| match number {
        1 => beside(target, ".before-restore"),
        _ => beside(target, &format!(".before-restore-{number}")),
    };
    let mut number = 1;
    while name(number).exists() {
        number += 1;
    }
    name(number)
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(file.as_os_str());
    name.push(suffix);
    PathBuf::from(name)
}

fn same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}
