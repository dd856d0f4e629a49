//! GraphQL values as JSON text, without a tree in between.

use std::io::Write;

use async_graphql::{Response, Value as ConstValue};

/// Returns the bytes of a value as JSON.
pub(crate) fn bytes(value: &ConstValue) -> Vec<u8> {
    let mut out = Vec::new();
    leaf(&mut out, value);
    out
}

/// Writes a value.
pub(crate) fn leaf(out: &mut Vec<u8>, value: &ConstValue) {
    match value {
        // Writing to a vector cannot fail.
        ConstValue::Number(number) => _ = write!(out, "{number}"),
        ConstValue::String(string) => text(out, string),
        ConstValue::Enum(name) => text(out, name),
        ConstValue::Boolean(flag) => out.extend_from_slice(if *flag { b"true" } else { b"false" }),
        ConstValue::Null | ConstValue::Binary(_) => out.extend_from_slice(b"null"),
        ConstValue::List(values) => {
            out.push(b'[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                leaf(out, value);
            }
            out.push(b']');
        }
        ConstValue::Object(members) => object(out, members),
    }
}

fn object<'a, K: AsRef<str> + 'a>(
    out: &mut Vec<u8>,
    members: impl IntoIterator<Item = (&'a K, &'a ConstValue)>,
) {
    out.push(b'{');
    for (index, (key, value)) in members.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        text(out, key.as_ref());
        out.push(b':');
        leaf(out, value);
    }
    out.push(b'}');
}

/// Returns whether a byte of a JSON string is written as an escape.
fn needs_escape(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Returns the bytes of a GraphQL response.
///
/// # Errors
/// Returns an error if an error of the response has extensions that are no JSON.
pub(crate) fn response(response: &Response) -> serde_json::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(1024);
    out.push(b'{');
    if !response.errors.is_empty() {
        out.extend_from_slice(b"\"errors\":");
        serde_json::to_writer(&mut out, &response.errors)?;
        out.push(b',');
    }
    out.extend_from_slice(b"\"data\":");
    leaf(&mut out, &response.data);
    if !response.extensions.is_empty() {
        out.extend_from_slice(b",\"extensions\":");
        object(&mut out, &response.extensions);
    }
    out.push(b'}');
    Ok(out)
}

/// Writes a JSON string; runs of plain bytes are copied as a whole.
pub(crate) fn text(out: &mut Vec<u8>, string: &str) {
    out.push(b'"');
    let bytes = string.as_bytes();
    // Without an early end, so that the compiler compares many bytes at once: few strings have an escape.
    let is_plain = bytes.iter().fold(true, |plain, byte| plain & !needs_escape(*byte));
    if is_plain {
        out.extend_from_slice(bytes);
        out.push(b'"');
        return;
    }
    let mut start = 0;
    for (index, byte) in bytes.iter().enumerate() {
        let escape: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            0..0x20 => b"",
            _ => continue,
        };
        out.extend_from_slice(&bytes[start..index]);
        if escape.is_empty() {
            _ = write!(out, "\\u{byte:04x}");
        } else {
            out.extend_from_slice(escape);
        }
        start = index + 1;
    }
    out.extend_from_slice(&bytes[start..]);
    out.push(b'"');
}
