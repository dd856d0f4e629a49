//! Passwords: normalization, policy and hashing.

use std::sync::Arc;

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use icu_properties::{CodePointMapData, props::GeneralCategory};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use super::random;
use crate::{
    error::{Error, Result},
    text::{characters::is_ignorable, fields::is_blank, rule::TextRule},
};

/// Maximum length of a password in bytes before normalization: fits 128 characters in any decomposition.
const MAX_BYTES: usize = 2048;
/// Minimum length of a new password, in characters.
const MIN_CHARS: usize = 8;
/// Maximum length of a password, in characters.
const MAX_CHARS: usize = 128;
/// A new password.
pub const PASSWORD: TextRule = TextRule::password("password", MIN_CHARS, MAX_CHARS);
/// A password that is compared: a wrong one may have any length up to the maximum in bytes.
pub const PASSWORD_ATTEMPT: TextRule = TextRule::password("password", 0, MAX_BYTES);
/// Common passwords in lower case, one per line.
const COMMON: &str = include_str!("common_passwords.txt");

/// A password to verify.
#[derive(Clone)]
pub(crate) struct Attempt {
    /// The normalized password; `None` if it cannot be valid.
    prepared: Option<String>,
    /// The password as entered, if different: older hashes were made without normalization.
    raw: Option<String>,
}

/// Result of verifying a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The password is right.
    Right,
    /// The password is right, but its hash was made without normalization; holds the text to hash instead,
    /// if any.
    RightUnprepared(Option<String>),
    /// The password is wrong.
    Wrong,
}

/// Hashes and verifies passwords. Each operation takes 19 MiB and about 20 ms, so their concurrency is
/// limited.
pub struct Passwords {
    at_once: Arc<Semaphore>,
}

/// Validates a new password and normalizes it (RFC 8265, OpaqueString): spaces of any kind become ASCII
/// spaces, and the text is composed (NFC). The result must have 8 to 128 characters without control
/// and invisible characters, and be neither common nor one of `known`: the account's address and name.
///
/// # Errors
/// [`Error::Invalid`].
pub(crate) fn new_password(field: &'static str, password: &str, known: &[&str]) -> Result<String> {
    const TOO_LONG: &str = "Password must be at most 128 characters";
    if password.len() > MAX_BYTES {
        return Err(Error::invalid(field, TOO_LONG));
    }
    let prepared = prepare(password);
    match prepared.chars().count() {
        ..MIN_CHARS => return Err(Error::invalid(field, "Password must be at least 8 characters")),
        MIN_CHARS..=MAX_CHARS => {}
        _ => return Err(Error::invalid(field, TOO_LONG)),
    }
    if prepared.chars().any(char::is_control) {
        return Err(Error::invalid(field, "Password must not contain control characters"));
    }
    if is_blank(&prepared) {
        return Err(Error::invalid(field, "Password must not be blank"));
    }
    if prepared.chars().any(is_ignorable) {
        return Err(Error::invalid(field, "Password must not contain invisible characters"));
    }
    if is_guessable(&prepared, known) {
        return Err(Error::invalid(field, "Password is too common; choose another"));
    }
    Ok(prepared)
}

/// Prepares a password for verification.
///
/// # Errors
/// [`Error::Invalid`] above the maximum length.
pub(crate) fn attempt(field: &'static str, password: String) -> Result<Attempt> {
    if password.len() > MAX_BYTES {
        return Err(Error::invalid(field, "Password is too long"));
    }
    let possible = |text: &String| !text.is_empty() && text.chars().count() <= MAX_CHARS;
    let prepared = Some(prepare(&password)).filter(possible);
    // Older passwords may contain control characters; they are compared only as entered.
    let prepared = prepared.filter(|text| !text.chars().any(char::is_control));
    let raw = Some(password).filter(|text| possible(text) && prepared.as_ref() != Some(text));
    Ok(Attempt { prepared, raw })
}

fn prepare(password: &str) -> String {
    let is_space = |character: char| {
        !character.is_ascii()
            && CodePointMapData::<GeneralCategory>::new().get(character) == GeneralCategory::SpaceSeparator
    };
    password.chars().map(|character| if is_space(character) { ' ' } else { character }).nfc().collect()
}

/// Returns whether a password is easy to guess: common, one repeated character, or the account's address or
/// name.
fn is_guessable(password: &str, known: &[&str]) -> bool {
    let lower = password.to_lowercase();
    let mut characters = lower.chars();
    let first = characters.next();
    let repeats = characters.all(|character| Some(character) == first);
    let is_known = known.iter().any(|text| {
        let text = text.trim().to_lowercase();
        let local = text.split('@').next().unwrap_or_default();
        lower == text || lower == local
    });
    repeats || is_known || COMMON.lines().any(|common| common == lower)
}

