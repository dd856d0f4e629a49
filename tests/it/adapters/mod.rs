//! The ways to the outside world, against servers and programs that speak its protocols.

mod model;
mod speech;
mod storage;
mod uploads;
