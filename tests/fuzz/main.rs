//! Randomly changed inputs: no panic, no endless work, no `INTERNAL` error.
//!
//! `cargo test` runs a short round, always the same. `PLAZA_FUZZ_SECONDS` sets how long each target continues
//! with new inputs; `PLAZA_FUZZ_SEED` repeats a round.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that finds something panics")]

mod documents;
mod doors;
mod files;
mod models;
mod random;
#[path = "../it/support/mod.rs"]
#[expect(dead_code, unused_imports, unused_macros, reason = "the other tests use all of it")]
mod support;
