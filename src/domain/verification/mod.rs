//! Verification of official accounts: requested by the creator, reviewed by an administrator.

mod browse;
mod request;
mod review;
mod withdraw;

pub use browse::{find, list, list_all, list_last};
pub(crate) use request::send;
pub use request::{BUSINESS_NAME, BUSINESS_REGISTRATION, DOCUMENTS_URL, Documents, request};
pub(crate) use review::judge;
pub use review::{NOTES, Verdict, review};
pub(super) use withdraw::{forget, withdraw};
