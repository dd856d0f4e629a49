//! The messages of `graphql-transport-ws`: parsed strictly, written directly into frames.

use async_graphql::ServerError;
use axum::extract::ws::{Message, Utf8Bytes};
use serde_json::{Map, Value};

use super::{super::request::GraphqlRequest, close::Close};
use crate::document::{cut, json};

/// Maximum number of bytes of an operation's id, which is stored and written into every frame.
const LONGEST_ID: usize = 256;

/// Messages from a client.
#[derive(Debug)]
pub(super) enum Incoming {
    /// `connection_init`, with a token to authenticate.
    Init { token: Option<String> },
    /// `ping`; a token authenticates again.
    Ping { token: Option<String>, payload: Option<Value> },
    /// `pong`.
    Pong,
    /// `subscribe`: an operation of any kind.
    Subscribe { id: String, ask: Box<GraphqlRequest> },
    /// `complete`: the client no longer listens to the operation.
    Complete { id: String },
}

impl Incoming {
    /// Parses a message.
    pub(super) fn parse(text: &str) -> Result<Self, Close> {
        json::admit(text.as_bytes()).map_err(|excess| invalid(&excess.to_string()))?;
        let value: Value = serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            Close::bad_request(format!("Invalid message: not JSON (line {line}, column {column})"))
        })?;
        let Value::Object(mut message) = value else { return Err(invalid("it must be an object")) };
        let kind = match message.remove("type") {
            Some(Value::String(kind)) => kind,
            Some(_) => return Err(invalid("type must be a string")),
            None => return Err(invalid("type is missing")),
        };
        match kind.as_str() {
            "connection_init" => Ok(Self::Init { token: token(payload(&mut message)?.as_ref())? }),
            "ping" => {
                let payload = payload(&mut message)?;
                Ok(Self::Ping { token: token(payload.as_ref())?, payload: payload.map(Value::Object) })
            }
            "pong" => payload(&mut message).map(|_| Self::Pong),
            "complete" => Ok(Self::Complete { id: id(&mut message)? }),
            "subscribe" => {
                let id = id(&mut message)?;
                let payload = payload(&mut message)?.ok_or_else(|| invalid("payload is missing"))?;
                let ask = GraphqlRequest::from_map(payload).map_err(|refusal| invalid(&refusal.message))?;
                Ok(Self::Subscribe { id, ask: Box::new(ask) })
            }
            other => Err(invalid(&format!("unknown type {:?}", cut(other, 32)))),
        }
    }
}

fn invalid(reason: &str) -> Close {
    Close::bad_request(format!("Invalid message: {reason}"))
}

fn payload(message: &mut Map<String, Value>) -> Result<Option<Map<String, Value>>, Close> {
    match message.remove("payload") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(payload)) => Ok(Some(payload)),
        Some(_) => Err(invalid("payload must be an object")),
    }
}

fn id(message: &mut Map<String, Value>) -> Result<String, Close> {
    match message.remove("id") {
        Some(Value::String(id)) if id.is_empty() => Err(invalid("id is empty")),
        Some(Value::String(id)) if id.len() > LONGEST_ID => {
            Err(invalid(&format!("id is longer than {LONGEST_ID} bytes")))
        }
        Some(Value::String(id)) => Ok(id),
        Some(_) => Err(invalid("id must be a string")),
        None => Err(invalid("id is missing")),
    }
}

/// Returns the token of a payload: `token`, or `authorization` in the form of the header.
fn token(payload: Option<&Map<String, Value>>) -> Result<Option<String>, Close> {
    let Some(payload) = payload else { return Ok(None) };
    let given = |(_, value): &(&String, &Value)| !value.is_null();
    if let Some((_, value)) = payload.iter().filter(given).find(|(name, _)| *name == "token") {
        let token = value.as_str().ok_or_else(|| invalid("token must be a string"))?;
        return Ok(Some(token.to_owned()));
    }
    let header = payload.iter().filter(given).find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    let Some((_, value)) = header else { return Ok(None) };
    let value = value.as_str().ok_or_else(|| invalid("authorization must be a string"))?;
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim().to_owned())),
        _ => Err(invalid("authorization must be \"Bearer\" and a token")),
    }
}

/// Creates `connection_ack`: the client may start operations.
pub(super) fn acknowledge() -> Message {
    Message::Text(Utf8Bytes::from_static(r#"{"type":"connection_ack"}"#))
}

/// Creates `pong` with the ping's payload.
pub(super) fn pong(payload: Option<&Value>) -> Message {
    match payload {
        None => Message::Text(Utf8Bytes::from_static(r#"{"type":"pong"}"#)),
        Some(payload) => Message::Text(format!(r#"{{"type":"pong","payload":{payload}}}"#).into()),
    }
}

/// Creates `next` with one response, spliced in unchanged. The bytes of a GraphQL response are JSON, so they
/// are UTF-8.
pub(super) fn next(id: &str, payload: &[u8]) -> Result<Message, Close> {
    frame(id, "next", Some(payload))
}

/// Creates `error`: the operation was refused or lost its right.
pub(super) fn error(id: &str, errors: &[ServerError]) -> Result<Message, Close> {
    let payload = serde_json::to_vec(errors).map_err(|_| Close::INTERNAL)?;
    frame(id, "error", Some(&payload))
}

/// Creates `complete`: the operation has ended.
pub(super) fn complete(id: &str) -> Result<Message, Close> {
    frame(id, "complete", None)
}

fn frame(id: &str, kind: &str, payload: Option<&[u8]>) -> Result<Message, Close> {
    let mut out = Vec::with_capacity(id.len() + payload.map_or(0, <[u8]>::len) + 48);
    out.extend_from_slice(br#"{"id":"#);
    serde_json::to_writer(&mut out, id).map_err(|_| Close::INTERNAL)?;
    out.extend_from_slice(br#","type":""#);
    out.extend_from_slice(kind.as_bytes());
    out.push(b'"');
    if let Some(payload) = payload {
        out.extend_from_slice(br#","payload":"#);
        out.extend_from_slice(payload);
    }
    out.push(b'}');
    Utf8Bytes::try_from(out).map(Message::Text).map_err(|_| Close::INTERNAL)
}
