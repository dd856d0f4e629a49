//! Rules of text fields. One constant both validates a text and describes it in the REST contract.

use super::fields;
use crate::error::{Error, Result};

/// Control characters and line separators, as the content of a character class.
macro_rules! controls {
    () => {
        r"\u0000-\u001f\u007f-\u009f\u2028\u2029"
    };
}

/// A single line with a visible character.
const LINE: &str = concat!("^[^", controls!(), r"]*[^\s", controls!(), "][^", controls!(), "]*$");
/// A single line.
const SHORT: &str = concat!("^[^", controls!(), "]*$");
/// A character that is neither a space nor a control character.
const NOT_BLANK: &str = concat!(r"[^\s", controls!(), "]");
const SLUG: &str = "^[a-z0-9_-]+$";
/// The character after the slashes may begin a host.
const WEB: &str = r"^https?://[^\s/?#@:%<>^|\\]";
const HTTPS: &str = r"^https://[^\s/?#@:%<>^|\\]";

/// The rule of a text field: its name, its form, and its length in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextRule {
    field: &'static str,
    /// Name of the field in messages.
    label: &'static str,
    form: Form,
    least: usize,
    most: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Line,
    Short,
    Text,
    Free,
    Slug,
    WebUrl,
    HttpsUrl,
    Email,
    Password,
}

impl TextRule {
    /// A single line of 1 to `most` characters with a visible one, trimmed.
    pub const fn line(field: &'static str, label: &'static str, most: usize) -> Self {
        Self { field, label, form: Form::Line, least: 1, most }
    }

    /// A text of 1 to `most` characters with a visible one, trimmed; may have several lines.
    pub const fn text(field: &'static str, label: &'static str, most: usize) -> Self {
        Self { field, label, form: Form::Text, least: 1, most }
    }

    /// A single line of at most `most` characters, trimmed; may be empty.
    pub const fn short(field: &'static str, most: usize) -> Self {
        Self { field, label: field, form: Form::Short, least: 0, most }
    }

    /// A text of at most `most` characters.
    pub const fn free(field: &'static str, most: usize) -> Self {
        Self { field, label: field, form: Form::Free, least: 0, most }
    }

    /// 1 to 50 lower-case letters, digits, `_` and `-`.
    pub const fn slug(field: &'static str) -> Self {
        Self { field, label: field, form: Form::Slug, least: 1, most: fields::LONGEST_SLUG }
    }

    /// An `https:` or `http:` URL of at most 2000 characters.
    pub const fn web_url(field: &'static str) -> Self {
        Self { field, label: field, form: Form::WebUrl, least: 1, most: fields::LONGEST_URL }
    }

    /// An `https:` URL of at most 2000 characters, which the server fetches.
    pub const fn https_url(field: &'static str) -> Self {
        Self { field, label: field, form: Form::HttpsUrl, least: 1, most: fields::LONGEST_URL }
    }

    /// An e-mail address of at most `most` characters. Only describes: the accounts parse addresses.
    pub const fn email(field: &'static str, most: usize) -> Self {
        Self { field, label: field, form: Form::Email, least: 1, most }
    }

    /// A password of `least` to `most` characters. Only describes: [`crate::security`] validates passwords.
    pub const fn password(field: &'static str, least: usize, most: usize) -> Self {
        Self { field, label: field, form: Form::Password, least, most }
    }

    /// Validates a text and returns it as it is stored.
    ///
    /// # Errors
    /// [`crate::error::Error::Invalid`].
    pub fn check(&self, text: &str) -> Result<String> {
        match self.form {
            Form::Line | Form::Text => {
                let Self { label, least, most, .. } = self;
                self.check_or(text, &format!("{label} must be {least}-{most} characters"))
            }
            Form::Short => fields::line(self.field, text, self.most),
            Form::Free | Form::Email | Form::Password => {
                fields::at_most(self.field, text.to_owned(), self.most)
            }
            Form::Slug => fields::slug(self.field, text),
            Form::WebUrl => fields::web_url(self.field, text),
            Form::HttpsUrl => fields::https_url(self.field, text),
        }
    }

    /// Validates a line or a text as [`Self::check`] does, with this message for a wrong length.
    ///
    /// # Errors
    /// [`crate::error::Error::Invalid`].
    pub fn check_or(&self, text: &str, refusal: &str) -> Result<String> {
        match self.form {
            Form::Line => fields::name(self.field, text, self.most, refusal),
            _ => fields::required(self.field, text, self.most, refusal),
        }
    }

    /// Validates a list of at most `most` texts and returns them as they are stored.
    ///
    /// # Errors
    /// [`Error::Invalid`] for too many texts, otherwise [`Error::InvalidPart`] with the text's place in the list.
    pub fn check_all(&self, texts: &[String], most: usize) -> Result<Vec<String>> {
        let field = self.field;
        if texts.len() > most {
            return Err(Error::invalid(field, format!("{field} must have at most {most} items")));
        }
        let check = |(index, text): (usize, &String)| {
            self.check(text).map_err(|error| error.at(|| format!("{field}[{index}]")))
        };
        texts.iter().enumerate().map(check).collect()
    }

    /// Minimum number of characters.
    pub const fn least(&self) -> usize {
        self.least
    }

    /// Maximum number of characters.
    pub const fn most(&self) -> usize {
        self.most
    }

    /// A regular expression (ECMA-262) that all valid texts match, except texts that are valid only after trimming.
    pub const fn pattern(&self) -> Option<&'static str> {
        match self.form {
            Form::Line => Some(LINE),
            Form::Short => Some(SHORT),
            Form::Text => Some(NOT_BLANK),
            Form::Slug => Some(SLUG),
            Form::WebUrl => Some(WEB),
            Form::HttpsUrl => Some(HTTPS),
            Form::Free | Form::Email | Form::Password => None,
        }
    }

    /// The JSON Schema format of valid texts.
    pub const fn format(&self) -> Option<&'static str> {
        match self.form {
            Form::WebUrl | Form::HttpsUrl => Some("iri"),
            Form::Email => Some("email"),
            Form::Password => Some("password"),
            Form::Line | Form::Short | Form::Text | Form::Free | Form::Slug => None,
        }
    }
}
