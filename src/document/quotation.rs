//! Quotations of client input in errors.

/// Maximum number of characters in a quotation of client input.
pub(super) const QUOTED: usize = 64;

/// Returns a client's name or value in quotes, shortened so that a response does not grow with the request.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", cut(text, QUOTED))
}

/// Returns the beginning of a client's text for a quotation.
pub fn cut(text: &str, most: usize) -> std::borrow::Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => text.into(),
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()).into(),
    }
}
