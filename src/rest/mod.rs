//! REST: GraphQL documents with routes, and the engine that executes them in process.
//!
//! At start every document is read, stripped of our directives, validated and compiled into a route, a plan
//! for its variables and a plan for writing its response. A request parses no GraphQL and builds no
//! intermediate JSON tree.

mod answer;
mod api_info;
mod arguments;
mod binding;
mod body;
mod bounds;
mod compile;
mod directive;
mod engine;
mod examples;
mod openapi;
mod operation;
mod parameter;
mod receive;
mod request_parts;
mod response_headers;
mod responses;
mod retry;
mod route;
mod router;
mod schema;
mod selection;
mod sent_names;
mod source;
mod stream;
mod text;
mod writer;

#[cfg(test)]
mod tests;

pub use api_info::ApiInfo;
pub use engine::Engine;
pub use examples::Examples;
pub use receive::{Bodies, BodyLimits, Received, Unread};
pub use response_headers::ResponseHeader;
pub use retry::{IDEMPOTENCY_KEY, is_secret, key as idempotency_key};
pub use source::Source;
pub use stream::{EndsByItself, FinalEvent, last_event_id};
