//! GraphQL over HTTP.

mod transport;
