//! The protocol's request and events. Only the necessary members are parsed, because servers differ in all
//! others.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::value::RawValue;

use super::json_repair::mended;

/// `POST chat/completions`.
#[derive(Serialize)]
pub(super) struct Request<'a> {
    pub(super) model: &'a str,
    pub(super) messages: Vec<Message>,
    pub(super) stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stream_options: Option<StreamOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_tokens: Option<u32>,
    /// OpenAI's name of the limit for newer models, which refuse the old name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_completion_tokens: Option<u32>,
}

#[derive(Serialize)]
pub(super) struct StreamOptions {
    pub(super) include_usage: bool,
}

#[derive(Clone, Serialize)]
#[cfg_attr(test, derive(Debug, PartialEq, Eq))]
pub(super) struct Message {
    pub(super) role: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) content: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Role {
    System,
    User,
    Assistant,
}

/// An event, or a complete answer.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Event {
    /// Message of an error.
    pub(super) fault: Option<String>,
    /// The model's own name.
    pub(super) model: Option<String>,
    pub(super) prompt_tokens: Option<u64>,
    pub(super) completion_tokens: Option<u64>,
    /// Whether it has a choice or a usage.
    pub(super) is_known: bool,
    /// Further text, in UTF-8 except for halves of surrogate pairs.
    pub(super) text: Vec<u8>,
    /// Text of an answer that arrives in one piece.
    pub(super) whole: Vec<u8>,
    /// Bytes of reasoning.
    pub(super) thoughts: usize,
    /// Whether the text is a refusal.
    pub(super) is_refusal: bool,
    /// Reason of the end.
    pub(super) reason: Option<String>,
}

/// The members of a JSON object. Of several members with one name, the last one counts.
#[derive(Deserialize)]
#[serde(transparent)]
struct Object<'a>(#[serde(borrow)] HashMap<String, &'a RawValue>);

/// Parses an event.
///
/// # Errors
/// Returns an error if it is no JSON object, or an incomplete one.
pub(super) fn read(json: &str) -> Result<Event, serde_json::Error> {
    tolerant(json, |chunk| {
        let mut event = Event { fault: fault_of(chunk), ..Event::default() };
        event.model = chunk.get("model").and_then(name);
        if let Some(usage) = chunk.get("usage").and_then(object) {
            event.prompt_tokens = usage.get("prompt_tokens").and_then(tokens);
            event.completion_tokens = usage.get("completion_tokens").and_then(tokens);
            event.is_known = true;
        }
        let choices =
            chunk.get("choices").and_then(|raw| serde_json::from_str::<Vec<&RawValue>>(raw.get()).ok());
        let first = |choice: &Object<'_>| {
            choice.get("index").is_none_or(|index| count(index).unwrap_or_default() == 0)
        };
        if let Some(choice) = choices.unwrap_or_default().into_iter().filter_map(object).find(first) {
            event.is_known = true;
            event.read_choice(&choice);
        }
        event
    })
}

/// Returns the message of an error body, if any.
pub(super) fn fault(body: &str) -> Option<String> {
    let fault = |chunk: &Object<'_>| {
        fault_of(chunk).or_else(|| chunk.get("message").or(chunk.get("detail")).and_then(name))
    };
    tolerant(body, fault).ok().flatten()
}

