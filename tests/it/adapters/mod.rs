//! The ways to the outside world, against servers and programs that speak its protocols.

mod fetch;
mod model;
mod speech;
mod storage;
mod transcription;
mod uploads;
mod voice;
