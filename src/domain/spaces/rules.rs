//! What a space's own values must be.

use entity::space::Tags;
use serde_json::Value;
use url::Url;

use crate::domain::{Error, Result, text};

/// Bytes of a definition or state, as JSON.
const MOST_JSON: usize = 64 * 1024;

pub(super) fn name(text: &str) -> Result<String> {
    text::name("name", text, 100, "Name must be 1-100 characters")
}

pub(super) fn description(text: String) -> Result<String> {
    text::at_most("description", text, 5000)
}

/// At most 20 tags of 1 to 50 characters.
pub(super) fn tags(tags: Vec<String>) -> Result<Tags> {
    if tags.len() > 20 {
        return Err(Error::invalid("tags", "tags must be at most 20"));
    }
    let tags: Result<Vec<String>> =
        tags.iter().map(|tag| text::name("tags", tag, 50, "Each of tags must be 1-50 characters")).collect();
    Ok(Tags(tags?))
}

/// An object of at most 64 KiB; its `iframeUrl`, where it has one, a valid HTTPS URL.
pub(super) fn definition(value: Value) -> Result<Value> {
    let Some(object) = value.as_object() else {
        return Err(Error::invalid("definition", "definition must be an object"));
    };
    match object.get("iframeUrl") {
        None => {}
        Some(Value::String(url)) => {
            const FIELD: &str = "definition.iframeUrl";
            if !url.trim_start().to_ascii_lowercase().starts_with("https:") {
                return Err(Error::invalid(FIELD, "iframeUrl must use https://"));
            }
            if !Url::parse(url).is_ok_and(|url| url.has_host()) {
                return Err(Error::invalid(FIELD, "iframeUrl is not a valid URL"));
            }
        }
        Some(_) => return Err(Error::invalid("definition.iframeUrl", "iframeUrl must be a string")),
    }
    small("definition", value)
}

/// JSON of at most 64 KiB.
pub(super) fn small(field: &'static str, value: Value) -> Result<Value> {
    if value.to_string().len() > MOST_JSON {
        return Err(Error::invalid(field, format!("{field} must be at most 64 KiB of JSON")));
    }
    Ok(value)
}
