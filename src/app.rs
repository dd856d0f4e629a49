//! What every verb needs: the database, the clock, and the few things kept in memory.

use std::{ops::Deref, sync::Arc, time::Duration};

use sea_orm::DatabaseBackend;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    adapters::Adapters,
    clock::Clock,
    database::Database,
    domain::{
        Error, Result,
        accounts::{Attempts, Identities, Passwords},
        agents::{Answering, Pace, ReplyLog},
        conversations::{ConversationLog, Inbox},
        support::Queues,
    },
    live::{Access, Hubs},
    random,
    tasks::Tasks,
};

/// How often a log that other processes write to is asked without being rung.
const POLL: Duration = Duration::from_secs(2);

/// The application, shared by all doors; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] is made of.
pub struct Parts {
    /// Where everything is kept.
    pub db: Database,
    /// What time it is.
    pub clock: Clock,
    /// Who listens to conversations.
    pub conversations: Arc<Hubs<ConversationLog>>,
    /// Who listens to agents' answers.
    pub replies: Arc<Hubs<ReplyLog>>,
    /// The answers that this process gives.
    pub answering: Answering,
    /// Counts questions to agents.
    pub pace: Pace,
    /// Who listens to all conversations of their own.
    pub inbox: Inbox,
    /// Who listens to the queues of customers.
    pub queues: Queues,
    /// Who listens to their place in one: it changes less often.
    pub places: Queues,
    /// Who must be told that their rights changed.
    pub access: Arc<Access>,
    /// Who was recognised lately.
    pub identities: Identities,
    /// Hashes passwords, a few at a time.
    pub passwords: Passwords,
    /// Counts attempts to sign in.
    pub attempts: Attempts,
    /// The outside world.
    pub adapters: Adapters,
    /// Wakes whoever renews memberships: one more is to be renewed.
    pub renewals: Notify,
    /// Wakes whoever looks after customers who were not answered in time.
    pub tending: Notify,
    /// Wakes whoever makes and deletes voices: one more is to be.
    pub voices_due: Notify,
    /// Work beside requests.
    pub tasks: Tasks,
    /// What the operator allows.
    pub rules: Rules,
}

/// What the operator allows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// Whether attempts to sign in are limited.
    pub limited: bool,
    /// Whether everybody may pay coins in without having paid.
    pub topup: bool,
}

impl App {
    /// An application on a migrated database, without the outside world.
    pub fn new(db: Database, clock: Clock, rules: Rules) -> Self {
        Self::with(db, clock, rules, Adapters::none())
    }

    /// An application on a migrated database that reaches the outside world by these adapters.
    pub fn with(db: Database, clock: Clock, rules: Rules, adapters: Adapters) -> Self {
        // Another process writes to PostgreSQL too; a SQLite file has one.
        let poll = (db.backend() == DatabaseBackend::Postgres).then_some(POLL);
        let access = Arc::new(Access::default());
        Self(Arc::new(Parts {
            adapters,
            conversations: Hubs::new(ConversationLog(db.clone()), clock.clone(), poll),
            replies: Hubs::new(ReplyLog(db.clone()), clock.clone(), poll),
            answering: Answering::default(),
            pace: Pace::new(clock.clone(), rules.limited),
            inbox: Inbox::new(poll),
            queues: Queues::new(poll),
            places: Queues::new(poll),
            identities: Identities::new(access.clone()),
            access,
            passwords: Passwords::new(),
            attempts: Attempts::new(&clock, rules.limited),
            renewals: Notify::new(),
            voices_due: Notify::new(),
            tending: Notify::new(),
            rules,
            tasks: Tasks::default(),
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
