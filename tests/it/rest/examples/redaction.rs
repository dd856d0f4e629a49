//! Fixed values for what differs between two servers.

use std::collections::HashMap;

use serde_json::{Map, Value};
use uuid::Uuid;

/// Begin of the ids that stand for random ones.
const IDS: u128 = 0x019a_d000_0000_7000_8000_0000_0000_0000;
/// Begin of the secrets whose first digits are shown, and may be the same by chance.
const KEY: &str = "ari_cli_";
/// Digits of the words that stand for other random words.
const DIGITS: &str = "0123456789abcdef";

/// Replaces what differs between two recordings: each id by a numbered one, the same everywhere, and other random
/// words by digits.
#[derive(Default)]
pub struct Redaction {
    ids: HashMap<Uuid, u128>,
}

impl Redaction {
    /// Returns the recording with fixed values where the other differs.
    pub fn apply(&mut self, one: &Value, other: &Value) -> Value {
        match (one, other) {
            (Value::Object(one), Value::Object(other)) => {
                assert!(one.keys().eq(other.keys()), "{one:?} has other members than {other:?}");
                let fixed =
                    |(name, value): (&String, &Value)| (name.clone(), self.apply(value, &other[name]));
                Value::Object(one.iter().map(fixed).collect::<Map<_, _>>())
            }
            (Value::Array(one), Value::Array(other)) => {
                assert_eq!(one.len(), other.len(), "{one:?} is longer or shorter than {other:?}");
                one.iter().zip(other).map(|(one, other)| self.apply(one, other)).collect()
            }
            (Value::String(one), Value::String(other)) => self.text(one, other).into(),
            _ => {
                assert_eq!(one, other, "the answers of two servers differ");
                one.clone()
            }
        }
    }

    fn text(&mut self, one: &str, other: &str) -> String {
        let (ones, others) = (words(one), words(other));
        assert_eq!(ones.len(), others.len(), "{one} and {other} differ in more than words");
        let mut text = String::new();
        for (word, other) in ones.into_iter().zip(others) {
            let is_secret = text.ends_with(KEY);
            let is_fixed = word == other && !is_secret;
            let fixed = if is_fixed { Some(word.to_owned()) } else { self.stand_in(word, is_secret) };
            text += &fixed.unwrap_or_else(|| panic!("two servers differ: {word} and {other} in {one}"));
        }
        text
    }

    /// Returns the fixed value for a random word; `None` if it is no id and no secret.
    fn stand_in(&mut self, word: &str, is_secret: bool) -> Option<String> {
        if !is_secret && let Ok(id) = Uuid::parse_str(word) {
            let next = IDS + self.ids.len() as u128 + 1;
            let fixed = Uuid::from_u128(*self.ids.entry(id).or_insert(next));
            return Some(if word.contains('-') { fixed.to_string() } else { fixed.simple().to_string() });
        }
        let is_random = word.len() >= 4 && word.chars().all(|letter| letter.is_ascii_hexdigit());
        is_random.then(|| DIGITS.chars().cycle().take(word.len()).collect())
    }
}

/// Cuts a text into words and what is between them. A hyphen is part of a word, as in ids.
fn words(text: &str) -> Vec<&str> {
    let is_inside = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|letter| is_inside(letter) != is_inside(first)).unwrap_or(rest.len());
        let (word, more) = rest.split_at(end);
        words.push(word);
        rest = more;
    }
    words
}
