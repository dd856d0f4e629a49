//! GraphQL over HTTP.

mod limits;
mod roles;
mod transport;
