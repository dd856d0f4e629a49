//! GraphQL values as JSON text, without a tree in between.

use std::io::Write;

use async_graphql::Value as ConstValue;

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
        ConstValue::Object(object) => {
            out.push(b'{');
            for (index, (key, value)) in object.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                text(out, key);
                out.push(b':');
                leaf(out, value);
            }
            out.push(b'}');
        }
    }
}

/// Writes a JSON string; runs of plain bytes are copied as a whole.
pub(crate) fn text(out: &mut Vec<u8>, string: &str) {
    out.push(b'"');
    let bytes = string.as_bytes();
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
