//! Verification: whether a business is who it says, asked by its creator and judged by an administrator.

mod browse;
mod request;
mod review;
mod withdraw;

pub use browse::{list, list_all, list_last};
pub(crate) use request::send;
pub use request::{Papers, request};
pub(crate) use review::judge;
pub use review::{Verdict, review};
pub(super) use withdraw::{forget, withdraw};
