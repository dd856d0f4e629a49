//! The engine: a request in, an answer out.

use std::sync::Arc;

use async_graphql::Variables;
use axum::{
    body::Body,
    http::{self, HeaderMap, Method, request::Parts},
    response::Response,
};

use super::{
    answer::head,
    body::{self, Read},
    compile,
    directive::Auth,
    openapi::{self, ApiInfo},
    operation, parameter,
    receive::{Bodies, Received, Unread},
    refusal::{Caller, Entry, Refusal},
    retry,
    route::Route,
    sent::{Sent, decode, query},
    source::Source,
    stream,
    table::Table,
};
use crate::{
    document::{Model, without_files},
    domain::{Code, Retry},
    form,
    graphql::Listening,
    network::Network,
};

/// All REST routes, compiled, and the schema that they run on.
pub struct Engine<E> {
    table: Table,
    model: Arc<Model>,
    executor: E,
    bodies: Bodies,
    forms: form::Limits,
}

impl<E: Listening> Engine<E> {
    /// Compiles all documents; bodies are received within the limits of `bodies`.
    ///
    /// # Errors
    /// Every mistake in a document, as `spaces.graphql:12:3: reason`.
    pub fn compile(
        sources: &[Source],
        model: Arc<Model>,
        executor: E,
        bodies: Bodies,
    ) -> anyhow::Result<Self> {
        let table = Table::build(compile::routes(sources, &model)?)?;
        Ok(Self { table, model, executor, bodies, forms: form::Limits::default() })
    }

    /// The same, with other limits on what a form may hold.
    #[must_use]
    pub fn with_forms(self, forms: form::Limits) -> Self {
        Self { forms, ..self }
    }

    /// Answers a request. `admit` says who asks, or refuses.
    pub async fn handle<F, Fut>(&self, request: http::Request<Body>, admit: F) -> Response
    where
        F: FnOnce(&Parts, Entry) -> Fut,
        Fut: Future<Output = Result<Caller, Refusal>>,
    {
        let is_head = request.method() == Method::HEAD;
        let path = request.uri().path().to_owned();
        let response = match self.answer(request, &path, admit).await {
            Ok(response) => response,
            Err(refusal) => refusal.into_response(&path),
        };
        if is_head { head(response) } else { response }
    }

    /// The OpenAPI 3.1 document of all routes.
    pub fn openapi(&self, info: &ApiInfo) -> serde_json::Value {
        openapi::document(&self.model, &self.table.routes, info)
    }

    /// Method, path template and operation name of every route.
    pub fn routes(&self) -> impl Iterator<Item = (&Method, &str, &str)> {
        self.table.routes.iter().map(|route| (&route.method, route.path.as_str(), route.operation.as_str()))
    }

    async fn answer<F, Fut>(
        &self,
        request: http::Request<Body>,
        path: &str,
        admit: F,
    ) -> Result<Response, Refusal>
    where
        F: FnOnce(&Parts, Entry) -> Fut,
        Fut: Future<Output = Result<Caller, Refusal>>,
    {
        let (route, parameters) = self.table.find(request.method(), path)?;
        let (parts, body) = request.into_parts();
        let (reads_body, takes_files) = (route.reads_body(), route.takes_files());
        let most = self.most(route, takes_files);
        let unread = self.bodies.take(&parts.headers, body, most)?;
        let entry = Entry { is_open_to_banned: route.lenient, streams: route.stream.is_some() };
        let caller = admit(&parts, entry).await?;
        allow(route.auth, &caller)?;
        let mut path = Vec::with_capacity(parameters.len());
        for (name, segment) in route.parameters.iter().zip(&parameters) {
            path.push(decode(name, segment)?);
        }
        let query = query(parts.uri.query().unwrap_or_default())?;
        // What was received counts as in memory until it is answered.
        let received = if reads_body {
            self.receive(&parts.headers, unread, (takes_files, most), caller.network).await?
        } else {
            None
        };
        let Read { members, texts } = match &received {
            // In a box: few requests need the room that it takes.
            Some(received) if takes_files => {
                Box::pin(body::parse_form(&parts.headers, received.bytes.clone(), self.forms)).await?
            }
            Some(received) => body::parse(received.json())?,
            None => Read::default(),
        };
        let sent = Sent { path, query, headers: &parts.headers, body: members, form: texts };
        let variables = parameter::variables(&self.model, &route.bindings, &sent)?;
        let retry = retry(route, &parts.headers, &variables)?;
        match &route.stream {
            Some(follow) => {
                let answer =
                    stream::answer(&self.executor, route, follow, caller.request, variables, &parts.headers);
                Retry::scope(retry, answer).await
            }
            None => {
                let run = operation::run(&self.executor, route, caller.request, variables);
                operation::answer(route, &parts.headers, Retry::scope(retry, run).await?)
            }
        }
    }
}

impl<E> Engine<E> {
    /// How large a body this route reads.
    fn most(&self, route: &Route, takes_files: bool) -> usize {
        let limits = self.bodies.limits();
        match route {
            _ if takes_files => limits.form,
            Route { long_texts: true, .. } => limits.long_json,
            _ => limits.json,
        }
    }

    /// The body of a request, if it has one, once its type is known to be read here.
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
            // Perhaps there is nothing in it: then its type does not matter.
            Err(refusal) => unread.receive(0, network).await.map(|_| None).map_err(|_| refusal),
        }
    }
}

/// A mutation that may be sent again; none without a key. Its other paths and methods are the same request.
fn retry(route: &Route, headers: &HeaderMap, variables: &Variables) -> Result<Option<Retry>, Refusal> {
    if !route.words.mutation {
        return Ok(None);
    }
    let Some(key) = retry::key(headers, route.secret)? else { return Ok(None) };
    let variables = serde_json::to_string(&without_files(variables))
        .map_err(|_| Refusal::new(Code::Internal, "Internal error"))?;
    Ok(Some(Retry::new(key, &format!("{} {} {variables}", route.method, route.path))))
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
