//! The rights that open streams depend on, and when they were last confirmed.
//!
//! Changes are published at once, on this server and by the bus on the others. Changes that were not announced are
//! found by confirmation: every few seconds a few statements read the facts behind all grants in use.

use std::{
    collections::HashMap,
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::{clock::Clock, error::Result};

/// A fact that an account's right to subscribe depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// A sign-in.
    Session {
        /// The account.
        user: String,
        /// The sign-in.
        session: Uuid,
        /// Whether it was accepted as an administrator's.
        is_admin: bool,
    },
    /// An API key.
    ApiKey {
        /// The account.
        user: String,
        /// The key.
        key: Uuid,
        /// Whether it was accepted as an administrator's.
        is_admin: bool,
    },
    /// The account's standing in a community: membership, role, ban, and the community itself.
    Community {
        /// The account.
        user: String,
        /// The community.
        community: Uuid,
    },
    /// The account's access to a space session: whether its space is public, and otherwise whether the
    /// account participates or is invited.
    SpaceSession {
        /// The account.
        user: String,
        /// The session.
        session: Uuid,
    },
}

impl Right {
    /// Returns whether this is a proof of authentication, which holds while its row exists.
    fn is_proof(&self) -> bool {
        matches!(self, Self::Session { .. } | Self::ApiKey { .. })
    }
}

/// The facts that a grant depends on, as text for comparison; `None` if the right has ended.
pub type Facts = Option<String>;

/// A grant that at least one stream depends on.
pub struct GrantInUse {
    /// The right that it holds.
    pub right: Right,
    /// The facts of the last reading; `None` before the first.
    facts: Mutex<Option<Facts>>,
    /// Time of the last reading, in microseconds of the monotonic clock.
    confirmed: AtomicU64,
    streams: Mutex<Vec<Weak<Notify>>>,
}

impl GrantInUse {
    /// The facts of a proof that holds.
    pub const HOLDS: &'static str = "holds";

    /// Records facts that were read at this time of the monotonic clock. If they differ from the last
    /// reading, notifies all streams that depend on them to revalidate, and returns true.
    pub fn confirm(&self, facts: Facts, at: Duration) -> bool {
        let before = self.facts.lock().replace(facts.clone());
        let differs = before != Some(facts);
        self.confirmed.store(micros(at), Ordering::Release);
        if differs {
            notify(&mut self.streams.lock());
        }
        differs
    }
}

/// The rights of all streams of this process.
pub struct GrantRegistry {
    /// How long a grant is valid after its last confirmation. A stream with an older confirmation sends nothing.
    validity: Duration,
    users: Mutex<HashMap<String, Vec<Weak<Notify>>>>,
    leases: Mutex<HashMap<Right, Weak<GrantInUse>>>,
    /// Number of rounds in which all leases were confirmed.
    rounds: watch::Sender<u64>,
}

impl GrantRegistry {
    /// Creates a registry of grants that are valid this long after their last confirmation.
    pub fn new(validity: Duration) -> Self {
        Self { validity, users: Mutex::default(), leases: Mutex::default(), rounds: watch::Sender::new(0) }
    }

    /// Notifies all streams of a user to revalidate.
    pub fn changed(&self, user_id: &str) {
        if let Some(streams) = self.users.lock().get_mut(user_id) {
            notify(streams);
        }
    }

    /// Returns all leases that a stream depends on.
    pub fn in_use(&self) -> Vec<Arc<GrantInUse>> {
        let mut in_use = Vec::new();
        self.leases.lock().retain(|_, lease| {
            let lease = lease.upgrade();
            let alive = lease.is_some();
            in_use.extend(lease);
            alive
        });
        in_use
    }

    /// Records that all leases in use were confirmed.
    pub fn all_confirmed(&self) {
        self.rounds.send_modify(|rounds| *rounds += 1);
    }

    /// Watches a proof of authentication, for a connection without a subscription.
    pub fn watch_proof(&self, user_id: &str, proof: Right) -> ProofWatch {
        let stream = Arc::new(Notify::new());
        self.watch(user_id, &stream);
        let _lease = self.lease(proof, &stream);
        ProofWatch { stream, _lease }
    }

    fn watch(&self, user_id: &str, stream: &Arc<Notify>) {
        let mut users = self.users.lock();
        // Users without a stream are dropped when the table would grow.
        if users.len() == users.capacity() {
            users.retain(|_, streams| streams.iter().any(|stream| stream.strong_count() > 0));
        }
        push(users.entry(user_id.to_owned()).or_default(), stream);
    }

