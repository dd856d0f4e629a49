//! What those who run a community do to its members.

use async_graphql::{Context, ID, InputObject, Object};
use entity::ban;

use crate::{
    domain::{
        Cursor, Result, Slice,
        communities::{self, Sanction},
    },
    graphql::{
        DateTime,
        communities::{
            kinds::Community,
            memberships::{MemberRole, Membership, wrap},
        },
        context::{Asked, uuid},
        paging::{Connection, Node},
        users::User,
    },
};

/// A ban of a user from a community.
pub(in crate::graphql) struct Ban {
    row: ban::Model,
}

impl Ban {
    pub(in crate::graphql) fn connection(slice: Slice<ban::Model>) -> Connection<Self> {
        let Slice { rows, window, more_after, more_before, total } = slice;
        let rows = rows.into_iter().map(|row| Self { row }).collect();
        Connection(Slice { rows, window, more_after, more_before, total })
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
    async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// Who, as they are known there.
    async fn user(&self) -> User {
        User::in_community(self.row.user_id.clone(), self.row.community_id)
    }

    /// Who banned them, as they are known there.
    async fn by(&self) -> User {
        User::in_community(self.row.by_id.clone(), self.row.community_id)
    }

    /// The reason given; null when none was given.
    async fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref()
    }

    /// Until when; null: for good.
    async fn until(&self) -> Option<DateTime> {
        self.row.until.map(DateTime)
    }

    /// Time when it took effect.
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
    /// Any but `CREATOR`, which is handed over with `transferOwnership`.
    role: MemberRole,
}

/// A member to be sent away.
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
    /// Why, at most 500 characters.
    reason: Option<String>,
    /// End of the ban; omitted means permanent.
    until: Option<DateTime>,
}

/// Input of `unbanMember`.
#[derive(InputObject)]
pub(in crate::graphql) struct UnbanMemberInput {
    /// Id of the community.
    community_id: ID,
    /// The user concerned.
    user_id: ID,
}

/// A member to be kept from speaking.
#[derive(InputObject)]
pub(in crate::graphql) struct MuteMemberInput {
    /// Id of the community.
    community_id: ID,
    /// Id of the member's account.
    user_id: ID,
    /// Why, at most 500 characters.
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

/// A community to be handed over.
#[derive(InputObject)]
pub(in crate::graphql) struct TransferOwnershipInput {
    /// Id of the community.
    community_id: ID,
    /// Id of the member who becomes the creator.
    user_id: ID,
}

/// What those who run a community do.
#[derive(Default)]
pub(in crate::graphql) struct ModerationMutation;

#[Object]
impl ModerationMutation {
    /// Gives a member another role. The creator only.
    async fn set_member_role(&self, ctx: &Context<'_>, input: SetMemberRoleInput) -> Result<Membership> {
        let (id, role) = (uuid("communityId", &input.community_id)?, input.role.into());
        let row = communities::set_role(ctx.app()?, ctx.user()?, id, &input.user_id, role).await?;
        Ok(Membership::new((row, None)))
    }

    /// Removes a member, who may join again. Creator and moderators, on members with a lower role.
    async fn remove_member(&self, ctx: &Context<'_>, input: RemoveMemberInput) -> Result<Community> {
        let id = uuid("communityId", &input.community_id)?;
        wrap(communities::remove(ctx.app()?, ctx.user()?, id, &input.user_id).await)
    }

    /// Bans a user, member or not. A second ban replaces reason and end. Creator and moderators, on members with a
    /// lower role.
    async fn ban_member(&self, ctx: &Context<'_>, input: BanMemberInput) -> Result<Ban> {
        let id = uuid("communityId", &input.community_id)?;
        let sanction = Sanction { until: input.until.map(|until| until.0), reason: input.reason };
        let row = communities::ban(ctx.app()?, ctx.user()?, id, &input.user_id, sanction).await?;
        Ok(Ban { row })
    }

    /// Lifts a ban. Creator and moderators only.
    async fn unban_member(&self, ctx: &Context<'_>, input: UnbanMemberInput) -> Result<Community> {
        let id = uuid("communityId", &input.community_id)?;
        wrap(communities::unban(ctx.app()?, ctx.user()?, id, &input.user_id).await)
    }

    /// Keeps a member from speaking, also after leaving and coming back. Muting again replaces reason and time. The
    /// creator and moderators, those below them only.
    async fn mute_member(&self, ctx: &Context<'_>, input: MuteMemberInput) -> Result<Membership> {
        let id = uuid("communityId", &input.community_id)?;
        let sanction = Sanction { until: input.until.map(|until| until.0), reason: input.reason };
        let row = communities::mute(ctx.app()?, ctx.user()?, id, &input.user_id, sanction).await?;
        Ok(Membership::new((row, None)))
    }

    /// Lets a member speak again. The creator and moderators, those below them only.
    async fn unmute_member(&self, ctx: &Context<'_>, input: UnmuteMemberInput) -> Result<Membership> {
        let id = uuid("communityId", &input.community_id)?;
        let row = communities::unmute(ctx.app()?, ctx.user()?, id, &input.user_id).await?;
        Ok(Membership::new((row, None)))
    }

    /// Transfers a community to one of its members; the previous creator becomes a moderator. Creator only.
    async fn transfer_ownership(
        &self,
        ctx: &Context<'_>,
        input: TransferOwnershipInput,
    ) -> Result<Community> {
        let id = uuid("communityId", &input.community_id)?;
        wrap(communities::transfer(ctx.app()?, ctx.user()?, id, &input.user_id).await)
    }
}
