//! What happens, told to everybody who listens: the log in the database is the truth, all else only wakes readers.
//!
//! A topic with listeners has one [`Hub`] in this process. It keeps the end of the topic's log in memory, is woken after
//! each commit, and fills gaps from the database. For each distinct question about the topic it has one *feed*,
//! which renders every event once, for all who asked the same. A *reader* is a position in a feed: it pulls, so a
//! slow one costs nothing but its own delay, and reads the log where the feed no longer reaches back.

mod access;
mod activity;
mod feed;
mod hub;
mod log;
mod look;
mod outage;
mod position;
mod reader;
mod subscription;

pub use access::{Access, Facts, Grant, Lease, Pass, ProofWatch, Recheck, VALIDITY};
pub use activity::Activity;
pub use feed::{Asked, Happening, Render, Run};
pub use hub::{Hub, Hubs};
pub use log::{Event, Log};
pub use look::{Look, Looking};
pub use position::Position;
pub use subscription::{Judge, Listen, Next, ReadSnapshot, Sight, Snapshot, Subscription};
