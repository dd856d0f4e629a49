//! Reports: somebody says that a message or a person is not right, and those who keep order there see to it.

mod browse;
mod close;
mod create;
mod desk;

pub use browse::{Desk, list, list_own};
pub use close::close;
pub(crate) use create::file;
pub use create::{Accused, NewReport, create};
pub(super) use desk::forget;
