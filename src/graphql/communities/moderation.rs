//! Roles, bans, mutes and ownership of communities.

use async_graphql::{Context, ID, InputObject, Object};
use entity::ban;

use super::{
    kinds::Community,
    memberships::{MemberRole, Membership, wrap},
};
use crate::{
    domain::{
        Cursor, PageRows,
        communities::{self, Sanction},
    },
    error::Result,
    graphql::{
        DateTime,
        context::{ContextExt, uuid},
        paging::{Connection, Node},
        payloads::{
            BanMemberPayload, MuteMemberPayload, RemoveMemberPayload, SetMemberRolePayload,
            TransferOwnershipPayload, UnbanMemberPayload, UnmuteMemberPayload,
        },
        users::User,
    },
};

/// A ban of a user from a community.
pub(in crate::graphql) struct Ban {
    pub(in crate::graphql) row: ban::Model,
}

impl Ban {
    pub(in crate::graphql) fn connection(slice: PageRows<ban::Model>) -> Connection<Self> {
        Connection(slice.map(|row| Self { row }))
    }
}

impl Node for Ban {
    const NAME: &'static str = "Ban";

    fn cursor(&self) -> Cursor {
        Cursor { rank: None, at: self.row.created_at, id: self.row.id }
    }
}

/// A ban of a user from a community.
#[Object]
impl Ban {
    /// Unique id of the object (UUID).
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// The community that the user is banned from; null when the viewer may no longer see it.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        Community::find(ctx, self.row.community_id).await
    }

    /// The banned user, under the name used in the community.
    async fn user(&self) -> User {
        User::in_community(self.row.user_id.clone(), self.row.community_id)
    }

    /// The member who banned the user, under the name used in the community.
    async fn by(&self) -> User {
        User::in_community(self.row.by_id.clone(), self.row.community_id)
    }

    /// The reason given; null when none was given.
    async fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref()
    }

    /// End of the ban; null means permanent.
    async fn until(&self) -> Option<DateTime> {
        self.row.until.map(DateTime)
    }

    /// Time when the ban took effect.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }
}

/// Input of `setMemberRole`.
#[derive(InputObject)]
pub(in crate::graphql) struct SetMemberRoleInput {
    /// Id of the community.
    community_id: ID,
    /// Id of the member's account.
    user_id: ID,
    /// The new role; `CREATOR` is refused, use `transferOwnership`.
    role: MemberRole,
}

/// Input of `removeMember`.
#[derive(InputObject)]
pub(in crate::graphql) struct RemoveMemberInput {
    /// Id of the community.
    community_id: ID,
    /// Id of the member's account.
    user_id: ID,
}

/// Input of `banMember`.
#[derive(InputObject)]
pub(in crate::graphql) struct BanMemberInput {
    /// Id of the community.
    community_id: ID,
    /// Id of the user to ban; need not be a member.
    user_id: ID,
    /// Reason for the ban, at most 500 characters.
    reason: Option<String>,
    /// End of the ban; omitted means permanent.
    until: Option<DateTime>,
}

/// Input of `unbanMember`.
#[derive(InputObject)]
pub(in crate::graphql) struct UnbanMemberInput {
    /// Id of the community.
    community_id: ID,
    /// Id of the banned user.
    user_id: ID,
}

/// Input of `muteMember`.
#[derive(InputObject)]
pub(in crate::graphql) struct MuteMemberInput {
    /// Id of the community.
    community_id: ID,
    /// Id of the member's account.
    user_id: ID,
    /// Reason for the mute, at most 500 characters.
    reason: Option<String>,
    /// End of the mute; omitted means until it is lifted.
    until: Option<DateTime>,
}

/// Input of `unmuteMember`.
#[derive(InputObject)]
pub(in crate::graphql) struct UnmuteMemberInput {
    /// Id of the community.
    community_id: ID,
    /// Id of the member's account.
    user_id: ID,
}

