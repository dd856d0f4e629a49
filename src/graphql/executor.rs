//! The schema as the doors execute it: fast, with finished errors.

use std::sync::Arc;

use async_graphql::{Data, Executor, Request, Response};
use futures_util::{StreamExt, stream::BoxStream};

use super::{Schema, dataloader::Loaders, finish};

/// Executes documents that were validated before.
#[derive(Clone)]
pub struct Graph(Schema);

impl Graph {
    /// An executor on the fast schema.
    pub fn new(schema: Schema) -> Self {
        Self(schema)
    }
}

impl Executor for Graph {
    async fn execute(&self, request: Request) -> Response {
        let mut response = self.0.execute(request.data(Loaders::default())).await;
        finish(&mut response);
        response
    }

    fn execute_stream(&self, request: Request, session: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        self.0
            .execute_stream_with_session_data(request.data(Loaders::default()), session.unwrap_or_default())
            .map(|mut response| {
                finish(&mut response);
                response
            })
            .boxed()
    }
}
