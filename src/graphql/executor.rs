//! The executor of the transports: the schema in fast mode, with errors mapped to codes.

use std::{any::TypeId, sync::Arc, time::Instant};

use async_graphql::{
    Data, Executor, Request, Response, Value,
    parser::types::{DocumentOperations, OperationType, Selection},
};
use futures_util::{StreamExt, stream::BoxStream};

use super::{
    Schema,
    dataloader::Loaders,
    finish,
    meter::Metered,
    overload::{self, RunningOperations},
    size,
};
use crate::{
    auth::Viewer,
    database::Work,
    metrics::{Named, Operation, metrics, seconds_since},
};

/// Executes documents that were validated before.
#[derive(Clone)]
pub struct Graph {
    plain: Schema,
    metered: Option<Schema>,
    limit: usize,
    running: RunningOperations,
}

/// Bytes that an answer can have, as far as its document and its variables tell.
#[derive(Clone, Copy, Debug)]
pub struct Expected(pub usize);

impl Graph {
    /// Creates an executor on the fast schema. A response of more than `limit` bytes becomes an error.
    pub fn new(schema: Schema, limit: usize) -> Self {
        Self { plain: schema, metered: None, limit, running: RunningOperations::new(0) }
    }

    /// The same, with a schema that counts the bytes of an answer while it is made, for answers that can be too large
    /// ([`Expected`]); they are given up before they are whole.
    #[must_use]
    pub fn with_meter(self, metered: Schema) -> Self {
        Self { metered: Some(metered), ..self }
    }

    /// Limits the queries and mutations that run at once, a quarter of them for one caller; 0 means no limit.
    #[must_use]
    pub fn with_most_running(self, most: usize) -> Self {
        Self { running: RunningOperations::new(most), ..self }
    }

    /// The schema to execute a request on, and the request with the data that its resolvers need.
    fn schema_for(&self, request: Request) -> (&Schema, Request) {
        let expected = request.data.get(&TypeId::of::<Expected>());
        let expected = expected.and_then(|expected| expected.downcast_ref::<Expected>());
        let is_small = expected.is_some_and(|expected| expected.0 <= self.limit);
        let request = request.data(Loaders::default());
        match &self.metered {
            Some(metered) if !is_small => (metered, request.data(Metered::new(self.limit))),
            _ => (&self.plain, request),
        }
    }

    fn finish(&self, response: &mut Response) {
        finish(response);
        size::limit(response, self.limit);
    }
}

/// Returns the share of the database that a request counts against.
fn work(request: &Request) -> Option<Work> {
    let viewer = request.data.get(&TypeId::of::<Viewer>())?.downcast_ref::<Viewer>()?;
    let caller = match viewer.find_user() {
        Some(user) => &user.id,
        None => viewer.device.address.as_ref()?,
    };
    Some(Work::Caller(Arc::from(caller.as_str())))
}

/// Returns the labels of an operation in metrics. Its field is one of the schema, because the document was validated.
fn label(request: &mut Request) -> Operation {
    let other = || Operation { kind: "query", field: "none".into() };
    let Ok(document) = request.parsed_query() else { return other() };
    let DocumentOperations::Single(operation) = &document.operations else { return other() };
    let kind = match operation.node.ty {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    };
    let field = operation.node.selection_set.node.items.iter().find_map(|selection| match &selection.node {
        Selection::Field(field) => Some(field.node.name.node.to_string()),
        _ => None,
    });
    Operation { kind, field: field.map_or("none".into(), Into::into) }
}

fn count_errors(response: &Response) {
    for error in &response.errors {
        let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
        let code = match code {
            Some(Value::String(code)) => code.clone(),
            _ => "none".to_owned(),
        };
        metrics().operation_errors.get_or_create(&Named { name: code.into() }).inc();
    }
}

impl Executor for Graph {
    async fn execute(&self, mut request: Request) -> Response {
        let (work, label, started) = (work(&request), label(&mut request), Instant::now());
        let Some(_permit) = self.running.admit(work.as_ref()) else {
            return overload::refusal();
        };
        let (schema, request) = self.schema_for(request);
        let execution = schema.execute(request);
        let mut response = match work {
            Some(work) => work.scope(execution).await,
            None => execution.await,
        };
        self.finish(&mut response);
        metrics().operation_duration.get_or_create(&label).observe(seconds_since(started));
        count_errors(&response);
        response
    }

    fn execute_stream(&self, request: Request, session: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        let graph = self.clone();
        let (schema, request) = self.schema_for(request);
        schema
            .execute_stream_with_session_data(request, session.unwrap_or_default())
            .map(move |mut response| {
                graph.finish(&mut response);
                response
            })
            .boxed()
    }
}
