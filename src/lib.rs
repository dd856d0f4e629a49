//! Plaza: a chat and community platform in one binary.

pub mod adapters;
pub mod app;
pub mod auth;
pub mod background;
pub mod cli;
pub mod clock;
pub mod config;
pub mod database;
pub mod demo;
pub mod document;
pub mod domain;
pub mod form;
pub mod graphql;
pub mod http;
pub mod live;
pub mod network;
pub mod random;
pub mod rest;
pub mod secret;
pub mod sse;
pub mod tasks;
