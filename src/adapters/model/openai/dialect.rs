//! The dialect of a server: parts of the protocol that it refuses by name are left out or renamed in later
//! requests.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};

/// The dialect of a server for a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Whether it streams.
    pub(super) streams: bool,
    /// Whether it accepts `stream_options`.
    pub(super) counts: bool,
    /// Whether it accepts the `name` of a message.
    pub(super) names: bool,
    /// Whether it accepts a system message; otherwise the system prompt precedes the first user message.
    pub(super) has_system: bool,
    /// Name of the token limit.
    pub(super) limit: Limit,
    /// Whether another name of the limit was refused before.
    was_refused: bool,
}

/// The name of the token limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// `max_tokens`, the usual name.
    Tokens,
    /// `max_completion_tokens`, for OpenAI's newer models.
    CompletionTokens,
    /// No limit is accepted.
    Nothing,
}

impl Dialect {
    pub(super) fn new(names: bool, limit: Limit) -> Self {
        Self { streams: true, counts: true, names, has_system: true, limit, was_refused: false }
    }

    /// Returns the dialect for a repetition after a refusal with this body; `None` if the body names no
    /// optional part.
    pub(super) fn after(self, body: &str) -> Option<Self> {
        let body = body.to_lowercase();
        let names = |word: &str| is_named(&body, word);
        let mut next = self;
        if self.counts && (names("stream_options") || names("include_usage")) {
            next.counts = false;
        }
        if self.streams && (is_quoted(&body, "stream") || body.contains("support streaming")) {
            next.streams = false;
        }
        if self.names && (is_quoted(&body, "name") || body.contains("].name") || is_member(&body)) {
            next.names = false;
        }
        if self.limit != Limit::Nothing && (names("max_tokens") || names("max_completion_tokens")) {
            next.limit = match self.limit {
                _ if self.was_refused => Limit::Nothing,
                Limit::Tokens => Limit::CompletionTokens,
                _ => Limit::Tokens,
            };
            next.was_refused = true;
        }
        if self.has_system && is_system(&body.replace("\\\"", "\"")) {
            next.has_system = false;
        }
        (next != self).then_some(next)
    }
}

/// Returns whether a text refuses the system role. The first message of a request is the system prompt, and
/// the roles after it alternate.
fn is_system(text: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|words| text.contains(words));
    has(&[
        "system role",
        "role 'system'",
        "role \"system\"",
        "role: system",
        "'system' role",
        "\"system\" role",
    ]) || has(&["does not support 'system'", "does not support \"system\"", "roles must alternate"])
        || has(&["messages[0].role", "messages.0.role", "messages.[0].role", "\"messages\",0,\"role\""])
        || (has(&["system message", "system prompt", "system instruction", "developer instruction"])
            && has(&["support", "not enabled", "not allowed"]))
}

/// Returns whether a text contains a word that is not part of a longer one.
fn is_named(text: &str, word: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(joins) && !text[at + word.len()..].starts_with(joins))
}

/// Returns whether a text contains a word in quotes that is not the key of a member.
fn is_quoted(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let quote = before.filter(|c| matches!(c, '\'' | '"' | '`'));
        let behind = text[at + word.len()..].trim_start_matches('\\');
        quote
            .and_then(|quote| behind.strip_prefix(quote))
            .is_some_and(|rest| !rest.trim_start().starts_with(':'))
    })
}

