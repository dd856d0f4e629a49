//! Communities: clubs, official accounts and lounges, who is in them and what each may do.

mod access;
mod aliases;
mod browse;
mod invite;
mod join;
mod lifecycle;
mod manage;
mod members;
mod moderation;
mod own;
mod renewals;
mod roles;
mod roster;
mod rules;
mod speaker;
mod suspension;
mod tallies;

pub(super) use access::{get_active, get_allowed, get_locked};
pub use access::{get_current, list_visible};
pub(in crate::domain) use aliases::known_in;
pub use aliases::list_known;
pub use browse::{
    Browse, CommunityRow, Sort, list_active, list_all_created, list_all_joined, list_by_ids, list_created,
};
pub use invite::invite_cs;
pub(in crate::domain) use join::let_in;
pub use join::{Join, join, leave};
pub(crate) use lifecycle::PERIOD;
pub(in crate::domain) use lifecycle::{GRACE, Terms};
pub use lifecycle::{Lifecycle, Standing, standing, valid_until};
pub(crate) use manage::count_in;
pub use manage::{CommunityChange, NewCommunity, archive, create, update};
pub(in crate::domain) use manage::{apply, draft, get_locked_for};
pub use members::find as find_membership;
pub(super) use members::{leave_all, refuse_banned};
pub use moderation::{Sanction, ban, list_bans, list_mutes, mute, remove, set_role, transfer, unban, unmute};
pub use own::{MembershipChange, cancel, list_memberships, list_own, resume, update_membership};
pub use renewals::renew_due;
pub(crate) use roles::rank;
pub use roles::{Action, may, outranks};
pub use roster::{MemberRow, Roster, list_members, list_roster};
pub use speaker::get_speaker;
pub use suspension::{list_standing, reinstate, suspend};
