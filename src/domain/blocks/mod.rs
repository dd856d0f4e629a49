//! Blocks between users. A blocked user is not notified.

mod browse;
mod change;

pub(super) use browse::is_blocked;
pub use browse::{find_own, list, list_blocked};
pub(super) use change::forget;
pub use change::{block, unblock};
