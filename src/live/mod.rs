//! Live events: the log in the database is authoritative, everything else only wakes readers.
//!
//! A topic with subscribers has one [`Hub`] in this process. It keeps the end of the topic's log in memory,
//! is notified after each commit, and fills gaps from the database. For each distinct query about the topic
//! it has one *feed*, which renders every event once for all subscribers with that query. A *reader* is a
//! position in a feed. It pulls, so a slow reader delays only itself, and it reads the log when the feed no
//! longer contains its position.

mod connections;
mod feed;
mod grants;
mod hub;
mod inboxes;
mod log;
mod outage;
mod position;
mod presence;
mod reader;
mod running_replies;
mod signals;
mod state;
mod subscription;

pub use connections::{
    Answer, Collected, ConnectionKind, CountSubscriptions, ENDED_BY_ADMINISTRATOR, Listed, OpenConnection,
    OpenConnections, Opened, Question, Slice,
};
pub use feed::{FeedRequest, Payload, Render, RenderMode};
pub use grants::{AccessGrant, Facts, GrantInUse, GrantRegistry, ProofWatch, Recheck, Right};
pub use hub::{Hub, Hubs};
pub use inboxes::{Changes, Inboxes, Mailbox};
pub use log::{Event, Log};
pub use position::Position;
pub use presence::{Presence, PresenceUpdate};
pub use running_replies::{RunningReplies, RunningReply};
pub use signals::{SignalSubscription, TopicSignals};
pub use state::{StateSource, StateSubscription};
pub use subscription::{Next, ReadSnapshot, Snapshot, Subscribe, Subscription, Visibility, VisibilityOf};
