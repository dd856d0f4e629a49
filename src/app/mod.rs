//! The application's shared mechanisms: database, clock, hubs, limiters, adapters and wake-up signals.

mod change;

use std::{
    num::NonZeroU32,
    ops::Deref,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use sea_orm::DatabaseBackend;
use tokio::sync::Notify;
use uuid::Uuid;

use change::announce_counted;
pub use change::{Change, ConversationChange};

use crate::{
    adapters::Adapters,
    bus::Bus,
    clock::Clock,
    database::{Batchers, Database},
    error::{Error, Result},
    live::{GrantRegistry, Hubs, Inboxes, OpenConnections, RunningReplies, TopicSignals},
    security::{
        IdentityCache, Passwords, PostLimiter, RateLimits, SignInLimiter, UserLimiter, WriteLimiter, random,
    },
    tasks::Tasks,
    timeline::{ConversationLog, ReplyLog},
};

/// Default of [`Policies::rights_validity`].
const RIGHTS_VALIDITY: Duration = Duration::from_secs(10);

/// Accounts a minute that a user may look up by e-mail address.
const LOOKUPS: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
/// Questions a minute that a user may ask agents.
const QUESTIONS: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);

/// The application, shared by all transports. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

/// The parts of an [`App`].
pub struct AppParts {
    /// The database.
    pub db: Database,
    /// The clock.
    pub clock: Clock,
    /// Messages between the servers on the same database.
    pub bus: Bus,
    /// Rate limits, counted together with the other servers.
    pub rate_limits: RateLimits,
    /// Hubs of conversations.
    pub conversations: Arc<Hubs<ConversationLog>>,
    /// Hubs of agent replies.
    pub replies: Arc<Hubs<ReplyLog>>,
    /// The agent replies that this process generates.
    pub running_replies: RunningReplies,
    /// Limits questions to agents.
    pub question_limiter: UserLimiter,
    /// Carries out equal or similar requests together.
    pub batchers: Batchers,
    /// Limits messages by author and conversation.
    pub post_limiter: PostLimiter,
    /// Subscriptions of users to all their conversations.
    pub inboxes: Inboxes,
    /// Subscriptions to support queues, by community.
    pub queues: TopicSignals,
    /// Subscriptions to queue positions, which change less often.
    pub queue_positions: TopicSignals,
    /// Subscriptions to reports, by community or space, or by the nil id for all.
    pub reports: TopicSignals,
    /// The open sockets and event streams.
    pub open_connections: Arc<OpenConnections>,
    /// Notifies streams whose rights may have changed.
    pub grants: Arc<GrantRegistry>,
    /// Recently recognised identities.
    pub identities: IdentityCache,
    /// Hashes passwords with bounded concurrency.
    pub passwords: Passwords,
    /// Limits attempts to sign in.
    pub sign_in_limiter: SignInLimiter,
    /// Limits the bytes that an account writes.
    pub write_limiter: WriteLimiter,
    /// Limits the accounts that a user looks up by e-mail address: 10 a minute.
    pub address_limiter: UserLimiter,
    /// The adapters of external services.
    pub adapters: Adapters,
    /// Wakes the job that renews memberships.
    pub renewals_wake: Notify,
    /// Wakes the job that processes response deadlines of support chats.
    pub support_timers_wake: Notify,
    /// Wakes the job that creates and deletes cloned voices.
    pub voice_jobs_wake: Notify,
    /// Whether messages of other servers were lost since the last reading of their changes.
    pub has_missed: AtomicBool,
    /// Wakes the job that reads the changes of other servers.
    pub catch_up_wake: Notify,
    /// Wakes the job that confirms rights.
    pub rights_wake: Notify,
    /// Background work.
    pub tasks: Tasks,
    /// The operator's policies.
    pub rules: Policies,
}

/// Policies of the operator.
#[derive(Clone, Copy, Debug)]
pub struct Policies {
    /// Whether attempts to sign in are limited.
    pub limits_attempts: bool,
    /// Whether users may add coins without payment.
    pub allows_free_top_up: bool,
    /// Messages a minute that one person may post in one conversation; 0: any number.
    pub posts_per_minute: u32,
    /// Bytes a minute that one account may write; 0: any number.
    pub write_bytes_per_minute: u32,
    /// How long a right that was read from the database is used without reading it again. Changes that
    /// another server announces take effect at once.
    pub rights_validity: Duration,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            limits_attempts: false,
            allows_free_top_up: false,
            posts_per_minute: 0,
            write_bytes_per_minute: 0,
            rights_validity: RIGHTS_VALIDITY,
        }
    }
}

impl App {
    /// Creates an application on a migrated database, without external services.
    pub fn new(db: Database, clock: Clock, rules: Policies) -> Self {
        Self::with(db, clock, rules, Adapters::none())
    }

    /// Creates an application on a migrated database with these adapters.
    pub fn with(db: Database, clock: Clock, rules: Policies, adapters: Adapters) -> Self {
        let id = random::id(clock.now()).ok();
        let bus = match (db.backend(), id) {
            (DatabaseBackend::Postgres, Some(id)) => Bus::shared(id),
            // One server uses a SQLite file.
            _ => Bus::alone(),
        };
        let open_connections = OpenConnections::new(id.unwrap_or_default(), bus.clone(), clock.clone());
        let access = Arc::new(GrantRegistry::new(rules.rights_validity));
        let tasks = Tasks::default();
        let announce = bus.is_shared().then(|| announce_counted(&bus));
        let rate_limits = RateLimits::new(&clock, announce);
        Self(Arc::new(AppParts {
            adapters,
            conversations: Hubs::new(ConversationLog(db.clone()), clock.clone(), bus.clone()),
            replies: Hubs::new(ReplyLog(db.clone()), clock.clone(), bus.clone()),
            running_replies: RunningReplies::default(),
            question_limiter: UserLimiter::new(&rate_limits, rules.limits_attempts, "questions", QUESTIONS),
            batchers: Batchers::new(tasks.clone()),
            post_limiter: PostLimiter::new(&rate_limits, rules.posts_per_minute),
            write_limiter: WriteLimiter::new(&rate_limits, rules.write_bytes_per_minute),
            bus,
            open_connections,
            inboxes: Inboxes::default(),
            queues: TopicSignals::default(),
            queue_positions: TopicSignals::default(),
            reports: TopicSignals::default(),
            identities: IdentityCache::new(access.clone(), rules.rights_validity),
            grants: access,
            passwords: Passwords::new(),
            sign_in_limiter: SignInLimiter::new(&rate_limits, rules.limits_attempts),
            address_limiter: UserLimiter::new(
                &rate_limits,
                rules.limits_attempts,
                "look-ups by address",
                LOOKUPS,
            ),
            renewals_wake: Notify::new(),
            voice_jobs_wake: Notify::new(),
            support_timers_wake: Notify::new(),
            has_missed: AtomicBool::new(false),
            catch_up_wake: Notify::new(),
            rights_wake: Notify::new(),
            rate_limits,
            rules,
            tasks,
            db,
            clock,
        }))
    }

    /// Returns a new row id.
    ///
    /// # Errors
    /// Returns an error if the system has no randomness.
    pub fn new_id(&self) -> Result<Uuid> {
        random::id(self.clock.now()).map_err(Error::Internal)
    }
}

impl Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0
    }
}
