//! Passwords, secrets, randomness and network addresses: what the defences of every room are made of.

pub mod budget;
pub mod network;
pub mod passwords;
pub mod random;
pub mod rate_limit;
pub mod secret;
pub mod write_limit;

pub use budget::{Budget, Share};
pub use passwords::Passwords;
pub use rate_limit::{CountedEvents, KeyedLimiter, RateLimits};
pub use write_limit::WriteLimiter;
