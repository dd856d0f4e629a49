//! Who is there and who types: told to listeners, kept nowhere.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use uuid::Uuid;

/// At most so many people are named.
const NAMED: usize = 50;
/// Activity is told at most so often.
const EVERY: Duration = Duration::from_secs(1);
/// Somebody types for so long after they last said so.
const TYPING: Duration = Duration::from_secs(6);
/// The most people whose typing is kept at once for one topic; further ones are not told of.
const TYPING_KEPT: usize = 1000;

/// Who is there and who types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Of which topic.
    pub topic: Uuid,
    /// The ids of those who type, at most 50.
    pub typing: Vec<String>,
    /// The ids of those who are there, at most 50.
    pub present: Vec<String>,
    /// How many are there.
    pub present_count: usize,
}

/// What a hub knows of activity. Times are those of the monotonic clock.
#[derive(Default)]
pub struct Doings {
    present: BTreeMap<String, usize>,
    typing: HashMap<String, Duration>,
    told: Activity,
    told_at: Option<Duration>,
}

impl Doings {
    /// Somebody began to listen, perhaps once more.
    pub(super) fn enter(&mut self, user: &str) {
        *self.present.entry(user.to_owned()).or_default() += 1;
    }

    /// Somebody stopped to listen, perhaps on one device of several.
    pub(super) fn leave(&mut self, user: &str) {
        if let Some(count) = self.present.get_mut(user) {
            *count -= 1;
            if *count == 0 {
                self.present.remove(user);
                self.typing.remove(user);
            }
        }
    }

    /// Somebody types, or stopped to.
    pub fn typing(&mut self, user: &str, types: bool, now: Duration) {
        if types {
            if self.typing.len() >= TYPING_KEPT && !self.typing.contains_key(user) {
                self.typing.retain(|_, until| *until > now);
                if self.typing.len() >= TYPING_KEPT {
                    return;
                }
            }
            self.typing.insert(user.to_owned(), now + TYPING);
        } else {
            self.typing.remove(user);
        }
    }

    /// What is to be told now, if anything, and when to ask again.
    pub(super) fn tell(&mut self, now: Duration) -> (Option<Activity>, Option<Duration>) {
        self.typing.retain(|_, until| *until > now);
        let expiry = self.typing.values().min().copied();
        let current = self.current();
        if current == self.told {
            return (None, expiry);
        }
        if let Some(next) = self.told_at.map(|at| at + EVERY).filter(|next| *next > now) {
            return (None, Some(expiry.map_or(next, |expiry| expiry.min(next))));
        }
        self.told = current.clone();
        self.told_at = Some(now);
        (Some(current), expiry)
    }

    fn current(&self) -> Activity {
        let mut typing: Vec<String> = self.typing.keys().cloned().collect();
        typing.sort_unstable();
        typing.truncate(NAMED);
        Activity {
            topic: Uuid::nil(),
            typing,
            present: self.present.keys().take(NAMED).cloned().collect(),
            present_count: self.present.len(),
        }
    }
}
