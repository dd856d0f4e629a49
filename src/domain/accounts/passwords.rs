//! Passwords: how they are written, which are refused, and how they are hashed.

use std::sync::Arc;

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use icu_properties::{CodePointMapData, props::GeneralCategory};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::{
    domain::{Error, Result, text::is_blank},
    random,
};

/// The most bytes of a password that are looked at: 128 characters fit however they are decomposed.
const LARGEST: usize = 2048;
/// The fewest characters of a new password.
const SHORTEST: usize = 8;
/// The most characters of a password.
const LONGEST: usize = 128;
/// Passwords that are tried first, in lower case, one a line.
const COMMON: &str = include_str!("common_passwords.txt");

/// A password as it was sent, to be compared with one that is stored.
#[derive(Clone)]
pub(super) struct Attempt {
    /// As passwords are written before they are hashed; `None` for what can be none.
    prepared: Option<String>,
    /// As it was sent, where that differs: passwords were hashed so before they were prepared.
    raw: Option<String>,
}

/// What comparing a password came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is the one.
    Right,
    /// It is the one, hashed as it was sent; the text is to be hashed instead, where there is one.
    RightUnprepared(Option<String>),
    /// It is not.
    Wrong,
}

/// Hashes and checks passwords. Each takes 19 MiB and some 20 ms, so their number at once is bounded.
pub struct Passwords {
    at_once: Arc<Semaphore>,
}

/// Prepares a new password (RFC 8265, OpaqueString): spaces of any kind become a plain space, and it is composed (NFC).
/// Then it must have 8 to 128 characters, none of them a control, and be neither common nor one of `known`: the
/// account's address and name.
///
/// # Errors
/// [`Error::Invalid`].
pub(super) fn new_password(field: &'static str, password: &str, known: &[&str]) -> Result<String> {
    const TOO_LONG: &str = "Password must be at most 128 characters";
    if password.len() > LARGEST {
        return Err(Error::invalid(field, TOO_LONG));
    }
    let prepared = prepare(password);
    match prepared.chars().count() {
        ..SHORTEST => return Err(Error::invalid(field, "Password must be at least 8 characters")),
        SHORTEST..=LONGEST => {}
        _ => return Err(Error::invalid(field, TOO_LONG)),
    }
    if prepared.chars().any(char::is_control) {
        return Err(Error::invalid(field, "Password must not contain control characters"));
    }
    if is_blank(&prepared) {
        return Err(Error::invalid(field, "Password must not be blank"));
    }
    if is_guessable(&prepared, known) {
        return Err(Error::invalid(field, "Password is too common; choose another"));
    }
    Ok(prepared)
}

/// Reads a password that is to be compared.
///
/// # Errors
/// [`Error::Invalid`] for what is longer than any password.
pub(super) fn attempt(field: &'static str, password: String) -> Result<Attempt> {
    if password.len() > LARGEST {
        return Err(Error::invalid(field, "Password is too long"));
    }
    let possible = |text: &String| !text.is_empty() && text.chars().count() <= LONGEST;
    let prepared = Some(prepare(&password)).filter(possible);
    // Controls were allowed before: such a password is compared as it was sent only.
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

/// Whether a password is among the first that are tried: it is common, one character over and over, or the account's
/// own address or name.
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

    /// Holds a new password to what one must be, but for the account it is for.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub fn check(field: &'static str, password: &str) -> Result<()> {
        new_password(field, password, &[]).map(drop)
    }

    /// Hashes a prepared password, with its own salt, into a PHC string.
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

    /// Whether a password belongs to a hash. Without a hash it takes the same time and is wrong.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub(super) async fn verify(&self, attempt: Attempt, hash: Option<String>) -> Result<Verdict> {
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

/// Compares a password with a hash. What has nothing to compare does the work of a real check, so that neither an unknown
/// address nor an impossible password can be told by the time.
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
    fn what_is_no_good_password_is_refused() {
        assert_eq!(refusal("1234567"), "Password must be at least 8 characters");
        // Eight code points, four characters once composed.
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
        assert!(lines.iter().all(|line| line.len() >= SHORTEST && *line == line.to_lowercase()));
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
