//! Brings the tables up to date, on connections of their own without limits in time.

use anyhow::{Context, bail};
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, SqlxPostgresConnector, SqlxSqliteConnector,
    Statement, TransactionTrait,
    sqlx::{Postgres, Sqlite, pool::PoolOptions},
};

use super::options::Target;

/// The key of the PostgreSQL advisory lock that migrations hold ("plaza" in ASCII).
const LOCK: i64 = 0x70_6c_61_7a_61;

/// Brings the tables up to date. Two servers may do so at once.
///
/// # Errors
/// When the database is newer than this program, or a migration fails.
pub(super) async fn run(target: &Target) -> anyhow::Result<()> {
    let connection = connect(target).await?;
    let outcome = up(&connection).await;
    // An error of closing says nothing about the migrations.
    let _ = connection.close().await;
    outcome
}

/// Connections of the mapper's own kind, which the migrations take.
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
    const FAILED: &str = "a migration failed; nothing of it was kept";
    if connection.get_database_backend() != DatabaseBackend::Postgres {
        refuse_newer(connection).await?;
        return Migrator::up(connection, None).await.context(FAILED);
    }
    // An advisory lock belongs to a connection: the transaction pins one while the migrations run on the other.
    let lock = connection.begin().await?;
    let sql = format!("SELECT pg_advisory_xact_lock({LOCK})");
    lock.execute_raw(Statement::from_string(DatabaseBackend::Postgres, sql)).await?;
    refuse_newer(connection).await?;
    Migrator::up(connection, None).await.context(FAILED)?;
    lock.commit().await?;
    Ok(())
}

/// Refuses to touch tables that a later version of the program made.
pub(super) async fn refuse_newer(connection: &impl ConnectionTrait) -> anyhow::Result<()> {
    let known: Vec<String> =
        Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
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
        return Ok(());
    }
    let versions = Statement::from_string(backend, "SELECT version FROM seaql_migrations");
    for row in connection.query_all_raw(versions).await? {
        let version: String = row.try_get("", "version")?;
        if !known.contains(&version) {
            bail!("the database is newer than this program (it has {version}); start the newer program");
        }
    }
    Ok(())
}
