//! Agents: their listings, the communities they are in, and their replies.

mod ask;
mod audio_meter;
mod browse;
mod community_agents;
mod compaction;
mod daily_cap;
mod finish;
mod handover_marker;
mod lifecycle;
mod listings;
mod log;
mod mentions;
mod piece_writer;
mod prompt;
mod rules;
mod run;
mod speech;
mod stop;
mod watch;

pub use ask::{NewQuestion, ask, list_asked_by};
pub(in crate::domain) use ask::{PendingReply, ask_about_message, find_asked_by};
pub(in crate::domain) use browse::find_active;
pub use browse::{
    Browse, ListingRow, find_listing, list_active, list_active_by_ids, list_knowledge, list_own,
};
pub use community_agents::{CommunityAgent, add, list_in, list_of_communities, remove};
pub use compaction::trim;
pub use lifecycle::Lifecycle;
pub(in crate::domain) use listings::forget;
pub use listings::{ListingChange, NewListing, archive, create, update};
pub(in crate::domain) use mentions::{MentionOutcome, ask_mentioned, list_mentioning, may_mention};
pub use rules::Knowledge;
pub(in crate::domain) use stop::stop_running;
pub use stop::{fail_abandoned, stop};
pub(in crate::domain) use watch::revalidate_listeners;
pub use watch::{find_reply, text, watch};

pub use crate::timeline::ReplyEvent;
