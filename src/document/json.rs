//! JSON from outside, judged in one pass over its bytes before it is parsed: parsed, each value takes some eighty bytes,
//! so that a megabyte of `[0,0,…]` would take forty.

use std::fmt;

/// Values of one text.
const VALUES: usize = 50_000;
/// How deep objects and lists may nest.
pub const DEPTH: usize = 64;
/// Characters of the name of a member.
const NAME: usize = 256;

/// What a text has too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// More values than are allowed.
    Values,
    /// Deeper than is allowed.
    Depth,
    /// A member's name that is too long.
    Name,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Values => write!(f, "it has more than {VALUES} values"),
            Self::Depth => write!(f, "it nests deeper than {DEPTH}"),
            Self::Name => write!(f, "the name of a member is longer than {NAME} characters"),
        }
    }
}

/// Judges a text that is about to be parsed. A text that is not JSON may pass; the parser tells.
///
/// # Errors
///
/// Fails with the first thing that there is too much of.
pub fn admit(text: &[u8]) -> Result<(), Excess> {
    let (mut values, mut depth, mut at) = (1_usize, 0_usize, 0);
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => {
                let (characters, end) = string(text, at);
                at = end;
                if characters > NAME && is_name(text, at) {
                    return Err(Excess::Name);
                }
            }
            b'[' | b'{' => {
                depth += 1;
                values += 1;
                if depth > DEPTH {
                    return Err(Excess::Depth);
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
        if values > VALUES {
            return Err(Excess::Values);
        }
    }
    Ok(())
}

/// The characters of a string, escapes as written, and the place behind its end.
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

/// Whether a colon follows.
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
        assert_eq!(admit(list(VALUES).as_bytes()), Err(Excess::Values));
        assert_eq!(admit("[".repeat(VALUES).as_bytes()), Err(Excess::Depth));
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(admit(nested(DEPTH).as_bytes()), Ok(()));
        assert_eq!(admit(nested(DEPTH + 1).as_bytes()), Err(Excess::Depth));
        let named = |name: &str| format!("{{\"a\": [{{ \"{name}\" \n: 1}}]}}");
        assert_eq!(admit(named(&"é".repeat(NAME)).as_bytes()), Ok(()));
        assert_eq!(admit(named(&"é".repeat(NAME + 1)).as_bytes()), Err(Excess::Name));
        assert_eq!(admit(named(&"\\\"".repeat(NAME + 1)).as_bytes()), Err(Excess::Name));
        // Long values, brackets and colons in them count for nothing.
        let text = format!("{{\"a\": \"{}[:,\\\"{{\", \"b\": 1}}", ",[".repeat(VALUES));
        assert_eq!(admit(text.as_bytes()), Ok(()));
        assert_eq!(admit(b"\"\\"), Ok(()));
        assert_eq!(admit(b""), Ok(()));
    }
}
