//! Copies the embedded database while it is in use.

use std::path::Path;

use anyhow::{Context, Result, bail};
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

use super::say;
use crate::{config::Settings, database::Database};

/// Writes a consistent copy of the SQLite database to `file`.
pub(super) async fn run(settings: &Settings, file: &Path) -> Result<()> {
    if let Some(database) = crate::database::sqlite_file(&settings.database_url)
        && !database.exists()
    {
        bail!("there is no database {}", database.display());
    }
    let db = Database::connect(&settings.database_url).await?;
    if db.backend() != DatabaseBackend::Sqlite {
        bail!("backup is for SQLite; use pg_dump for PostgreSQL");
    }
    if file.exists() {
        bail!("{} exists; name a file that does not", file.display());
    }
    let target = file.to_str().context("the file's name is not UTF-8")?;
    let copy = Statement::from_sql_and_values(DatabaseBackend::Sqlite, "VACUUM INTO ?", [target.into()]);
    let outcome = db.write().execute_raw(copy).await;
    db.close().await;
    outcome.with_context(|| format!("cannot write {target}"))?;
    say(&format!("The database is copied to {target}."));
    Ok(())
}
