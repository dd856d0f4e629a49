//! The audit log: what those with power over others did to them. It is only ever added to.

mod browse;
mod record;

pub use browse::{Row, Search, list};
pub use entity::audit_event::Action;
pub use record::Deed;
pub(in crate::domain) use record::record;
