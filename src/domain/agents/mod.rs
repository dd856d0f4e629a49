//! Agents: what people write for others to ask, where they are, and what they answer.

mod answer;
mod answering;
mod ask;
mod browse;
mod lifecycle;
mod listings;
mod log;
mod mentions;
mod meter;
mod pace;
mod places;
mod rules;
mod settle;
mod sieve;
mod speech;
mod stop;
mod trim;
mod turns;
mod watch;

pub use answering::Answering;
pub use ask::{Ask, ask, list_asked_by};
pub(in crate::domain) use ask::{Asked, ask_by, find_asked_by};
pub(in crate::domain) use browse::find_active;
pub use browse::{Browse, ListingRow, find_listing, list_active, list_by_ids, list_knowledge, list_own};
pub use lifecycle::Lifecycle;
pub use listings::{ListingChange, NewListing, archive, create, update};
pub use log::{ReplyEvent, ReplyLog};
pub(in crate::domain) use mentions::{Called, ask_called};
pub use pace::Pace;
pub use places::{Place, add, list_in, list_places, remove};
pub use rules::Knowledge;
pub(in crate::domain) use stop::silence;
pub use stop::{end_left_behind, stop};
pub use trim::trim;
pub(in crate::domain) use watch::doubt_heard;
pub use watch::{find_reply, text, watch};
