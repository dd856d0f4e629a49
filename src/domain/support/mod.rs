//! Customer service: one support chat per customer and community, answered by an agent, the team or both in
//! turn.

mod assign;
mod business_hours;
mod canned;
mod chats;
mod episodes;
mod handover;
mod handover_prompt;
mod lifecycle;
mod notes;
mod on_message;
mod on_reply;
mod queue;
mod queue_position;
mod ratings;
mod resolve;
mod response_deadline;
mod settings;
mod start;
mod statistics;
mod team;
mod timers;
mod watch;

pub use assign::{accept, transfer};
pub use business_hours::are_open;
pub use canned::{CannedChange, create_canned, delete_canned, list_canned, update_canned};
pub use chats::{find_readable, list_chats, list_own};
pub use episodes::list_episodes;
pub use handover::request_human;
pub(super) use handover_prompt::{MARKER, instructions};
pub use lifecycle::Lifecycle;
pub use notes::{add_note, find_note, list_notes};
pub(super) use on_message::{list_plain, on_message, yield_to_person};
pub(super) use on_reply::{answer_later_messages, on_reply};
pub use queue::{list_positions, list_queue};
pub use queue_position::{QueuePosition, watch_queue_position};
pub(in crate::domain) use ratings::forget;
pub use ratings::{Rating, rate};
pub use resolve::resolve;
pub use settings::{SettingsChange, get_settings, list_settings, update_settings};
pub use start::{Started, start};
pub use statistics::{DayStatistics, Statistics, get_statistics};
pub use timers::run_due;
pub use watch::{QueueEvent, watch_queue};
