//! What every verb needs: the database, the clock, and the few things kept in memory.

use std::{ops::Deref, sync::Arc};

use uuid::Uuid;

use crate::{
    clock::Clock,
    database::Database,
    domain::{
        Error, Result,
        accounts::{Attempts, Identities, Passwords},
    },
    random,
};

/// The application, shared by all doors; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] is made of.
pub struct Parts {
    /// Where everything is kept.
    pub db: Database,
    /// What time it is.
    pub clock: Clock,
    /// Who was recognised lately.
    pub identities: Identities,
    /// Hashes passwords, a few at a time.
    pub passwords: Passwords,
    /// Counts attempts to sign in.
    pub attempts: Attempts,
}

impl App {
    /// An application on a migrated database. `limited` switches the limits on sign-in attempts on.
    pub fn new(db: Database, clock: Clock, limited: bool) -> Self {
        Self(Arc::new(Parts {
            identities: Identities::new(),
            passwords: Passwords::new(),
            attempts: Attempts::new(clock.clone(), limited),
            db,
            clock,
        }))
    }

    /// A new row id.
    ///
    /// # Errors
    /// When the machine has no randomness.
    pub fn new_id(&self) -> Result<Uuid> {
        random::id(self.clock.now()).map_err(Error::Internal)
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
