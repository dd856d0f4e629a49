//! Cost of agent replies: `cargo bench --bench agents`. A separate server calls a provider in this process
//! over real sockets; both and all readers share the machine. Not a test.
//!
//! On SQLite, and on PostgreSQL if `PLAZA_TEST_POSTGRES_URL` names an empty database:
//! - `first`: time from the question to the first chunk without the provider's time to its first byte, one
//!   question at a time;
//! - `streams`: increasing numbers of concurrent replies, 20 pieces a second each, until the 99th percentile
//!   of the time from the provider's piece to the asker's chunk exceeds 50 ms; the first second of each step
//!   is left out.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a program for developers")]

#[path = "program.rs"]
mod program;

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::header,
    response::IntoResponse,
    routing::post,
};
use futures_util::{future::join_all, stream};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use program::{Server, ask, sqlite};

/// Number of sequential questions.
const ALONE: usize = 200;
/// Pieces of a reply, and the time between two.
const PIECES: usize = 60;
const PAUSE: Duration = Duration::from_millis(50);
/// Pieces that are not counted: in the first second, all questions arrive at once, and database connections
/// are opened.
const RAMP: usize = 20;
/// Numbers of concurrent replies.
const STEPS: [usize; 9] = [10, 20, 40, 60, 80, 120, 160, 240, 320];
/// Delay in milliseconds at which the benchmark stops.
const LIMIT: f64 = 50.0;

/// The common clock of provider and readers, and the time at which each question reached the provider.
struct Provider {
    began: Instant,
    pieces: Mutex<HashMap<usize, u64>>,
}

impl Provider {
    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).expect("fits")
    }

    async fn serve(self: Arc<Self>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let router = Router::new().route("/v1/chat/completions", post(answer)).with_state(self);
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }
}

/// Answers at once, then piece by piece; each piece contains its time.
async fn answer(State(provider): State<Arc<Provider>>, asked: Bytes) -> impl IntoResponse {
    let asked: Value = serde_json::from_slice(&asked).expect("JSON");
    let came = provider.now();
    let text = asked["messages"].as_array().and_then(|turns| turns.last()).expect("a question").to_string();
    let (pieces, number) = question(&text);
    provider.pieces.lock().expect("a lock").insert(number, came);
    let pieces = stream::unfold(0, move |sent| {
        let provider = provider.clone();
        async move {
            if sent == pieces {
                let end =
                    "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
                return Some((Ok::<_, Infallible>(end.to_owned()), sent + 1));
            }
            if sent > pieces {
                return None;
            }
            if sent > 0 {
                tokio::time::sleep(PAUSE).await;
            }
            let piece = json!({ "choices": [{ "delta": { "content": format!("at {} ", provider.now()) } }] });
            Some((Ok(format!("data: {piece}\n\n")), sent + 1))
        }
    });
    ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(pieces))
}

/// Returns the number of pieces that a question requests, and its number.
fn question(text: &str) -> (usize, usize) {
    let (_, rest) = text.split_once("pieces ").expect("a question of ours");
    let mut words = rest.split(|c: char| !c.is_ascii_digit()).filter(|word| !word.is_empty());
    let mut number = || words.next().and_then(|word| word.parse().ok()).expect("a number");
    (number(), number())
}

/// Returns the times in a text.
fn times(text: &str) -> impl Iterator<Item = u64> {
    text.split("at ").skip(1).filter_map(|rest| rest.split(' ').next()?.parse().ok())
}

struct World {
    provider: Arc<Provider>,
    server: Server,
    client: Client,
    path: String,
    agent: String,
    askers: Vec<String>,
}

