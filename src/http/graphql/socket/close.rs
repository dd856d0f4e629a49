//! Reasons for the end of a socket: close codes of the protocol and of WebSocket itself.

use std::borrow::Cow;

use axum::extract::ws::CloseFrame;
use tungstenite::error::{Error, ProtocolError};

use crate::{error, live::ENDED_BY_ADMINISTRATOR};

/// Maximum number of bytes of a reason in a close frame.
const MAX_REASON_BYTES: usize = 123;

/// A close code and its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Close {
    pub(super) code: u16,
    pub(super) reason: Cow<'static, str>,
}

/// Ends of a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The server closes the socket.
    Close(Close),
    /// The server closes the socket and cannot read the peer's close frame.
    Broken(Close),
    /// The peer closed the socket with this code.
    Closed(u16),
    /// The connection was lost.
    Lost,
}

impl Close {
    pub(super) const UNAUTHORIZED: Self = Self::new(4401, "Unauthorized");
    pub(super) const SUBPROTOCOL: Self = Self::new(4406, "Subprotocol not acceptable");
    pub(super) const INIT_TIMEOUT: Self = Self::new(4408, "Connection initialisation timeout");
    /// Not in the protocol; the one of its codes after which clients reconnect.
    pub(super) const PING_TIMEOUT: Self = Self::new(4408, "No answer to a ping");
    pub(super) const INIT_TWICE: Self = Self::new(4429, "Too many initialisation requests");
    pub(super) const GOING_AWAY: Self = Self::new(1001, "The server is stopping");
    /// The code after which clients of the protocol do not reconnect.
    pub(super) const ENDED: Self = Self::new(1008, ENDED_BY_ADMINISTRATOR);
    /// Possibly temporary; of all such codes, the one after which clients reconnect.
    pub(super) const INTERNAL: Self = Self::new(1013, "Internal error");

    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason: Cow::Borrowed(reason) }
    }

    /// The message is not part of the protocol.
    pub(super) fn bad_request(reason: impl Into<Cow<'static, str>>) -> Self {
        Self { code: 4400, reason: reason.into() }
    }

    /// An operation with this id is running.
    pub(super) fn exists(id: &str) -> Self {
        Self { code: 4409, reason: format!("Subscriber for {id} already exists").into() }
    }

    /// The viewer is not authenticated or may not connect.
    pub(super) fn forbidden(error: &error::Error) -> Self {
        match error {
            failure if failure.is_failure() => {
                failure.log();
                Self::INTERNAL
            }
            refusal => Self { code: 4403, reason: refusal.to_string().into() },
        }
    }

    /// Returns the close frame, with the reason cut to its maximum length.
    pub(super) fn frame(&self) -> CloseFrame {
        let mut end = self.reason.len().min(MAX_REASON_BYTES);
        while !self.reason.is_char_boundary(end) {
            end -= 1;
        }
        CloseFrame { code: self.code, reason: self.reason[..end].into() }
    }
}

impl End {
    /// Converts an error from reading or writing.
    pub(super) fn of(error: axum::Error) -> Self {
        match error.into_inner().downcast::<Error>().map(|error| *error) {
            Ok(Error::Capacity(_)) => Self::Broken(Close::new(1009, "The message is too large")),
            Ok(Error::Utf8(_)) => Self::Broken(Close::new(1007, "The message is not UTF-8")),
            Ok(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => Self::Lost,
            Ok(Error::Protocol(error)) => {
                Self::Broken(Close { code: 1002, reason: error.to_string().into() })
            }
            _ => Self::Lost,
        }
    }

    /// Returns the reason for the log.
    pub(super) fn reason(&self) -> &str {
        match self {
            Self::Close(close) | Self::Broken(close) => &close.reason,
            Self::Closed(_) | Self::Lost => "",
        }
    }

    /// Returns the code for the log.
    pub(super) fn code(&self) -> u16 {
        match self {
            Self::Close(close) | Self::Broken(close) => close.code,
            Self::Closed(code) => *code,
            Self::Lost => 1006,
        }
    }
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        let frame = Close::bad_request("é".repeat(100)).frame();
        assert_eq!(frame.code, 4400);
        assert_eq!(frame.reason.as_str(), "é".repeat(61));
        assert_eq!(Close::bad_request("x".repeat(123)).frame().reason.len(), 123);
    }
}
