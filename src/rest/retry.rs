//! The header `Idempotency-Key`, which makes a request one that may be sent again.

use axum::http::HeaderMap;

use super::refusal::Refusal;
use crate::domain::Code;

/// The header's name.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// The mutations that take or give a secret. What a request came to is stored with its key, and a secret is not.
const SECRET: [&str; 5] = ["signUp", "signIn", "createApiKey", "changePassword", "deleteAccount"];

/// Whether one of these root fields takes or gives a secret.
pub fn is_secret<T: AsRef<str>>(root_fields: &[T]) -> bool {
    root_fields.iter().any(|field| SECRET.contains(&field.as_ref()))
}

/// The key of a mutation; none where none was sent.
///
/// # Errors
/// When it is not 1 to 255 visible ASCII characters, was sent twice, or the mutation is `secret`.
pub fn key(headers: &HeaderMap, secret: bool) -> Result<Option<String>, Refusal> {
    let refuse = |message: &str| Err(Refusal::about(Code::Invalid, IDEMPOTENCY_KEY, message));
    let mut sent = headers.get_all(IDEMPOTENCY_KEY).into_iter();
    let Some(key) = sent.next() else { return Ok(None) };
    if secret {
        return refuse(
            "Idempotency-Key is not taken here: the request or its answer holds a secret, which is not stored",
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
