//! A lounge's own voice, cloned from recordings of its creator with their consent, and deleted when they
//! withdraw it.
//!
//! Requests only record consent and withdrawal. A background job calls the provider under a lease, which
//! another server takes over when it expires.

mod consent;
mod discard;
mod lifecycle;
mod make;
mod request;
mod samples;
mod work;

pub use consent::Consent;
pub use request::{clone_voice, reason, withdraw_voice};
pub(in crate::domain) use request::{forget, withdraw_all, withdraw_of};
pub use work::run_due;
