//! Committed changes that subscribers, caches and replies of every server react to.

use std::sync::{Arc, atomic::Ordering};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::App;
use crate::{
    bus::{Bus, Delivery},
    live::{Event as _, OpenConnections, Position, PresenceUpdate},
    security::{CountedEvents, rate_limit::Announce},
    timeline::{ConversationEvent, ReplyEvent},
};

/// Subject of the messages that carry changes.
const CHANGE: &str = "change";
/// Subject of the messages that request the presence of a server, or of all.
const PRESENCE_REQUEST: &str = "presence-request";
/// Subject of the messages that carry events counted by rate limits.
const COUNTED: &str = "counted-events";

/// Announces the events that rate limits count. A message that is lost is not repeated.
pub(super) fn announce_counted(bus: &Bus) -> Announce {
    let bus = bus.clone();
    Arc::new(move |counted| bus.send(COUNTED, counted, || None))
}

/// A committed change. It contains no secret, because it travels to other servers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The log of a conversation has a new event.
    Conversation(ConversationChange),
    /// The log of a reply has a new event.
    Reply {
        /// The reply.
        id: Uuid,
        /// Position of the event.
        position: Position,
        /// The event; `None` if it must be read from the log.
        event: Option<Arc<ReplyEvent>>,
    },
    /// A reply has ended, so the server that generates it must stop.
    ReplyEnded(Uuid),
    /// A user started or stopped typing in a conversation.
    Typing {
        /// The user.
        user: String,
        /// The conversation.
        conversation: Uuid,
        /// Whether the user is typing.
        is_typing: bool,
    },
    /// A user read a conversation, or gained or lost one.
    Inbox {
        /// The user.
        user: String,
        /// The conversation; `None` if it may be any.
        conversation: Option<Uuid>,
    },
    /// A community's support queue changed.
    Queue(Uuid),
    /// Positions in a community's support queue changed.
    QueuePositions(Uuid),
    /// The reports of a community or space changed, or for the nil id those of the platform.
    Reports(Uuid),
    /// An account or its credentials changed.
    Account(String),
    /// A role or another right of a user changed.
    Rights(String),
    /// The right to read these conversations changed.
    Readers(Vec<Uuid>),
    /// The right to read these replies changed.
    ReplyReaders(Vec<Uuid>),
}

/// A new event of a conversation, and what else depends on it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ConversationChange {
    /// The conversation.
    pub id: Uuid,
    /// Position of the event.
    pub position: Position,
    /// The community whose support queue it may change.
    pub queue: Option<Uuid>,
    /// Whether it changed the status of a support chat.
    pub is_status: bool,
    /// The person whose inbox it may change.
    pub person: Option<String>,
    /// Whether it may change other conversations in the person's inbox, too.
    pub is_membership: bool,
    /// The author of a new message, who has stopped typing.
    pub author: Option<String>,
    /// The event; `None` if it must be read from the log.
    pub event: Option<Arc<ConversationEvent>>,
}

impl Change {
    /// A new event of a reply.
    pub fn reply(event: ReplyEvent) -> Self {
        Self::Reply { id: event.reply.id, position: event.position, event: Some(Arc::new(event)) }
    }

    /// Returns the change without the event, which the receivers read from the log.
    fn without_event(&self) -> Option<Self> {
        match self {
            Self::Conversation(change) => {
                Some(Self::Conversation(ConversationChange { event: None, ..change.clone() }))
            }
            Self::Reply { id, position, .. } => {
                Some(Self::Reply { id: *id, position: *position, event: None })
            }
            _ => None,
        }
    }
}

impl App {
    /// Applies a committed change on this server and announces it to the others.
    pub fn announce(&self, change: Change) {
        self.bus.send(CHANGE, &change, || change.without_event());
        self.apply(change);
    }

