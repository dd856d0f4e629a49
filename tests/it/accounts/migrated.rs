//! Data of older versions is migrated to the current form.

use migration::{Migrator, MigratorTrait};
use plaza::database::Database;
use sea_orm::{ConnectionTrait, Statement};
use tempfile::TempDir;

use crate::support::TestPostgres;

async fn write(db: &Database, sql: &str) {
    db.write().execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn texts(db: &Database, sql: &str) -> Vec<String> {
    let rows = db.write().query_all_raw(Statement::from_string(db.backend(), sql)).await.expect("reads");
    rows.into_iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
}

async fn migrate(db: &Database, url: &str) {
    let before = Migrator::migrations()
        .iter()
        .position(|migration| migration.name() == "m20261129_000020_addresses")
        .expect("is there");
    let mapper = sea_orm::Database::connect(url).await.expect("connects");
    Migrator::up(&mapper, Some(u32::try_from(before).expect("few"))).await.expect("migrates");
    mapper.close().await.expect("closes");
    let at = "'2026-03-05 12:00:00+00:00'";
    for (id, fold) in [
        ("a", "admin@example.com"),
        ("b", "аdmin@example.com"),
        ("c", "аdmіn@example.com"),
        ("d", "оnly@example.com"),
        ("e", "eva@bücher.example"),
        ("f", "eva@xn--bcher-kva.example"),
    ] {
        write(db, &format!("INSERT INTO users (id, email, email_fold, email_verified, name, is_admin, created_at, updated_at) \
             VALUES ('{id}', '{fold}', '{fold}', FALSE, 'Name', FALSE, {at}, {at})")).await;
    }
    let (conversation, message) = match db.backend() {
        sea_orm::DatabaseBackend::Postgres => (
            "'00000000-0000-0000-0000-0000000000c1'".to_owned(),
            "'00000000-0000-0000-0000-0000000000d1'".to_owned(),
        ),
        _ => (format!("X'{}c1'", "00".repeat(15)), format!("X'{}d1'", "00".repeat(15))),
    };
    for sql in conversation_rows(db, &conversation, &message, at).await {
        write(db, &sql).await;
    }
    for (user, emoji) in [("a", "❤"), ("a", "❤\u{fe0f}"), ("b", "❤"), ("c", "❤\u{fe0f}"), ("d", "★")]
    {
        write(db, &format!("INSERT INTO reactions (message_id, emoji, user_id, created_at) VALUES ({message}, '{emoji}', '{user}', {at})")).await;
    }
    db.migrate().await.expect("the migrations run");
    let looks = texts(db, "SELECT id || ' ' || COALESCE(email_skeleton, '-') FROM users ORDER BY id").await;
    assert_eq!(
        looks,
        [
            "a admin@example.com",
            // An account with an address similar to an older one's keeps its own address.
            "b аdmin@example.com",
            "c аdmіn@example.com",
            "d only@example.com",
            "e eva@bücher.example",
            "f eva@xn--bcher-kva.example",
        ]
    );
    let reactions = texts(db, "SELECT user_id || emoji FROM reactions ORDER BY user_id").await;
    assert_eq!(reactions, ["a❤\u{fe0f}", "b❤\u{fe0f}", "c❤\u{fe0f}", "d★"]);
}

/// Returns statements that create a conversation with a message, with the columns of this version.
async fn conversation_rows(db: &Database, conversation: &str, message: &str, at: &str) -> [String; 2] {
    let backend = db.backend();
    let columns = match backend {
        sea_orm::DatabaseBackend::Postgres => {
            "SELECT column_name || ' ' || data_type FROM information_schema.columns WHERE table_schema = 'public' \
             AND table_name = '{}' AND is_nullable = 'NO' AND column_default IS NULL"
        }
        _ => {
            "SELECT name || ' ' || lower(type) FROM pragma_table_info('{}') WHERE (\"notnull\" = 1 OR pk > 0) AND dflt_value IS NULL"
        }
    };
    let mut rows = Vec::new();
    for (table, id) in [("conversations", conversation), ("messages", message)] {
        let needed = texts(db, &columns.replace("{}", table)).await;
        let values = needed.iter().map(|column| {
            let (name, kind) = column.split_once(' ').expect("a name and a type");
            match (name, kind) {
                ("id", _) => id.to_owned(),
                ("conversation_id", _) => conversation.to_owned(),
                ("kind", _) if table == "messages" => "'text'".to_owned(),
                ("kind", _) => "'room'".to_owned(),
                (_, kind) if kind.contains("time") => at.to_owned(),
                (_, kind) if kind.contains("bool") => "FALSE".to_owned(),
                (_, kind) if kind.contains("int") => "1".to_owned(),
                _ => "'x'".to_owned(),
            }
        });
        let values: Vec<String> = values.collect();
        let names: Vec<&str> = needed.iter().filter_map(|column| column.split(' ').next()).collect();
        rows.push(format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", ")));
    }
    rows.try_into().expect("two")
}

#[tokio::test]
async fn older_rows_are_migrated_on_sqlite() {
    let folder = TempDir::new().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("old.db").display());
    migrate(&Database::connect(&url).await.expect("opens"), &url).await;
}

#[tokio::test]
async fn older_rows_are_migrated_on_postgres() {
    let Some(empty) = TestPostgres::empty().await else { return };
    let db = Database::connect(&empty.url).await.expect("answers");
    migrate(&db, &empty.url).await;
    db.close().await;
}
