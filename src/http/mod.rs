//! The HTTP edge: one pipeline for GraphQL, REST, pages and health, with request ids, limits and a log line per
//! request.

mod address;
mod answers;
mod connection_limit;
mod graphql;
mod health;
mod host;
mod limiter;
mod metrics;
mod middleware;
mod pages;
mod pipeline;
mod quota;
mod rest;
pub mod server;
mod uploads;

pub use pages::DemoPerson;
pub use pipeline::RequestPipeline;

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result};
use axum::{
    Router,
    http::{HeaderName, HeaderValue, Method, header},
    routing::{any, get},
};
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer};

use crate::{
    app::App,
    config::{Settings, Switch},
    graphql::{Graph, Site, fast, metered, model, rest_model, schema_without_extensions},
    rest::{ApiInfo, Bodies, Engine, Examples, Source},
    security::secret::Secret,
    transport::form,
};

/// The REST documents in the binary.
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

/// Recorded examples of these documents' operations, by tag.
const EXAMPLES: &[(&str, &str)] = &[
    ("accounts.json", include_str!("../rest/examples/accounts.json")),
    ("admin.json", include_str!("../rest/examples/admin.json")),
    ("agents.json", include_str!("../rest/examples/agents.json")),
    ("communities.json", include_str!("../rest/examples/communities.json")),
    ("conversations.json", include_str!("../rest/examples/conversations.json")),
    ("lounge.json", include_str!("../rest/examples/lounge.json")),
    ("official.json", include_str!("../rest/examples/official.json")),
    ("spaces.json", include_str!("../rest/examples/spaces.json")),
    ("wallet.json", include_str!("../rest/examples/wallet.json")),
];

/// State that all handlers share.
#[derive(Clone)]
pub(crate) struct HttpState(Arc<HttpStateParts>);

pub(crate) struct HttpStateParts {
    app: App,
    graph: Graph,
    documents: graphql::Documents,
    engine: Engine<Graph>,
    openapi: bytes::Bytes,
    limiter: limiter::Limiter,
    origins: Vec<String>,
    /// The public address of the server.
    url: String,
    secure: bool,
    proxies: address::Proxies,
    introspection: bool,
    bodies: Bodies,
    answers: answers::Answers,
    form: form::Limits,
    batch: usize,
    response_bytes: usize,
    timeout: Duration,
    metrics_token: Secret,
    sockets: graphql::socket::SocketRules,
    connection_limit: connection_limit::ConnectionLimit,
    streams: graphql::sse::Reservations,
    /// Users of the demo data as JSON; an empty list unless the server serves it.
    demo_people: bytes::Bytes,
}

impl std::ops::Deref for HttpState {
    type Target = HttpStateParts;

    fn deref(&self) -> &HttpStateParts {
        &self.0
    }
}

/// Builds the pipeline; parses and compiles everything that requests would otherwise repeat.
///
/// # Errors
/// Fails if a REST document is invalid, with file, line and reason.
pub fn pipeline(app: &App, settings: &Settings) -> Result<RequestPipeline> {
    pipeline_with_demo(app, settings, &[])
}

