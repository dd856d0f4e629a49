//! Who may read and do what, by every way that leads there.

mod replays;
mod spaces;
mod walk;
