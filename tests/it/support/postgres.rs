//! A PostgreSQL database for one test, dropped with it.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use plaza::database::Database;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseBackend, DatabaseConnection, Statement};
use tokio::sync::OnceCell;

/// Default of `PLAZA_TEST_POSTGRES_URL`.
const DEFAULT_PAGE_ROWS: &str = "postgres://postgres@127.0.0.1:5432/postgres";

static TEMPLATE: OnceCell<Option<String>> = OnceCell::const_new();
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A separate database.
pub struct TestPostgres {
    /// Its URL.
    pub url: String,
    name: String,
}

impl TestPostgres {
    /// Returns a migrated database; `None` if no PostgreSQL answers and none is required.
    pub async fn migrated() -> Option<Self> {
        let template = TEMPLATE
            .get_or_init(|| async {
                drop_left_over(&root().await?).await;
                let database = Self::create("template0").await?;
                let db = Database::connect(&database.url).await.expect("the test database answers");
                db.migrate().await.expect("the migrations run");
                db.close().await;
                let name = database.name.clone();
                // The template stays for other tests; the next run drops it.
                std::mem::forget(database);
                Some(name)
            })
            .await
            .clone()?;
        Self::create(&template).await
    }

    /// A database without tables.
    pub async fn empty() -> Option<Self> {
        Self::create("template0").await
    }

    async fn create(template: &str) -> Option<Self> {
        let root = root().await?;
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let name = format!("plaza_test_{}_{number}", std::process::id());
        sql(&root, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        root.close().await.expect("closes");
        let url = address();
        let base = url.rsplit_once('/').map_or(url.as_str(), |(base, _)| base);
        Some(Self { url: format!("{base}/{name}"), name })
    }
}

impl Drop for TestPostgres {
    fn drop(&mut self) {
        let name = self.name.clone();
        // Dropping cannot await, so it uses a thread.
        let dropped = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                if let Some(root) = root().await {
                    sql(&root, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
                    root.close().await.expect("closes");
                }
            });
        });
        let _ = dropped.join();
    }
}

/// Drops the databases of ended test runs, which leave their templates.
async fn drop_left_over(root: &DatabaseConnection) {
    let names = "SELECT datname FROM pg_database WHERE datname LIKE 'plaza\\_test\\_%'";
    let rows =
        root.query_all_raw(Statement::from_string(DatabaseBackend::Postgres, names)).await.expect(names);
    for row in rows {
        let name: String = row.try_get("", "datname").expect("a name");
        let process = name.split('_').nth(2).unwrap_or_default();
        if !std::path::Path::new("/proc").join(process).exists() {
            sql(root, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

fn address() -> String {
    std::env::var("PLAZA_TEST_POSTGRES_URL").unwrap_or_else(|_| DEFAULT_PAGE_ROWS.to_owned())
}

async fn root() -> Option<DatabaseConnection> {
    let mut options = ConnectOptions::new(address());
    options.max_connections(1).sqlx_logging(false).connect_timeout(Duration::from_secs(5));
    match sea_orm::Database::connect(options).await {
        Ok(root) => Some(root),
        Err(error) if std::env::var("PLAZA_TEST_POSTGRES_URL").is_ok() => {
            panic!("PostgreSQL does not answer: {error}")
        }
        Err(_) => {
            eprintln!("skipped: no PostgreSQL answers at {DEFAULT_PAGE_ROWS}; set PLAZA_TEST_POSTGRES_URL");
            None
        }
    }
}

async fn sql(root: &DatabaseConnection, statement: &str) {
    root.execute_unprepared(statement).await.expect(statement);
}
