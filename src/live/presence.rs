//! Presence and typing indicators: published to subscribers and other servers, never stored.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Maximum number of users whose ids are published.
const MAX_NAMED: usize = 50;
/// Maximum number of users whose ids a server publishes to the others; further ones are only counted.
const MAX_SHARED: usize = 100;
/// Maximum number of servers whose users of one topic are kept.
const MAX_SERVERS: usize = 100;
/// Minimum interval between two publications.
const MIN_INTERVAL: Duration = Duration::from_secs(1);
/// How long a typing indicator lasts after its last refresh.
const TYPING_LIFETIME: Duration = Duration::from_secs(6);
/// Maximum number of typing users per topic; further ones are not published.
const MAX_TYPING: usize = 1000;

/// The present and the typing users of a topic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// Id of the topic.
    pub topic: Uuid,
    /// Ids of the typing users, at most 50.
    pub typing: Vec<String>,
    /// Ids of the present users, at most 50.
    pub present: Vec<String>,
    /// Number of present users.
    pub present_count: usize,
}

/// The users of one server who are present in a topic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerPresence {
    /// Ids of the first 100 users, in order.
    present: Vec<String>,
    /// Number of further users.
    further: usize,
}

/// The new presence of one server, for the others.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PresenceUpdate {
    /// The topic.
    pub topic: Uuid,
    /// All users of the server who are present there.
    pub presence: ServerPresence,
    /// Whether the other servers must answer with theirs.
    pub asks: bool,
}

impl PresenceUpdate {
    /// Subject of its messages on the bus.
    pub const SUBJECT: &'static str = "presence";
}

/// Presence of a hub's users. Times are those of the monotonic clock.
#[derive(Default)]
pub struct PresenceState {
    present: BTreeMap<String, usize>,
    typing: HashMap<String, Duration>,
    /// Users of other servers.
    elsewhere: HashMap<Uuid, ServerPresence>,
    published: Limited<Presence>,
    /// Presence that the other servers know; `None` before the first, with which the others must answer.
    shared: Limited<Option<ServerPresence>>,
}

/// A value that is published at most once per interval. Only its second publication may come earlier: a server that has
/// just subscribed hears the users of the others a moment after its own.
#[derive(Default)]
struct Limited<T> {
    last: T,
    at: Option<Duration>,
    has_repeated: bool,
}

/// The presence to publish now.
pub(super) struct PresenceChange {
    /// To the subscribers of this server.
    pub(super) presence: Option<Presence>,
    /// To the other servers, and whether they must answer.
    pub(super) shared: Option<(ServerPresence, bool)>,
    /// Delay until the next call.
    pub(super) due: Option<Duration>,
}

impl<T: Clone + PartialEq> Limited<T> {
    /// Returns a changed value if it may be published now, else when it may.
    fn take(&mut self, current: &T, now: Duration) -> Result<Option<T>, Duration> {
        if *current == self.last {
            return Ok(None);
        }
        if let Some(next) = self.at.map(|at| at + MIN_INTERVAL).filter(|next| *next > now) {
            if self.has_repeated {
                return Err(next);
            }
            self.has_repeated = true;
        }
        self.last = current.clone();
        self.at = Some(now);
        Ok(Some(current.clone()))
    }
}

impl PresenceState {
    /// Adds a subscription of a user. Returns whether the user was absent before, on all servers.
    pub(super) fn enter(&mut self, user: &str) -> bool {
        let count = self.present.entry(user.to_owned()).or_default();
        *count += 1;
        *count == 1 && !self.is_elsewhere(user)
    }

    /// Returns the presence that was published last.
    pub(super) fn published(&self) -> Option<Presence> {
        self.published.at.map(|_| self.published.last.clone())
    }

    /// Removes a subscription of a user, who may have others.
    pub(super) fn leave(&mut self, user: &str) {
        if let Some(count) = self.present.get_mut(user) {
            *count -= 1;
            if *count == 0 {
                self.present.remove(user);
                self.stop_typing_if_absent(user);
            }
        }
    }

    /// Sets or clears a user's typing indicator.
    pub fn typing(&mut self, user: &str, types: bool, now: Duration) {
        if types {
            if self.typing.len() >= MAX_TYPING && !self.typing.contains_key(user) {
                self.typing.retain(|_, until| *until > now);
                if self.typing.len() >= MAX_TYPING {
                    return;
                }
            }
            self.typing.insert(user.to_owned(), now + TYPING_LIFETIME);
        } else {
            self.typing.remove(user);
        }
    }

    /// Records the users of another server.
    pub(super) fn receive(&mut self, server: Uuid, update: PresenceUpdate) {
        if update.asks {
            self.share_again();
        }
        let mut presence = update.presence;
        presence.present.truncate(MAX_SHARED);
        let before = if presence == ServerPresence::default() {
            self.elsewhere.remove(&server)
        } else if self.elsewhere.len() < MAX_SERVERS || self.elsewhere.contains_key(&server) {
            self.elsewhere.insert(server, presence)
        } else {
            None
        };
        before.iter().flat_map(|before| &before.present).for_each(|user| self.stop_typing_if_absent(user));
    }

    /// Removes the users of a server.
    pub(super) fn forget(&mut self, server: Uuid) {
        if let Some(before) = self.elsewhere.remove(&server) {
            before.present.iter().for_each(|user| self.stop_typing_if_absent(user));
        }
    }

