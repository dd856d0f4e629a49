//! The rights that open streams depend on: which may have changed, and which were confirmed lately.
//!
//! A change that this process makes is announced at once. Changes that others make are found by confirming: every few
//! seconds the facts behind all grants in use are read together, a few statements for all of them.

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

use crate::{clock::Clock, domain::Result};

/// How long a grant is valid after it was last confirmed. Nothing is sent on a stream whose grant is older.
pub const VALIDITY: Duration = Duration::from_secs(10);

/// What the right of an account to listen depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Grant {
    /// A sign-in.
    Session {
        /// The account.
        user: String,
        /// The sign-in.
        session: Uuid,
    },
    /// An API key.
    ApiKey {
        /// The account.
        user: String,
        /// The key.
        key: Uuid,
    },
    /// What an account may do in a community: membership, role, ban, and the community itself.
    Community {
        /// The account.
        user: String,
        /// The community.
        community: Uuid,
    },
    /// What an account may see of a space session: whether its space is public, and otherwise whether they take part or
    /// are invited.
    SpaceSession {
        /// The account.
        user: String,
        /// The session.
        session: Uuid,
    },
}

impl Grant {
    /// Whether it is the proof by which an account was recognised: it holds while its row exists.
    fn is_proof(&self) -> bool {
        matches!(self, Self::Session { .. } | Self::ApiKey { .. })
    }
}

/// The facts behind a grant, as text that differs when they do; `None` where there are none left.
pub type Facts = Option<String>;

/// A grant that at least one stream depends on.
pub struct Lease {
    /// What it is about.
    pub grant: Grant,
    /// The facts as they were last read; `None` before they were read once.
    facts: Mutex<Option<Facts>>,
    /// When they were last read, in microseconds of the monotonic clock.
    confirmed: AtomicU64,
    streams: Mutex<Vec<Weak<Notify>>>,
}

impl Lease {
    /// The facts behind a proof that holds.
    pub const HOLDS: &'static str = "holds";

    /// The facts were read at this time of the monotonic clock. Makes all streams that depend on them check their right
    /// where they differ from those read before; whether they do.
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

/// All streams of this process, by what their right to listen depends on.
pub struct Access {
    users: Mutex<HashMap<String, Vec<Weak<Notify>>>>,
    leases: Mutex<HashMap<Grant, Weak<Lease>>>,
    /// Counts the times that all leases were confirmed.
    rounds: watch::Sender<u64>,
}

impl Default for Access {
    fn default() -> Self {
        Self { users: Mutex::default(), leases: Mutex::default(), rounds: watch::Sender::new(0) }
    }
}

impl Access {
    /// Makes everything that a user listens to check again whether they may.
    pub fn changed(&self, user_id: &str) {
        if let Some(streams) = self.users.lock().get_mut(user_id) {
            notify(streams);
        }
    }

    /// All leases that a stream depends on now.
    pub fn in_use(&self) -> Vec<Arc<Lease>> {
        let mut in_use = Vec::new();
        self.leases.lock().retain(|_, lease| {
            let lease = lease.upgrade();
            let alive = lease.is_some();
            in_use.extend(lease);
            alive
        });
        in_use
    }

    /// All leases that were in use were confirmed.
    pub fn all_confirmed(&self) {
        self.rounds.send_modify(|rounds| *rounds += 1);
    }

