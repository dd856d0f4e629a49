//! The header `Idempotency-Key`, which makes a mutation safe to send again.

use axum::http::HeaderMap;

use crate::error::Code;
use crate::transport::Refusal;

/// Name of the header.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// Mutations that accept or return a secret. Results are stored with their idempotency key, and secrets must
/// not be.
const SECRET: [&str; 5] = ["signUp", "signIn", "createApiKey", "changePassword", "deleteAccount"];

/// Returns whether one of these root fields accepts or returns a secret.
pub fn is_secret<T: AsRef<str>>(root_fields: &[T]) -> bool {
    root_fields.iter().any(|field| SECRET.contains(&field.as_ref()))
}

/// Returns the idempotency key of a mutation; `None` if none was sent.
///
/// # Errors
/// Fails if the key is not 1 to 255 visible ASCII characters, if it was sent twice, or if the mutation is
/// `secret`.
pub fn key(headers: &HeaderMap, secret: bool) -> Result<Option<String>, Refusal> {
    let refuse = |message: &str| Err(Refusal::about(Code::Invalid, IDEMPOTENCY_KEY, message));
    let mut sent = headers.get_all(IDEMPOTENCY_KEY).into_iter();
    let Some(key) = sent.next() else { return Ok(None) };
    if secret {
        return refuse(
            "Idempotency-Key is not accepted here: the request or its answer contains a secret, which is not stored",
        );
    }
    match key.to_str() {
        _ if sent.next().is_some() => refuse("Idempotency-Key must be sent once"),
        Ok(key) if (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) => {
            Ok(Some(key.to_owned()))
        }
        _ => refuse("Idempotency-Key must be 1-255 visible ASCII characters"),
    }
}
