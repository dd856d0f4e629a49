//! The documented REST paths.

mod spaces;
