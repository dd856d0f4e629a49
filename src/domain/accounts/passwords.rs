//! Password hashing with argon2id, a few at a time and off the threads that serve requests.

use std::sync::Arc;

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::{
    domain::{Error, Result},
    random,
};

/// Hashes and checks passwords. Each takes 19 MiB and some 20 ms, so their number at once is bounded.
pub struct Passwords {
    at_once: Arc<Semaphore>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self { at_once: Arc::new(Semaphore::new(cores)) }
    }

    /// Holds a new password to 8 to 128 characters.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub fn check(field: &'static str, password: &str) -> Result<()> {
        match password.chars().count() {
            ..8 => Err(Error::invalid(field, "Password must be at least 8 characters")),
            8..=128 => Ok(()),
            _ => Err(Error::invalid(field, "Password must be at most 128 characters")),
        }
    }

    /// Hashes a password, with its own salt, into a PHC string.
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

    /// Whether a password belongs to a hash. Without a hash it takes the same time and says no.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.run(move || {
            let argon2 = Argon2::default();
            match hash {
                Some(hash) => Ok(argon2.verify_password(password.as_bytes(), hash.as_str()).is_ok()),
                None => {
                    // The work of a real check, so that an unknown address cannot be told by the time.
                    let _ = argon2.hash_password_with_salt(password.as_bytes(), &[0; 16]);
                    Ok(false)
                }
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
