//! Tells running subscriptions that the rights of somebody may have changed.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::{clock::Clock, domain::Result};

/// Whose rights somebody in this process waits to see changed.
#[derive(Default)]
pub struct Access {
    users: Mutex<HashMap<String, watch::Sender<()>>>,
}

impl Access {
    /// Makes everything that a user listens to ask again whether they may.
    pub fn changed(&self, user_id: &str) {
        if let Some(user) = self.users.lock().get(user_id) {
            user.send_replace(());
        }
    }

    fn watch(&self, user_id: &str) -> watch::Receiver<()> {
        let mut users = self.users.lock();
        // Those whom nobody waits for any more go when the table would grow.
        if users.len() == users.capacity() {
            users.retain(|_, user| user.receiver_count() > 0);
        }
        users.entry(user_id.to_owned()).or_insert_with(|| watch::Sender::new(())).subscribe()
    }
}

/// Asks whether a right still holds, and until when.
pub type Recheck = Arc<dyn Fn() -> BoxFuture<'static, Result<Option<DateTime<Utc>>>> + Send + Sync>;

/// The right to listen: it is asked for again when it may have changed, and when its time is over.
pub struct Pass {
    clock: Clock,
    changed: watch::Receiver<()>,
    valid_until: Option<DateTime<Utc>>,
    recheck: Recheck,
}

impl Pass {
    /// A right of this user. It must be made before the right is first checked, so that no change is missed.
    pub fn new(access: &Access, clock: &Clock, user_id: &str, recheck: Recheck) -> Self {
        Self { clock: clock.clone(), changed: access.watch(user_id), valid_until: None, recheck }
    }

    /// The right was checked and holds until then.
    pub fn holds_until(&mut self, valid_until: Option<DateTime<Utc>>) {
        self.valid_until = valid_until;
    }

    /// Asks whether the right still holds.
    pub(crate) async fn check(&mut self) -> Result<()> {
        self.changed.mark_unchanged();
        self.valid_until = (self.recheck)().await?;
        Ok(())
    }

    /// Ends when the right has to be checked again.
    pub(crate) async fn doubt(&mut self) {
        let over = async {
            match self.valid_until {
                Some(at) => self.clock.sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            // The sender lives in the application; without one nothing can change any more.
            changed = self.changed.changed() => if changed.is_err() { std::future::pending().await },
            () = over => {}
        }
    }
}
