//! What live conversations cost: `cargo bench --bench live`. Ratios of one run; not a test.
//!
//! On SQLite, and on PostgreSQL where `PLAZA_TEST_POSTGRES_URL` names an empty database:
//! - `history`: a page of 50 messages through the REST door, beside a bare axum handler with one statement;
//! - `posts`: messages posted through the REST door by 16 at once, beside bare transactions of the same statements.
//!
//! And on a server of its own, over real sockets: `fan-out` to 100, 1,000 and 5,000 WebSockets.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a program for developers")]

#[path = "fan_out.rs"]
mod fan_out;
#[path = "program.rs"]
mod program;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Path, State},
    http::{Request, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use plaza::{
    app::App,
    background::Background,
    clock::Clock,
    config::{Settings, Switch},
    database::{Database, Transaction},
    domain::{
        accounts::{Device, NewAccount, sign_up},
        communities::{self, NewCommunity},
        conversations::{Target, find_readable},
    },
    http,
};
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement, Value};
use serde_json::json;
use tower::ServiceExt;
use uuid::Uuid;

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const MESSAGES: usize = 2000;
const ROUNDS: usize = 1500;
const WRITERS: usize = 16;
const POSTS: usize = 1600;

/// The one statement that a page of history needs.
const PAGE: &str = "SELECT m.id, m.author_id, m.agent_listing_id, m.content, m.kind, m.created_at, u.name, u.image, \
                    m.tts_audio_url FROM messages m LEFT JOIN users u ON u.id = m.author_id \
                    WHERE m.conversation_id = $1 ORDER BY m.created_at DESC LIMIT 50";

struct World {
    app: App,
    router: Router,
    token: String,
    user: String,
    club: Uuid,
    room: Uuid,
    /// Confirms the rights of those who listen.
    _background: Background,
}

impl World {
    async fn new(url: &str) -> Self {
        let db = Database::connect(url).await.expect("opens");
        db.migrate().await.expect("migrates");
        let settings = Settings { rate_limits: Switch::Off, ..Settings::default() };
        let app = App::new(db, Clock::system(Duration::ZERO), settings.rules());
        let new = NewAccount {
            email: format!("{}@example.com", app.new_id().expect("an id")),
            password: "a long password".to_owned(),
            name: "Bench".to_owned(),
            image: None,
        };
        let opened = sign_up(&app, new, &Device::default()).await.expect("signs up");
        let new = NewCommunity { name: "Bench".to_owned(), ..Default::default() };
        let club = communities::create(&app, &opened.user, new).await.expect("is made").id;
        let seat = find_readable(&app, &opened.user, &Target::Room(club)).await.expect("reads");
        let room = seat.expect("a room").into_readable().id;
        let router = http::router(&app, &settings).expect("the documents are sound");
        let background = Background::start(&app, &settings);
        Self { app, router, token: opened.token, user: opened.user.id, club, room, _background: background }
    }

    async fn post(&self, number: usize) {
        let content = format!("message {number}: the quick brown fox jumps over the lazy dog");
        let request = Request::post(format!("/api/communities/{}/messages", self.club))
            .header(header::HOST, "localhost")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(json!({ "content": content }).to_string()))
            .expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("answers");
        assert_eq!(response.status(), StatusCode::CREATED);
    }

    async fn read(&self, router: &Router, path: &str) -> usize {
        let request = Request::get(path)
            .header(header::HOST, "localhost")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .body(Body::empty())
            .expect("a request");
        let response = router.clone().oneshot(request).await.expect("answers");
        assert_eq!(response.status(), StatusCode::OK);
        to_bytes(response.into_body(), usize::MAX).await.expect("a body").len()
    }
}

/// A page of history as a bare handler would give it.
async fn bare_page(State(app): State<App>, Path(room): Path<Uuid>) -> impl IntoResponse {
    let statement = Statement::from_sql_and_values(app.db.backend(), PAGE, [room.into()]);
    let rows = app.db.read().query_all_raw(statement).await.expect("reads");
    let messages: Vec<_> = rows
        .iter()
        .rev()
        .map(|row| {
            let text = |column: &str| row.try_get::<Option<String>>("", column).expect("a column");
            json!({
                "id": row.try_get::<Uuid>("", "id").expect("an id"),
                "userId": text("author_id"),
                "agentListingId": row.try_get::<Option<Uuid>>("", "agent_listing_id").expect("an id"),
                "content": text("content"),
                "messageType": text("kind"),
                "createdAt": row.try_get::<chrono::DateTime<chrono::Utc>>("", "created_at").expect("a time"),
                "userName": text("name"),
                "userImage": text("image"),
                "agentName": null,
                "ttsAudioUrl": text("tts_audio_url"),
            })
        })
        .collect();
    let body = serde_json::to_vec(&json!({ "messages": messages })).expect("writes");
    ([(header::CONTENT_TYPE, "application/json")], body)
}

