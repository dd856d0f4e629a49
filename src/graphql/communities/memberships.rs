//! Memberships, and how users join, change and leave them.

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use entity::{community, membership, mute};

use super::{
    kinds::Community,
    loaders::{Mutes, OwnMemberships},
};
use crate::{
    domain::{
        self, Cursor, PageRows,
        communities::{
            self, Action, Join, MemberRow, MembershipChange, MembershipState, may, membership_state,
        },
    },
    error::{Error, Result},
    graphql::{
        Coins, DateTime,
        context::{ContextExt, uuid},
        paging::{Connection, Node},
        payloads::{
            CancelMembershipPayload, JoinCommunityPayload, LeaveCommunityPayload, ResumeMembershipPayload,
            UpdateMembershipPayload,
        },
        update_input::{change, kept},
        users::User,
        wallet::Wallet,
    },
};

/// Roles of members; each role includes the rights of `MEMBER`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "membership::Role")]
pub(in crate::graphql) enum MemberRole {
    /// The one member who runs the community; has all rights.
    Creator,
    /// Removes messages, mutes and bans members with a lower role.
    Moderator,
    /// Answers the customers of an official account.
    CsAgent,
    /// A member without additional rights.
    Member,
}

/// States of a paid membership or subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "MembershipState")]
pub(in crate::graphql) enum SubscriptionStatus {
    /// Paid or free of charge; all rights apply.
    Active,
    /// Cancelled by the user; all rights apply until the end of the paid period.
    Cancelled,
    /// The paid period has ended; no rights apply until the user joins again.
    Expired,
}

/// A user's membership of a community.
pub(in crate::graphql) struct Membership {
    row: membership::Model,
    user: Option<domain::User>,
}

impl Membership {
    pub(in crate::graphql) fn new((row, user): MemberRow) -> Self {
        Self { row, user }
    }

    pub(in crate::graphql) fn connection(slice: PageRows<MemberRow>) -> Connection<Self> {
        Connection(slice.map(Self::new))
    }

    /// Whether the viewer is the member.
    fn is_own(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(ctx.viewer()?.find_user().is_some_and(|user| user.id == self.row.user_id))
    }

    fn person(&self) -> User {
        match &self.row.display_name {
            Some(name) => User::known_as(self.row.user_id.clone(), name.clone()),
            None => User::maybe(self.row.user_id.clone(), self.user.clone()),
        }
    }
}

impl Node for Membership {
    const NAME: &'static str = "Membership";

    fn cursor(&self) -> Cursor {
        Cursor { rank: Some(self.row.role_rank.into()), at: self.row.joined_at, id: self.row.id }
    }
}

/// A user's membership of a community.
#[Object]
impl Membership {
    /// Unique id of the object (UUID).
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// The community of the membership.
    async fn community(&self, ctx: &Context<'_>) -> Result<Community> {
        Community::find(ctx, self.row.community_id).await?.ok_or(Error::NotFound("Community"))
    }

    /// The member under the display name used here. With a display name, the account's name and picture are hidden.
    async fn user(&self) -> User {
        self.person()
    }

    /// The member's role.
    async fn role(&self) -> MemberRole {
        self.row.role.into()
    }

    /// The name used in this community: the member's display name if set, otherwise the account's name.
    async fn display_name(&self, ctx: &Context<'_>) -> Result<String> {
        self.person().shown_name(ctx).await
    }

    /// Time when the membership began.
    async fn joined_at(&self) -> DateTime {
        self.row.joined_at.into()
    }

    /// Whether the membership is active, cancelled or expired.
    async fn subscription_status(&self, ctx: &Context<'_>) -> Result<SubscriptionStatus> {
        Ok(membership_state(&self.row, ctx.app()?.clock.now()).into())
    }

    /// End of the paid period; null when membership is free of charge, and for viewers other than the member.
    async fn paid_until(&self, ctx: &Context<'_>) -> Result<Option<DateTime>> {
        Ok(if self.is_own(ctx)? { self.row.paid_until.map(DateTime) } else { None })
    }

    /// Whether the membership renews itself at the end of the paid period; null for viewers other than the
    /// member.
    async fn has_auto_renewal(&self, ctx: &Context<'_>) -> Result<Option<bool>> {
        Ok(self.is_own(ctx)?.then_some(self.row.agreed_fee.is_some()))
    }

    /// Highest fee in whole coins that the member agreed to for a renewal; null when the membership does not
    /// renew itself, and for viewers other than the member.
    async fn agreed_fee(&self, ctx: &Context<'_>) -> Result<Option<Coins>> {
        Ok(if self.is_own(ctx)? { self.row.agreed_fee.map(Coins) } else { None })
    }

    /// The mute that applies to the member; null when not muted, and for viewers other than the member, the creator and
    /// moderators.
    async fn mute(&self, ctx: &Context<'_>) -> Result<Option<Mute>> {
        let Some(user) = ctx.viewer()?.find_user() else { return Ok(None) };
        // Loaded for the viewer's own row too, so that all mutes of a list are one batch.
        let own = ctx.load::<OwnMemberships>((user.id.clone(), self.row.community_id)).await?;
        if user.id != self.row.user_id && !own.is_some_and(|own| may(own.role, Action::Mute)) {
            return Ok(None);
        }
        let mute = ctx.load::<Mutes>((self.row.community_id, self.row.user_id.clone())).await?;
        Ok(mute.map(Mute::from))
    }
}

