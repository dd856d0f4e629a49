//! Plaza from outside: a real server, real sockets, a database of its own for each test.

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
mod program;
mod rest;
mod retries;
mod rights;
mod schedules;
mod support;
mod twin;
mod voice;
mod words;
