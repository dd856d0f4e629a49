//! Cost of the REST engine: `cargo bench --bench rest`. Ratios within one run; not a test.
//!
//! A page of 20 spaces with owners, on SQLite in this process:
//! - `direct`: the domain's function and serde;
//! - `execute`: the request through the engine, its variables, the schema and the writer;
//! - `write`: the engine with a prepared result: variables and writing only.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a program for developers")]

use std::{sync::Arc, time::Instant};

use async_graphql::{Data, Executor, Request, Response, Value, futures_util::stream::BoxStream};
use axum::body::{Body, to_bytes};
use plaza::{
    app::{App, Policies},
    auth::Viewer,
    clock::Clock,
    config::Settings,
    database::Database,
    demo,
    domain::{
        Window,
        spaces::{Browse, list_public},
    },
    graphql::{Graph, Site, SubscriptionExecutor, fast, rest_model},
    rest::{Bodies, Engine, Source},
    transport::{Caller, Refusal},
};

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: u32 = 2000;

/// Answers every request with the same data.
#[derive(Clone)]
struct Canned(Arc<Value>);

impl SubscriptionExecutor for Canned {}

impl Executor for Canned {
    async fn execute(&self, _: Request) -> Response {
        Response::new((*self.0).clone())
    }

    fn execute_stream(&self, _: Request, _: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        Box::pin(async_graphql::futures_util::stream::empty())
    }
}

fn engine<E: SubscriptionExecutor>(executor: E) -> Engine<E> {
    let model = Arc::new(rest_model().expect("the schema parses"));
    let text = include_str!("../src/rest/operations/spaces.graphql").to_owned();
    let sources = [Source { name: "spaces.graphql".to_owned(), text }];
    let bodies = Bodies::new(Settings::default().bodies());
    Engine::compile(&sources, model, executor, bodies).expect("the documents are sound")
}

async fn ask<E: SubscriptionExecutor>(engine: &Engine<E>) -> usize {
    let request =
        axum::http::Request::get("/api/spaces?page=1&limit=20").body(Body::empty()).expect("a request");
    let admit = |_: &_, _| async {
        let request = Request::new("").data(Viewer::default());
        Ok::<_, Refusal>(Caller { signed_in: false, admin: false, network: None, request })
    };
    let response = engine.handle(request, admit).await;
    to_bytes(response.into_body(), usize::MAX).await.expect("a body").len()
}

async fn time<F: Future<Output = usize>>(name: &str, mut work: impl FnMut() -> F) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..3 {
        let started = Instant::now();
        let mut bytes = 0;
        for _ in 0..ROUNDS {
            bytes = work().await;
        }
        let micros = started.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS);
        assert!(bytes > 1000, "{name} answers a page");
        best = best.min(micros);
    }
    println!("{name:<10} {best:>8.1} µs a request");
    best
}

#[tokio::main]
async fn main() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("bench.db").display());
    let db = Database::connect(&url).await.expect("opens");
    db.migrate().await.expect("migrates");
    let app = App::new(db, Clock::system(std::time::Duration::ZERO), Policies::default());
    demo::seed(&app).await.expect("seeds");
    let graph = Graph::new(fast(&app, Site::default()), usize::MAX);

    let document = "{ spaces(page: 1, limit: 20) { spaces: nodes { id ownerRef: owner { id } name description category \
                    tags definition isPublic createdAt updatedAt } total: totalCount page totalPages } }";
    let data = graph.execute(Request::new(document).data(Viewer::default())).await.data;
    let (canned, executed) = (engine(Canned(Arc::new(data))), engine(graph));

    let browse = Browse {
        search: None,
        category: None,
        window: Window::Numbered { page: 1, limit: 20 },
        owners: false,
        total: true,
    };
    let direct = time("direct", || async {
        let slice = list_public(&app, browse.clone()).await.expect("lists");
        let rows: Vec<_> = slice
            .rows
            .iter()
            .map(|(space, _)| {
                serde_json::json!({
                    "id": space.id, "ownerId": space.owner_id, "name": space.name, "description": space.description,
                    "category": space.category, "tags": space.tags, "definition": space.definition,
                    "isPublic": space.is_public, "createdAt": space.created_at, "updatedAt": space.updated_at,
                })
            })
            .collect();
        let body = serde_json::json!({
            "spaces": rows, "total": slice.total, "page": 1, "totalPages": slice.total_pages(),
        });
        serde_json::to_vec(&body).expect("writes").len()
    })
    .await;
    let execute = time("execute", || ask(&executed)).await;
    let write = time("write", || ask(&canned)).await;
    println!(
        "execute / direct {:.2}, of which variables and writing {:.0} %",
        execute / direct,
        write / execute * 100.0
    );
    app.db.clone().close().await;
}