/// A mute: the member cannot post in the community.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Mute {
    /// End of the mute; null means until it is lifted.
    until: Option<DateTime>,
    /// The reason given; null when none was given.
    reason: Option<String>,
    /// Time when the mute took effect.
    created_at: DateTime,
}

impl From<mute::Model> for Mute {
    fn from(mute: mute::Model) -> Self {
        Self { until: mute.until.map(DateTime), reason: mute.reason, created_at: mute.created_at.into() }
    }
}

/// Input of `joinCommunity`.
#[derive(InputObject)]
pub(in crate::graphql) struct JoinCommunityInput {
    /// Id of the community.
    community_id: ID,
    /// Sum of fees in whole coins that the client expects; any other sum is refused with `PRICE_CHANGED`.
    expected_total: Option<Coins>,
}

/// Input of `leaveCommunity`.
#[derive(InputObject)]
pub(in crate::graphql) struct LeaveCommunityInput {
    /// Id of the community.
    community_id: ID,
}

/// Input of `updateMembership`. An omitted field stays unchanged; null is refused where it has no meaning.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateMembershipInput {
    /// Id of the community.
    community_id: ID,
    /// The name to use in this community, 1 to 50 characters; null restores the account's name.
    display_name: MaybeUndefined<String>,
    /// Whether the membership renews itself every 30 days, for at most the current monthly fee.
    has_auto_renewal: MaybeUndefined<bool>,
}

/// Input of `cancelMembership`.
#[derive(InputObject)]
pub(in crate::graphql) struct CancelMembershipInput {
    /// Id of the community.
    community_id: ID,
}

/// Input of `resumeMembership`.
#[derive(InputObject)]
pub(in crate::graphql) struct ResumeMembershipInput {
    /// Id of the community.
    community_id: ID,
}

/// Mutations of the viewer's memberships.
#[derive(Default)]
pub(in crate::graphql) struct MembershipMutation;

#[Object]
impl MembershipMutation {
    /// Joins a community for its join fee and the first monthly fee, or renews an expired membership for the
    /// monthly fee only.
    async fn join_community(
        &self,
        ctx: &Context<'_>,
        input: JoinCommunityInput,
    ) -> Result<JoinCommunityPayload> {
        let user = ctx.user()?;
        let join = Join { expected_total: input.expected_total.map(|total| total.0) };
        let id = uuid("communityId", &input.community_id)?;
        let row = communities::join(ctx.app()?, user, id, join).await?;
        let membership = Membership::new((row, Some(user.clone())));
        Ok(JoinCommunityPayload { membership, wallet: Wallet::of(user) })
    }

    /// Leaves a community. Paid fees are not returned.
    async fn leave_community(
        &self,
        ctx: &Context<'_>,
        input: LeaveCommunityInput,
    ) -> Result<LeaveCommunityPayload> {
        let id = uuid("communityId", &input.community_id)?;
        let (row, ended) = communities::leave(ctx.app()?, ctx.user()?, id).await?;
        Ok(LeaveCommunityPayload { deleted_id: ended.into(), community: wrap(Ok(row))? })
    }

    /// Changes the display name and the automatic renewal of the viewer's membership.
    async fn update_membership(
        &self,
        ctx: &Context<'_>,
        input: UpdateMembershipInput,
    ) -> Result<UpdateMembershipPayload> {
        let user = ctx.user()?;
        let change = MembershipChange {
            display_name: change(input.display_name),
            auto_renew: kept("hasAutoRenewal", input.has_auto_renewal)?,
        };
        let id = uuid("communityId", &input.community_id)?;
        let row = communities::update_membership(ctx.app()?, user, id, change).await?;
        Ok(UpdateMembershipPayload { membership: Membership::new((row, Some(user.clone()))) })
    }

    /// Ends the viewer's membership at the end of the paid period.
    async fn cancel_membership(
        &self,
        ctx: &Context<'_>,
        input: CancelMembershipInput,
    ) -> Result<CancelMembershipPayload> {
        let user = ctx.user()?;
        let id = uuid("communityId", &input.community_id)?;
        let row = communities::cancel(ctx.app()?, user, id).await?;
        Ok(CancelMembershipPayload { membership: Membership::new((row, Some(user.clone()))) })
    }

    /// Revokes the cancellation of the viewer's membership.
    async fn resume_membership(
        &self,
        ctx: &Context<'_>,
        input: ResumeMembershipInput,
    ) -> Result<ResumeMembershipPayload> {
        let user = ctx.user()?;
        let id = uuid("communityId", &input.community_id)?;
        let row = communities::resume(ctx.app()?, user, id).await?;
        Ok(ResumeMembershipPayload { membership: Membership::new((row, Some(user.clone()))) })
    }
}

/// A community without its creator's loaded row.
pub(in crate::graphql) fn wrap(row: Result<community::Model>) -> Result<Community> {
    Ok(Community::new((row?, None)))
}
