//! Starts operations of any kind for transports that can stream: one response, or many with their positions.

use std::sync::Arc;

use async_graphql::{
    Data, Response as Answer, Variables,
    parser::types::{DocumentOperations, ExecutableDocument, OperationType, Selection},
};
use axum::http::HeaderMap;
use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};

use super::{Outcome, Ready, body, network, prepare, request::GraphqlRequest, run_within, write::serialize};
use crate::{
    auth::Viewer,
    document::{Failure, Prepared},
    error::{Code, Error},
    graphql::{SubscriptionExecutor, SubscriptionRequest, is_viewer_dependent},
    http::{HttpState, middleware::refusal, rest::refused},
    live::{self, Position},
    security::random,
    traces,
    transport::Refusal,
};

/// Maximum number of bytes of a subscription's variables as JSON.
const LONGEST_VARIABLES: usize = 16 * 1024;

/// A started operation.
pub(super) enum StartedOperation {
    /// The response to a query or mutation as JSON, with headers for it.
    Answered(Bytes, HeaderMap),
    /// A refusal before execution.
    Refused(Box<Failure>),
    /// A subscription.
    Stream(BoxStream<'static, Next>),
}

impl StartedOperation {
    /// Writes an outcome, whose bytes count until they are sent.
    pub(super) fn of(state: &HttpState, viewer: &Viewer, outcome: Outcome) -> Self {
        match outcome {
            Outcome::Failed(failure) => Self::Refused(Box::new(failure)),
            ran => {
                let mut headers = HeaderMap::new();
                let payload = body(ran, &mut headers);
                Self::Answered(state.answers.hold(network(viewer), payload), headers)
            }
        }
    }
}

/// The next item of a subscription.
pub(super) enum Next {
    /// A response.
    Answer {
        /// The JSON of a GraphQL response: `{"data":…}`.
        payload: Bytes,
        /// Position after this response; `None` if it is not in a log.
        position: Option<Position>,
    },
    /// The subscription was refused or lost its right; nothing follows.
    Refused(Failure),
}

/// Starts an operation. `after` is the position at which an interrupted subscription continues
/// (`Last-Event-ID`); it takes precedence over the argument of that name.
pub(super) async fn start(
    state: &HttpState,
    viewer: &Viewer,
    ask: GraphqlRequest,
    after: Option<Position>,
) -> Result<StartedOperation, Refusal> {
    let ready = match prepare(state, viewer, ask, None)? {
        Ok(ready) => ready,
        Err(failure) => return Ok(StartedOperation::Refused(Box::new(failure))),
    };
    if ready.operation != OperationType::Subscription {
        return Ok(StartedOperation::of(state, viewer, run_within(state, viewer, ready).await));
    }
    let name = ready.name.clone();
    let listen = Box::pin(state.graph.listen(question(state, viewer, ready, after), Arc::new(write)));
    match traces::operation("subscription", name.as_deref(), viewer.kind(), listen).await {
        Ok(answers) => Ok(StartedOperation::Stream(answers.map(next).boxed())),
        Err(refused) => {
            let code = refused.errors.first().map_or(Code::Internal, code);
            let failure = Failure::from_errors(code, refused.errors);
            Ok(StartedOperation::Refused(Box::new(failure)))
        }
    }
}

fn question(
    state: &HttpState,
    viewer: &Viewer,
    ready: Ready,
    after: Option<Position>,
) -> SubscriptionRequest {
    let Ready { document, variables, mut key, .. } = ready;
    let personal = is_viewer_dependent(state.documents.model(), &document);
    if personal {
        // Viewer-dependent responses are shared with no other viewer.
        key = format!("{} {key}", viewer.find_user().map(|user| user.id.as_str()).unwrap_or_default());
    }
    let mut session = Data::default();
    session.insert(viewer.clone());
    let mut request = async_graphql::Request::new("").variables(variables);
    request.set_parsed_query(document);
    SubscriptionRequest { request, session: Arc::new(session), key, is_viewer_dependent: personal, after }
}

/// Returns the key of equal subscriptions: the document and the variables except the position.
pub(super) fn key(
    ask: &GraphqlRequest,
    prepared: &Prepared,
    variables: &Variables,
) -> Result<String, Refusal> {
    let mut variables = variables.clone();
    if let Some(name) = position_variable(&prepared.document) {
        variables.remove(name.as_str());
    }
    let variables =
        serde_json::to_string(&variables).map_err(|_| refusal(Code::Internal, "Internal error"))?;
    // The variables are stored while the subscription is open.
    if variables.len() > LONGEST_VARIABLES {
        let message = format!("variables of a subscription must be at most {LONGEST_VARIABLES} bytes");
        return Err(Refusal::about(Code::Invalid, "variables", message));
    }
    let name = prepared.name.as_deref().unwrap_or_default();
    // Hashed, because the key is stored too and names come from clients.
    Ok(random::sha256_hex(format!("{} {name} {variables}", ask.text_hash())))
}

/// Returns the variable of the root field's argument `after`.
fn position_variable(document: &ExecutableDocument) -> Option<async_graphql::Name> {
    let DocumentOperations::Single(operation) = &document.operations else { return None };
    let Selection::Field(field) = &operation.node.selection_set.node.items.first()?.node else { return None };
    match &field.node.get_argument("after")?.node {
        async_graphql_value::Value::Variable(name) => Some(name.clone()),
        _ => None,
    }
}

fn write(answer: &Answer) -> Bytes {
    serialize(answer).into()
}

fn next(next: live::Next) -> Next {
    match next {
        live::Next::Answer { payload, position } => Next::Answer { payload, position },
        live::Next::Refused(error) => Next::Refused(failure(error)),
    }
}

fn failure(error: Error) -> Failure {
    let refusal = refused(error);
    Failure::new(refusal.code, refusal.message, None)
}

fn code(error: &async_graphql::ServerError) -> Code {
    match error.extensions.as_ref().and_then(|extensions| extensions.get("code")) {
        Some(async_graphql::Value::String(code)) => Code::parse(code).unwrap_or(Code::Internal),
        _ => Code::Internal,
    }
}