/// Returns whether a text names the `name` of a message by its path, such as `messages.1.name`.
fn is_member(text: &str) -> bool {
    text.match_indices(".name").any(|(at, found)| {
        text[..at].ends_with(|c: char| c.is_ascii_digit() || c == ']')
            && !text[at + found.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
    })
}

/// Returns the wait that a server requests.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |value: &HeaderValue| value.to_str().ok().map(|text| text.trim().to_owned());
    let seconds = |text: &str| {
        let seconds = text.parse::<f64>().ok()?;
        Duration::try_from_secs_f64(seconds).ok()
    };
    if let Some(ms) = headers.get("retry-after-ms").and_then(text).as_deref().and_then(seconds) {
        return Some(ms / 1000);
    }
    let after = headers.get(RETRY_AFTER).and_then(text)?;
    if let Some(seconds) = seconds(&after) {
        return Some(seconds);
    }
    let at = httpdate::parse_http_date(&after).ok()?;
    // The date counts by the server's clock if it sends one, not by the application's clock.
    let date = headers.get(DATE).and_then(text).and_then(|date| httpdate::parse_http_date(&date).ok());
    let now = match date {
        Some(date) => date,
        None => SystemTime::UNIX_EPOCH + SystemTime::UNIX_EPOCH.elapsed().ok()?,
    };
    Some(at.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_left_out() {
        let full = Dialect::new(true, Limit::Tokens);
        let completion = Dialect { limit: Limit::CompletionTokens, was_refused: true, ..full };
        let unnamed = Dialect { names: false, ..full };
        let systemless = Dialect { has_system: false, ..full };
        for (body, wanted) in [
            (
                r#"{"error":{"message":"Unknown parameter: 'stream_options'.","param":"stream_options"}}"#,
                Dialect { counts: false, ..full },
            ),
            (
                r#"{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}"#,
                Dialect { counts: false, ..full },
            ),
            (
                r#"{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."}}"#,
                completion,
            ),
            (
                r#"{"detail":[{"loc":["body","messages",1,"name"],"msg":"Extra inputs are not permitted"}]}"#,
                unnamed,
            ),
            (r#"{"error":{"message":"property 'messages.1.name' is unsupported"}}"#, unnamed),
            (
                r#"{"error":{"message":"Invalid 'messages[1].name': string does not match pattern."}}"#,
                unnamed,
            ),
            (r#"{"message":"System role not supported"}"#, systemless),
            (
                r#"{"error":{"message":"Unsupported value: 'messages[0].role' does not support 'system' with this model.","param":"messages[0].role","code":"unsupported_value"}}"#,
                systemless,
            ),
            (r#"{"message":"This model doesn't support system messages."}"#, systemless),
            (
                r#"[{"error":{"message":"Developer instruction is not enabled for models/gemma-3-27b-it"}}]"#,
                systemless,
            ),
            (
                r#"{"message":"Conversation roles must alternate user/assistant/user/assistant/..."}"#,
                systemless,
            ),
            (
                r#"{"detail":[{"loc":["body","messages",0,"role"],"msg":"Input should be 'user'"}]}"#,
                systemless,
            ),
            (
                r#"{"error":{"message":"Unsupported value: 'stream' does not support true with this model.","param":"stream"}}"#,
                Dialect { streams: false, ..full },
            ),
        ] {
            assert_eq!(full.after(body), Some(wanted), "{body}");
        }
        for body in [
            "",
            r#"{"error":{"name":"BadRequestError","message":"no such model name"}}"#,
            r#"{"error":{"message":"This model's maximum context length is 8192 tokens."}}"#,
            r#"{"error":{"message":"the stream of messages is empty"}}"#,
            r#"{"error":{"message":"the system is overloaded, messages are not supported now"}}"#,
        ] {
            assert_eq!(full.after(body), None, "{body}");
        }
        // Both names are tried, then none, and no name twice.
        let last = completion.after("max_completion_tokens").unwrap();
        assert_eq!(last.limit, Limit::Nothing);
        assert_eq!(last.after("max_tokens"), None);
    }

    #[test]
    fn waits_are_read() {
        let read = |pairs: &[(&'static str, &str)]| {
            retry_after(
                &pairs
                    .iter()
                    .map(|(name, value)| ((*name).parse().unwrap(), value.parse().unwrap()))
                    .collect(),
            )
        };
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(read(&[("retry-after", "2")]), Some(Duration::from_secs(2)));
        assert_eq!(read(&[("retry-after", " 0.5 ")]), Some(Duration::from_millis(500)));
        assert_eq!(read(&[("retry-after", "9"), ("retry-after-ms", "20")]), Some(Duration::from_millis(20)));
        assert_eq!(
            read(&[date, ("retry-after", "Sun, 06 Nov 1994 08:49:40 GMT")]),
            Some(Duration::from_secs(3))
        );
        assert_eq!(read(&[date, ("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT")]), Some(Duration::ZERO));
        assert_eq!(read(&[("retry-after", "Sun, 06 Nov 1994 08:49:40 GMT")]), Some(Duration::ZERO));
        for odd in ["-1", "soon", "", "1e99", "NaN"] {
            assert_eq!(read(&[("retry-after", odd)]), None, "{odd}");
        }
        assert_eq!(read(&[]), None);
    }
}
