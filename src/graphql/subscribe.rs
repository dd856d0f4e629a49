//! Subscriptions: a first execution checks the rights and opens the feed. Each event is a further execution,
//! shared by all equal subscriptions.

use std::sync::Arc;

use async_graphql::{Context, Data, Executor, Request, Response, ServerError};
use bytes::Bytes;
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use parking_lot::Mutex;

use super::{Graph, finish};
use crate::{
    error::{Error, Result},
    live::{FeedRequest, Next, Payload, Position, RenderMode, Subscribe},
    metrics::{Counted, metrics},
};

/// A request to open a subscription.
pub struct SubscriptionRequest {
    /// The document with its variables.
    pub request: Request,
    /// The viewer.
    pub session: Arc<Data>,
    /// Key of subscriptions that share executions: the document and the variables except `after`.
    pub key: String,
    /// Whether the result depends on the viewer, so that no execution can be shared.
    pub is_viewer_dependent: bool,
    /// Position to continue at; takes precedence over the argument `after`. A position of another log starts
    /// anew.
    pub after: Option<Position>,
}

/// Serializes a response into the bytes for a subscriber.
pub type SerializeResponse = Arc<dyn Fn(&Response) -> Bytes + Send + Sync>;

/// Executes subscriptions.
pub trait SubscriptionExecutor: Executor {
    /// Opens a subscription; returns the error response if it is refused. By default every subscription is
    /// executed separately.
    fn listen(
        &self,
        question: SubscriptionRequest,
        write: SerializeResponse,
    ) -> impl Future<Output = Result<BoxStream<'static, Next>, Box<Response>>> + Send {
        let answers = self.execute_stream(question.request, Some(question.session));
        let answers = answers.map(move |answer| Next::Answer { payload: write(&answer), position: None });
        std::future::ready(Ok(answers.boxed()))
    }
}

impl<Q, M, S> SubscriptionExecutor for async_graphql::Schema<Q, M, S>
where
    Q: async_graphql::ObjectType + 'static,
    M: async_graphql::ObjectType + 'static,
    S: async_graphql::SubscriptionType + 'static,
{
}

/// Result of the first execution: the opened feed.
struct SubscriptionSlot {
    after: Option<Position>,
    found: Mutex<Option<Box<dyn Subscribe>>>,
}

/// The event that a later execution renders.
struct CurrentPayload(Payload);

impl SubscriptionExecutor for Graph {
    async fn listen(
        &self,
        question: SubscriptionRequest,
        write: SerializeResponse,
    ) -> Result<BoxStream<'static, Next>, Box<Response>> {
        let SubscriptionRequest { mut request, session, key, is_viewer_dependent: personal, after } =
            question;
        let opening = Arc::new(SubscriptionSlot { after, found: Mutex::new(None) });
        let document = request.parsed_query().map_err(|error| Box::new(refusal(error)))?.clone();
        let variables = request.variables.clone();
        let mut answers = self.execute_stream(request.data(opening.clone()), Some(session.clone()));
        if let Some(refused) = answers.next().await {
            return Err(Box::new(refused));
        }
        drop(answers);
        let Some(found) = opening.found.lock().take() else {
            return Err(Box::new(refusal(ServerError::new("The subscription opens no stream", None))));
        };
        let graph = self.clone();
        let nobody = Arc::new(Data::default());
        let render = move |happening, run| {
            let mut request = Request::new("").variables(variables.clone()).data(CurrentPayload(happening));
            request.set_parsed_query(document.clone());
            let session = if run == RenderMode::PerViewer { session.clone() } else { nobody.clone() };
            let mut answers = graph.execute_stream(request, Some(session));
            let write = write.clone();
            let answer: futures_util::future::BoxFuture<'static, Bytes> =
                Box::pin(
                    async move { answers.next().await.map_or_else(Bytes::new, |answer| write(&answer)) },
                );
            answer
        };
        let run = if personal { RenderMode::PerViewer } else { RenderMode::Shared };
        let answers = found.open(FeedRequest { key, run, render: Arc::new(render) });
        let counted = Counted::new(&metrics().subscriptions);
        Ok(answers.inspect(move |_| _ = &counted).boxed())
    }
}

fn refusal(error: ServerError) -> Response {
    let mut response = Response::from_errors(vec![error]);
    finish(&mut response);
    response
}

/// Resolves a subscription field in both executions: returns the event of a later execution, or opens the
/// feed in the first.
///
/// # Errors
/// The errors of `open`.
pub(super) async fn listen<T, F>(
    ctx: &Context<'_>,
    read: impl FnOnce(&Payload) -> Option<T>,
    after: Option<&str>,
    open: impl Fn(Option<Position>) -> F,
) -> Result<BoxStream<'static, T>>
where
    T: Send + 'static,
    F: Future<Output = Result<Box<dyn Subscribe>>>,
{
    if let Some(CurrentPayload(happening)) = ctx.data_opt::<CurrentPayload>() {
        let read =
            read(happening).ok_or_else(|| Error::Internal(anyhow::anyhow!("an event of another log")))?;
        return Ok(stream::iter([read]).boxed());
    }
    let opening = ctx
        .data_opt::<Arc<SubscriptionSlot>>()
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("a subscription was executed, not opened")))?;
    let listen = match opening.after {
        // An `EventSource` does not recover from an error, so a position of another log starts anew.
        Some(after) => match open(Some(after)).await {
            Err(Error::Invalid { field: "after", .. }) => open(Some(Position::LOST)).await?,
            opened => opened?,
        },
        None => open(after.map(|after| Position::parse("after", after)).transpose()?).await?,
    };
    *opening.found.lock() = Some(listen);
    Ok(stream::empty().boxed())
}