    /// Watches the proof by which an account was recognised, for a connection that may have no subscription.
    pub fn watch_proof(&self, user_id: &str, proof: Grant) -> ProofWatch {
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

    fn lease(&self, grant: Grant, stream: &Arc<Notify>) -> Arc<Lease> {
        let mut leases = self.leases.lock();
        if leases.len() == leases.capacity() {
            leases.retain(|_, lease| lease.strong_count() > 0);
        }
        let lease = leases.get(&grant).and_then(Weak::upgrade).unwrap_or_else(|| {
            // Other facts than those of a proof are not known yet: their first reading makes the stream check its right
            // once more, in case they changed since it did.
            let facts = grant.is_proof().then(|| Some(Lease::HOLDS.to_owned()));
            let lease = Arc::new(Lease {
                grant: grant.clone(),
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

/// Watches the proof by which an account was recognised.
pub struct ProofWatch {
    stream: Arc<Notify>,
    _lease: Arc<Lease>,
}

impl ProofWatch {
    /// Ends when the proof may no longer hold.
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

/// Checks whether a right still holds, and says until when.
pub type Recheck = Arc<dyn Fn() -> BoxFuture<'static, Result<Option<DateTime<Utc>>>> + Send + Sync>;

/// The right to listen. It is checked again when it may have changed and when its time is over, and nothing is sent on
/// it unless it was confirmed within [`VALIDITY`].
pub struct Pass {
    clock: Clock,
    stream: Arc<Notify>,
    leases: Vec<Arc<Lease>>,
    rounds: watch::Receiver<u64>,
    valid_until: Option<DateTime<Utc>>,
    /// When it was last checked by itself, in microseconds of the monotonic clock.
    checked: u64,
    /// Whether the last check did not come to an end: the database did not answer.
    is_unknown: bool,
    recheck: Recheck,
}

impl Pass {
    /// A right of the account that this proof is for. It must be made before the right is first checked, so that no
    /// change is missed.
    pub fn new(access: &Access, clock: &Clock, user_id: &str, proof: Grant, recheck: Recheck) -> Self {
        let stream = Arc::new(Notify::new());
        access.watch(user_id, &stream);
        let leases = vec![access.lease(proof, &stream)];
        Self {
            clock: clock.clone(),
            rounds: access.rounds.subscribe(),
            checked: micros(clock.monotonic()),
            stream,
            leases,
            valid_until: None,
            is_unknown: false,
            recheck,
        }
    }

    /// The right was checked and depends on this, too.
    pub fn depends_on(&mut self, access: &Access, grant: Option<Grant>) {
        self.leases.extend(grant.map(|grant| access.lease(grant, &self.stream)));
    }

    /// The right was checked and holds until then.
    pub fn holds_until(&mut self, valid_until: Option<DateTime<Utc>>) {
        self.valid_until = valid_until;
    }

    /// Checks whether the right still holds. While the database does not answer it is neither kept nor lost.
    pub(crate) async fn check(&mut self) -> Result<()> {
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

    /// Ends when the right has to be checked again.
    pub(crate) async fn doubt(&mut self) {
        let over = async {
            match self.valid_until {
                // A right that could not be checked is checked after the next round, not over and over.
                Some(at) if !self.is_unknown => self.clock.sleep_until(at).await,
                _ => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.stream.notified() => {}
            () = over => {}
            confirmed = self.rounds.changed(), if self.is_unknown => {
                // The sender lives in the application; without one nothing can change any more.
                if confirmed.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        }
    }

    /// Waits until the right was confirmed within its validity, so that something may be sent.
    ///
    /// # Errors
    /// Why it no longer holds.
    pub(crate) async fn confirmed(&mut self) -> Result<()> {
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
                self.check().await?;
            }
        }
        Ok(())
    }

    fn is_confirmed(&self) -> bool {
        let least = micros(self.clock.monotonic().saturating_sub(VALIDITY));
        let is_recent = |confirmed: u64| confirmed.max(self.checked) >= least;
        !self.is_unknown && self.leases.iter().all(|lease| is_recent(lease.confirmed.load(Ordering::Acquire)))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;
    use crate::domain::Error;

    fn pass(access: &Access, clock: &Clock) -> Pass {
        let proof = Grant::Session { user: "ann".to_owned(), session: Uuid::nil() };
        let recheck: Recheck = Arc::new(|| async { Err(Error::Unauthenticated) }.boxed());
        Pass::new(access, clock, "ann", proof, recheck)
    }

    #[test]
    fn what_was_not_confirmed_in_time_waits() {
        let (access, clock) = (Access::default(), Clock::manual(DateTime::UNIX_EPOCH));
        let mut pass = pass(&access, &clock);
        assert!(pass.confirmed().now_or_never().is_some_and(|confirmed| confirmed.is_ok()));
        clock.advance(VALIDITY + Duration::from_secs(1));
        assert!(pass.confirmed().now_or_never().is_none());
        let [lease] = &access.in_use()[..] else { panic!("one lease") };
        assert!(!lease.confirm(Some(Lease::HOLDS.to_owned()), clock.monotonic()));
        access.all_confirmed();
        assert!(pass.confirmed().now_or_never().is_some_and(|confirmed| confirmed.is_ok()));
        assert!(pass.doubt().now_or_never().is_none());
    }

    #[test]
    fn what_is_gone_ends_the_right() {
        let (access, clock) = (Access::default(), Clock::manual(DateTime::UNIX_EPOCH));
        let mut pass = pass(&access, &clock);
        assert!(access.in_use()[0].confirm(None, clock.monotonic()));
        assert!(pass.doubt().now_or_never().is_some());
        assert!(matches!(pass.check().now_or_never(), Some(Err(Error::Unauthenticated))));
    }

    #[test]
    fn the_first_reading_of_other_facts_is_a_reason_to_check() {
        let (access, clock) = (Access::default(), Clock::manual(DateTime::UNIX_EPOCH));
        let mut pass = pass(&access, &clock);
        pass.depends_on(&access, Some(Grant::Community { user: "ann".to_owned(), community: Uuid::nil() }));
        let lease = access.in_use().into_iter().find(|lease| !lease.grant.is_proof()).unwrap();
        assert!(lease.confirm(Some("member".to_owned()), clock.monotonic()));
        assert!(pass.doubt().now_or_never().is_some());
        assert!(!lease.confirm(Some("member".to_owned()), clock.monotonic()));
        assert!(lease.confirm(Some("moderator".to_owned()), clock.monotonic()));
    }

    #[test]
    fn nothing_is_kept_of_streams_that_ended() {
        let (access, clock) = (Access::default(), Clock::manual(DateTime::UNIX_EPOCH));
        for _ in 0..100 {
            drop(pass(&access, &clock));
        }
        assert!(access.in_use().is_empty() && access.leases.lock().is_empty());
        assert!(access.users.lock()["ann"].len() < 10);
    }
}