/// Parses an object and converts it. An object that is almost JSON is mended first.
fn tolerant<T>(json: &str, convert: impl Fn(&Object<'_>) -> T) -> Result<T, serde_json::Error> {
    match serde_json::from_str(json) {
        Ok(object) => Ok(convert(&object)),
        Err(error) if error.is_eof() || !json.trim_start().starts_with('{') => Err(error),
        Err(_) => serde_json::from_str(&mended(json)).map(|object| convert(&object)),
    }
}

fn fault_of(chunk: &Object<'_>) -> Option<String> {
    let is_error = chunk.get("object").and_then(name).is_some_and(|object| object == "error");
    let raw = match chunk.get("error") {
        Some(raw) if !is_blank(raw) => raw,
        _ if is_error => return Some(chunk.get("message").and_then(name).unwrap_or_else(unnamed)),
        _ => return None,
    };
    let message = object(raw).and_then(|fault| fault.get("message").and_then(name));
    let message = message.or_else(|| text(raw)).filter(|message| !message.is_empty());
    Some(message.unwrap_or_else(unnamed))
}

/// Returns whether an error has no content: it is empty, or an object of empty members.
fn is_blank(raw: &RawValue) -> bool {
    let is_empty = |raw: &RawValue| matches!(raw.get(), "null" | "false" | "0" | "\"\"" | "{}" | "[]");
    is_empty(raw) || object(raw).is_some_and(|members| members.0.values().all(|raw| is_empty(raw)))
}

fn unnamed() -> String {
    "an error without a message".to_owned()
}

impl Event {
    fn read_choice(&mut self, choice: &Object<'_>) {
        self.reason = choice.get("finish_reason").and_then(name);
        let delta = choice.get("delta").and_then(object);
        if let Some(delta) = &delta {
            self.read_piece(delta);
        }
        match choice.get("message").and_then(object) {
            // Some servers send an empty delta beside the message.
            Some(message) if self.text.is_empty() => {
                self.read_piece(&message);
                self.whole = std::mem::take(&mut self.text);
            }
            None if delta.is_none() => {
                self.text = choice.get("text").and_then(bytes).unwrap_or_default();
            }
            _ => {}
        }
    }

    fn read_piece(&mut self, piece: &Object<'_>) {
        for thought in ["reasoning_content", "reasoning", "thinking"].map(|name| piece.get(name)) {
            self.thoughts += thought.map_or(0, |thought| thought.get().len().saturating_sub(2));
        }
        if let Some(content) = piece.get("content") {
            self.read_content(content);
        }
        if let Some(refusal) = piece.get("refusal").and_then(bytes).filter(|refusal| !refusal.is_empty()) {
            self.text.extend(refusal);
            self.is_refusal = true;
        }
    }

    /// Reads text, or a list of parts of which some are text.
    fn read_content(&mut self, content: &RawValue) {
        if let Some(text) = bytes(content) {
            self.text.extend(text);
            return;
        }
        let parts: Vec<&RawValue> = match serde_json::from_str(content.get()) {
            Ok(parts) => parts,
            Err(_) => vec![content],
        };
        for part in parts {
            if let Some(text) = bytes(part) {
                self.text.extend(text);
                continue;
            }
            let Some(part) = object(part) else { continue };
            let kind = part.get("type").and_then(text).unwrap_or_else(|| "text".to_owned());
            match kind.as_str() {
                "text" | "output_text" => {
                    self.text.extend(part.get("text").and_then(bytes).unwrap_or_default());
                }
                "refusal" => {
                    let refusal =
                        part.get("refusal").or(part.get("text")).and_then(bytes).unwrap_or_default();
                    self.is_refusal |= !refusal.is_empty();
                    self.text.extend(refusal);
                }
                _ => {
                    let thought = part.get("thinking").or(part.get("reasoning")).or(part.get("text"));
                    self.thoughts += thought.map_or(0, |raw| raw.get().len().saturating_sub(2));
                }
            }
        }
    }
}

impl<'a> Object<'a> {
    /// Returns a member that is not null.
    fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.get(name).copied().filter(|raw| raw.get() != "null")
    }
}

fn object(raw: &RawValue) -> Option<Object<'_>> {
    if raw.get().starts_with('{') { serde_json::from_str(raw.get()).ok() } else { None }
}

/// Returns a string, or another value in its place as text.
fn name(raw: &RawValue) -> Option<String> {
    text(raw).or_else(|| {
        let plain = raw.get();
        plain.starts_with(|c: char| c == '-' || c.is_ascii_digit()).then(|| plain.to_owned())
    })
}

fn text(raw: &RawValue) -> Option<String> {
    bytes(raw).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Returns a number of tokens; `None` if it exceeds GraphQL's `Int`.
fn tokens(raw: &RawValue) -> Option<u64> {
    count(raw).filter(|count| i32::try_from(*count).is_ok())
}

/// Returns a count in any numeric or string format; `None` if it is negative.
fn count(raw: &RawValue) -> Option<u64> {
    let text = name(raw)?;
    let text = text.trim();
    if let Ok(count) = text.parse() {
        return Some(count);
    }
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is finite and not below zero; the cast saturates"
    )]
    let count = number as u64;
    Some(count)
}

