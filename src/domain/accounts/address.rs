//! E-mail addresses: syntax, equality and confusable addresses.

use icu_casemap::CaseMapper;
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

use crate::{
    error::{Error, Result},
    text::{
        characters::{fault, is_ignorable},
        rule::TextRule,
    },
};

/// Maximum length of an address, in characters (RFC 5321).
const MAX_CHARS: usize = 254;
/// An e-mail address.
pub const EMAIL: TextRule = TextRule::email("email", MAX_CHARS);
/// Characters that a local part must quote (RFC 5322, 3.2.3); quoted local parts are not supported.
const SPECIALS: [char; 10] = ['(', ')', '<', '>', '[', ']', ':', ';', ',', '"'];
/// Refusal of an invalid address.
const REFUSAL: &str = "Invalid email";

/// A valid e-mail address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// As entered, trimmed.
    pub(super) written: String,
    /// Without case and compatibility forms, the domain in ASCII; equal for equal addresses.
    pub(super) fold: String,
    /// The fold with look-alike characters of other scripts replaced by Latin letters; equal for confusable
    /// addresses.
    pub(super) skeleton: String,
}

impl Address {
    /// Parses an address: `local@domain` with a domain of at least two labels, without spaces, control
    /// characters, invisible characters and bidirectional formatting.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub(super) fn parse(text: &str) -> Result<Self> {
        let written = checked(text)?;
        let refused = || Error::invalid("email", REFUSAL);
        let (local, domain) = written.rsplit_once('@').ok_or_else(refused)?;
        let fold = fold_case(local);
        let wrong = |character: char| {
            character.is_whitespace() || character.is_control() || character == '@' || is_ignorable(character)
        };
        let dots = local.starts_with('.') || local.ends_with('.') || local.contains("..");
        if dots
            || local.contains(SPECIALS)
            || local.is_empty()
            || fold.is_empty()
            || fold.chars().any(wrong)
            || local.chars().any(wrong)
        {
            return Err(refused());
        }
        let host = host(domain).ok_or_else(refused)?;
        let top = host.rsplit('.').next().unwrap_or_default();
        if fault(written).is_some() || !host.contains('.') || top.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refused());
        }
        let shown = idna::domain_to_unicode(&host).0;
        let skeleton = format!("{}@{}", without_look_alikes(&fold), without_look_alikes(&shown));
        Ok(Self { written: written.to_owned(), fold: format!("{fold}@{host}"), skeleton })
    }
}

/// Returns the stored folds that an address may have: the current one, and the one from before domains were
/// stored in ASCII.
///
/// # Errors
/// [`Error::Invalid`] above the maximum length.
pub(in crate::domain) fn folds(text: &str) -> Result<Vec<String>> {
    let written = checked(text)?;
    let mut folds = vec![fold_case(written)];
    if let Ok(address) = Address::parse(written)
        && !folds.contains(&address.fold)
    {
        folds.push(address.fold);
    }
    Ok(folds)
}

/// Trims a text; refuses it above the maximum length or with NUL, which no database stores.
fn checked(text: &str) -> Result<&str> {
    let written = text.trim();
    if written.len() > MAX_CHARS * 4 || written.chars().count() > MAX_CHARS || written.contains('\0') {
        return Err(Error::invalid("email", REFUSAL));
    }
    Ok(written)
}

/// Folds case and compatibility forms.
pub(in crate::domain) fn fold_case(text: &str) -> String {
    let composed: String = text.nfkc().collect();
    CaseMapper::new().fold_string(&composed).nfkc().collect()
}

/// Converts a domain to ASCII (UTS #46); returns `None` if it is invalid.
fn host(domain: &str) -> Option<String> {
    let host = idna::domain_to_ascii_strict(domain).ok()?;
    (!host.is_empty() && !host.ends_with('.')).then_some(host)
}

/// Replaces non-ASCII characters that look like ASCII ones. ASCII characters stay: `1` and `l` differ in an
/// address.
fn without_look_alikes(fold: &str) -> String {
    if fold.is_ascii() {
        return fold.to_owned();
    }
    let mut alike = String::with_capacity(fold.len());
    for character in fold.nfd() {
        if character.is_ascii() {
            alike.push(character);
        } else {
            alike.extend(skeleton(character.encode_utf8(&mut [0; 4])));
        }
    }
    fold_case(&alike)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_one_fold() {
        let fold = |text: &str| Address::parse(text).unwrap().fold;
        assert_eq!(fold("  Ann@Example.com\n"), "ann@example.com");
        assert_eq!(fold("ａnn@example.com"), "ann@example.com");
        assert_eq!(fold("ann@BÜCHER.example"), fold("ann@xn--bcher-kva.example"));
        assert_eq!(fold("a\u{308}@example.com"), fold("Ä@example.com"));
        assert_ne!(fold("a.nn@example.com"), fold("ann@example.com"));
        assert_eq!(folds("ann@BÜCHER.example").unwrap(), ["ann@bücher.example", "ann@xn--bcher-kva.example"]);
    }

    #[test]
    fn look_alikes_have_one_skeleton() {
        let alike = |text: &str| Address::parse(text).unwrap().skeleton;
        for other in [
            "аdmin@example.com",
            "аdmіn@example.com",
            "admin@exаmple.com",
            "ADMIN@EXAMPLE.com",
            "ａdmin@example.com",
        ] {
            assert_eq!(alike(other), "admin@example.com", "{other}");
        }
        for other in ["admln@example.com", "adm1n@example.com", "josé@example.com", "admin@example.org"] {
            assert_ne!(alike(other), "admin@example.com", "{other}");
        }
        assert_ne!(alike("josé@example.com"), alike("jose@example.com"));
    }

    #[test]
    fn an_invalid_address_is_refused() {
        for text in [
            "",
            "ann",
            "@example.com",
            "ann@",
            "ann@example",
            "ann@.com",
            "ann@example.com.",
            "ann@example..com",
            "a b@example.com",
            "ann@exa mple.com",
            "ad\u{200b}min@example.com",
            "admin\u{202e}@example.com",
            "a@b@example.com",
            "a\u{ff20}b@example.com",
            "ann@example.com\u{0}",
            "ann\u{7}@example.com",
            "\u{3164}@example.com",
            "ann@-example.com",
            "mailto:ann@example.com",
            ".ann@example.com",
            "ann.@example.com",
            "a..nn@example.com",
            "ann@127.0.0.1",
            "\"ann\"@example.com",
            "ann@ex%41mple.com",
        ] {
            assert!(Address::parse(text).is_err(), "{text:?}");
        }
        assert!(Address::parse(&format!("{}@example.com", "a".repeat(243))).is_err());
        assert!(folds(&"a".repeat(300)).is_err());
    }
}
