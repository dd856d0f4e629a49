//! Executes the operation of a route and writes the response.

use async_graphql::{Executor, Request, Response as Outcome, Value as ConstValue, Variables};
use axum::{
    http::{HeaderMap, Method},
    response::Response,
};

use super::{
    answer::{cached, plain},
    route::{Missing, MissingBody, Route},
};
use crate::{
    error::Code,
    graphql::Expected,
    transport::{Refusal, json},
};

/// Executes the operation; its errors are refusals.
pub(super) async fn run<E: Executor>(
    executor: &E,
    route: &Route,
    request: Request,
    variables: Variables,
) -> Result<Outcome, Refusal> {
    let mut request = request.data(Expected(route.bytes));
    request.set_parsed_query(route.document.clone());
    request.variables = variables;
    let outcome = executor.execute(request).await;
    succeed(outcome)
}

/// Returns an outcome without errors, or its first error. Keeps cookies that were set during execution in
/// both cases.
pub(super) fn succeed(outcome: Outcome) -> Result<Outcome, Refusal> {
    match outcome.errors.first() {
        Some(error) => Err(Refusal::of(error, outcome.http_headers.clone())),
        None => Ok(outcome),
    }
}

/// Returns the response of a route that does not stream.
pub(super) fn answer(route: &Route, asked: &HeaderMap, outcome: Outcome) -> Result<Response, Refusal> {
    let (data, headers) = (outcome.data, outcome.http_headers);
    let (status, body) = match &route.missing {
        Some(missing) if is_null(&data) => absent(missing, &headers)?,
        _ => {
            let written = route.writer.write(&data);
            (written.status.unwrap_or(route.status), written.body)
        }
    };
    if route.method == Method::GET && status == axum::http::StatusCode::OK {
        return Ok(cached(asked, route.auth, headers, body));
    }
    Ok(plain(status, headers, body))
}

/// Returns the response if every root field is null.
pub(super) fn absent(
    missing: &Missing,
    headers: &HeaderMap,
) -> Result<(axum::http::StatusCode, Vec<u8>), Refusal> {
    match &missing.body {
        MissingBody::Value(value) => Ok((missing.status, json::bytes(value))),
        MissingBody::Sentence(sentence) => {
            let code = Code::ALL.iter().copied().find(|code| code.status() == missing.status.as_u16());
            let mut refusal = Refusal::new(code.unwrap_or(Code::NotFound), sentence.clone());
            refusal.headers = headers.clone();
            Err(refusal)
        }
    }
}

/// Returns whether every root field is null.
pub(super) fn is_null(data: &ConstValue) -> bool {
    match data {
        ConstValue::Object(fields) => fields.values().all(|value| matches!(value, ConstValue::Null)),
        value => matches!(value, ConstValue::Null),
    }
}