/// Returns the bytes of a JSON string; halves of surrogate pairs stay unchanged.
fn bytes(raw: &RawValue) -> Option<Vec<u8>> {
    struct Bytes(Vec<u8>);

    impl<'de> Deserialize<'de> for Bytes {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Visitor;

            impl de::Visitor<'_> for Visitor {
                type Value = Bytes;

                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("a string")
                }

                fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
                    Ok(Bytes(bytes.to_vec()))
                }
            }
            deserializer.deserialize_bytes(Visitor)
        }
    }

    if !raw.get().starts_with('"') {
        return None;
    }
    serde_json::from_str::<Bytes>(raw.get()).ok().map(|bytes| bytes.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(json: &str) -> Event {
        read(json).unwrap()
    }

    fn choice(delta: &str) -> Event {
        said(&format!(r#"{{"choices":[{{"index":0,"delta":{delta},"finish_reason":null}}]}}"#))
    }

    #[test]
    fn what_is_text() {
        for (delta, wanted) in [
            (r#"{"content":"a"}"#, "a"),
            (r#"{"content":null}"#, ""),
            (r#"{"content":5}"#, ""),
            (r#"{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#, "ab"),
            (
                r#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"a"}]}"#,
                "a",
            ),
            (r#"{"content":[{"text":"a"},"b",null,7,{"type":"image_url"}]}"#, "ab"),
            (r#"{"content":{"type":"text","text":"a"}}"#, "a"),
            (r#"{"role":"assistant"}"#, ""),
            (r#"{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{"}}]}"#, ""),
            (r#"{"reasoning_content":"hm","content":""}"#, ""),
            (r#"{"refusal":"I cannot."}"#, "I cannot."),
            ("null", ""),
            ("7", ""),
        ] {
            assert_eq!(choice(delta).text, wanted.as_bytes(), "{delta}");
        }
        assert!(choice(r#"{"refusal":"no"}"#).is_refusal);
        assert!(!choice(r#"{"refusal":null,"content":"a"}"#).is_refusal);
        assert_eq!(choice(r#"{"reasoning":"hm"}"#).thoughts, 2);
        assert_eq!(choice(r#"{"content":"a\ud83d"}"#).text, b"a\xed\xa0\xbd");
        assert_eq!(said(r#"{"choices":[{"message":{"content":"a"}}]}"#).whole, b"a");
        assert_eq!(said(r#"{"choices":[{"text":"a"}]}"#).text, b"a");
        for delta in ["{}", "null", r#"{"content":""}"#, r#"{"role":"assistant","content":null}"#] {
            let event = said(&format!(r#"{{"choices":[{{"delta":{delta},"message":{{"content":"a"}}}}]}}"#));
            assert_eq!((event.text.as_slice(), event.whole.as_slice()), (&b""[..], &b"a"[..]), "{delta}");
        }
        let both = said(r#"{"choices":[{"delta":{"content":"b"},"message":{"content":"ab"}}]}"#);
        assert_eq!((both.text.as_slice(), both.whole.as_slice()), (&b"b"[..], &b""[..]));
        let several =
            r#"{"choices":[{"index":1,"delta":{"content":"b"}},{"index":0,"delta":{"content":"a"}}]}"#;
        assert_eq!(said(several).text, b"a");
        assert_eq!(said(r#"{"choices":[{"index":1,"delta":{"content":"b"}}]}"#).text, b"");
    }

    #[test]
    fn almost_json_is_read() {
        for json in [
            r#"{"choices":[{"delta":{"content":"a"},"logprobs":{"content":[{"logprob":-Infinity}]}}]}"#,
            r#"{"timings":{"ms":NaN},"choices":[{"delta":{"content":"a"}}]}"#,
            r#"{"choices":[{"delta":{"content":"x","content":"a"}}]}"#,
            r#"{"usage":null,"choices":[{"delta":{"content":"a"}}],"usage":null}"#,
        ] {
            assert_eq!(said(json).text, b"a", "{json}");
        }
        assert_eq!(said("{\"choices\":[{\"delta\":{\"content\":\"a\tb\"}}]}").text, b"a\tb");
        assert!(read(r#"{"timings":NaN,"choices":[{"del"#).unwrap_err().is_eof());
        assert!(read(r#"{"choices":[{"delta":{"content":"a}}]}"#).is_err());
        assert_eq!(fault(r#"{"code":NaN,"message":"no"}"#).as_deref(), Some("no"));
    }

    #[test]
    fn what_is_counted() {
        for (usage, wanted) in [
            (r#"{"prompt_tokens":3,"completion_tokens":4}"#, (Some(3), Some(4))),
            (r#"{"prompt_tokens":"3","completion_tokens":4.0}"#, (Some(3), Some(4))),
            (r#"{"prompt_tokens":-3,"completion_tokens":null}"#, (None, None)),
            (r#"{"prompt_tokens":2147483647,"completion_tokens":2147483648}"#, (Some(2_147_483_647), None)),
            (r#"{"prompt_tokens":3000000000,"completion_tokens":1e19}"#, (None, None)),
            (r#"{"prompt_tokens":1e400,"completion_tokens":[]}"#, (None, None)),
            ("null", (None, None)),
            ("7", (None, None)),
        ] {
            let event = said(&format!(r#"{{"usage":{usage}}}"#));
            assert_eq!((event.prompt_tokens, event.completion_tokens), wanted, "{usage}");
        }
        assert_eq!(said(r#"{"model":4}"#).model.as_deref(), Some("4"));
        assert_eq!(said(r#"{"model":{}}"#).model, None);
    }

    #[test]
    fn what_is_an_error() {
        for (json, wanted) in [
            (r#"{"error":{"message":"no"}}"#, Some("no")),
            (r#"{"error":"no"}"#, Some("no")),
            (r#"{"error":{"code":1}}"#, Some("an error without a message")),
            (r#"{"object":"error","message":"no"}"#, Some("no")),
            (r#"{"error":null}"#, None),
            (r#"{"error":{}}"#, None),
            (r#"{"error":0}"#, None),
            (r#"{"error":{"message":null,"code":null}}"#, None),
            (r#"{"error":{"message":"","code":0}}"#, None),
            (r#"{"error":{"message":"","code":7}}"#, Some("an error without a message")),
            (r#"{"error":""}"#, None),
            (r#"{"choices":[]}"#, None),
        ] {
            assert_eq!(said(json).fault.as_deref(), wanted, "{json}");
        }
        assert_eq!(fault(r#"{"message":"no"}"#).as_deref(), Some("no"));
        assert_eq!(fault("<html>"), None);
        for json in ["null", "7", "\"x\"", "nonsense", ""] {
            assert!(read(json).is_err(), "{json}");
        }
    }
}
