//! Mends objects that are almost JSON, as some servers write them.

/// Replaces bare words other than the literals by `null`, such as Python's `NaN` and `-Infinity`, and escapes
/// control characters in strings.
pub(super) fn mended(json: &str) -> String {
    let mut mended = String::with_capacity(json.len() + 16);
    let mut rest = json;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '"' => string(rest, &mut mended),
            c if c == '-' || c.is_ascii_alphanumeric() => bare(rest, &mut mended),
            c => {
                mended.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    mended
}

/// Copies a string with escaped control characters; returns its length.
fn string(text: &str, mended: &mut String) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            c if c.is_ascii_control() => mended.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => mended.push(c),
        }
        match c {
            _ if std::mem::take(&mut is_escaped) => {}
            '\\' => is_escaped = true,
            '"' if at > 0 => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Copies a number or literal, or `null` for another word; returns its length.
fn bare(text: &str, mended: &mut String) -> usize {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.');
    let length = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let word = &text[..length];
    let is_number = word.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
    // The end of the text may cut a literal short.
    let is_plain = is_number || length == text.len() || matches!(word, "true" | "false" | "null");
    mended.push_str(if is_plain { word } else { "null" });
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_control_characters_are_mended() {
        for (json, wanted) in [
            (r#"{"a":NaN,"b":[-Infinity,Infinity]}"#, r#"{"a":null,"b":[null,null]}"#),
            (r#"{"a":"NaN \" -Infinity"}"#, r#"{"a":"NaN \" -Infinity"}"#),
            (r#"{"a":-1.5e-3,"b":true,"c":false,"d":null}"#, r#"{"a":-1.5e-3,"b":true,"c":false,"d":null}"#),
            ("{\"a\":\"b\tc\u{1}é\"}", "{\"a\":\"b\\u0009c\\u0001é\"}"),
            (r#"{"a":"b"#, r#"{"a":"b"#),
            (r#"{"a":Na"#, r#"{"a":Na"#),
            ("", ""),
        ] {
            assert_eq!(mended(json), wanted, "{json}");
        }
    }
}
