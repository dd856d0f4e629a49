//! Status of a session.

use entity::space_session::Status;

use crate::error::Error;

/// Returns whether a session has ended.
pub(in crate::domain) fn has_ended(status: Status) -> bool {
    matches!(status, Status::Finished | Status::Cancelled)
}

/// The refusal of a change to an ended session.
pub(in crate::domain) fn ended() -> Error {
    Error::Conflict("The session has ended".to_owned())
}

pub(super) fn word(status: Status) -> &'static str {
    match status {
        Status::Waiting => "waiting",
        Status::Active => "active",
        Status::Paused => "paused",
        Status::Finished => "finished",
        Status::Cancelled => "cancelled",
    }
}
