//! Values of strings and numbers in a document.

use async_graphql::Number;

/// Returns the character of an escape sequence at the beginning of a text, and the length of the sequence in
/// bytes.
pub(super) fn escape(text: &str) -> Option<(char, usize)> {
    let plain = match text.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' if text.as_bytes().get(2) == Some(&b'{') => return braced(text),
        b'u' => return fixed(text),
        _ => return None,
    };
    Some((plain, 2))
}

/// Reads `\u{1F600}`: one to eight digits.
fn braced(text: &str) -> Option<(char, usize)> {
    let digits = text.get(3..)?.bytes().take_while(u8::is_ascii_hexdigit).take(9).count();
    if !(1..=8).contains(&digits) || text.as_bytes().get(3 + digits) != Some(&b'}') {
        return None;
    }
    let code = u32::from_str_radix(text.get(3..3 + digits)?, 16).ok()?;
    Some((char::from_u32(code)?, digits + 4))
}

/// Reads `\uXXXX`, or two of them for a surrogate pair.
fn fixed(text: &str) -> Option<(char, usize)> {
    let unit = |from: usize| {
        let digits = text.get(from..from + 6)?.strip_prefix("\\u")?;
        let all_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        all_hex.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
    };
    let first = unit(0)?;
    if let Some(single) = char::from_u32(first.into()) {
        return Some((single, 6));
    }
    let pair = char::decode_utf16([first, unit(6)?]).next()?.ok()?;
    Some((pair, 12))
}

/// Returns the value of a string whose escapes are valid.
pub(super) fn string_value(raw: &str) -> String {
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        let (before, escaped) = rest.split_at(at);
        value.push_str(before);
        let Some((found, length)) = escape(escaped) else { break };
        value.push(found);
        rest = escaped.get(length..).unwrap_or_default();
    }
    value.push_str(rest);
    value
}

/// Returns the value of a block string, without common indentation and without blank lines around it.
pub(super) fn block_value(raw: &str) -> String {
    let raw = raw.replace("\\\"\"\"", "\"\"\"").replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = raw.split('\n').collect();
    let indent = |line: &str| line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let is_blank = |line: &&str| indent(line) == line.len();
    let common = lines.iter().skip(1).filter(|line| !is_blank(line)).map(|line| indent(line)).min();
    let first = lines.iter().position(|line| !is_blank(line)).unwrap_or(lines.len());
    let end = lines.iter().rposition(|line| !is_blank(line)).map_or(first, |last| last + 1);
    let kept = lines.iter().enumerate().take(end).skip(first).map(|(place, line)| {
        let cut = if place == 0 { 0 } else { common.unwrap_or(0) };
        line.get(cut..).unwrap_or_default()
    });
    kept.collect::<Vec<_>>().join("\n")
}

/// Returns the value of a number; `None` if it is out of range.
pub(super) fn number_value(raw: &str) -> Option<Number> {
    if let Ok(number) = raw.parse::<i64>() {
        return Some(number.into());
    }
    match raw.parse::<u64>() {
        Ok(number) => Some(number.into()),
        Err(_) => Number::from_f64(raw.parse().ok()?),
    }
}
