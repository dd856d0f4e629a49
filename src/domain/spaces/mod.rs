//! Spaces: shared apps with sessions and participants.

mod access;
mod browse;
mod manage;
mod participants;
mod remove;
mod rows;
mod rules;
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
pub use sessions::{
    SessionChange, SpaceSession, find_session, list_all_sessions, list_recent_sessions, list_sessions,
    list_visible_sessions, open_session, update_session,
};
pub(super) use sessions::{ended, has_ended, takes_part};
pub use with_sessions::find_with_sessions;
