//! The schema as the doors execute it: fast, with finished errors.

use std::{any::TypeId, sync::Arc};

use async_graphql::{Data, Executor, Request, Response};
use futures_util::{StreamExt, stream::BoxStream};

use super::{Schema, dataloader::Loaders, finish, size};
use crate::{auth::Viewer, database::Work};

/// Executes documents that were validated before.
#[derive(Clone)]
pub struct Graph {
    schema: Schema,
    limit: usize,
}

impl Graph {
    /// An executor on the fast schema; an answer of more than `limit` bytes becomes an error.
    pub fn new(schema: Schema, limit: usize) -> Self {
        Self { schema, limit }
    }

    fn finish(&self, response: &mut Response) {
        finish(response);
        size::limit(response, self.limit);
    }
}

/// For whom a request asks the database.
fn work(request: &Request) -> Option<Work> {
    let viewer = request.data.get(&TypeId::of::<Viewer>())?.downcast_ref::<Viewer>()?;
    let caller = match viewer.find_user() {
        Some(user) => &user.id,
        None => viewer.device.address.as_ref()?,
    };
    Some(Work::Caller(Arc::from(caller.as_str())))
}

impl Executor for Graph {
    async fn execute(&self, request: Request) -> Response {
        let work = work(&request);
        let execution = self.schema.execute(request.data(Loaders::default()));
        let mut response = match work {
            Some(work) => work.scope(execution).await,
            None => execution.await,
        };
        self.finish(&mut response);
        response
    }

    fn execute_stream(&self, request: Request, session: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        let graph = self.clone();
        self.schema
            .execute_stream_with_session_data(request.data(Loaders::default()), session.unwrap_or_default())
            .map(move |mut response| {
                graph.finish(&mut response);
                response
            })
            .boxed()
    }
}
