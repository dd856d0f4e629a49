//! Spaces: shared apps, who may see them, their sessions and who takes part.

mod access;
mod browse;
mod manage;
mod participants;
mod remove;
mod rules;
mod sessions;

pub(super) use access::visible_to;
pub use access::{find_visible, get_visible, invite, list_visible};
pub use browse::{Browse, SpaceRow, list_owned, list_public};
pub use manage::{NewSpace, SpaceChange, create, delete, update};
pub use participants::{Join, Joined, join, leave, list_participants};
pub use remove::{remove_from_session, remove_from_space};
pub use sessions::{
    SessionChange, SpaceSession, find_session, list_recent_sessions, list_sessions, open_session,
    update_session,
};
pub(super) use sessions::{ended, has_ended, takes_part};
