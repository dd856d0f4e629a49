//! Transport code of GraphQL and REST: refusals, forms, JSON text and event streams.

pub mod form;
pub(crate) mod json;
pub mod media;
mod refusal;
mod route;
pub mod sse;

pub use refusal::{Caller, Refusal, RouteAccess, excerpt};
pub use route::RouteTemplate;
