//! Randomness of the operating system, and the ids and secrets made from it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Returns `N` random bytes.
///
/// # Errors
/// Returns an error if the operating system has no randomness.
pub fn bytes<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(bytes)
}

/// Returns `N` random bytes in lower-case hex.
///
/// # Errors
/// As [`bytes()`].
pub fn hex<const N: usize>() -> anyhow::Result<String> {
    Ok(to_hex(&bytes::<N>()?))
}

/// Returns a new row id: a UUID v7 of the given time, so that ids sort by time.
///
/// # Errors
/// As [`bytes()`].
pub fn id(now: DateTime<Utc>) -> anyhow::Result<Uuid> {
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &bytes::<10>()?).into_uuid())
}

/// Returns a deterministic id for a text: a UUID v8 of its SHA-256.
pub fn derived_id(text: &str) -> Uuid {
    use sha2::Digest;
    let mut bytes = [0; 16];
    for (byte, hashed) in bytes.iter_mut().zip(sha2::Sha256::digest(text.as_bytes())) {
        *byte = hashed;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// Returns the SHA-256 in lower-case hex, the stored form of tokens and keys.
pub fn sha256_hex(content: impl AsRef<[u8]>) -> String {
    use sha2::Digest;
    to_hex(&sha2::Sha256::digest(content.as_ref()))
}

fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
