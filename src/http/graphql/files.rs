//! GraphQL requests with files, by the multipart request specification: `operations`, `map` and the files.

use std::collections::BTreeMap;

use async_graphql::{Name, Value as ConstValue};
use bytes::Bytes;

use super::request::{Body, GraphqlRequest};
use crate::{
    document::{cut, json},
    error::Code,
    http::middleware::refusal,
    transport::{
        Refusal,
        form::{Content, Part},
    },
};

/// Maximum number of places that receive a file.
const PLACES: usize = 32;

impl Body {
    /// Reads a form with a batch of at most `most` requests.
    pub(super) fn from_form(parts: Vec<Part>, most: usize) -> Result<Self, Refusal> {
        let (mut operations, mut map, mut files) = (None, None, BTreeMap::new());
        for Part { name, content } in parts {
            match (name.as_str(), content) {
                ("operations", Content::Text(text)) => operations = Some(text),
                ("map", Content::Text(text)) => map = Some(text),
                (_, Content::File(bytes)) => _ = files.insert(name, bytes),
                (_, Content::Text(_)) => {}
            }
        }
        let operations = operations.ok_or_else(|| named("operations", "The form has no \"operations\""))?;
        let map = map.ok_or_else(|| named("map", "The form has no \"map\""))?;
        json::admit(map.as_bytes()).map_err(|excess| named("map", format!("map is refused: {excess}")))?;
        let map: BTreeMap<String, Vec<String>> = serde_json::from_str(&map)
            .map_err(|_| named("map", "map must be a JSON object of lists of paths"))?;
        if map.values().map(Vec::len).sum::<usize>() > PLACES {
            return Err(named("map", format!("map has more than {PLACES} paths")));
        }
        let mut body = Self::parse(operations.as_bytes(), most)?;
        for (name, paths) in map {
            let file = files.get(&name).ok_or_else(|| {
                let name = cut(&name, 64);
                named("map", format!("map names the file {name:?}, which was not sent"))
            })?;
            for path in paths {
                if !body.place(&path, file) {
                    let path = cut(&path, 64);
                    let message = format!("map has the path {path:?}, but operations has no null there");
                    return Err(named("map", message));
                }
            }
        }
        Ok(body)
    }

    /// Puts a file at a path. Returns whether the path led to a null.
    fn place(&mut self, path: &str, file: &Bytes) -> bool {
        let mut steps = path.split('.');
        let ask = match self {
            Self::One(ask) => Some(&mut **ask),
            Self::Many(asks) => {
                let number = steps.next().and_then(|number| number.parse::<usize>().ok());
                number.and_then(|number| asks.get_mut(number))
            }
        };
        let place = ask.filter(|_| steps.next() == Some("variables")).and_then(|ask| find(ask, steps));
        match place {
            Some(place @ ConstValue::Null) => {
                *place = ConstValue::Binary(file.clone());
                true
            }
            _ => false,
        }
    }
}

/// Returns the value at a path among the variables.
fn find<'a>(ask: &'a mut GraphqlRequest, mut steps: std::str::Split<'_, char>) -> Option<&'a mut ConstValue> {
    let mut place = ask.variables.get_mut(&Name::new(steps.next()?))?;
    for step in steps {
        place = match place {
            ConstValue::Object(members) => members.get_mut(step)?,
            ConstValue::List(items) => items.get_mut(step.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(place)
}

fn named(field: &str, message: impl Into<String>) -> Refusal {
    Refusal { field: Some(field.to_owned()), ..refusal(Code::Invalid, message) }
}
