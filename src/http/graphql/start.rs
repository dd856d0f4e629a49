//! Operations of any kind, for the transports that can carry a stream: one answer, or many with their positions.

use std::sync::Arc;

use async_graphql::{
    Data, Response as Answer, Variables,
    parser::types::{DocumentOperations, ExecutableDocument, OperationType, Selection},
};
use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};

use super::{Outcome, Ready, ask::Ask, prepare};
use crate::{
    auth::Viewer,
    document::{Failure, Prepared},
    domain::{Code, Error},
    graphql::{Listening, Question, is_personal},
    http::{Doors, edge::refusal, rest::refused},
    live::{self, Position},
    random,
    rest::Refusal,
};

/// Bytes of a subscription's variables, as JSON.
const LONGEST_VARIABLES: usize = 16 * 1024;

/// An operation that was started.
pub(super) enum Started {
    /// A query or mutation, answered; or what was refused before it ran.
    Answered(Box<Outcome>),
    /// A subscription.
    Stream(BoxStream<'static, Next>),
}

/// What a subscription says next.
pub(super) enum Next {
    /// One answer.
    Answer {
        /// The JSON of a GraphQL response: `{"data":…}`.
        payload: Bytes,
        /// Where to go on after it; none for what is in no log.
        position: Option<Position>,
    },
    /// The subscription was refused or has lost its right: nothing follows.
    Refused(Failure),
}

/// Starts an operation. `after` is where a subscription that was cut goes on (`Last-Event-ID`); it wins over the
/// argument of that name.
pub(super) async fn start(
    doors: &Doors,
    viewer: &Viewer,
    ask: Ask,
    after: Option<Position>,
) -> Result<Started, Refusal> {
    let ready = match prepare(doors, viewer, ask, None)? {
        Ok(ready) => ready,
        Err(failure) => return Ok(Started::Answered(Box::new(Outcome::Failed(failure)))),
    };
    if ready.operation != OperationType::Subscription {
        let answer = ready.run(doors, viewer).await;
        return Ok(Started::Answered(Box::new(Outcome::Ran(Box::new(answer)))));
    }
    match doors.graph.listen(question(doors, viewer, ready, after), Arc::new(write)).await {
        Ok(answers) => Ok(Started::Stream(answers.map(next).boxed())),
        Err(refused) => {
            let code = refused.errors.first().map_or(Code::Internal, code);
            let failure = Failure::from_errors(code, refused.errors);
            Ok(Started::Answered(Box::new(Outcome::Failed(failure))))
        }
    }
}

fn question(doors: &Doors, viewer: &Viewer, ready: Ready, after: Option<Position>) -> Question {
    let Ready { document, variables, mut key, .. } = ready;
    let personal = is_personal(doors.documents.model(), &document);
    if personal {
        // Answers that depend on who asks are shared with nobody else.
        key = format!("{} {key}", viewer.find_user().map(|user| user.id.as_str()).unwrap_or_default());
    }
    let mut session = Data::default();
    session.insert(viewer.clone());
    let mut request = async_graphql::Request::new("").variables(variables);
    request.set_parsed_query(document);
    Question { request, session: Arc::new(session), key, personal, after }
}

/// What makes two questions the same: the document, and the variables but the one that is the position.
pub(super) fn key(ask: &Ask, prepared: &Prepared, variables: &Variables) -> Result<String, Refusal> {
    let mut variables = variables.clone();
    if let Some(name) = position_variable(&prepared.document) {
        variables.remove(name.as_str());
    }
    let variables =
        serde_json::to_string(&variables).map_err(|_| refusal(Code::Internal, "Internal error"))?;
    // They are kept for as long as somebody listens.
    if variables.len() > LONGEST_VARIABLES {
        let message = format!("variables of a subscription must be at most {LONGEST_VARIABLES} bytes");
        return Err(Refusal::about(Code::Invalid, "variables", message));
    }
    let name = prepared.name.as_deref().unwrap_or_default();
    // Hashed: the key is kept too, and names come from outside.
    Ok(random::sha256_hex(format!("{} {name} {variables}", ask.text_hash())))
}

/// The variable that the root field takes as `after`.
fn position_variable(document: &ExecutableDocument) -> Option<async_graphql::Name> {
    let DocumentOperations::Single(operation) = &document.operations else { return None };
    let Selection::Field(field) = &operation.node.selection_set.node.items.first()?.node else { return None };
    match &field.node.get_argument("after")?.node {
        async_graphql_value::Value::Variable(name) => Some(name.clone()),
        _ => None,
    }
}

fn write(answer: &Answer) -> Bytes {
    serde_json::to_vec(answer).map_or_else(
        |error| {
            tracing::error!(%error, "writing an answer");
            Bytes::from_static(
                br#"{"errors":[{"message":"Internal error","extensions":{"code":"INTERNAL"}}]}"#,
            )
        },
        Bytes::from,
    )
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
