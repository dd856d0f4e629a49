//! GraphQL over HTTP.

mod limits;
mod transport;
