//! The protocol's request, and its events, of which no more is read than what matters here: servers differ in all
//! else.

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::value::RawValue;

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
    /// What OpenAI itself calls the limit for its newer models, which refuse the old name.
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

/// What an event, or a whole answer, says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Event {
    /// The message of an error.
    pub(super) fault: Option<String>,
    /// The model's own name.
    pub(super) model: Option<String>,
    pub(super) prompt_tokens: Option<u64>,
    pub(super) completion_tokens: Option<u64>,
    /// Whether it has a choice that was asked for, or a count.
    pub(super) is_known: bool,
    /// More text, in UTF-8 but for halves of surrogate pairs.
    pub(super) text: Vec<u8>,
    /// The text of an answer that comes in one piece.
    pub(super) whole: Vec<u8>,
    /// Bytes of thoughts beside the text.
    pub(super) thoughts: usize,
    /// Whether the text is a refusal.
    pub(super) is_refusal: bool,
    /// Why it ended.
    pub(super) reason: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Chunk<'a> {
    #[serde(borrow)]
    object: Option<&'a RawValue>,
    model: Option<&'a RawValue>,
    choices: Option<&'a RawValue>,
    usage: Option<&'a RawValue>,
    error: Option<&'a RawValue>,
    message: Option<&'a RawValue>,
    detail: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Choice<'a> {
    #[serde(borrow)]
    index: Option<&'a RawValue>,
    delta: Option<&'a RawValue>,
    message: Option<&'a RawValue>,
    text: Option<&'a RawValue>,
    finish_reason: Option<&'a RawValue>,
}

/// A message, or a piece of one, or a part of its content.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Piece<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<&'a RawValue>,
    content: Option<&'a RawValue>,
    text: Option<&'a RawValue>,
    refusal: Option<&'a RawValue>,
    reasoning_content: Option<&'a RawValue>,
    reasoning: Option<&'a RawValue>,
    thinking: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Usage<'a> {
    #[serde(borrow)]
    prompt_tokens: Option<&'a RawValue>,
    completion_tokens: Option<&'a RawValue>,
}

/// Reads an event.
///
/// # Errors
/// When it is no JSON object, or only the beginning of one.
pub(super) fn read(json: &str) -> Result<Event, serde_json::Error> {
    let chunk: Chunk<'_> = serde_json::from_str(json)?;
    let mut event = Event { fault: fault_of(&chunk), ..Event::default() };
    event.model = chunk.model.and_then(name);
    if let Some(usage) = chunk.usage.and_then(object::<Usage<'_>>) {
        event.prompt_tokens = usage.prompt_tokens.and_then(count);
        event.completion_tokens = usage.completion_tokens.and_then(count);
        event.is_known = true;
    }
    let choices = chunk.choices.and_then(|raw| serde_json::from_str::<Vec<&RawValue>>(raw.get()).ok());
    let choices = choices.unwrap_or_default().into_iter().filter_map(object::<Choice<'_>>);
    let first = |choice: &Choice<'_>| choice.index.is_none_or(|index| count(index).unwrap_or_default() == 0);
    if let Some(choice) = choices.into_iter().find(first) {
        event.is_known = true;
        event.reason = choice.finish_reason.and_then(name);
        match (choice.delta.and_then(object::<Piece<'_>>), choice.message.and_then(object::<Piece<'_>>)) {
            (Some(delta), _) => event.read_piece(&delta),
            (None, Some(message)) => {
                event.read_piece(&message);
                event.whole = std::mem::take(&mut event.text);
            }
            (None, None) => event.text = choice.text.and_then(bytes).unwrap_or_default(),
        }
    }
    Ok(event)
}

/// The message of an error's body, where there is one.
pub(super) fn fault(body: &str) -> Option<String> {
    let chunk: Chunk<'_> = serde_json::from_str(body).ok()?;
    fault_of(&chunk).or_else(|| chunk.message.or(chunk.detail).and_then(name))
}

fn fault_of(chunk: &Chunk<'_>) -> Option<String> {
    let is_error = chunk.object.and_then(name).is_some_and(|object| object == "error");
    let raw = match chunk.error {
        Some(raw) if !matches!(raw.get(), "false" | "\"\"" | "{}" | "[]") => raw,
        _ if is_error => return Some(chunk.message.and_then(name).unwrap_or_else(unnamed)),
        _ => return None,
    };
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Fault<'a> {
        #[serde(borrow)]
        message: Option<&'a RawValue>,
    }
    let message = object::<Fault<'_>>(raw).and_then(|fault| fault.message).and_then(name);
    Some(message.or_else(|| text(raw)).unwrap_or_else(unnamed))
}

fn unnamed() -> String {
    "an error without a message".to_owned()
}

impl Event {
    fn read_piece(&mut self, piece: &Piece<'_>) {
        for thought in [piece.reasoning_content, piece.reasoning, piece.thinking].into_iter().flatten() {
            self.thoughts += thought.get().len().saturating_sub(2);
        }
        if let Some(content) = piece.content {
            self.read_content(content);
        }
        if let Some(refusal) = piece.refusal.and_then(bytes).filter(|refusal| !refusal.is_empty()) {
            self.text.extend(refusal);
            self.is_refusal = true;
        }
    }

    /// Text, or a list of parts, of which some are text.
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
            let Some(part) = object::<Piece<'_>>(part) else { continue };
            let kind = part.kind.and_then(text).unwrap_or_else(|| "text".to_owned());
            match kind.as_str() {
                "text" | "output_text" => self.text.extend(part.text.and_then(bytes).unwrap_or_default()),
                "refusal" => {
                    let refusal = part.refusal.or(part.text).and_then(bytes).unwrap_or_default();
                    self.is_refusal |= !refusal.is_empty();
                    self.text.extend(refusal);
                }
                _ => {
                    let thought = part.thinking.or(part.reasoning).or(part.text);
                    self.thoughts += thought.map_or(0, |raw| raw.get().len().saturating_sub(2));
                }
            }
        }
    }
}

fn object<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Option<T> {
    if raw.get().starts_with('{') { serde_json::from_str(raw.get()).ok() } else { None }
}

/// A string, or what else stands for one.
fn name(raw: &RawValue) -> Option<String> {
    text(raw).or_else(|| {
        let plain = raw.get();
        plain.starts_with(|c: char| c == '-' || c.is_ascii_digit()).then(|| plain.to_owned())
    })
}

fn text(raw: &RawValue) -> Option<String> {
    bytes(raw).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// A count, whatever kind of number or string it is written as; none below zero.
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

/// The bytes of a JSON string, where halves of surrogate pairs stay what they are.
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
        let several =
            r#"{"choices":[{"index":1,"delta":{"content":"b"}},{"index":0,"delta":{"content":"a"}}]}"#;
        assert_eq!(said(several).text, b"a");
        assert_eq!(said(r#"{"choices":[{"index":1,"delta":{"content":"b"}}]}"#).text, b"");
    }

    #[test]
    fn what_is_counted() {
        for (usage, wanted) in [
            (r#"{"prompt_tokens":3,"completion_tokens":4}"#, (Some(3), Some(4))),
            (r#"{"prompt_tokens":"3","completion_tokens":4.0}"#, (Some(3), Some(4))),
            (r#"{"prompt_tokens":-3,"completion_tokens":null}"#, (None, None)),
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