    fn lease(&self, grant: Right, stream: &Arc<Notify>) -> Arc<GrantInUse> {
        let mut leases = self.leases.lock();
        if leases.len() == leases.capacity() {
            leases.retain(|_, lease| lease.strong_count() > 0);
        }
        let lease = leases.get(&grant).and_then(Weak::upgrade).unwrap_or_else(|| {
            // Facts other than those of a proof are unknown until their first reading, which makes the stream
            // revalidate in case they have changed since its check.
            let facts = grant.is_proof().then(|| Some(GrantInUse::HOLDS.to_owned()));
            let lease = Arc::new(GrantInUse {
                right: grant.clone(),
                facts: Mutex::new(facts),
                confirmed: AtomicU64::new(0),
                streams: Mutex::default(),
            });
            leases.insert(grant, Arc::downgrade(&lease));
            lease
        });
        push(&mut lease.streams.lock(), stream);
        lease
    }
}

/// Watches a proof of authentication.
pub struct ProofWatch {
    stream: Arc<Notify>,
    _lease: Arc<GrantInUse>,
}

impl ProofWatch {
    /// Returns when the proof may have ended.
    pub async fn changed(&mut self) {
        self.stream.notified().await;
    }
}

fn push(streams: &mut Vec<Weak<Notify>>, stream: &Arc<Notify>) {
    if streams.len() == streams.capacity() {
        streams.retain(|stream| stream.strong_count() > 0);
    }
    streams.push(Arc::downgrade(stream));
}

