//! A look at a query's text before the parser sees it: the parser recurses on nesting, this pass does not.

/// How large a query is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Names, numbers, strings and punctuation marks.
    pub tokens: usize,
    /// The deepest nesting of brackets of any kind.
    pub nesting: usize,
}

/// Measures a query in one pass; text that is not GraphQL is counted as it comes.
pub fn scan(query: &str) -> Shape {
    let bytes = query.as_bytes();
    let mut shape = Shape::default();
    let (mut at, mut open) = (0, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at += run(bytes, at, |byte| byte != b'\n' && byte != b'\r');
                continue;
            }
            b'"' => at = string_end(bytes, at),
            b'(' | b'[' | b'{' => {
                open += 1;
                shape.nesting = shape.nesting.max(open);
                at += 1;
            }
            b')' | b']' | b'}' => {
                open = open.saturating_sub(1);
                at += 1;
            }
            b'.' => at += run(bytes, at, |byte| byte == b'.'),
            b'-' | b'0'..=b'9' => {
                at += 1;
                at +=
                    run(bytes, at, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-'));
            }
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => {
                at += run(bytes, at, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
            }
            _ => at += 1,
        }
        shape.tokens += 1;
    }
    shape
}

fn run(bytes: &[u8], from: usize, wanted: impl Fn(u8) -> bool) -> usize {
    bytes.get(from..).unwrap_or_default().iter().take_while(|&&byte| wanted(byte)).count()
}

/// The position after the string that begins here.
fn string_end(bytes: &[u8], start: usize) -> usize {
    if bytes.get(start..).is_some_and(|rest| rest.starts_with(b"\"\"\"")) {
        // The parser reads a block string without an end as an empty string, so this must too: otherwise such
        // an opening would hide whatever follows it.
        return block_end(bytes, start + 3).unwrap_or(start + 2);
    }
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            None | Some(b'\n' | b'\r') => return at.min(bytes.len()),
            Some(_) => at += 1,
        }
    }
}

fn block_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        if rest.starts_with(b"\"\"\"") {
            return Some(at + 3);
        }
        at += if rest.starts_with(b"\\\"\"\"") { 4 } else { 1 };
    }
}
