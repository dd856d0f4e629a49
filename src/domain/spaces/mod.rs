//! Spaces: shared apps with sessions and participants.

mod access;
mod browse;
mod manage;
mod participants;
mod remove;
mod rows;
mod rules;
mod session_status;
mod sessions;
mod with_sessions;

pub(super) use access::visible_to;
pub use access::{find_visible, get_visible, invite, list_visible};
pub use browse::{Browse, list_owned, list_public};
pub use manage::{NewSpace, SpaceChange, create, delete, update};
pub use participants::{Join, Joined, join, leave, list_participants};
pub use remove::{remove_from_session, remove_from_space};
pub use rows::SpaceRow;
pub use rules::{CATEGORY, DESCRIPTION, IFRAME_URL, MOST_TAGS, NAME, ROLE, TAG};
pub(super) use session_status::{ended, has_ended};
pub(super) use sessions::takes_part;
pub use sessions::{
    SessionChange, SpaceSession, find_session, list_all_sessions, list_recent_sessions, list_sessions,
    list_visible_sessions, open_session, update_session,
};
pub use with_sessions::find_with_sessions;
