//! A server in this process, on a separate port.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use chrono::{DateTime, Utc};
use plaza::{
    adapters::{Adapters, use_ring},
    app::App,
    clock::Clock,
    config::Settings,
    database::Database,
    domain::accounts,
    http,
    jobs::Jobs,
};
use sea_orm::EntityTrait;
use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    task::{self, Id, JoinHandle},
};

use super::{Caller, Proxy, TestPostgres, contract};

/// Maximum time that a server may take to connect to the others; some tests keep it from doing so.
const JOIN: std::time::Duration = std::time::Duration::from_secs(10);

/// A statement and the task that ran it.
struct Statement {
    task: Option<Id>,
    sql: String,
}

/// A running server.
pub struct Server {
    /// Its application, for state that no transport shows.
    pub app: App,
    /// Base URL, without a trailing slash.
    pub url: String,
    /// Its periodic jobs.
    pub background: Jobs,
    statements: Arc<Mutex<Vec<Statement>>>,
    commit_delay: Arc<AtomicU64>,
    client: reqwest::Client,
    /// The OpenAPI document that its answers are compared with.
    contract: &'static Value,
    task: JoinHandle<()>,
    folder: TempDir,
    postgres: Option<TestPostgres>,
}

impl Server {
    /// A server on a separate SQLite file.
    pub async fn on_sqlite() -> Self {
        Self::with(|_| {}).await
    }

