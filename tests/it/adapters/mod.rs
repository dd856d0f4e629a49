//! Adapters, against servers and programs that speak their protocols.

mod fetch;
mod model;
mod speech;
mod storage;
mod transcription;
mod uploads;
mod voice;
