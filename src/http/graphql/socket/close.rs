//! How a socket ends: the close codes of the protocol, and those of WebSocket itself.

use std::borrow::Cow;

use axum::extract::ws::CloseFrame;
use tungstenite::error::{Error, ProtocolError};

use crate::domain;

/// Bytes of a reason that fit into a close frame.
const LONGEST: usize = 123;

/// A code and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Close {
    pub(super) code: u16,
    pub(super) reason: Cow<'static, str>,
}

/// Why nothing more can be said on a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// We close it.
    Close(Close),
    /// We close it, and cannot read the peer's consent.
    Broken(Close),
    /// The peer closed it, with this code.
    Closed(u16),
    /// The connection is gone.
    Lost,
}

impl Close {
    pub(super) const UNAUTHORIZED: Self = Self::new(4401, "Unauthorized");
    pub(super) const SUBPROTOCOL: Self = Self::new(4406, "Subprotocol not acceptable");
    pub(super) const INIT_TIMEOUT: Self = Self::new(4408, "Connection initialisation timeout");
    /// Not in the protocol; among its codes the one after which clients come back.
    pub(super) const PING_TIMEOUT: Self = Self::new(4408, "No answer to a ping");
    pub(super) const INIT_TWICE: Self = Self::new(4429, "Too many initialisation requests");
    pub(super) const GOING_AWAY: Self = Self::new(1001, "The server is stopping");
    /// Perhaps only for a while: of all codes for it, the one after which clients come back.
    pub(super) const INTERNAL: Self = Self::new(1013, "Internal error");

    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason: Cow::Borrowed(reason) }
    }

    /// What came is no message of the protocol.
    pub(super) fn bad_request(reason: impl Into<Cow<'static, str>>) -> Self {
        Self { code: 4400, reason: reason.into() }
    }

    /// An operation of this id goes on already.
    pub(super) fn exists(id: &str) -> Self {
        Self { code: 4409, reason: format!("Subscriber for {id} already exists").into() }
    }

    /// Whoever is there may not be, or is not who they say.
    pub(super) fn forbidden(error: &domain::Error) -> Self {
        match error {
            failure if failure.is_failure() => {
                failure.log();
                Self::INTERNAL
            }
            refusal => Self { code: 4403, reason: refusal.to_string().into() },
        }
    }

    /// The frame, its reason cut to what fits.
    pub(super) fn frame(&self) -> CloseFrame {
        let mut end = self.reason.len().min(LONGEST);
        while !self.reason.is_char_boundary(end) {
            end -= 1;
        }
        CloseFrame { code: self.code, reason: self.reason[..end].into() }
    }
}

impl End {
    /// What follows from an error while reading or writing.
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

    /// The reason for the log.
    pub(super) fn reason(&self) -> &str {
        match self {
            Self::Close(close) | Self::Broken(close) => &close.reason,
            Self::Closed(_) | Self::Lost => "",
        }
    }

    /// The code for the log.
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
