//! The HTTP edge: GraphQL, REST, pages and health behind one router, with ids, limits and a log line a request.

mod address;
mod edge;
mod graphql;
mod health;
mod host;
mod limiter;
mod pages;
mod rest;
mod seats;
pub mod server;
mod uploads;

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result};
use axum::{
    Router,
    http::{HeaderName, HeaderValue, Method, header},
    middleware,
    routing::{any, get},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer},
};

use crate::{
    app::App,
    config::{Settings, Switch},
    form,
    graphql::{Graph, Site, bare, fast, model, rest_model},
    rest::{ApiInfo, Bodies, Engine, Source},
};

/// The REST documents that the binary carries.
const OPERATIONS: &[(&str, &str)] = &[
    ("agents.graphql", include_str!("../rest/operations/agents.graphql")),
    ("accounts.graphql", include_str!("../rest/operations/accounts.graphql")),
    ("conversations.graphql", include_str!("../rest/operations/conversations.graphql")),
    ("spaces.graphql", include_str!("../rest/operations/spaces.graphql")),
    ("communities.graphql", include_str!("../rest/operations/communities.graphql")),
    ("admin.graphql", include_str!("../rest/operations/admin.graphql")),
    ("verification.graphql", include_str!("../rest/operations/verification.graphql")),
    ("official.graphql", include_str!("../rest/operations/official.graphql")),
    ("lounge.graphql", include_str!("../rest/operations/lounge.graphql")),
    ("wallet.graphql", include_str!("../rest/operations/wallet.graphql")),
];

/// What every handler shares.
#[derive(Clone)]
pub(crate) struct Doors(Arc<Parts>);

pub(crate) struct Parts {
    app: App,
    graph: Graph,
    documents: graphql::Documents,
    engine: Engine<Graph>,
    openapi: bytes::Bytes,
    limiter: limiter::Limiter,
    origins: Vec<String>,
    /// The address that browsers know.
    url: String,
    secure: bool,
    proxies: address::Proxies,
    introspection: bool,
    bodies: Bodies,
    form: form::Limits,
    batch: usize,
    response_bytes: usize,
    timeout: Duration,
    sockets: graphql::socket::Rules,
    seats: seats::Seats,
    streams: graphql::sse::Reservations,
}

impl std::ops::Deref for Doors {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Builds the router: parses and compiles all that would otherwise be work for each request.
///
/// # Errors
/// When a REST document is broken: file, line and reason.
pub fn router(app: &App, settings: &Settings) -> Result<Router> {
    let secure = settings.is_https();
    let graph = Graph::new(fast(app, Site { secure }), settings.response_bytes);
    let bodies = Bodies::new(settings.bodies());
    let engine = engine(graph.clone(), settings, bodies.clone())?;
    let info = info(settings);
    let openapi =
        serde_json::to_vec_pretty(&engine.openapi(&info)).context("writing the OpenAPI document")?;
    let timeout = Duration::from_secs(settings.request_timeout);
    let doors = Doors(Arc::new(Parts {
        documents: graphql::Documents::new(model()?, settings.limits()),
        graph,
        engine,
        openapi: openapi.into(),
        limiter: limiter::Limiter::new(app.clock.clone(), settings),
        origins: settings.allowed_origins.iter().cloned().chain([settings.url()]).collect(),
        url: settings.url(),
        secure,
        proxies: address::Proxies { count: settings.proxies(), header: settings.proxy_header },
        introspection: settings.introspection == Switch::On,
        bodies,
        form: settings.form(),
        batch: settings.query_batch,
        response_bytes: settings.response_bytes,
        timeout,
        sockets: graphql::socket::Rules {
            init: Duration::from_secs(settings.socket_init_timeout),
            ping: Duration::from_secs(settings.socket_ping),
            message: settings.socket_message_bytes,
            buffer: settings.socket_buffer_bytes,
            limits: graphql::Limits {
                operations: settings.socket_operations,
                subscriptions: settings.socket_subscriptions,
                timeout,
            },
        },
        seats: seats::Seats::new(settings),
        streams: graphql::sse::Reservations::new(app.clock.clone()),
        app: app.clone(),
    }));
    Ok(Router::new()
        .route("/graphql", get(graphql::query).post(graphql::execute))
        .route("/graphql/ws", any(graphql::socket::handle))
        .route("/graphql/stream", any(graphql::sse::handle))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/api/openapi.json", get(rest::openapi))
        .merge(pages::routes())
        .fallback(rest::handle)
        .layer(CompressionLayer::new())
        // Not compressed: a part of a file is a part of these very bytes.
        .merge(uploads::routes())
        .layer(cors(&settings.allowed_origins)?)
        .layer(CatchPanicLayer::custom(edge::panicked))
        .layer(middleware::from_fn_with_state(doors.clone(), edge::around))
        .with_state(doors))
}

/// The OpenAPI document, as `plaza openapi` prints it.
///
/// # Errors
/// When a REST document is broken: file, line and reason.
pub fn openapi(settings: &Settings) -> Result<serde_json::Value> {
    // Nothing is executed: the schema needs no application.
    let engine =
        engine(Graph::new(bare(), settings.response_bytes), settings, Bodies::new(settings.bodies()))?;
    Ok(engine.openapi(&info(settings)))
}

fn engine(graph: Graph, settings: &Settings, bodies: Bodies) -> Result<Engine<Graph>> {
    let rest_dir = &settings.rest_dir;
    let mut sources: Vec<Source> = OPERATIONS
        .iter()
        .map(|(name, text)| Source { name: (*name).to_owned(), text: (*text).to_owned() })
        .collect();
    if !rest_dir.as_os_str().is_empty() {
        let read = || format!("cannot read the REST documents in {}", rest_dir.display());
        let mut files: Vec<_> = std::fs::read_dir(rest_dir)
            .with_context(read)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<std::io::Result<_>>()
            .with_context(read)?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "graphql"));
        files.sort();
        for file in files {
            let text =
                std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            sources.push(Source { name: file.display().to_string(), text });
        }
    }
    let model = Arc::new(rest_model()?);
    let engine = Engine::compile(&sources, model, graph, bodies)?;
    Ok(engine.with_forms(settings.form()))
}

fn info(settings: &Settings) -> ApiInfo {
    ApiInfo {
        title: "Plaza".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        description: "The REST API of a Plaza server. Every path is a GraphQL operation run in process."
            .to_owned(),
        server_url: settings.url(),
    }
}

fn cors(origins: &[String]) -> Result<CorsLayer> {
    let origins: Vec<HeaderValue> = origins
        .iter()
        .map(|origin| {
            origin.trim_end_matches('/').parse().with_context(|| format!("allowed_origins: {origin:?}"))
        })
        .collect::<Result<_>>()?;
    Ok(CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_credentials(true)
        .allow_methods(AllowMethods::list([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ]))
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(EXPOSED))
}

/// What pages of other origins may read of an answer, beside what any page may.
const EXPOSED: [HeaderName; 10] = [
    HeaderName::from_static("x-request-id"),
    header::ETAG,
    header::RETRY_AFTER,
    header::LOCATION,
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("idempotency-replayed"),
    header::ALLOW,
    header::CONTENT_RANGE,
    header::ACCEPT_RANGES,
    header::CONTENT_DISPOSITION,
];
