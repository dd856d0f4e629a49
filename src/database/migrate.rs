//! Migrates the tables, on separate connections without time limits.

use anyhow::{Context, bail};
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, SqlxPostgresConnector, SqlxSqliteConnector,
    Statement, TransactionTrait,
    sqlx::{Postgres, Sqlite, pool::PoolOptions},
};

use super::options::Target;

/// Key of the PostgreSQL advisory lock that migrations hold ("plaza" in ASCII).
const LOCK: i64 = 0x70_6c_61_7a_61;

/// Migrates the tables to the current version. Several servers may call it at once.
///
/// # Errors
/// Returns an error if the database is newer than this program, or if a migration fails.
pub(super) async fn run(target: &Target) -> anyhow::Result<()> {
    let connection = connect(target).await?;
    let outcome = up(&connection).await;
    // An error of closing has no effect on the migrations.
    let _ = connection.close().await;
    outcome
}

/// Opens a SeaORM connection, as the migrations require.
async fn connect(target: &Target) -> anyhow::Result<DatabaseConnection> {
    Ok(match target {
        Target::Sqlite(options) => {
            let pool = PoolOptions::<Sqlite>::new().max_connections(1);
            let pool = pool.connect_with(options.as_ref().clone()).await?;
            SqlxSqliteConnector::from_sqlx_sqlite_pool(pool)
        }
        Target::Postgres(options) => {
            let pool = PoolOptions::<Postgres>::new().max_connections(2);
            let pool = pool.connect_with(options.as_ref().clone()).await?;
            SqlxPostgresConnector::from_sqlx_postgres_pool(pool)
        }
    })
}

async fn up(connection: &DatabaseConnection) -> anyhow::Result<()> {
    const FAILED: &str = "a migration failed and was rolled back";
    if connection.get_database_backend() != DatabaseBackend::Postgres {
        refuse_newer(connection).await?;
        return Migrator::up(connection, None).await.context(FAILED);
    }
    // An advisory lock belongs to a connection. The transaction pins one while the migrations run on the
    // other.
    let lock = connection.begin().await?;
    let sql = format!("SELECT pg_advisory_xact_lock({LOCK})");
    lock.execute_raw(Statement::from_string(DatabaseBackend::Postgres, sql)).await?;
    refuse_newer(connection).await?;
    Migrator::up(connection, None).await.context(FAILED)?;
    lock.commit().await?;
    Ok(())
}

/// Returns an error if a later version of the program has migrated the tables.
pub(super) async fn refuse_newer(connection: &impl ConnectionTrait) -> anyhow::Result<()> {
    let known = known();
    if let Some(version) = applied(connection).await?.into_iter().find(|version| !known.contains(version)) {
        bail!("the database is newer than this program (it has {version}); start the newer program");
    }
    Ok(())
}

/// Returns the migrations that the tables still need, in order.
pub(super) async fn pending(connection: &impl ConnectionTrait) -> anyhow::Result<Vec<String>> {
    let applied = applied(connection).await?;
    Ok(known().into_iter().filter(|version| !applied.contains(version)).collect())
}

/// Returns the migrations of this program.
fn known() -> Vec<String> {
    Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}

/// Returns the migrations that ran on the database.
async fn applied(connection: &impl ConnectionTrait) -> anyhow::Result<Vec<String>> {
    let backend = connection.get_database_backend();
    let table = match backend {
        DatabaseBackend::Postgres => "SELECT to_regclass('seaql_migrations')::text AS name",
        _ => "SELECT name FROM sqlite_master WHERE name = 'seaql_migrations'",
    };
    let exists = match connection.query_one_raw(Statement::from_string(backend, table)).await? {
        Some(row) => row.try_get::<Option<String>>("", "name")?.is_some(),
        None => false,
    };
    if !exists {
        return Ok(Vec::new());
    }
    let versions = Statement::from_string(backend, "SELECT version FROM seaql_migrations");
    let rows = connection.query_all_raw(versions).await?;
    Ok(rows.iter().map(|row| row.try_get("", "version")).collect::<Result<_, _>>()?)
}
