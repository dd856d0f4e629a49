//! Keys of the outside world, which nothing prints.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// A key that no log line, error or debug print can show.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Keeps a key.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The key itself, for the one who sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A text from outside, without the key where it repeats it.
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
}
