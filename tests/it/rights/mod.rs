//! Rights to read and act, by every path.

mod replays;
mod spaces;
mod walk;
