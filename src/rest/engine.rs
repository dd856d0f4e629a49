//! The engine, which executes REST requests as GraphQL operations.

use std::sync::Arc;

use async_graphql::Variables;
use axum::{
    body::Body,
    http::{self, HeaderMap, Method, request::Parts},
    response::Response,
};

use super::{
    answer::head,
    api_info::ApiInfo,
    body::{self, Read},
    compile,
    directive::Auth,
    openapi, operation, parameter,
    receive::{Bodies, Received, Unread},
    request_parts::{RequestParts, decode, query},
    retry,
    route::Route,
    router::Router,
    source::Source,
    stream,
};
use crate::transport::{Caller, Refusal, RouteAccess, RouteTemplate};
use crate::{
    document::{Model, without_files},
    domain::IdempotencyKey,
    error::Code,
    graphql::SubscriptionExecutor,
    security::network::Network,
    traces,
    transport::form,
};

/// All compiled REST routes and the schema that executes them.
pub struct Engine<E> {
    table: Router,
    model: Arc<Model>,
    executor: E,
    bodies: Bodies,
    forms: form::Limits,
}

impl<E: SubscriptionExecutor> Engine<E> {
    /// Compiles all documents; bodies are received within the limits of `bodies`.
    ///
    /// # Errors
    /// Returns every mistake in a document, as `spaces.graphql:12:3: reason`.
    pub fn compile(
        sources: &[Source],
        model: Arc<Model>,
        executor: E,
        bodies: Bodies,
    ) -> anyhow::Result<Self> {
        let table = Router::build(compile::routes(sources, &model)?)?;
        Ok(Self { table, model, executor, bodies, forms: form::Limits::default() })
    }

    /// Sets the limits on forms.
    #[must_use]
    pub fn with_forms(self, forms: form::Limits) -> Self {
        Self { forms, ..self }
    }

    /// Answers a request. `admit` authenticates it or refuses it.
    pub async fn handle<F, Fut>(&self, request: http::Request<Body>, admit: F) -> Response
    where
        F: FnOnce(&Parts, RouteAccess) -> Fut,
        Fut: Future<Output = Result<Caller, Refusal>>,
    {
        let is_head = request.method() == Method::HEAD;
        let path = request.uri().path().to_owned();
        let response = match self.table.find(request.method(), &path) {
            Ok((route, parameters)) => {
                traces::set(&tracing::Span::current(), traces::OPERATION_NAME, || route.operation.clone());
                let answer = self.answer(request, route, &parameters, admit).await;
                let mut response = answer.unwrap_or_else(|refusal| refusal.into_response(&path));
                response.extensions_mut().insert(RouteTemplate(route.path.clone()));
                response
            }
            Err(refusal) => refusal.into_response(&path),
        };
        if is_head { head(response) } else { response }
    }

    /// Returns the OpenAPI 3.1 document of all routes.
    pub fn openapi(&self, info: &ApiInfo) -> serde_json::Value {
        openapi::document(&self.model, &self.table.routes, info)
    }

    /// Returns method, path template and operation name of every route.
    pub fn routes(&self) -> impl Iterator<Item = (&Method, &str, &str)> {
        self.table.routes.iter().map(|route| (&route.method, route.path.as_str(), route.operation.as_str()))
    }

    async fn answer<F, Fut>(
        &self,
        request: http::Request<Body>,
        route: &Route,
        parameters: &[String],
        admit: F,
    ) -> Result<Response, Refusal>
    where
        F: FnOnce(&Parts, RouteAccess) -> Fut,
        Fut: Future<Output = Result<Caller, Refusal>>,
    {
        let (parts, body) = request.into_parts();
        let (reads_body, takes_files) = (route.reads_body(), route.takes_files());
        let most = self.most(route, takes_files);
        let unread = self.bodies.take(&parts.headers, body, most)?;
        let entry = RouteAccess { is_open_to_banned: route.open_to_banned, streams: route.stream.is_some() };
        let caller = admit(&parts, entry).await?;
        allow(route.auth, &caller)?;
        let mut path = Vec::with_capacity(parameters.len());
        for (name, segment) in route.parameters.iter().zip(parameters) {
            path.push(decode(name, segment)?);
        }
        let query = query(parts.uri.query().unwrap_or_default())?;
        // The received bytes count as in memory until the response is sent.
        let received = if reads_body {
            self.receive(&parts.headers, unread, (takes_files, most), caller.network).await?
        } else {
            None
        };
        let Read { members, texts } = match &received {
            // Boxed, because few requests need its size.
            Some(received) if takes_files => {
                Box::pin(body::parse_form(&parts.headers, received.bytes.clone(), self.forms)).await?
            }
            Some(received) => body::parse(received.json())?,
            None => Read::default(),
        };
        let sent = RequestParts { path, query, headers: &parts.headers, body: members, form: texts };
        let variables = parameter::variables(&self.model, &route.bindings, &sent)?;
        let retry = retry(route, &parts.headers, &variables)?;
        let others = route.names.others(&sent);
        drop(sent);
        let answer = match &route.stream {
            Some(follow) => {
                let answer =
                    stream::answer(&self.executor, route, follow, caller.request, variables, &parts.headers);
                IdempotencyKey::scope(retry, answer).await
            }
            None => {
                let run = operation::run(&self.executor, route, caller.request, variables);
                let outcome = IdempotencyKey::scope(retry, run).await;
                outcome.and_then(|outcome| operation::answer(route, &parts.headers, outcome))
            }
        };
        answer.map_err(|refusal| route.names.apply(&others, refusal))
    }
}

impl<E> Engine<E> {
    /// Returns the maximum number of bytes of a body for this route.
    fn most(&self, route: &Route, takes_files: bool) -> usize {
        let limits = self.bodies.limits();
        match route {
            _ if takes_files => limits.form,
            Route { long_texts: true, .. } => limits.long_json,
            _ => limits.json,
        }
    }

    /// Reads the body of a request, if it has one, after checking its media type.
    async fn receive(
        &self,
        headers: &HeaderMap,
        unread: Unread,
        (takes_files, most): (bool, usize),
        network: Option<Network>,
    ) -> Result<Option<Received>, Refusal> {
        if unread.is_empty() {
            return Ok(None);
        }
        match body::check_kind(headers, takes_files) {
            Ok(()) => unread.receive(most, network).await.map(Some),
            Err(refusal) if unread.is_announced() => Err(refusal),
            // The body may be empty: then its type does not matter.
            Err(refusal) => unread.receive(0, network).await.map(|_| None).map_err(|_| refusal),
        }
    }
}

/// Returns the idempotency key of a mutation; `None` if none was sent. Other paths and methods of a route
/// count as the same request.
fn retry(
    route: &Route,
    headers: &HeaderMap,
    variables: &Variables,
) -> Result<Option<IdempotencyKey>, Refusal> {
    if !route.docs.mutation {
        return Ok(None);
    }
    let Some(key) = retry::key(headers, route.secret)? else { return Ok(None) };
    let variables = serde_json::to_string(&without_files(variables))
        .map_err(|_| Refusal::new(Code::Internal, "Internal error"))?;
    Ok(Some(IdempotencyKey::new(key, &format!("{} {} {variables}", route.method, route.path))))
}

fn allow(auth: Auth, caller: &Caller) -> Result<(), Refusal> {
    match auth {
        Auth::Session | Auth::Admin if !caller.signed_in => {
            Err(Refusal::new(Code::Unauthenticated, "Unauthorized"))
        }
        Auth::Admin if !caller.admin => Err(Refusal::new(Code::Forbidden, "Admin only")),
        _ => Ok(()),
    }
}
