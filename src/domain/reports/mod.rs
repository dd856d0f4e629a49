//! Reports of messages and users, handled by the moderators.

mod browse;
mod close;
mod create;
mod moderators;
mod watch;

pub use browse::{ReportScope, find, list, list_own};
pub use close::close;
pub(crate) use create::file;
pub use create::{NewReport, Subject, create};
pub(super) use moderators::forget;
pub use watch::{ReportEvent, watch};