async fn history(world: &World) {
    for number in 0..MESSAGES {
        world.post(number).await;
    }
    let bare = Router::new().route("/{room}", get(bare_page)).with_state(world.app.clone());
    let (mut ours, mut theirs) = (f64::MAX, f64::MAX);
    for _ in 0..3 {
        for (router, path, best) in [
            (&world.router, format!("/api/communities/{}/messages", world.club), &mut ours),
            (&bare, format!("/{}", world.room), &mut theirs),
        ] {
            let started = Instant::now();
            for _ in 0..ROUNDS {
                assert!(world.read(router, &path).await > 5000);
            }
            *best = best.min(started.elapsed().as_secs_f64() * 1e6 / ROUNDS as f64);
        }
    }
    println!(
        "history    ours {ours:>7.1} µs   bare {theirs:>7.1} µs   ratio of requests/s {:.2}",
        theirs / ours
    );
}

/// Posts until all are there; gives posts a second.
async fn many<F: Future<Output = ()> + Send>(post: impl Fn(usize) -> F + Send + Sync + 'static) -> f64 {
    let (post, next) = (Arc::new(post), Arc::new(AtomicU64::new(0)));
    let started = Instant::now();
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..WRITERS {
        let (post, next) = (post.clone(), next.clone());
        writers.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed) as usize;
                if number >= POSTS {
                    break;
                }
                post(number).await;
            }
        });
    }
    writers.join_all().await;
    POSTS as f64 / started.elapsed().as_secs_f64()
}

async fn run(tx: &Transaction, backend: DatabaseBackend, sql: &str, values: Vec<Value>) {
    let statement = Statement::from_sql_and_values(backend, sql, values);
    tx.execute_raw(statement).await.expect("runs");
}

/// The statements of a post, bare: number and lock, right, message, event, read mark.
async fn bare_post(app: &App, user: &str, (club, room): (Uuid, Uuid), number: usize) {
    let backend = app.db.backend();
    let tx = app.db.begin().await.expect("begins");
    let advance = "UPDATE conversations SET last_seq = last_seq + 1, message_count = message_count + 1, \
                   last_micros = last_micros + 1 WHERE id = $1 RETURNING last_seq, message_count, last_micros";
    let row = tx
        .query_one_raw(Statement::from_sql_and_values(backend, advance, [room.into()]))
        .await
        .expect("runs")
        .expect("a row");
    let seq: i64 = row.try_get("", "last_seq").expect("a number");
    let count: i64 = row.try_get("", "message_count").expect("a number");
    let micros: i64 = row.try_get("", "last_micros").expect("a number");
    let at = chrono::DateTime::from_timestamp_micros(micros).expect("a time");
    for (sql, key) in [
        ("SELECT * FROM memberships WHERE community_id = $1 AND user_id = $2", club),
        ("SELECT * FROM mutes WHERE community_id = $1 AND user_id = $2", club),
    ] {
        let statement = Statement::from_sql_and_values(backend, sql, [key.into(), user.into()]);
        tx.query_all_raw(statement).await.expect("reads");
    }
    let statement =
        Statement::from_sql_and_values(backend, "SELECT * FROM communities WHERE id = $1", [club.into()]);
    tx.query_all_raw(statement).await.expect("reads");
    let id = app.new_id().expect("an id");
    let content = format!("message {number}: the quick brown fox jumps over the lazy dog");
    let message = "INSERT INTO messages (id, conversation_id, seq, number, author_id, kind, content, search_text, is_incomplete, created_at) \
                   VALUES ($1, $2, $3, $4, $5, 'text', $6, $6, FALSE, $7)";
    let values =
        vec![id.into(), room.into(), seq.into(), count.into(), user.into(), content.into(), at.into()];
    run(&tx, backend, message, values).await;
    let event = "INSERT INTO conversation_events (conversation_id, seq, kind, message_id, created_at) \
                 VALUES ($1, $2, 'message_posted', $3, $4)";
    run(&tx, backend, event, vec![room.into(), seq.into(), id.into(), at.into()]).await;
    let mark = "INSERT INTO read_marks (conversation_id, user_id, number, updated_at) VALUES ($1, $2, $3, $4) \
                ON CONFLICT (conversation_id, user_id) DO UPDATE SET number = excluded.number";
    run(&tx, backend, mark, vec![room.into(), user.into(), count.into(), at.into()]).await;
    tx.commit().await.expect("commits");
}

async fn posts(world: Arc<World>) {
    let (mut ours, mut theirs) = (0.0_f64, 0.0_f64);
    for _ in 0..3 {
        let shared = world.clone();
        ours = ours.max(
            many(move |number| {
                let world = shared.clone();
                async move { world.post(number).await }
            })
            .await,
        );
        let shared = world.clone();
        theirs = theirs.max(
            many(move |number| {
                let world = shared.clone();
                async move { bare_post(&world.app, &world.user, (world.club, world.room), number).await }
            })
            .await,
        );
    }
    println!("posts      ours {ours:>7.0} /s   bare {theirs:>7.0} /s   ratio {:.2}", ours / theirs);
}

#[tokio::main]
async fn main() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let mut urls = vec![format!("sqlite://{}", folder.path().join("bench.db").display())];
    urls.extend(std::env::var("PLAZA_TEST_POSTGRES_URL").ok());
    for url in urls {
        println!("{}", url.split(':').next().unwrap_or_default());
        let world = Arc::new(World::new(&url).await);
        history(&world).await;
        posts(world.clone()).await;
        let app = world.app.clone();
        drop(world);
        app.db.clone().close().await;
    }
    fan_out::run(folder.path()).await;
}
