//! GraphQL over HTTP.

mod communities;
mod community_roles;
mod conversations;
mod examples;
mod feeds;
mod hostile;
mod limits;
mod lists;
mod reads;
mod roles;
mod socket;
mod streams;
mod subscriptions;
mod transport;
