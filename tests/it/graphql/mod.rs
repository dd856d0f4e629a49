//! GraphQL over HTTP.

mod conversations;
mod limits;
mod roles;
mod socket;
mod subscriptions;
mod transport;
