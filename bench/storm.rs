//! Many clients that reconnect at once: `cargo bench --bench storm`. Not a test.
//!
//! Each requests its 500 conversations with `unreadCount` and `lastMessage`, on SQLite and, if
//! `PLAZA_TEST_POSTGRES_URL` names an empty database, on PostgreSQL: one client at a time, 64 at once, and
//! 300 at once a single time each. Every part ends after ten seconds.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a program for developers")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use plaza::{
    app::App,
    clock::Clock,
    config::{Settings, Switch},
    database::Database,
    domain::{
        accounts::{Device, NewAccount, sign_up},
        communities::{self, NewCommunity},
        conversations::{NewMessage, Target, post},
    },
    http::{self, RequestPipeline},
};
use tower::ServiceExt;

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CONVERSATIONS: usize = 500;
const TIME: Duration = Duration::from_secs(10);

struct World {
    app: App,
    pipeline: RequestPipeline,
    token: String,
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
        for number in 0..CONVERSATIONS {
            let new = NewCommunity { name: format!("Club {number}"), ..Default::default() };
            let club = communities::create(&app, &opened.user, new).await.expect("is made").id;
            let said = NewMessage {
                target: Target::Room(club),
                content: format!("Welcome to club {number}"),
                client_key: None,
                reply_to: None,
            };
            post(&app, &opened.user, said).await.expect("is posted");
        }
        let pipeline = http::pipeline(&app, &settings).expect("the REST documents are sound");
        Self { app, pipeline, token: opened.token }
    }

    /// Returns whether the answer was complete.
    async fn ask(&self) -> bool {
        // The list without pages, so that one request loads the parts of all conversations.
        let request = Request::get("/api/conversations")
            .header(header::HOST, "localhost")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .body(Body::empty())
            .expect("a request");
        let response = self.pipeline.clone().oneshot(request).await.expect("answers");
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        // A shed request has another status or an error; everything else is a fault of this program.
        assert!(status != StatusCode::BAD_REQUEST, "{}", String::from_utf8_lossy(&body));
        status == StatusCode::OK && body.len() > CONVERSATIONS * 60
    }
}

/// Returns the seconds of processor time of this process.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("reads");
    let fields: Vec<&str> = stat.rsplit(')').next().expect("fields").split_whitespace().collect();
    let ticks = |place: usize| fields[place].parse::<f64>().expect("a number");
    (ticks(11) + ticks(12)) / 100.0
}

/// Lets `clients` repeat their request for ten seconds or `most` times.
async fn storm(world: &Arc<World>, clients: usize, most: u64) {
    let (started, before) = (Instant::now(), processor());
    let answered = Arc::new(AtomicU64::new(0));
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..clients {
        let (world, answered) = (world.clone(), answered.clone());
        asking.spawn(async move {
            let mut delays = Vec::new();
            while started.elapsed() < TIME && (delays.len() as u64) < most {
                let asked = Instant::now();
                let whole = world.ask().await;
                delays.push(asked.elapsed());
                answered.fetch_add(u64::from(whole), Ordering::Relaxed);
            }
            delays
        });
    }
    let mut delays: Vec<Duration> = asking.join_all().await.into_iter().flatten().collect();
    delays.sort_unstable();
    let (wall, cpu, count) = (started.elapsed(), processor() - before, answered.load(Ordering::Relaxed));
    let failed = delays.len() as u64 - count;
    println!(
        "{clients:>4} at once: {:>7.1} answers/s, p50 {:>8.1} ms, {count} answers and {failed} failures in {:.2} s, \
         {:.1} ms of CPU an answer",
        count as f64 / wall.as_secs_f64(),
        delays[delays.len() / 2].as_secs_f64() * 1e3,
        wall.as_secs_f64(),
        cpu * 1e3 / count as f64,
    );
}

#[tokio::main]
async fn main() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let mut urls = vec![format!("sqlite://{}", folder.path().join("bench.db").display())];
    urls.extend(std::env::var("PLAZA_TEST_POSTGRES_URL").ok());
    for url in urls {
        println!("{}", url.split(':').next().unwrap_or_default());
        let world = Arc::new(World::new(&url).await);
        storm(&world, 1, u64::MAX).await;
        storm(&world, 64, u64::MAX).await;
        storm(&world, 300, 1).await;
        world.app.db.clone().close().await;
    }
}