impl World {
    async fn new(folder: &std::path::Path, database: &str) -> Self {
        let provider = Arc::new(Provider { began: Instant::now(), pieces: Mutex::default() });
        let url = provider.clone().serve().await;
        let settings = [
            ("PLAZA_MODEL_BASE_URL", url.as_str()),
            ("PLAZA_MODEL_DEFAULT", "bench"),
            ("PLAZA_SPEECH_PROGRAM", "off"),
        ];
        let server = Server::start(folder, database, &settings);
        let client = Client::new();
        let owner = sign_up(&client, &server.url, 0).await;
        let query =
            "mutation { createAgentListing(input: { agentName: \"Bench\" }) { agentListing { id } } }";
        let made = ask(&client, &owner, format!("{}/graphql", server.url), json!({ "query": query })).await;
        let agent =
            made["data"]["createAgentListing"]["agentListing"]["id"].as_str().expect("an agent").to_owned();
        let communities = format!("{}/api/communities", server.url);
        let club = ask(&client, &owner, communities.clone(), json!({ "name": "Bench" })).await;
        let path = format!("{communities}/{}", club["id"].as_str().expect("an id"));
        ask(&client, &owner, format!("{path}/agents"), json!({ "listingId": agent })).await;
        let mut askers = Vec::new();
        for number in 1..=STEPS[STEPS.len() - 1] {
            let token = sign_up(&client, &server.url, number).await;
            ask(&client, &token, format!("{path}/join"), json!({})).await;
            askers.push(token);
        }
        Self { provider, server, client, path, agent, askers }
    }

    /// Requests a reply of this many pieces; returns the times of the question and the first chunk, and each
    /// piece's delay.
    async fn ask(&self, asker: usize, number: usize, pieces: usize) -> (u64, u64, Vec<u64>) {
        let body =
            json!({ "content": format!("pieces {pieces} question {number}"), "listingId": self.agent });
        let asked = self.provider.now();
        let request = self.client.post(format!("{}/agent-chat", self.path)).bearer_auth(&self.askers[asker]);
        let mut response = request.json(&body).send().await.expect("answers");
        assert_eq!(response.status(), 200);
        let (mut first, mut delays) = (0, Vec::new());
        while let Some(bytes) = response.chunk().await.expect("bytes") {
            let now = self.provider.now();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            for sent in times(&text) {
                if delays.is_empty() {
                    first = now;
                }
                delays.push(now - sent);
            }
        }
        assert_eq!(delays.len(), pieces, "every piece came");
        (asked, first, delays)
    }

    async fn first(&self) {
        let mut added = Vec::new();
        for number in 0..ALONE {
            let (asked, first, delays) = self.ask(0, number, 1).await;
            let came = self.provider.pieces.lock().expect("a lock")[&number];
            let taken = (first - delays[0]) - came;
            added.push(first - asked - taken);
        }
        let (p50, p99) = (at(&mut added, 0.5), at(&mut added, 0.99));
        println!("first      added over the provider's first byte: p50 {p50:.1} ms   p99 {p99:.1} ms");
    }

    async fn streams(&self) {
        for (step, count) in STEPS.into_iter().enumerate() {
            let (processor, began) = (self.server.processor(), Instant::now());
            let asked = (0..count).map(|asker| self.ask(asker, 1000 * (step + 1) + asker, PIECES));
            let mut delays: Vec<u64> = join_all(asked)
                .await
                .into_iter()
                .flat_map(|(.., delays)| delays.into_iter().skip(RAMP))
                .collect();
            let (p50, p99) = (at(&mut delays, 0.5), at(&mut delays, 0.99));
            let busy = (self.server.processor() - processor) / began.elapsed().as_secs_f64();
            println!(
                "streams    {count:>4} at once   delay p50 {p50:.1} ms   p99 {p99:.1} ms   {busy:.2} cores and {:.0} MiB of \
                 the server",
                self.server.resident() / 1024.0
            );
            if p99 > LIMIT {
                break;
            }
        }
    }
}

async fn sign_up(client: &Client, url: &str, number: usize) -> String {
    let name = format!("bench{number}");
    let account =
        json!({ "email": format!("{name}@example.com"), "password": "a long password", "name": name });
    let opened = ask(client, "", format!("{url}/api/auth/sign-up/email"), account).await;
    opened["token"].as_str().expect("a token").to_owned()
}

/// Returns a percentile of microseconds, in milliseconds.
fn at(times: &mut [u64], share: f64) -> f64 {
    times.sort_unstable();
    times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default() as f64 / 1e3
}

#[tokio::main]
async fn main() {
    plaza::adapters::use_ring();
    let folder = tempfile::TempDir::new().expect("a folder");
    let mut urls = vec![sqlite(folder.path(), "agents")];
    urls.extend(std::env::var("PLAZA_TEST_POSTGRES_URL").ok());
    for url in urls {
        println!("{}", url.split(':').next().unwrap_or_default());
        let world = World::new(folder.path(), &url).await;
        world.first().await;
        world.streams().await;
    }
}