/// Input of `transferOwnership`.
#[derive(InputObject)]
pub(in crate::graphql) struct TransferOwnershipInput {
    /// Id of the community.
    community_id: ID,
    /// Id of the member who becomes the creator.
    user_id: ID,
}

/// Mutations of creators and moderators.
#[derive(Default)]
pub(in crate::graphql) struct ModerationMutation;

#[Object]
impl ModerationMutation {
    /// Changes a member's role. Creator only.
    async fn set_member_role(
        &self,
        ctx: &Context<'_>,
        input: SetMemberRoleInput,
    ) -> Result<SetMemberRolePayload> {
        let (id, role) = (uuid("communityId", &input.community_id)?, input.role.into());
        let row = communities::set_role(ctx.app()?, ctx.user()?, id, &input.user_id, role).await?;
        Ok(SetMemberRolePayload { membership: Membership::new((row, None)) })
    }

    /// Removes a member, who may join again. Creator and moderators, on members with a lower role.
    async fn remove_member(
        &self,
        ctx: &Context<'_>,
        input: RemoveMemberInput,
    ) -> Result<RemoveMemberPayload> {
        let id = uuid("communityId", &input.community_id)?;
        let (row, ended) = communities::remove(ctx.app()?, ctx.user()?, id, &input.user_id).await?;
        Ok(RemoveMemberPayload { deleted_id: ended.into(), community: wrap(Ok(row))? })
    }

    /// Bans a user, member or not. A second ban replaces reason and end. Creator and moderators, on members with a
    /// lower role.
    async fn ban_member(&self, ctx: &Context<'_>, input: BanMemberInput) -> Result<BanMemberPayload> {
        let id = uuid("communityId", &input.community_id)?;
        let sanction = Sanction { until: input.until.map(|until| until.0), reason: input.reason };
        let (row, ended) = communities::ban(ctx.app()?, ctx.user()?, id, &input.user_id, sanction).await?;
        Ok(BanMemberPayload { ban: Ban { row }, deleted_id: ended.map(ID::from) })
    }

    /// Lifts a ban. Creator and moderators only.
    async fn unban_member(&self, ctx: &Context<'_>, input: UnbanMemberInput) -> Result<UnbanMemberPayload> {
        let id = uuid("communityId", &input.community_id)?;
        let (row, lifted) = communities::unban(ctx.app()?, ctx.user()?, id, &input.user_id).await?;
        Ok(UnbanMemberPayload { deleted_id: lifted.into(), community: wrap(Ok(row))? })
    }

    /// Mutes a member, who cannot post even after leaving and joining again. A second mute replaces reason
    /// and end. Creator and moderators, on members with a lower role.
    async fn mute_member(&self, ctx: &Context<'_>, input: MuteMemberInput) -> Result<MuteMemberPayload> {
        let id = uuid("communityId", &input.community_id)?;
        let sanction = Sanction { until: input.until.map(|until| until.0), reason: input.reason };
        let row = communities::mute(ctx.app()?, ctx.user()?, id, &input.user_id, sanction).await?;
        Ok(MuteMemberPayload { membership: Membership::new((row, None)) })
    }

    /// Lifts a mute. Creator and moderators, on members with a lower role.
    async fn unmute_member(
        &self,
        ctx: &Context<'_>,
        input: UnmuteMemberInput,
    ) -> Result<UnmuteMemberPayload> {
        let id = uuid("communityId", &input.community_id)?;
        let row = communities::unmute(ctx.app()?, ctx.user()?, id, &input.user_id).await?;
        Ok(UnmuteMemberPayload { membership: Membership::new((row, None)) })
    }

    /// Transfers a community to one of its members; the previous creator becomes a moderator. Creator only.
    async fn transfer_ownership(
        &self,
        ctx: &Context<'_>,
        input: TransferOwnershipInput,
    ) -> Result<TransferOwnershipPayload> {
        let id = uuid("communityId", &input.community_id)?;
        let community = wrap(communities::transfer(ctx.app()?, ctx.user()?, id, &input.user_id).await)?;
        Ok(TransferOwnershipPayload { community })
    }
}
