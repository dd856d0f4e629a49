//! Sockets on a paused clock.

mod client;
mod endings;
mod operations;

use client::{Client, INIT, PING};
use futures_util::stream;
use serde_json::{Value, json};

use super::*;
use crate::{
    error::Code,
    http::graphql::start::{Next, StartedOperation},
};

fn answer(number: i64) -> Next {
    Next::Answer { payload: format!(r#"{{"data":{{"n":{number}}}}}"#).into(), position: None }
}

fn next(id: &str, number: i64) -> Value {
    json!({ "id": id, "type": "next", "payload": { "data": { "n": number } } })
}

fn one(number: i64) -> StartedOperation {
    StartedOperation::Stream(stream::iter([answer(number)]).boxed())
}
