//! Keys of external services, which are never printed.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

use super::random;

/// A key that log lines, errors and debug output cannot show.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a key.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns whether the key is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the key, for sending it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns whether a foreign text is the key, in a time that tells nothing about the key.
    pub fn is(&self, text: &str) -> bool {
        random::sha256_hex(text) == random::sha256_hex(&self.0)
    }

    /// Returns a foreign text without the key, if the text contains it.
    pub fn cut_from(&self, text: &str) -> String {
        if self.is_empty() { text.to_owned() } else { text.replace(&self.0, "[secret]") }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "none" } else { "[secret]" })
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(if self.is_empty() { "" } else { "[secret]" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_prints_it() {
        let key = Secret::new("sk-1234");
        assert_eq!(format!("{key:?}"), "[secret]");
        assert_eq!(serde_json::to_string(&key).unwrap(), "\"[secret]\"");
        assert_eq!(key.cut_from("bad key sk-1234."), "bad key [secret].");
        assert_eq!(Secret::default().cut_from("text"), "text");
    }

    #[test]
    fn only_the_same_text_is_the_key() {
        let key = Secret::new("sk-1234");
        assert!(key.is("sk-1234"));
        assert!(!key.is("sk-123") && !key.is("sk-12345") && !key.is(""));
    }
}
