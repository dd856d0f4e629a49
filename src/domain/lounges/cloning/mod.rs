//! A lounge's own voice: made from recordings of its creator, who agreed to that, and deleted when they take it back.
//!
//! Agreeing and taking back are verbs; what the provider is asked for is done beside them, by whichever server takes the
//! lease, and again by another one when that is gone.

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
pub use work::work_due;