    /// Applies a change of this or another server.
    fn apply(&self, change: Change) {
        match change {
            Change::Conversation(change) => self.apply_to_conversation(change),
            Change::Reply { id, position, event } => match event {
                Some(event) if event.reply.id == id => self.replies.publish(id, Some(event)),
                _ => self.replies.advanced(id, position),
            },
            Change::ReplyEnded(id) => self.running_replies.end(id),
            Change::Typing { user, conversation, is_typing } => {
                self.set_typing(&user, conversation, is_typing);
            }
            Change::Inbox { user, conversation } => self.inboxes.changed_for(&user, conversation),
            Change::Queue(community) => self.queues.notify(community),
            Change::QueuePositions(community) => self.queue_positions.notify(community),
            Change::Reports(place) => self.reports.notify(place),
            Change::Account(user) => self.identities.forget(&user),
            Change::Rights(user) => {
                self.grants.changed(&user);
                self.inboxes.changed_for(&user, None);
            }
            Change::Readers(ids) => {
                for id in ids {
                    self.conversations.revalidate(id);
                    self.inboxes.conversation_changed(id);
                }
            }
            Change::ReplyReaders(ids) => ids.into_iter().for_each(|id| self.replies.revalidate(id)),
        }
    }

    fn apply_to_conversation(&self, change: ConversationChange) {
        let ConversationChange { id, position, queue, is_status, person, is_membership, author, event } =
            change;
        if let Some(community) = queue {
            self.queues.notify(community);
            if is_status {
                self.queue_positions.notify(community);
            }
        }
        self.inboxes.conversation_changed(id);
        if let Some(person) = person {
            self.inboxes.changed_for(&person, (!is_membership).then_some(id));
        }
        if let Some(author) = author {
            self.set_typing(&author, id, false);
        }
        match event {
            Some(event) if event.conversation_id == id && event.position() == position => {
                self.conversations.publish(id, Some(event));
            }
            _ => self.conversations.advanced(id, position),
        }
    }

    fn set_typing(&self, user: &str, conversation: Uuid, is_typing: bool) {
        if let Some(hub) = self.conversations.find(conversation) {
            hub.update_presence(|presence| presence.typing(user, is_typing, self.clock.monotonic()));
        }
    }

    /// Handles what arrives from other servers. A message that this version does not know is ignored.
    pub fn receive(&self, delivery: &Delivery<'_>) {
        match delivery {
            Delivery::Message { server, subject, body } => {
                let known = match *subject {
                    CHANGE => serde_json::from_str(body.get()).map(|change| self.apply(change)),
                    PresenceUpdate::SUBJECT => serde_json::from_str(body.get())
                        .map(|update| self.conversations.receive_presence(*server, update)),
                    PRESENCE_REQUEST => serde_json::from_str(body.get()).map(|wanted: Option<Uuid>| {
                        if wanted.is_none_or(|wanted| self.bus.sent().is_some_and(|(id, _)| id == wanted)) {
                            self.conversations.share_presence();
                        }
                    }),
                    COUNTED => serde_json::from_str(body.get())
                        .map(|counted: CountedEvents| self.rate_limits.receive(&counted)),
                    OpenConnections::QUESTION => serde_json::from_str(body.get())
                        .map(|question| self.open_connections.answer(*server, &question)),
                    OpenConnections::ANSWER => serde_json::from_str(body.get())
                        .map(|answer| self.open_connections.answered(*server, answer)),
                    _ => Ok(()),
                };
                if let Err(error) = known {
                    tracing::debug!(%error, subject, "a message of another server is ignored");
                }
            }
            Delivery::Missed(server) => {
                self.bus.send(PRESENCE_REQUEST, server, || None);
                self.catch_up();
            }
            Delivery::Left { server, is_orderly } => {
                self.conversations.forget_presence(*server);
                if !is_orderly {
                    self.catch_up();
                }
            }
        }
    }

    /// Makes everything that follows changes of other servers read the database, because messages were lost.
    fn catch_up(&self) {
        self.identities.clear();
        self.has_missed.store(true, Ordering::Release);
        self.catch_up_wake.notify_one();
        self.rights_wake.notify_one();
    }
}
