//! Validation of a space's values.

use entity::space::Tags;
use serde_json::Value;
use url::Url;

use crate::{
    error::{Error, Result},
    text::{fields, rule::TextRule},
};

/// Maximum size of a definition or a state as JSON, in bytes.
const MOST_JSON: usize = 64 * 1024;

/// Name of a space.
pub const NAME: TextRule = TextRule::line("name", "Name", 100);
/// Description of a space.
pub const DESCRIPTION: TextRule = TextRule::free("description", 5000);
/// Category of a space.
pub const CATEGORY: TextRule = TextRule::slug("category");
/// One of a space's tags.
pub const TAG: TextRule = TextRule::line("tags", "Each of tags", 50);
/// Maximum number of tags.
pub const MOST_TAGS: usize = 20;
/// Role of a participant.
pub const ROLE: TextRule = TextRule::line("role", "role", 50);
/// URL of a space's page in its definition. Only describes: the check of definitions has messages of its own.
pub const IFRAME_URL: TextRule = TextRule::https_url("definition.iframeUrl");

/// Maximum 20 tags of 1 to 50 characters each.
pub(super) fn tags(tags: Vec<String>) -> Result<Tags> {
    TAG.check_all(&tags, MOST_TAGS).map(Tags)
}

/// A slug; default `other`.
pub(super) fn category(category: Option<String>) -> Result<String> {
    CATEGORY.check(category.as_deref().unwrap_or("other"))
}

/// An object of maximum 64 KiB, default empty; `iframeUrl` must be a valid HTTPS URL if present.
pub(super) fn definition(value: Option<Value>) -> Result<Value> {
    let value = value.unwrap_or_else(|| Value::Object(Default::default()));
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
            if !Url::parse(url).is_ok_and(|url| url.has_host()) || !fields::is_plain(url.trim()) {
                return Err(Error::invalid(FIELD, "iframeUrl is not a valid URL"));
            }
        }
        Some(_) => return Err(Error::invalid("definition.iframeUrl", "iframeUrl must be a string")),
    }
    small("definition", value)
}

/// Name of a phase, maximum 100 characters on one line.
pub(super) fn phase(phase: String) -> Result<String> {
    fields::line("phase", &phase, 100)
}

/// JSON of maximum 64 KiB.
pub(super) fn small(field: &'static str, value: Value) -> Result<Value> {
    if value.to_string().len() > MOST_JSON {
        return Err(Error::invalid(field, format!("{field} must be at most 64 KiB of JSON")));
    }
    Ok(value)
}
