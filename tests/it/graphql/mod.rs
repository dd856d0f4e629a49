//! GraphQL over HTTP.

mod communities;
mod community_roles;
mod conversations;
mod examples;
mod limits;
mod roles;
mod socket;
mod streams;
mod subscriptions;
mod transport;
