//! The REST door: GraphQL documents that say where they hang, and the one engine that runs them in process.
//!
//! At start every document is read, stripped of our directives, validated and compiled into a route, a plan for its
//! variables and a plan for writing its answer. A request parses no GraphQL and builds no intermediate JSON tree.

mod answer;
mod arguments;
mod binding;
mod body;
mod compile;
mod directive;
mod engine;
mod json;
mod openapi;
mod operation;
mod parameter;
mod receive;
mod refusal;
mod retry;
mod route;
mod schema;
mod selection;
mod sent;
mod source;
mod stream;
mod table;
mod text;
mod writer;

#[cfg(test)]
mod tests;

pub use engine::Engine;
pub use openapi::ApiInfo;
pub use receive::{Bodies, BodyLimits, Received, Unread};
pub use refusal::{Caller, Entry, Refusal, excerpt};
pub use retry::{IDEMPOTENCY_KEY, is_secret, key as idempotency_key};
pub use source::Source;
pub use stream::{EndsByItself, last_event_id};
