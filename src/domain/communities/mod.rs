//! Communities: clubs, official accounts and lounges, their members, roles and rights.

mod access;
mod aliases;
mod archive;
mod browse;
mod community_tallies;
mod invite;
mod join;
mod lifecycle;
mod manage;
mod member;
mod member_list;
mod members;
mod moderation;
mod own;
mod renewals;
mod roles;
mod rows;
mod rules;
mod suspension;

pub(super) use access::{get_active, get_allowed, get_locked};
pub use access::{get_current, list_visible};
pub(in crate::domain) use aliases::known_in;
pub use aliases::{list_aliased, list_known};
pub use browse::{Browse, Sort, list_active, list_all_created, list_all_joined, list_by_ids, list_created};
pub use invite::invite_cs;
pub(in crate::domain) use join::join_free;
pub use join::{Join, join, leave};
pub(crate) use lifecycle::PERIOD;
pub(in crate::domain) use lifecycle::{GRACE, Terms};
pub use lifecycle::{Lifecycle, MembershipState, membership_state, valid_until};
pub(crate) use manage::count_in;
pub use manage::{CommunityChange, NewCommunity, archive, create, update};
pub(in crate::domain) use manage::{apply, draft, get_locked_for};
pub use member::get_member_state;
pub(in crate::domain) use member::list_member_states;
pub use member_list::{MemberList, MemberRow, find_member, list_members, list_members_page};
pub use members::find as find_membership;
pub(super) use members::{banned_from, leave_all, refuse_banned};
pub use moderation::{
    Sanction, ban, find_ban, list_bans, list_mutes, mute, refuse_bans, remove, set_role, transfer, unban,
    unmute,
};
pub use own::{MembershipChange, cancel, list_memberships, list_own, resume, update_membership};
pub use renewals::renew_due;
pub(crate) use roles::rank;
pub use roles::{Action, may, outranks};
pub use rows::CommunityRow;
pub(super) use rules::too_large;
pub use rules::{AVATAR_URL, CATEGORY, COVER_IMAGE_URL, DESCRIPTION, FEE, MOST_TAGS, NAME, TAG};
pub use suspension::{REASON as SUSPENSION_REASON, list_by_status, reinstate, suspend};
