//! The migrated tables equal the entities on both databases; migrations run down and up again.

use std::collections::BTreeMap;

use migration::{Migrator, MigratorTrait};
use plaza::database::Database;
use sea_orm::{
    ConnectionTrait, DatabaseBackend, Statement,
    sea_query::{PostgresQueryBuilder, SqliteQueryBuilder},
};
use tempfile::TempDir;

use crate::support::TestPostgres;

/// Columns by table: name, type, nullable.
type Catalogue = BTreeMap<String, Vec<(String, String, bool)>>;

async fn sqlite(url_of: &str) -> (TempDir, Database) {
    let folder = TempDir::new().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join(url_of).display());
    (folder, Database::connect(&url).await.expect("SQLite opens"))
}

async fn read(db: &Database) -> Catalogue {
    let statement = match db.backend() {
        DatabaseBackend::Postgres => {
            "SELECT table_name AS t, column_name AS c, data_type AS k, CAST(is_nullable = 'YES' AS int) AS n \
             FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
        }
        _ => {
            "SELECT m.name AS t, p.name AS c, lower(p.type) AS k, p.\"notnull\" = 0 AND p.pk = 0 AS n \
             FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table' ORDER BY 1, 2"
        }
    };
    let rows =
        db.write().query_all_raw(Statement::from_string(db.backend(), statement)).await.expect("reads");
    let mut catalogue = Catalogue::new();
    for row in rows {
        let table: String = row.try_get("", "t").expect("a table");
        // SQLite's full-text indexes and the row of the readiness check have no entity.
        let without = [
            "seaql",
            "sqlite",
            "message_index",
            "readiness",
            "spaces_index",
            "communities_index",
            "agent_listings_index",
        ];
        if without.iter().any(|prefix| table.starts_with(prefix)) {
            continue;
        }
        let column = row.try_get("", "c").expect("a column");
        let kind: String = row.try_get("", "k").expect("a type");
        // Entities use varchar where migrations use text, which is equivalent on both databases.
        let kind =
            if kind.starts_with("varchar") || kind == "character varying" { "text".to_owned() } else { kind };
        let null: i32 = row.try_get("", "n").expect("a flag");
        catalogue.entry(table).or_default().push((column, kind, null == 1));
    }
    catalogue
}

/// Creates the tables of the entities in an empty database and compares.
async fn compare(migrated: &Database, url: &str, bare: &Database) {
    migrated.migrate().await.expect("the migrations run");
    for table in entity::catalogue(bare.write()) {
        let sql = match bare.backend() {
            DatabaseBackend::Postgres => table.to_string(PostgresQueryBuilder),
            _ => table.to_string(SqliteQueryBuilder),
        };
        bare.write().execute_unprepared(&sql).await.expect("the table is made");
    }
    let (is, should) = (read(migrated).await, read(bare).await);
    assert!(should.len() >= 8, "the entities have tables");
    assert_eq!(is, should);
    let full = is;
    let mapper = sea_orm::Database::connect(url).await.expect("connects");
    Migrator::down(&mapper, None).await.expect("the migrations go down");
    mapper.close().await.expect("closes");
    assert_eq!(read(migrated).await, Catalogue::new(), "nothing is left");
    migrated.migrate().await.expect("and up again");
    assert_eq!(read(migrated).await, full);
}

#[tokio::test]
async fn sqlite_tables_are_the_entities() {
    let (folder, migrated) = sqlite("migrated.db").await;
    let (_b, bare) = sqlite("bare.db").await;
    let url = format!("sqlite://{}", folder.path().join("migrated.db").display());
    compare(&migrated, &url, &bare).await;
}

#[tokio::test]
async fn postgres_tables_are_the_entities() {
    let (Some(a), Some(b)) = (TestPostgres::empty().await, TestPostgres::empty().await) else { return };
    let migrated = Database::connect(&a.url).await.expect("answers");
    let bare = Database::connect(&b.url).await.expect("answers");
    compare(&migrated, &a.url, &bare).await;
    migrated.close().await;
    bare.close().await;
}

#[tokio::test]
async fn two_servers_may_migrate_at_once() {
    let Some(empty) = TestPostgres::empty().await else { return };
    let (a, b) = (
        Database::connect(&empty.url).await.expect("answers"),
        Database::connect(&empty.url).await.expect("answers"),
    );
    let (first, second) = tokio::join!(a.migrate(), b.migrate());
    first.expect("one migrates");
    second.expect("the other finds it done");
    a.close().await;
    b.close().await;
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let (_folder, db) = sqlite("newer.db").await;
    db.migrate().await.expect("the migrations run");
    db.write()
        .execute_unprepared(
            "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_later', 0)",
        )
        .await
        .expect("inserts");
    let refused = db.migrate().await.expect_err("refuses").to_string();
    assert!(refused.contains("newer than this program"), "{refused}");
}
