//! Plaza: a chat and community platform in one binary.

pub mod app;
pub mod auth;
pub mod clock;
pub mod database;
pub mod document;
pub mod domain;
pub mod graphql;
pub mod random;
