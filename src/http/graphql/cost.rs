//! `extensions.cost`: the cost of an operation, in answers to requests that ask for it.

use async_graphql::{Name, Response as Answer, Value, indexmap::IndexMap};
use axum::http::{HeaderMap, HeaderName};

/// Header of requests whose answers shall have the cost, with any value.
const COST: HeaderName = HeaderName::from_static("graphql-cost");

/// Returns whether a request asks for the cost.
pub(super) fn is_wanted(headers: &HeaderMap) -> bool {
    headers.contains_key(COST)
}

/// Adds the cost of the operation and the maximum cost of one operation, in fields.
pub(super) fn show(answer: &mut Answer, requested: usize, limit: usize) {
    let cost: IndexMap<Name, Value> = [("requested", requested), ("limit", limit)]
        .map(|(name, fields)| (Name::new(name), fields.into()))
        .into();
    answer.extensions.insert("cost".to_owned(), Value::Object(cost));
}
