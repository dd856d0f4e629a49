//! Checks JSON input in one pass before it is parsed. A parsed value takes about 80 bytes, so a megabyte of
//! `[0,0,…]` would take 40.

use std::fmt;

/// Maximum number of values per text.
const VALUES: usize = 50_000;
/// Maximum nesting of objects and lists.
pub const DEPTH: usize = 64;
/// Maximum number of characters in a member's name.
const NAME: usize = 256;

/// Limits that a text can exceed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitExceeded {
    /// Too many values.
    Values,
    /// Nested too deeply.
    Depth,
    /// A member's name is too long.
    Name,
}

impl fmt::Display for LimitExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Values => write!(f, "it has more than {VALUES} values"),
            Self::Depth => write!(f, "it nests deeper than {DEPTH}"),
            Self::Name => write!(f, "the name of a member is longer than {NAME} characters"),
        }
    }
}

/// Checks a text before it is parsed. A text that is not JSON may pass; the parser refuses it.
///
/// # Errors
///
/// Returns the first limit that the text exceeds.
pub fn admit(text: &[u8]) -> Result<(), LimitExceeded> {
    let (mut values, mut depth, mut at) = (1_usize, 0_usize, 0);
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => {
                let (characters, end) = string(text, at);
                at = end;
                if characters > NAME && is_name(text, at) {
                    return Err(LimitExceeded::Name);
                }
            }
            b'[' | b'{' => {
                depth += 1;
                values += 1;
                if depth > DEPTH {
                    return Err(LimitExceeded::Depth);
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
        if values > VALUES {
            return Err(LimitExceeded::Values);
        }
    }
    Ok(())
}

/// Returns the number of characters of a string, with escapes as written, and the index after its end.
fn string(text: &[u8], start: usize) -> (usize, usize) {
    let (mut characters, mut at) = (0, start);
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => break,
            b'\\' => at += 1,
            _ if byte & 0xC0 == 0x80 => continue,
            _ => {}
        }
        characters += 1;
    }
    (characters, at)
}

/// Returns whether a colon follows.
fn is_name(text: &[u8], at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_bounded_before_they_are_parsed() {
        let list = |zeros: usize| format!("[{}0]", "0,".repeat(zeros));
        assert_eq!(admit(list(VALUES - 2).as_bytes()), Ok(()));
        assert_eq!(admit(list(VALUES).as_bytes()), Err(LimitExceeded::Values));
        assert_eq!(admit("[".repeat(VALUES).as_bytes()), Err(LimitExceeded::Depth));
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(admit(nested(DEPTH).as_bytes()), Ok(()));
        assert_eq!(admit(nested(DEPTH + 1).as_bytes()), Err(LimitExceeded::Depth));
        let named = |name: &str| format!("{{\"a\": [{{ \"{name}\" \n: 1}}]}}");
        assert_eq!(admit(named(&"é".repeat(NAME)).as_bytes()), Ok(()));
        assert_eq!(admit(named(&"é".repeat(NAME + 1)).as_bytes()), Err(LimitExceeded::Name));
        assert_eq!(admit(named(&"\\\"".repeat(NAME + 1)).as_bytes()), Err(LimitExceeded::Name));
        // Long values, and brackets and colons in strings, do not count.
        let text = format!("{{\"a\": \"{}[:,\\\"{{\", \"b\": 1}}", ",[".repeat(VALUES));
        assert_eq!(admit(text.as_bytes()), Ok(()));
        assert_eq!(admit(b"\"\\"), Ok(()));
        assert_eq!(admit(b""), Ok(()));
    }
}