/// Builds the pipeline of a server whose sign-in page offers users of the demo data.
///
/// # Errors
/// Fails if a REST document is invalid, with file, line and reason.
pub fn pipeline_with_demo(
    app: &App,
    settings: &Settings,
    demo_people: &[DemoPerson],
) -> Result<RequestPipeline> {
    let secure = settings.is_https();
    let (site, most) = (Site { secure, answer_bytes: settings.response_bytes }, settings.response_bytes);
    let graph = Graph::new(fast(app, site), most).with_meter(metered(app, site));
    let graph = graph.with_most_running(settings.max_running_operations);
    let bodies = Bodies::new(settings.bodies());
    let engine = engine(graph.clone(), settings, bodies.clone())?;
    let info = info(settings)?;
    let openapi =
        serde_json::to_vec_pretty(&engine.openapi(&info)).context("writing the OpenAPI document")?;
    let timeout = Duration::from_secs(settings.request_timeout);
    let state = HttpState(Arc::new(HttpStateParts {
        documents: graphql::Documents::new(model()?, settings.limits())
            .with_trusted(&settings.trusted_documents)?,
        graph,
        engine,
        openapi: openapi.into(),
        limiter: limiter::Limiter::new(&app.rate_limits, settings),
        origins: settings.allowed_origins.iter().cloned().chain([settings.url()]).collect(),
        url: settings.url(),
        secure,
        proxies: address::Proxies { count: settings.proxies(), header: settings.proxy_header },
        introspection: settings.introspection == Switch::On,
        bodies,
        answers: answers::Answers::new(settings),
        form: settings.form(),
        batch: settings.query_batch,
        response_bytes: settings.response_bytes,
        timeout,
        metrics_token: settings.metrics_token.clone(),
        sockets: graphql::socket::SocketRules {
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
        connection_limit: connection_limit::ConnectionLimit::new(settings),
        streams: graphql::sse::Reservations::new(app.clock.clone()),
        demo_people: serde_json::to_vec(demo_people).context("writing the users of the demo")?.into(),
        app: app.clone(),
    }));
    let counted = axum::middleware::from_fn_with_state(state.clone(), pipeline::count_answers);
    let router = Router::new()
        .route(
            "/graphql",
            get(graphql::query).post(graphql::execute).fallback(graphql::refuse_method).layer(counted),
        )
        // Not counted there: they count their answers themselves, or have them in memory anyway.
        .route("/graphql/ws", any(graphql::socket::handle))
        .route("/graphql/stream", any(graphql::sse::handle))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::show))
        .route("/api/openapi.json", get(rest::openapi))
        .merge(pages::routes())
        .merge(uploads::routes())
        .route_layer(axum::middleware::from_fn(pipeline::name_route))
        .fallback(pipeline::rest)
        .with_state(state.clone());
    Ok(RequestPipeline::new(state, router, &cors(&settings.allowed_origins)?))
}

/// Returns the OpenAPI document, as `plaza openapi` prints it.
///
/// # Errors
/// Fails if a REST document is invalid, with file, line and reason.
pub fn openapi(settings: &Settings) -> Result<serde_json::Value> {
    // The schema is not executed, so it needs no application.
    let engine = engine(
        Graph::new(schema_without_extensions(), settings.response_bytes),
        settings,
        Bodies::new(settings.bodies()),
    )?;
    Ok(engine.openapi(&info(settings)?))
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

/// Descriptions of the tags of our REST documents.
const TAGS: [(&str, &str); 9] = [
    ("Accounts", "Signing up and in, sessions and API keys."),
    ("Admin", "Accounts, communities, verification and the audit log, for administrators of the platform."),
    ("Agents", "The agents of a community and the questions to them."),
    (
        "Communities",
        "Clubs, official accounts and lounges as communities: finding, running and joining them.",
    ),
    ("Conversations", "Messages in the rooms and private chats that the account takes part in."),
    ("Lounge", "Lounges: a creator's agent that answers with a voice."),
    ("Official", "Official accounts: support chats with their customers, and their verification."),
    ("Spaces", "Spaces and their sessions."),
    ("Wallet", "The account's coins."),
];

fn info(settings: &Settings) -> Result<ApiInfo> {
    Ok(ApiInfo {
        title: "Plaza".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        description: "The REST API of a Plaza server. Every path is a GraphQL operation run in process."
            .to_owned(),
        server_url: settings.url(),
        contact: settings.url(),
        license: env!("CARGO_PKG_LICENSE").to_owned(),
        response_bytes: settings.response_bytes,
        tags: TAGS.iter().map(|(tag, about)| ((*tag).to_owned(), (*about).to_owned())).collect(),
        headers: quota::documented().into_iter().chain(middleware::documented()).collect(),
        examples: Examples::read(EXAMPLES)?,
    })
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

/// Response headers that pages of other origins may read besides the safelisted ones.
const EXPOSED: [HeaderName; 12] = [
    quota::RATE_LIMIT,
    quota::RATE_LIMIT_POLICY,
    HeaderName::from_static("x-request-id"),
    middleware::TRACE_ID,
    header::ETAG,
    header::RETRY_AFTER,
    header::LOCATION,
    HeaderName::from_static("idempotency-key"),
    header::ALLOW,
    header::CONTENT_RANGE,
    header::ACCEPT_RANGES,
    header::CONTENT_DISPOSITION,
];