    /// A server on SQLite with other settings.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::reaching(Adapters::none(), change).await
    }

    /// A server on SQLite with these adapters and other settings.
    pub async fn reaching(adapters: Adapters, change: impl FnOnce(&mut Settings)) -> Self {
        let folder = TempDir::new().expect("a folder");
        let url = in_folder(&folder);
        let settings = settings(url, change);
        let db = Database::open(&settings.database()).await.expect("SQLite opens");
        db.migrate().await.expect("the migrations run");
        Self::start(db, folder, None, adapters, settings).await
    }

    /// A server on a separate PostgreSQL database; `None` if no PostgreSQL answers.
    pub async fn on_postgres() -> Option<Self> {
        Self::on_postgres_with(|_| {}).await
    }

    /// A server on PostgreSQL with other settings.
    pub async fn on_postgres_with(change: impl FnOnce(&mut Settings)) -> Option<Self> {
        Self::at_postgres(Adapters::none(), change).await
    }

    /// A server on PostgreSQL with these adapters.
    pub async fn on_postgres_reaching(adapters: Adapters) -> Option<Self> {
        Self::at_postgres(adapters, |_| {}).await
    }

    /// The same, with other settings.
    pub async fn on_postgres_reaching_with(
        adapters: Adapters,
        change: impl FnOnce(&mut Settings),
    ) -> Option<Self> {
        Self::at_postgres(adapters, change).await
    }

    /// A server on this database, which has no tables yet.
    pub async fn on_database(url: &str) -> Self {
        let settings = settings(url.to_owned(), |_| {});
        let db = Database::open(&settings.database()).await.expect("the database answers");
        db.migrate().await.expect("the migrations run");
        let folder = TempDir::new().expect("a folder");
        Self::start(db, folder, None, Adapters::none(), settings).await
    }

    async fn at_postgres(adapters: Adapters, change: impl FnOnce(&mut Settings)) -> Option<Self> {
        let postgres = TestPostgres::migrated().await?;
        let settings = settings(postgres.url.clone(), change);
        let db = Database::open(&settings.database()).await.expect("PostgreSQL answers");
        let folder = TempDir::new().expect("a folder");
        Some(Self::start(db, folder, Some(postgres), adapters, settings).await)
    }

    /// A server that reaches PostgreSQL through a proxy, with other settings; `None` where no PostgreSQL answers.
    pub async fn through_a_proxy(change: impl FnOnce(&mut Settings)) -> Option<(Self, Proxy)> {
        let postgres = TestPostgres::migrated().await?;
        let proxy = Proxy::before(&postgres.url).await;
        let settings = settings(proxy.url.clone(), change);
        let db = Database::open(&settings.database()).await.expect("PostgreSQL answers");
        let folder = TempDir::new().expect("a folder");
        Some((Self::start(db, folder, Some(postgres), Adapters::none(), settings).await, proxy))
    }

    /// Returns the URL of its database, for separate connections.
    pub fn database_url(&self) -> String {
        self.postgres.as_ref().map_or_else(|| in_folder(&self.folder), |postgres| postgres.url.clone())
    }

    async fn start(
        mut db: Database,
        folder: TempDir,
        postgres: Option<TestPostgres>,
        adapters: Adapters,
        settings: Settings,
    ) -> Self {
        let statements = Arc::new(Mutex::new(Vec::new()));
        let seen = statements.clone();
        let commit_delay = Arc::new(AtomicU64::new(0));
        let delay = commit_delay.clone();
        db.on_statement(move |sql| {
            seen.lock().expect("not poisoned").push(Statement { task: task::try_id(), sql: sql.to_owned() });
            hold_open(sql, delay.load(Ordering::Relaxed));
        });
        let app = App::with(db, Clock::manual(start_of_time()), settings.rules(), adapters);
        let pipeline = http::pipeline(&app, &settings).expect("the REST documents are sound");
        let listener = TcpListener::bind(settings.listen).await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let limits = http::server::Limits::new(&settings, None);
        let task = tokio::spawn(http::server::serve(listener, pipeline, limits, std::future::pending()));
        use_ring();
        let client =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let background = Jobs::start(&app, &settings);
        // Joining the other servers drops cached identities, which a test that counts statements would notice.
        _ = tokio::time::timeout(JOIN, background.joined()).await;
        let contract = contract::document(&settings);
        Self { app, url, background, statements, commit_delay, client, contract, task, folder, postgres }
    }

    /// Returns an anonymous caller.
    pub fn anon(&self) -> Caller {
        Caller::new(self.client.clone(), self.url.clone(), None, self.contract)
    }

    /// Returns a caller that just signed up under this name, with a bearer token.
    pub async fn member(&self, name: &str) -> Caller {
        self.app.clock.advance(std::time::Duration::from_secs(60));
        let body = serde_json::json!({
            "email": format!("{}@example.com", name.to_lowercase()), "password": "a long password", "name": name,
        });
        let answer = self.anon().post("/api/auth/sign-up/email", body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let token = answer.json["token"].as_str().expect("a token").to_owned();
        let id = answer.json["user"]["id"].as_str().expect("an id").to_owned();
        Caller::new(self.client.clone(), self.url.clone(), Some((id, token)), self.contract)
    }

    /// Returns a platform administrator that just signed up under this name.
    pub async fn admin(&self, name: &str) -> Caller {
        let admin = self.member(name).await;
        let user = entity::user::Entity::find_by_id(&admin.id).one(self.app.db.read()).await.expect("reads");
        accounts::promote(&self.app, &user.expect("is there")).await.expect("promotes");
        admin
    }

    /// Returns a caller with this bearer token or key.
    pub fn bearer(&self, token: &str) -> Caller {
        Caller::new(
            self.client.clone(),
            self.url.clone(),
            Some((String::new(), token.to_owned())),
            self.contract,
        )
    }

    /// Keeps each transaction open for a random time of at most `micros` microseconds after it wrote an
    /// event.
    pub fn delay_commits(&self, micros: u64) {
        self.commit_delay.store(micros, Ordering::Relaxed);
    }

    /// Returns the SQL statements of the calling task since the last call.
    pub fn own_statements(&self) -> Vec<String> {
        let all = std::mem::take(&mut *self.statements.lock().expect("not poisoned"));
        all.into_iter().filter(|said| said.task == task::try_id()).map(|said| said.sql).collect()
    }

    /// Returns the SQL statements since the last call, without those of jobs.
    pub fn statements(&self) -> Vec<String> {
        let all = std::mem::take(&mut *self.statements.lock().expect("not poisoned"));
        let by_itself = |said: &Statement| said.task.is_some_and(|task| self.background.has(task));
        all.into_iter().filter(|said| !by_itself(said)).map(|said| said.sql).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Returns the settings of a test, on the database at this URL.
fn settings(database_url: String, change: impl FnOnce(&mut Settings)) -> Settings {
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let mut settings = Settings { listen, database_url, ..Settings::default() };
    change(&mut settings);
    settings
}

fn in_folder(folder: &TempDir) -> String {
    format!("sqlite://{}", folder.path().join("plaza.db").display())
}

/// Waits between the event of a conversation and the commit, to expose missing locks.
fn hold_open(sql: &str, most: u64) {
    static ROLL: AtomicU64 = AtomicU64::new(1);
    if most > 0 && sql.starts_with("INSERT INTO \"conversation_events\"") {
        let roll = ROLL.fetch_add(1, Ordering::Relaxed).wrapping_mul(6_364_136_223_846_793_005) >> 33;
        std::thread::sleep(std::time::Duration::from_micros(roll % most));
    }
}

/// The time at which every test begins.
fn start_of_time() -> DateTime<Utc> {
    "2026-03-05T12:00:00.123456Z".parse().expect("a time")
}
