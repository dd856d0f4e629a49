//! Subscriptions: a first run asks whether and what one may listen to; each happening is then a run of its own, shared by
//! all who asked the same.

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
    domain::{Error, Result},
    live::{Asked, Happening, Listen, Next, Position, Run},
};

/// A subscription to be opened.
pub struct Question {
    /// The document and its variables.
    pub request: Request,
    /// Who asks.
    pub session: Arc<Data>,
    /// What makes two questions the same: the document and the variables but `after`.
    pub key: String,
    /// Whether the answers depend on who asks: then they are shared with nobody.
    pub personal: bool,
    /// Where to go on; it wins over the argument `after`. One that is not of the log begins anew.
    pub after: Option<Position>,
}

/// Turns an answer into the bytes that a subscriber gets.
pub type Write = Arc<dyn Fn(&Response) -> Bytes + Send + Sync>;

/// Executes subscriptions.
pub trait Listening: Executor {
    /// Opens a subscription; refused, it gives the answer that says why. By default each one is executed apart.
    fn listen(
        &self,
        question: Question,
        write: Write,
    ) -> impl Future<Output = Result<BoxStream<'static, Next>, Box<Response>>> + Send {
        let answers = self.execute_stream(question.request, Some(question.session));
        let answers = answers.map(move |answer| Next::Answer { payload: write(&answer), position: None });
        std::future::ready(Ok(answers.boxed()))
    }
}

impl<Q, M, S> Listening for async_graphql::Schema<Q, M, S>
where
    Q: async_graphql::ObjectType + 'static,
    M: async_graphql::ObjectType + 'static,
    S: async_graphql::SubscriptionType + 'static,
{
}

/// What the first run finds out.
struct Opening {
    after: Option<Position>,
    found: Mutex<Option<Box<dyn Listen>>>,
}

/// What a later run is about.
struct Told(Happening);

impl Listening for Graph {
    async fn listen(
        &self,
        question: Question,
        write: Write,
    ) -> Result<BoxStream<'static, Next>, Box<Response>> {
        let Question { mut request, session, key, personal, after } = question;
        let opening = Arc::new(Opening { after, found: Mutex::new(None) });
        let document = request.parsed_query().map_err(|error| Box::new(refusal(error)))?.clone();
        let variables = request.variables.clone();
        let mut answers = self.execute_stream(request.data(opening.clone()), Some(session.clone()));
        if let Some(refused) = answers.next().await {
            return Err(Box::new(refused));
        }
        drop(answers);
        let Some(found) = opening.found.lock().take() else {
            return Err(Box::new(refusal(ServerError::new("There is nothing to listen to", None))));
        };
        let graph = self.clone();
        let nobody = Arc::new(Data::default());
        let render = move |happening, run| {
            let mut request = Request::new("").variables(variables.clone()).data(Told(happening));
            request.set_parsed_query(document.clone());
            let session = if run == Run::Own { session.clone() } else { nobody.clone() };
            let mut answers = graph.execute_stream(request, Some(session));
            let write = write.clone();
            let answer: futures_util::future::BoxFuture<'static, Bytes> =
                Box::pin(
                    async move { answers.next().await.map_or_else(Bytes::new, |answer| write(&answer)) },
                );
            answer
        };
        let run = if personal { Run::Own } else { Run::Shared };
        Ok(found.open(Asked { key, run, render: Arc::new(render) }))
    }
}

fn refusal(error: ServerError) -> Response {
    let mut response = Response::from_errors(vec![error]);
    finish(&mut response);
    response
}

/// What a subscription's resolver does in whichever run: gives the happening of a later one, or opens in the first.
///
/// # Errors
/// Those of `open`.
pub(super) async fn listen<T, F>(
    ctx: &Context<'_>,
    read: impl FnOnce(&Happening) -> Option<T>,
    after: Option<&str>,
    open: impl Fn(Option<Position>) -> F,
) -> Result<BoxStream<'static, T>>
where
    T: Send + 'static,
    F: Future<Output = Result<Box<dyn Listen>>>,
{
    if let Some(Told(happening)) = ctx.data_opt::<Told>() {
        let read =
            read(happening).ok_or_else(|| Error::Internal(anyhow::anyhow!("a happening of another log")))?;
        return Ok(stream::iter([read]).boxed());
    }
    let opening = ctx
        .data_opt::<Arc<Opening>>()
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("a subscription was executed, not opened")))?;
    let listen = match opening.after {
        // A browser's event source never comes back from a refusal: a position that is not of this log begins anew.
        Some(after) => match open(Some(after)).await {
            Err(Error::Invalid { field: "after", .. }) => open(Some(Position::LOST)).await?,
            opened => opened?,
        },
        None => open(after.map(|after| Position::parse("after", after)).transpose()?).await?,
    };
    *opening.found.lock() = Some(listen);
    Ok(stream::empty().boxed())
}
