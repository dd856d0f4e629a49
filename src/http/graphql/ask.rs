//! A GraphQL request as a body or a query string carries it.

use async_graphql::Variables;
use axum::http::HeaderMap;
use serde_json::{Map, Value};

use super::media::is_json;

use crate::{document::json, domain::Code, http::edge::refusal, random, rest::Refusal};

/// One request.
#[derive(Debug, Default)]
pub(super) struct Ask {
    /// The document; none when only its hash is sent.
    pub(super) query: Option<String>,
    /// Which of the document's operations.
    pub(super) operation_name: Option<String>,
    /// Values of the variables.
    pub(super) variables: Variables,
    /// SHA-256 of the document in hex, for automatic persisted queries.
    pub(super) hash: Option<String>,
    /// What the client calls this operation on a stream that carries several.
    pub(super) operation_id: Option<String>,
}

/// One request or a batch.
#[derive(Debug)]
pub(super) enum Body {
    /// One.
    One(Box<Ask>),
    /// Several, answered in a list.
    Many(Vec<Ask>),
}

/// The one request in a body, for what takes no batch.
pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Ask, Refusal> {
    if !is_json(headers) {
        return Err(refusal(Code::UnsupportedMediaType, "Content-Type must be application/json"));
    }
    match Body::parse(body, usize::MAX)? {
        Body::One(ask) => Ok(*ask),
        Body::Many(_) => {
            Err(refusal(Code::Invalid, "A stream takes no batch: send its operations one by one"))
        }
    }
}

impl Body {
    /// Reads a JSON body; a batch of at most `most`.
    pub(super) fn parse(bytes: &[u8], most: usize) -> Result<Self, Refusal> {
        bounded("The body", bytes)?;
        let value: Value = serde_json::from_slice(bytes).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            refusal(Code::Invalid, format!("The body is not valid JSON (line {line}, column {column})"))
        })?;
        match value {
            Value::Object(map) => Ask::from_map(map).map(|ask| Self::One(Box::new(ask))),
            Value::Array(asks) if asks.is_empty() => Err(refusal(Code::Invalid, "The batch is empty")),
            Value::Array(asks) if asks.len() > most => {
                let given = asks.len();
                Err(refusal(Code::Invalid, format!("The batch has {given} requests, {most} are allowed")))
            }
            Value::Array(asks) => asks
                .into_iter()
                .map(|ask| match ask {
                    Value::Object(map) => Ask::from_map(map),
                    _ => Err(refusal(Code::Invalid, "Each request of a batch must be an object")),
                })
                .collect::<Result<_, _>>()
                .map(Self::Many),
            _ => Err(refusal(Code::Invalid, "The body must be an object or a list of objects")),
        }
    }
}

impl Ask {
    /// Reads the query string of a GET.
    pub(super) fn from_query(text: &str) -> Result<Self, Refusal> {
        let mut map = Map::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            let value = match &*name {
                "query" | "operationName" => Value::String(value.into_owned()),
                "variables" | "extensions" if value.is_empty() => Value::Null,
                "variables" | "extensions" => {
                    bounded(&name, value.as_bytes())?;
                    serde_json::from_str(&value)
                        .map_err(|_| refusal(Code::Invalid, format!("{name} must be a JSON object")))?
                }
                _ => continue,
            };
            map.insert(name.into_owned(), value);
        }
        Self::from_map(map)
    }

    /// SHA-256 of the document in hex, in the same case whether the document was sent or only its hash.
    pub(super) fn text_hash(&self) -> String {
        match (&self.query, &self.hash) {
            (Some(query), _) => random::sha256_hex(query),
            (None, Some(hash)) => hash.to_ascii_lowercase(),
            (None, None) => String::new(),
        }
    }

    /// Reads one request.
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
            operation_id,
        };
        if ask.query.is_none() && ask.hash.is_none() {
            return Err(named("query", "query is missing"));
        }
        Ok(ask)
    }
}

/// Refuses JSON that would take far more memory parsed than it has bytes.
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
