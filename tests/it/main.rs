//! Integration tests: a real server, real sockets, a separate database for each test.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod accounts;
mod adapters;
mod agents;
mod catalogue;
mod customers;
mod database;
mod graphql;
mod house;
mod http;
mod ledger;
mod live;
mod moderation;
mod plans;
mod program;
mod rest;
mod rest_as_graphql;
mod retries;
mod rights;
mod rooms;
mod schedules;
mod servers;
mod support;
mod traces;
mod voice;
mod words;
