//! Blocks: somebody wants nothing to do with somebody else. Nobody is told that they are blocked.

mod browse;
mod change;

pub(super) use browse::is_blocked;
pub use browse::{list, list_blocked};
pub(super) use change::forget;
pub use change::{block, unblock};
