//! A GraphQL request in a body or a query string.

use async_graphql::Variables;
use axum::http::HeaderMap;
use serde_json::{Map, Value};

use super::media::is_json;

use crate::{document::json, error::Code, http::middleware::refusal, security::random, transport::Refusal};

/// A GraphQL request.
#[derive(Debug, Default)]
pub(super) struct GraphqlRequest {
    /// The document; `None` if only its hash was sent.
    pub(super) query: Option<String>,
    /// Name of the operation to execute.
    pub(super) operation_name: Option<String>,
    /// Values of the variables.
    pub(super) variables: Variables,
    /// SHA-256 of the document in hex, for automatic persisted queries.
    pub(super) hash: Option<String>,
    /// Id of the document: of a trusted document, or `sha256:` and its hash.
    pub(super) document_id: Option<String>,
    /// The client's id of the operation on a stream that carries several.
    pub(super) operation_id: Option<String>,
}

/// One request or a batch.
#[derive(Debug)]
pub(super) enum Body {
    /// One request.
    One(Box<GraphqlRequest>),
    /// A batch, answered by a list.
    Many(Vec<GraphqlRequest>),
}

/// Reads the one request of a body, where no batch is allowed.
pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Result<GraphqlRequest, Refusal> {
    if !is_json(headers) {
        return Err(refusal(Code::UnsupportedMediaType, "Content-Type must be application/json"));
    }
    match Body::parse(body, usize::MAX)? {
        Body::One(ask) => Ok(*ask),
        Body::Many(_) => {
            Err(refusal(Code::Invalid, "A stream accepts no batch: send its operations separately"))
        }
    }
}

impl Body {
    /// Reads a JSON body with a batch of at most `most` requests.
    pub(super) fn parse(bytes: &[u8], most: usize) -> Result<Self, Refusal> {
        bounded("The body", bytes)?;
        let value: Value = serde_json::from_slice(bytes).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            refusal(Code::Invalid, format!("The body is not valid JSON (line {line}, column {column})"))
        })?;
        match value {
            Value::Object(map) => GraphqlRequest::from_map(map).map(|ask| Self::One(Box::new(ask))),
            Value::Array(asks) if asks.is_empty() => Err(refusal(Code::Invalid, "The batch is empty")),
            Value::Array(asks) if asks.len() > most => {
                let given = asks.len();
                Err(refusal(
                    Code::Invalid,
                    format!("The batch has {given} requests; at most {most} are allowed"),
                ))
            }
            Value::Array(asks) => asks
                .into_iter()
                .map(|ask| match ask {
                    Value::Object(map) => GraphqlRequest::from_map(map),
                    _ => Err(refusal(Code::Invalid, "Each request of a batch must be an object")),
                })
                .collect::<Result<_, _>>()
                .map(Self::Many),
            _ => Err(refusal(Code::Invalid, "The body must be an object or a list of objects")),
        }
    }
}

impl GraphqlRequest {
    /// Reads the query string of a GET.
    pub(super) fn from_query(text: &str) -> Result<Self, Refusal> {
        let mut map = Map::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            let value = match &*name {
                "query" | "operationName" | "documentId" => Value::String(value.into_owned()),
                "variables" | "extensions" if value.is_empty() => Value::Null,
                "variables" | "extensions" => {
                    bounded(&name, value.as_bytes())?;
                    serde_json::from_str(&value).map_err(|_| {
                        Refusal::about(Code::Invalid, name.as_ref(), format!("{name} must be a JSON object"))
                    })?
                }
                _ => continue,
            };
            map.insert(name.into_owned(), value);
        }
        Self::from_map(map)
    }

    /// Returns the SHA-256 of the document in lower-case hex, computed or as sent.
    pub(super) fn text_hash(&self) -> String {
        match (&self.query, &self.hash) {
            (Some(query), _) => random::sha256_hex(query),
            (None, Some(hash)) => hash.to_ascii_lowercase(),
            (None, None) => self.document_id.clone().unwrap_or_default(),
        }
    }

    /// Reads one request from a JSON object.
    pub(super) fn from_map(mut map: Map<String, Value>) -> Result<Self, Refusal> {
        let variables = match object(&mut map, "variables")? {
            Some(variables) => Variables::from_json(Value::Object(variables)),
            None => Variables::default(),
        };
        let extensions = object(&mut map, "extensions")?.unwrap_or_default();
        let text = |value: Option<&Value>| Some(value?.as_str()?.to_owned());
        let hash = text(extensions.get("persistedQuery").and_then(|query| query.get("sha256Hash")));
        let operation_id = text(extensions.get("operationId"));
        let ask = Self {
            query: string(&mut map, "query")?,
            operation_name: string(&mut map, "operationName")?,
            variables,
            hash,
            document_id: string(&mut map, "documentId")?,
            operation_id,
        };
        if ask.query.is_none() && ask.hash.is_none() && ask.document_id.is_none() {
            return Err(named("query", "query is missing"));
        }
        Ok(ask)
    }
}

/// Refuses JSON that would need far more memory than its bytes when parsed.
fn bounded(what: &str, text: &[u8]) -> Result<(), Refusal> {
    json::admit(text).map_err(|excess| refusal(Code::Invalid, format!("{what} is refused: {excess}")))
}

fn string(map: &mut Map<String, Value>, name: &'static str) -> Result<Option<String>, Refusal> {
    match map.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(named(name, format!("{name} must be a string"))),
    }
}

fn object(map: &mut Map<String, Value>, name: &'static str) -> Result<Option<Map<String, Value>>, Refusal> {
    match map.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object)),
        Some(_) => Err(named(name, format!("{name} must be an object"))),
    }
}

fn named(field: &str, message: impl Into<String>) -> Refusal {
    Refusal { field: Some(field.to_owned()), ..refusal(Code::Invalid, message) }
}
