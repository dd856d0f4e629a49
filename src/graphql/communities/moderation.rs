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

/// Somebody is kept out of a community.
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

/// Somebody is kept out of a community.
#[Object]
impl Ban {
    /// UUID.
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

    /// Why, where something was said.
    async fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref()
    }

    /// Until when; null: for good.
    async fn until(&self) -> Option<DateTime> {
        self.row.until.map(DateTime)
    }

    /// Since when.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }
}

/// A member's new role.
#[derive(InputObject)]
pub(in crate::graphql) struct SetMemberRoleInput {
    /// The community.
    community_id: ID,
    /// The member.
    user_id: ID,
    /// Any but `CREATOR`, which is handed over with `transferOwnership`.
    role: MemberRole,
}

/// A member to be sent away.
#[derive(InputObject)]
pub(in crate::graphql) struct RemoveMemberInput {
    /// The community.
    community_id: ID,
    /// The member.
    user_id: ID,
}

/// Somebody to be kept out.
#[derive(InputObject)]
pub(in crate::graphql) struct BanMemberInput {
    /// The community.
    community_id: ID,
    /// Who, member or not.
    user_id: ID,
    /// Why, at most 500 characters.
    reason: Option<String>,
    /// Until when; for good unless given.
    until: Option<DateTime>,
}

/// Somebody to be let in again.
#[derive(InputObject)]
pub(in crate::graphql) struct UnbanMemberInput {
    /// The community.
    community_id: ID,
    /// Who.
    user_id: ID,
}

/// A member to be kept from speaking.
#[derive(InputObject)]
pub(in crate::graphql) struct MuteMemberInput {
    /// The community.
    community_id: ID,
    /// The member.
    user_id: ID,
    /// Why, at most 500 characters.
    reason: Option<String>,
    /// Until when; until it is lifted unless given.
    until: Option<DateTime>,
}

/// A member who may speak again.
#[derive(InputObject)]
pub(in crate::graphql) struct UnmuteMemberInput {
    /// The community.
    community_id: ID,
    /// The member.
    user_id: ID,
}

/// A community to be handed over.
#[derive(InputObject)]
pub(in crate::graphql) struct TransferOwnershipInput {
    /// The community.
    community_id: ID,
    /// The member who runs it from now on.
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

    /// Sends a member away, who may come back. The creator and moderators, those below them only.
    async fn remove_member(&self, ctx: &Context<'_>, input: RemoveMemberInput) -> Result<Community> {
        let id = uuid("communityId", &input.community_id)?;
        wrap(communities::remove(ctx.app()?, ctx.user()?, id, &input.user_id).await)
    }

    /// Keeps somebody out, member or not. Banning again replaces reason and time. The creator and moderators, those
    /// below them only.
    async fn ban_member(&self, ctx: &Context<'_>, input: BanMemberInput) -> Result<Ban> {
        let id = uuid("communityId", &input.community_id)?;
        let sanction = Sanction { until: input.until.map(|until| until.0), reason: input.reason };
        let row = communities::ban(ctx.app()?, ctx.user()?, id, &input.user_id, sanction).await?;
        Ok(Ban { row })
    }

    /// Lets somebody in again who was banned. The creator and moderators.
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

    /// Hands a community over to one of its members; who ran it is a moderator then. The creator only.
    async fn transfer_ownership(
        &self,
        ctx: &Context<'_>,
        input: TransferOwnershipInput,
    ) -> Result<Community> {
        let id = uuid("communityId", &input.community_id)?;
        wrap(communities::transfer(ctx.app()?, ctx.user()?, id, &input.user_id).await)
    }
}
