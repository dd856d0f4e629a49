//! Puts a backup in the place of the embedded database. The former database is kept beside it.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::{
    backup::{folder_of, sync},
    database::hold,
    say,
};
use crate::{
    config::Settings,
    database::{Folded, check_file, fold_file, sqlite_file},
};

/// Checks a backup, puts a copy of it in the place of the database, and checks that.
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
    let _hold = hold(settings)?;
    let folder = folder_of(&target);
    // In a folder of its own that vanishes, on the same disk: renaming it is one step.
    let room = tempfile::Builder::new()
        .prefix(".plaza-restore-")
        .tempdir_in(&folder)
        .with_context(|| format!("cannot write into {}", folder.display()))?;
    let copy = room.path().join("plaza.db");
    copy_with_log(backup, &copy).with_context(|| format!("cannot copy {}", backup.display()))?;
    check_file(&copy).await.context("the backup cannot be used; the database is as it was")?;
    fs::File::open(&copy)?.sync_all()?;
    let former = if target.exists() { Some(set_aside(&target).await?) } else { None };
    fs::rename(&copy, &target).with_context(|| format!("cannot replace {}", target.display()))?;
    sync(&folder)?;
    let kept = former.map_or(String::new(), |former| {
        format!(" The former database is {}; delete it when you no longer need it.", former.display())
    });
    check_file(&target).await.with_context(|| format!("the restored database is not whole.{kept}"))?;
    say(&format!("{} is restored to {}.{kept}", backup.display(), target.display()));
    Ok(())
}

/// Copies a database with the log that belongs to it, where there is one.
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

/// Keeps the database that is replaced under another name, and leaves nothing beside it that a new one would be
/// mixed up with. The database itself stays until the new one takes its place.
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
            // Of a damaged database: it belongs to the file that is kept.
            fs::rename(&log, beside(&former, suffix))
                .with_context(|| format!("cannot move {}", log.display()))?;
        }
    }
    Ok(former)
}

/// A name beside the database that nothing has.
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
