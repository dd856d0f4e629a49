//! Rules that many nouns share about text: lengths, folding, slugs, addresses.

pub use terms::{fold, search_fold};
use unicode_normalization::UnicodeNormalization;
use url::Url;

pub use super::characters::is_blank;
use super::{Error, Result, characters::fault};

/// A LIKE pattern that finds `term` anywhere in text folded by [`search_fold`], with its wildcards escaped by a backslash.
pub fn like(term: &str) -> String {
    like_as_written(&search_fold(term))
}

/// The same for text as it is, or folded otherwise.
pub fn like_as_written(term: &str) -> String {
    let mut pattern = String::with_capacity(term.len() + 2);
    pattern.push('%');
    for character in term.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// Composes and trims a name (NFC) and holds it to 1 to `most` characters (Unicode scalar values) on one line, of which
/// some can be seen.
///
/// # Errors
/// [`Error::Invalid`] with `refusal` as its text where the length is wrong or nothing can be seen; with a sentence of its
/// own where it has line breaks, controls, characters that change the direction of text, or invisible characters.
pub fn name(field: &'static str, text: &str, most: usize, refusal: &str) -> Result<String> {
    // Composing shortens text by some characters each: what cannot fit then is not looked at.
    if text.len() > most.saturating_mul(16).saturating_add(64) {
        return Err(Error::invalid(field, refusal));
    }
    let composed: String = text.nfc().collect();
    let name = required(field, &composed, most, refusal)?;
    match fault(&name) {
        Some(fault) => Err(Error::invalid(field, format!("{field} must not contain {}", fault.what()))),
        None => Ok(name),
    }
}

/// Trims text and holds it to 1 to `most` characters (Unicode scalar values), of which some can be seen. It may have
/// several lines.
///
/// # Errors
/// [`Error::Invalid`] with `refusal` as its text.
pub fn required(field: &'static str, text: &str, most: usize, refusal: &str) -> Result<String> {
    let text = text.trim();
    // Bytes first: no more of a text than could fit is looked at.
    if text.len() > most.saturating_mul(4) || text.chars().count() > most || is_blank(text) {
        return Err(Error::invalid(field, refusal));
    }
    no_nul(field, text)?;
    Ok(text.to_owned())
}

/// Holds text to at most `most` characters.
///
/// # Errors
/// [`Error::Invalid`].
pub fn at_most(field: &'static str, text: String, most: usize) -> Result<String> {
    no_nul(field, &text)?;
    if text.chars().count() > most {
        return Err(Error::invalid(field, format!("{field} must be at most {most} characters")));
    }
    Ok(text)
}

/// Characters of a text that is searched for.
const LONGEST_SEARCH: usize = 200;

/// A text that is searched for, without the space around it. Returns `None` if nothing is left.
///
/// # Errors
/// [`Error::Invalid`] for more than 200 characters, and for NUL.
pub fn search_term<'a>(field: &'static str, text: Option<&'a str>) -> Result<Option<&'a str>> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().count() > LONGEST_SEARCH {
        return Err(Error::invalid(field, format!("{field} must be at most {LONGEST_SEARCH} characters")));
    }
    no_nul(field, text)?;
    Ok(Some(text))
}

/// A slug: lower-case letters, digits, `_` and `-`, 1 to 50 of them.
///
/// # Errors
/// [`Error::Invalid`].
pub fn slug(field: &'static str, text: &str) -> Result<String> {
    let fits = (1..=50).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'));
    if fits {
        Ok(text.to_owned())
    } else {
        Err(Error::invalid(field, format!("{field} must be 1-50 of a-z, 0-9, _ and -")))
    }
}

/// The address of a picture: `https:` or `http:`.
///
/// # Errors
/// [`Error::Invalid`].
pub fn picture_url(field: &'static str, text: &str) -> Result<String> {
    web_url(field, text)
}

/// The address of something that people look at and the server never fetches: `https:` or `http:`.
///
/// # Errors
/// [`Error::Invalid`].
pub fn web_url(field: &'static str, text: &str) -> Result<String> {
    let text = at_most(field, text.trim().to_owned(), 2000)?;
    match Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "https" | "http") && url.has_host() => Ok(text),
        _ => Err(Error::invalid(field, format!("{field} must be an http or https URL"))),
    }
}

/// The address of something that is fetched: `https:` only.
///
/// # Errors
/// [`Error::Invalid`].
pub fn https_url(field: &'static str, text: &str) -> Result<String> {
    let text = at_most(field, text.trim().to_owned(), 2000)?;
    match Url::parse(&text) {
        Ok(url) if url.scheme() == "https" && url.has_host() => Ok(text),
        _ => Err(Error::invalid(field, format!("{field} must be an https URL"))),
    }
}

/// PostgreSQL cannot keep a NUL, so nobody may send one.
fn no_nul(field: &'static str, text: &str) -> Result<()> {
    if text.contains('\0') {
        return Err(Error::invalid(field, format!("{field} must not contain NUL")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_escaped() {
        assert_eq!(like("50%_\\"), "%50\\%\\_\\\\%");
    }
}
