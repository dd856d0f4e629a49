//! Results of the mutations of communities and memberships.

use async_graphql::{ID, SimpleObject};

use super::payloads;
use crate::graphql::{
    communities::{kinds::Community, memberships::Membership, moderation::Ban},
    wallet::Wallet,
};

payloads! {
    CreateCommunityPayload of "createCommunity" {
        /// The new community.
        community: Community,
    }
    UpdateCommunityPayload of "updateCommunity" {
        /// The changed community.
        community: Community,
    }
    ArchiveCommunityPayload of "archiveCommunity" {
        /// The archived community.
        community: Community,
    }
    LeaveCommunityPayload of "leaveCommunity" {
        /// Id of the viewer's membership, which ended.
        deleted_id: ID,
        /// The community without the viewer.
        community: Community,
    }
    UpdateMembershipPayload of "updateMembership" {
        /// The changed membership.
        membership: Membership,
    }
    CancelMembershipPayload of "cancelMembership" {
        /// The membership that ends with the paid period.
        membership: Membership,
    }
    SetMemberRolePayload of "setMemberRole" {
        /// The membership with its new role.
        membership: Membership,
    }
    RemoveMemberPayload of "removeMember" {
        /// Id of the membership that ended.
        deleted_id: ID,
        /// The community without the member.
        community: Community,
    }
    UnbanMemberPayload of "unbanMember" {
        /// Id of the lifted ban.
        deleted_id: ID,
        /// The community that the user may join again.
        community: Community,
    }
    MuteMemberPayload of "muteMember" {
        /// The membership with its mute.
        membership: Membership,
    }
    UnmuteMemberPayload of "unmuteMember" {
        /// The membership without its mute.
        membership: Membership,
    }
    TransferOwnershipPayload of "transferOwnership" {
        /// The community with its new creator.
        community: Community,
    }
    JoinCommunityPayload of "joinCommunity" {
        /// The viewer's membership.
        membership: Membership,
        /// The viewer's wallet after the fees.
        wallet: Wallet,
    }
    ResumeMembershipPayload of "resumeMembership" {
        /// The membership, which renews itself again.
        membership: Membership,
    }
    BanMemberPayload of "banMember" {
        /// The new ban.
        ban: Ban,
        /// Id of the membership that ended; null when the user was not a member.
        deleted_id: Option<ID>,
    }
}
