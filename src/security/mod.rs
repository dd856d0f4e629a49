//! Identities, passwords, secrets, randomness, network addresses and rate limits.

pub mod budget;
mod identity;
mod identity_cache;
pub mod network;
pub mod passwords;
mod post_limiter;
pub mod random;
pub mod rate_limit;
pub mod secret;
mod sign_in_limiter;
mod user_limiter;
mod write_limiter;

pub use budget::{Budget, Share};
pub use identity::{Identity, Proof};
pub use identity_cache::IdentityCache;
pub use passwords::Passwords;
pub use post_limiter::PostLimiter;
pub use rate_limit::{CountedEvents, KeyedLimiter, RateLimits};
pub use sign_in_limiter::{AttemptOrigin, SignInLimiter};
pub use user_limiter::UserLimiter;
pub use write_limiter::WriteLimiter;
