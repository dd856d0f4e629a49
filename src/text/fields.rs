//! Validation of text fields: length, folding, slugs and URLs.

use terms::single_spaced;
pub use terms::{fold, search_fold};
use unicode_normalization::UnicodeNormalization;
use url::Url;

use super::characters::fault;
pub use super::characters::is_blank;
use crate::error::{Error, Result};

/// Returns a LIKE pattern that matches `term` anywhere in a text, with wildcards escaped by a backslash.
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

/// Validates a name: composes (NFC) and trims it, and replaces each run of spaces by one; it must be a single line of 1 to `most` characters (Unicode
/// scalar values) with a visible one.
///
/// # Errors
/// [`Error::Invalid`] with `refusal` if the length is wrong or no character is visible; with a specific message for
/// line breaks, control, bidirectional control or invisible characters.
pub fn name(field: &'static str, text: &str, most: usize, refusal: &str) -> Result<String> {
    let name = required(field, &single_spaced(&composed(field, text, most, refusal)?), most, refusal)?;
    refuse_faults(field, &name)?;
    Ok(name)
}

/// Validates an optional text on one line, such as the name of a business: composes (NFC) and trims it; it may be empty.
///
/// # Errors
/// [`Error::Invalid`] above `most` characters (Unicode scalar values), and for line breaks, control, bidirectional control
/// or invisible characters.
pub fn line(field: &'static str, text: &str, most: usize) -> Result<String> {
    let refusal = format!("{field} must be at most {most} characters");
    let line = at_most(field, composed(field, text, most, &refusal)?.trim().to_owned(), most)?;
    refuse_faults(field, &line)?;
    Ok(line)
}

/// Composes a text. Composition shortens text by a limited factor: longer text cannot fit and is refused before.
fn composed(field: &'static str, text: &str, most: usize, refusal: &str) -> Result<String> {
    if text.len() > most.saturating_mul(16).saturating_add(64) {
        return Err(Error::invalid(field, refusal));
    }
    Ok(text.nfc().collect())
}

/// Refuses what misleads or is not seen in a text on one line.
fn refuse_faults(field: &'static str, text: &str) -> Result<()> {
    match fault(text) {
        Some(fault) => Err(Error::invalid(field, format!("{field} must not contain {}", fault.what()))),
        None => Ok(()),
    }
}

/// Trims a text; it must have 1 to `most` characters (Unicode scalar values) with a visible one, and may have
/// several lines.
///
/// # Errors
/// [`Error::Invalid`] with `refusal`.
pub fn required(field: &'static str, text: &str, most: usize, refusal: &str) -> Result<String> {
    let text = text.trim();
    // Bytes first: the characters of a text that cannot fit are not counted.
    if text.len() > most.saturating_mul(4) || text.chars().count() > most || is_blank(text) {
        return Err(Error::invalid(field, refusal));
    }
    no_nul(field, text)?;
    Ok(text.to_owned())
}

/// Validates that a text has at most `most` characters.
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

/// Maximum length of a search term, in characters, as written and folded: one character can fold to several.
pub const LONGEST_SEARCH: usize = 200;
/// Maximum length of a folded text that searches compare, in characters: a name, a description of 5000 characters, and
/// some that fold to several.
const LONGEST_FOLD: usize = 6000;

/// Folds a text that searches compare; characters after the first 6000 are not searched.
pub fn searched_fold(text: &str) -> String {
    let mut folded = search_fold(text);
    if let Some((end, _)) = folded.char_indices().nth(LONGEST_FOLD) {
        folded.truncate(end);
    }
    folded
}

/// Trims and validates a search term. Returns `None` if it is empty.
///
/// # Errors
/// [`Error::Invalid`] above 200 characters, and for NUL.
pub fn search_term<'a>(field: &'static str, text: Option<&'a str>) -> Result<Option<&'a str>> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().count() > LONGEST_SEARCH || search_fold(text).chars().count() > LONGEST_SEARCH {
        return Err(Error::invalid(field, format!("{field} must be at most {LONGEST_SEARCH} characters")));
    }
    no_nul(field, text)?;
    Ok(Some(text))
}

/// Maximum length of a slug, in characters.
pub(super) const LONGEST_SLUG: usize = 50;
/// Maximum length of a URL, in characters.
pub(super) const LONGEST_URL: usize = 2000;

/// Validates a slug: 1 to 50 lower-case letters, digits, `_` and `-`.
///
/// # Errors
/// [`Error::Invalid`].
pub fn slug(field: &'static str, text: &str) -> Result<String> {
    let fits = (1..=LONGEST_SLUG).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'));
    if fits {
        Ok(text.to_owned())
    } else {
        Err(Error::invalid(field, format!("{field} must be 1-{LONGEST_SLUG} of a-z, 0-9, _ and -")))
    }
}

/// Validates the URL of a picture: `https:` or `http:`, maximum 2000 characters.
///
/// # Errors
/// [`Error::Invalid`].
pub fn picture_url(field: &'static str, text: &str) -> Result<String> {
    web_url(field, text)
}

/// Validates a URL that the server never fetches: `https:` or `http:`, maximum 2000 characters.
///
/// # Errors
/// [`Error::Invalid`].
pub fn web_url(field: &'static str, text: &str) -> Result<String> {
    let text = at_most(field, text.trim().to_owned(), LONGEST_URL)?;
    match Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "https" | "http") && url.has_host() && is_plain(&text) => Ok(text),
        _ => Err(Error::invalid(field, format!("{field} must be an http or https URL"))),
    }
}

/// Validates a URL that the server fetches: `https:` only, maximum 2000 characters.
///
/// # Errors
/// [`Error::Invalid`].
pub fn https_url(field: &'static str, text: &str) -> Result<String> {
    let text = at_most(field, text.trim().to_owned(), LONGEST_URL)?;
    match Url::parse(&text) {
        Ok(url) if url.scheme() == "https" && url.has_host() && is_plain(&text) => Ok(text),
        _ => Err(Error::invalid(field, format!("{field} must be an https URL"))),
    }
}

/// Returns whether every reader of a URL finds the same host in it: `//` and a host follow the scheme, and it has no
/// backslash, space or invisible character. The parser mends or drops these, so that the stored text would be another
/// address than the one that was checked.
pub fn is_plain(url: &str) -> bool {
    let rest = url.split_once(':').and_then(|(_, rest)| rest.strip_prefix("//"));
    rest.is_some_and(|rest| !rest.starts_with('/'))
        && fault(url).is_none()
        && !url.contains(|c: char| c.is_whitespace() || c == '\\')
}

/// Refuses NUL, which PostgreSQL cannot store.
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
    fn a_url_names_its_host_to_every_reader() {
        for url in ["https://a.example", "https://a.example/x?y=https:z", "HTTPS://a.example"] {
            assert!(https_url("url", url).is_ok(), "{url}");
        }
        for url in [
            "https:a.example",
            "https:/a.example",
            "https:///a.example",
            "https:\\\\a.example",
            "https://a.example\\b",
        ] {
            assert!(https_url("url", url).is_err(), "{url}");
            assert!(web_url("url", url).is_err(), "{url}");
        }
    }

    #[test]
    fn runs_of_spaces_are_one() {
        assert_eq!(name("name", "Qz  Double\u{a0} Space", 100, "").unwrap(), "Qz Double\u{a0}Space");
        assert_eq!(search_fold("Qz  Double"), "qz double");
    }

    #[test]
    fn wildcards_are_escaped() {
        assert_eq!(like_as_written("50%_\\"), "%50\\%\\_\\\\%");
    }
}
