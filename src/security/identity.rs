//! Identities: who sends a request, and by which credentials.

use chrono::{DateTime, Utc};
use entity::{login_session, user};
use uuid::Uuid;

use crate::live::Right;

/// An authenticated caller.
#[derive(Debug)]
pub struct Identity {
    /// The account.
    pub user: user::Model,
    /// The credentials used.
    pub proof: Proof,
}

/// Credentials of a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A session.
    Session(login_session::Model),
    /// An API key, by its id.
    Key(Uuid),
}

impl Identity {
    /// Returns whether the account is banned, and can only sign out.
    pub fn is_banned(&self) -> bool {
        self.user.banned_at.is_some()
    }

    /// Returns the right that the caller's access grants depend on.
    pub fn grant(&self) -> Right {
        let (user, is_admin) = (self.user.id.clone(), self.user.is_admin);
        match &self.proof {
            Proof::Session(session) => Right::Session { user, session: session.id, is_admin },
            Proof::Key(key) => Right::ApiKey { user, key: *key, is_admin },
        }
    }

    /// Returns when the session ends unless it is extended; `None` for a key, which has no end.
    pub fn signed_in_until(&self) -> Option<DateTime<Utc>> {
        match &self.proof {
            Proof::Session(session) => Some(session.expires_at),
            Proof::Key(_) => None,
        }
    }
}
