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
    refusal::{Caller, Entry, Refusal},
    retry,
    route::Route,
    sent::{Sent, decode},
    source::Source,
    stream,
    table::Table,
};
use crate::{
    document::{Check, Model, without_files},
    domain::{Code, Retry},
    form,
    graphql::Listening,
};

/// All REST routes, compiled, and the schema that they run on.
pub struct Engine<E> {
    table: Table,
    model: Arc<Model>,
    executor: E,
    max_body: usize,
    forms: form::Limits,
}

impl<E: Listening> Engine<E> {
    /// Compiles all documents; bodies of at most `max_body` bytes are read.
    ///
    /// # Errors
    /// Every mistake in a document, as `spaces.graphql:12:3: reason`.
    pub fn compile(
        sources: &[Source],
        model: Arc<Model>,
        check: &Check,
        executor: E,
        max_body: usize,
    ) -> anyhow::Result<Self> {
        let table = Table::build(compile::routes(sources, &model, check)?)?;
        Ok(Self { table, model, executor, max_body, forms: form::Limits::default() })
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
        let bytes = body::read(&parts.headers, body, self.max_body).await?;
        let entry = Entry { is_open_to_banned: route.lenient, streams: route.stream.is_some() };
        let caller = admit(&parts, entry).await?;
        allow(route.auth, &caller)?;
        let mut path = Vec::with_capacity(parameters.len());
        for (name, segment) in route.parameters.iter().zip(&parameters) {
            path.push(decode(name, segment)?);
        }
        let query = parts.uri.query().unwrap_or_default();
        let Read { members, texts } = match (route.reads_body(), route.takes_files()) {
            // In a box: few requests need the room that it takes.
            (true, true) => Box::pin(body::parse_form(&parts.headers, bytes, self.forms)).await?,
            (true, false) => body::parse(&parts.headers, &bytes)?,
            (false, _) => Read::default(),
        };
        let sent = Sent {
            path,
            query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            headers: &parts.headers,
            body: members,
            form: texts,
        };
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