fn notify(streams: &mut Vec<Weak<Notify>>) {
    streams.retain(|stream| match stream.upgrade() {
        Some(stream) => {
            stream.notify_one();
            true
        }
        None => false,
    });
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// Checks whether a right still holds; returns until when.
pub type Recheck = Arc<dyn Fn() -> BoxFuture<'static, Result<Option<DateTime<Utc>>>> + Send + Sync>;

/// The right to receive a stream. It is revalidated when it may have changed or has expired, and nothing is
/// sent unless it was confirmed within its validity.
pub struct AccessGrant {
    clock: Clock,
    validity: Duration,
    stream: Arc<Notify>,
    leases: Vec<Arc<GrantInUse>>,
    rounds: watch::Receiver<u64>,
    valid_until: Option<DateTime<Utc>>,
    /// Time of the last revalidation, in microseconds of the monotonic clock.
    checked: u64,
    /// Whether the last revalidation failed because the database did not answer.
    is_unknown: bool,
    recheck: Recheck,
}

impl AccessGrant {
    /// Creates a grant for the account of this proof. Create it before the first check of the right, so that
    /// no change is missed.
    pub fn new(access: &GrantRegistry, clock: &Clock, user_id: &str, proof: Right, recheck: Recheck) -> Self {
        let stream = Arc::new(Notify::new());
        access.watch(user_id, &stream);
        let leases = vec![access.lease(proof, &stream)];
        Self {
            clock: clock.clone(),
            validity: access.validity,
            rounds: access.rounds.subscribe(),
            checked: micros(clock.monotonic()),
            stream,
            leases,
            valid_until: None,
            is_unknown: false,
            recheck,
        }
    }

    /// Records a further right that the checked right depends on.
    pub fn depends_on(&mut self, access: &GrantRegistry, grant: Option<Right>) {
        self.leases.extend(grant.map(|grant| access.lease(grant, &self.stream)));
    }

    /// Records until when the checked right holds.
    pub fn holds_until(&mut self, valid_until: Option<DateTime<Utc>>) {
        self.valid_until = valid_until;
    }

    /// Checks whether the right still holds. If the database does not answer, the state stays unknown.
    pub(crate) async fn revalidate(&mut self) -> Result<()> {
        let at = micros(self.clock.monotonic());
        self.rounds.mark_unchanged();
        match (self.recheck)().await {
            Ok(valid_until) => {
                self.valid_until = valid_until;
                self.checked = at;
                self.is_unknown = false;
                Ok(())
            }
            Err(error) if error.is_failure() => {
                error.log();
                self.is_unknown = true;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Returns when the right must be revalidated.
    pub(crate) async fn revalidation_needed(&mut self) {
        let over = async {
            match self.valid_until {
                // A right in unknown state is checked after the next round, not in a loop.
                Some(at) if !self.is_unknown => self.clock.sleep_until(at).await,
                _ => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.stream.notified() => {}
            () = over => {}
            confirmed = self.rounds.changed(), if self.is_unknown => {
                // The sender lives in the application; without it nothing can change.
                if confirmed.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        }
    }

    /// Waits until the right was confirmed within its validity, so that the stream may send.
    ///
    /// # Errors
    /// The reason why the right ended.
    pub(crate) async fn wait_until_confirmed(&mut self) -> Result<()> {
        while !self.is_confirmed() {
            self.rounds.mark_unchanged();
            if self.is_confirmed() {
                break;
            }
            let has_changed = tokio::select! {
                biased;
                () = self.stream.notified() => true,
                confirmed = self.rounds.changed() => {
                    if confirmed.is_err() {
                        std::future::pending::<()>().await;
                    }
                    self.is_unknown
                }
            };
            if has_changed {
                self.revalidate().await?;
            }
        }
        Ok(())
    }

    fn is_confirmed(&self) -> bool {
        let least = micros(self.clock.monotonic().saturating_sub(self.validity));
        let is_recent = |confirmed: u64| confirmed.max(self.checked) >= least;
        !self.is_unknown && self.leases.iter().all(|lease| is_recent(lease.confirmed.load(Ordering::Acquire)))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;
    use crate::error::Error;

    const VALIDITY: Duration = Duration::from_secs(10);

    fn grant(access: &GrantRegistry, clock: &Clock) -> AccessGrant {
        let proof = Right::Session { user: "ann".to_owned(), session: Uuid::nil(), is_admin: false };
        let recheck: Recheck = Arc::new(|| async { Err(Error::Unauthenticated) }.boxed());
        AccessGrant::new(access, clock, "ann", proof, recheck)
    }

    #[test]
    fn an_unconfirmed_grant_waits() {
        let (access, clock) = (GrantRegistry::new(VALIDITY), Clock::manual(DateTime::UNIX_EPOCH));
        let mut grant = grant(&access, &clock);
        assert!(grant.wait_until_confirmed().now_or_never().is_some_and(|confirmed| confirmed.is_ok()));
        clock.advance(VALIDITY + Duration::from_secs(1));
        assert!(grant.wait_until_confirmed().now_or_never().is_none());
        let [lease] = &access.in_use()[..] else { panic!("one lease") };
        assert!(!lease.confirm(Some(GrantInUse::HOLDS.to_owned()), clock.monotonic()));
        access.all_confirmed();
        assert!(grant.wait_until_confirmed().now_or_never().is_some_and(|confirmed| confirmed.is_ok()));
        assert!(grant.revalidation_needed().now_or_never().is_none());
    }

    #[test]
    fn a_missing_fact_ends_the_right() {
        let (access, clock) = (GrantRegistry::new(VALIDITY), Clock::manual(DateTime::UNIX_EPOCH));
        let mut grant = grant(&access, &clock);
        assert!(access.in_use()[0].confirm(None, clock.monotonic()));
        assert!(grant.revalidation_needed().now_or_never().is_some());
        assert!(matches!(grant.revalidate().now_or_never(), Some(Err(Error::Unauthenticated))));
    }

    #[test]
    fn the_first_reading_of_other_facts_is_a_reason_to_check() {
        let (access, clock) = (GrantRegistry::new(VALIDITY), Clock::manual(DateTime::UNIX_EPOCH));
        let mut grant = grant(&access, &clock);
        grant.depends_on(&access, Some(Right::Community { user: "ann".to_owned(), community: Uuid::nil() }));
        let lease = access.in_use().into_iter().find(|lease| !lease.right.is_proof()).unwrap();
        assert!(lease.confirm(Some("member".to_owned()), clock.monotonic()));
        assert!(grant.revalidation_needed().now_or_never().is_some());
        assert!(!lease.confirm(Some("member".to_owned()), clock.monotonic()));
        assert!(lease.confirm(Some("moderator".to_owned()), clock.monotonic()));
    }

    #[test]
    fn nothing_is_kept_of_streams_that_ended() {
        let (access, clock) = (GrantRegistry::new(VALIDITY), Clock::manual(DateTime::UNIX_EPOCH));
        for _ in 0..100 {
            drop(grant(&access, &clock));
        }
        assert!(access.in_use().is_empty() && access.leases.lock().is_empty());
        assert!(access.users.lock()["ann"].len() < 10);
    }
}
