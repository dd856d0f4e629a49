//! GraphQL over HTTP.

mod communities;
mod community_roles;
mod conversations;
mod depth;
mod examples;
mod feeds;
mod hostile;
mod inputs;
mod limits;
mod lists;
mod meter;
mod nested;
mod nodes;
mod own_lists;
mod pages;
mod reads;
mod roles;
mod socket;
mod stock;
mod streams;
mod subscriptions;
mod transport;
mod trusted;
