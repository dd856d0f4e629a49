//! Spaces: shared apps, who may see them, their sessions and who takes part.

mod access;
mod browse;
mod manage;
mod participants;
mod rules;
mod sessions;

pub use access::{find_visible, get_visible, invite};
pub use browse::{Browse, SpaceRow, list_by_ids, list_owned, list_public};
pub use manage::{NewSpace, SpaceChange, create, delete, update};
pub use participants::{Join, Joined, join, leave, list_participants};
pub use sessions::{
    SessionChange, SpaceSession, find_session, list_recent_sessions, list_sessions, open_session,
    update_session,
};
pub(super) use sessions::{ended, has_ended, takes_part};
