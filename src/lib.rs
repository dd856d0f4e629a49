//! Plaza: a chat and community platform in one binary.

pub mod domain;