impl Passwords {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self { at_once: Arc::new(Semaphore::new(cores)) }
    }

    /// Validates a new password without an account.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub fn check(field: &'static str, password: &str) -> Result<()> {
        new_password(field, password, &[]).map(drop)
    }

    /// Hashes a normalized password with a random salt into a PHC string.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub async fn hash(&self, password: String) -> Result<String> {
        self.run(move || {
            let salt = random::bytes::<16>()?;
            let hash = Argon2::default()
                .hash_password_with_salt(password.as_bytes(), &salt)
                .map_err(|error| anyhow::anyhow!("hashing a password: {error}"))?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Verifies a password against a hash. Without a hash it takes the same time and returns
    /// [`Verdict::Wrong`].
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub(crate) async fn verify(&self, attempt: Attempt, hash: Option<String>) -> Result<Verdict> {
        self.run(move || {
            let Attempt { prepared, raw } = attempt;
            let fits = |password: Option<&String>| fits(password, hash.as_deref());
            if fits(prepared.as_ref()) {
                return Ok(Verdict::Right);
            }
            match raw {
                Some(raw) if fits(Some(&raw)) => Ok(Verdict::RightUnprepared(prepared)),
                _ => Ok(Verdict::Wrong),
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit =
            self.at_once.clone().acquire_owned().await.map_err(|error| Error::Internal(error.into()))?;
        let outcome = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        outcome.await.map_err(|error| Error::Internal(error.into()))?.map_err(Error::Internal)
    }
}

/// Compares a password with a hash. Without one of them it does the same work, so that timing reveals
/// neither unknown addresses nor invalid passwords.
fn fits(password: Option<&String>, hash: Option<&str>) -> bool {
    let argon2 = Argon2::default();
    match (password, hash) {
        (Some(password), Some(hash)) => argon2.verify_password(password.as_bytes(), hash).is_ok(),
        _ => {
            let _ = argon2.hash_password_with_salt(b"", &[0; 16]);
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(password: &str) -> String {
        new_password("password", password, &["ann.miller@example.com", "Ann Miller"]).unwrap_err().to_string()
    }

    #[test]
    fn a_new_password_is_prepared() {
        let prepared = |password: &str| new_password("password", password, &[]).unwrap();
        assert_eq!(prepared("cafe\u{301} au lait"), "caf\u{e9} au lait");
        assert_eq!(prepared("caf\u{e9}\u{a0}au\u{3000}lait"), "caf\u{e9} au lait");
        // Compatibility forms and case are kept.
        assert_eq!(prepared("\u{ff21}bcdefgh"), "\u{ff21}bcdefgh");
        assert_eq!(prepared(&"\u{1112}\u{1161}\u{11ab}\u{1100}\u{1161}".repeat(64)).chars().count(), 128);
    }

    #[test]
    fn a_weak_password_is_refused() {
        assert_eq!(refusal("1234567"), "Password must be at least 8 characters");
        // Eight code points, but four characters in composed form.
        assert_eq!(refusal("a\u{308}o\u{308}u\u{308}e\u{301}"), "Password must be at least 8 characters");
        assert_eq!(refusal(&"x1".repeat(65)), "Password must be at most 128 characters");
        assert_eq!(refusal(&"x".repeat(5000)), "Password must be at most 128 characters");
        assert_eq!(refusal("tab\there ok"), "Password must not contain control characters");
        assert_eq!(refusal(&"\u{3164}".repeat(9)), "Password must not be blank");
        for common in [
            "password",
            "PassWord1",
            "qwertyuiop",
            "aaaaaaaaaa",
            "ann.miller",
            "Ann Miller",
            "ann.miller@example.com",
        ] {
            assert_eq!(refusal(common), "Password is too common; choose another", "{common}");
        }
    }

    #[test]
    fn the_list_is_sorted_and_holds_nothing_that_the_length_refuses() {
        let lines: Vec<_> = COMMON.lines().collect();
        assert!(lines.is_sorted() && lines.len() > 5000);
        assert!(lines.iter().all(|line| line.len() >= MIN_CHARS && *line == line.to_lowercase()));
    }

    #[tokio::test]
    async fn old_hashes_go_on_working() {
        let passwords = Passwords::new();
        let raw = "cafe\u{301} au lait";
        let old = passwords.hash(raw.to_owned()).await.unwrap();
        let verify = async |password: &str, hash: &str| {
            let attempt = attempt("password", password.to_owned()).unwrap();
            passwords.verify(attempt, Some(hash.to_owned())).await.unwrap()
        };
        let prepared = "caf\u{e9} au lait".to_owned();
        assert_eq!(verify(raw, &old).await, Verdict::RightUnprepared(Some(prepared.clone())));
        assert_eq!(verify(&prepared, &old).await, Verdict::Wrong);
        let new = passwords.hash(prepared.clone()).await.unwrap();
        for spelling in [raw, &prepared, "caf\u{e9}\u{a0}au lait"] {
            assert_eq!(verify(spelling, &new).await, Verdict::Right);
        }
        assert!(attempt("password", "x".repeat(3000)).is_err());
        let with_tab = passwords.hash("tab\there ok".to_owned()).await.unwrap();
        assert_ne!(verify("tab\there ok", &with_tab).await, Verdict::Wrong);
    }
}