    /// Shares the presence with the other servers again, if there is any.
    pub(super) fn share_again(&mut self) {
        if !self.present.is_empty() && self.shared.last.is_some() {
            self.shared = Limited { last: Some(ServerPresence::default()), ..Limited::default() };
        }
    }

    /// Returns whether this server has announced present users to the others.
    pub(super) fn is_shared(&self) -> bool {
        self.shared.last.as_ref().is_some_and(|shared| *shared != ServerPresence::default())
    }

    fn stop_typing_if_absent(&mut self, user: &str) {
        if !self.present.contains_key(user) && !self.is_elsewhere(user) {
            self.typing.remove(user);
        }
    }

    fn is_elsewhere(&self, user: &str) -> bool {
        self.elsewhere.values().any(|server| server.present.iter().any(|id| id == user))
    }

    /// Returns the presence to publish now, to subscribers and, if there are other servers, to them.
    pub(super) fn take_change(&mut self, now: Duration, is_shared: bool) -> PresenceChange {
        self.typing.retain(|_, until| *until > now);
        let current = self.current();
        let presence = self.published.take(&current, now);
        let is_first = self.shared.last.is_none();
        let shared = if is_shared && !(is_first && self.present.is_empty()) {
            self.shared.take(&Some(self.own()), now)
        } else {
            Ok(None)
        };
        let expiry = self.typing.values().min().copied();
        let due = [expiry, presence.as_ref().err().copied(), shared.as_ref().err().copied()];
        PresenceChange {
            presence: presence.ok().flatten(),
            shared: shared.ok().flatten().flatten().map(|own| (own, is_first)),
            due: due.into_iter().flatten().min(),
        }
    }

    fn own(&self) -> ServerPresence {
        ServerPresence {
            present: self.present.keys().take(MAX_SHARED).cloned().collect(),
            further: self.present.len().saturating_sub(MAX_SHARED),
        }
    }

    fn current(&self) -> Presence {
        let mut typing: Vec<String> = self.typing.keys().cloned().collect();
        typing.sort_unstable();
        typing.truncate(MAX_NAMED);
        let elsewhere = self.elsewhere.values().flat_map(|server| &server.present);
        let others: HashSet<&String> = elsewhere.filter(|user| !self.present.contains_key(*user)).collect();
        let further: usize = self.elsewhere.values().map(|server| server.further).sum();
        let present_count = self.present.len().saturating_add(others.len()).saturating_add(further);
        let mut present: Vec<String> = self.present.keys().take(MAX_NAMED).chain(others).cloned().collect();
        present.sort_unstable();
        present.truncate(MAX_NAMED);
        Presence { topic: Uuid::nil(), typing, present, present_count }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn update(users: &[&str], asks: bool) -> PresenceUpdate {
        let present = users.iter().map(|user| (*user).to_owned()).collect();
        PresenceUpdate { topic: Uuid::nil(), presence: ServerPresence { present, further: 0 }, asks }
    }

    #[test]
    fn users_of_all_servers_are_counted_once() {
        let mut state = PresenceState::default();
        state.enter("bob");
        state.receive(Uuid::nil(), update(&["ann", "bob"], false));
        state.receive(Uuid::max(), update(&["bob", "cid"], false));
        let change = state.take_change(SECOND, true);
        let presence = change.presence.unwrap();
        assert_eq!((presence.present_count, presence.present.concat()), (3, "annbobcid".to_owned()));
        let (own, asks) = change.shared.unwrap();
        assert!(asks && own.present == ["bob"]);
        state.forget(Uuid::max());
        assert_eq!(state.take_change(SECOND * 2, true).presence.unwrap().present_count, 2);
    }

    #[test]
    fn only_an_absent_user_is_news() {
        let mut state = PresenceState::default();
        assert_eq!(state.published(), None);
        state.receive(Uuid::nil(), update(&["ann"], false));
        assert!(state.enter("bob"));
        assert!(!state.enter("bob"), "another device");
        assert!(!state.enter("ann"), "another server");
        state.take_change(SECOND, true).presence.unwrap();
        assert_eq!(state.published().unwrap().present_count, 2);
        state.leave("bob");
        state.leave("bob");
        assert!(state.enter("bob"));
    }

    #[test]
    fn a_server_that_asks_receives_an_answer_once() {
        let mut state = PresenceState::default();
        state.enter("bob");
        assert!(state.take_change(SECOND, true).shared.is_some());
        state.receive(Uuid::nil(), update(&["ann"], true));
        let (own, asks) = state.take_change(SECOND, true).shared.unwrap();
        assert!(!asks && own.present == ["bob"]);
        assert!(state.take_change(SECOND * 3, true).shared.is_none());
    }

    #[test]
    fn a_typing_user_who_leaves_another_server_stops() {
        let mut state = PresenceState::default();
        state.receive(Uuid::nil(), update(&["ann"], false));
        state.typing("ann", true, SECOND);
        assert_eq!(state.take_change(SECOND, true).presence.unwrap().typing, ["ann"]);
        state.receive(Uuid::nil(), update(&[], false));
        assert!(state.take_change(SECOND * 3, true).presence.unwrap().typing.is_empty());
    }
}
