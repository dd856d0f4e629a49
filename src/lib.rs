//! Plaza: a chat and community platform in one binary.

pub mod adapters;
pub mod app;
pub mod audio;
pub mod auth;
pub mod bus;
pub mod cli;
pub mod clock;
pub mod config;
pub mod database;
pub mod demo;
pub mod document;
pub mod domain;
pub mod error;
pub mod graphql;
pub mod http;
pub mod jobs;
pub mod live;
pub mod media;
pub mod metrics;
pub mod rest;
pub mod security;
pub mod setup;
pub mod tasks;
pub mod text;
pub mod traces;
pub mod transport;
