//! Memberships: who is in a community, and what they do with their own place in it.

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use entity::{community, membership, mute};

use crate::{
    domain::{
        self, Cursor, Error, Result, Slice,
        communities::{self, Action, Join, MemberRow, MembershipChange, Standing, may, standing},
    },
    graphql::{
        Coins, DateTime,
        communities::{
            changes::change,
            kinds::Community,
            loaders::{Mutes, OwnMemberships},
        },
        context::{Asked, uuid},
        paging::{Connection, Node},
        users::User,
    },
};

/// Roles of members; each role includes the rights of `MEMBER`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "membership::Role")]
pub(in crate::graphql) enum MemberRole {
    /// Runs the community; there is one.
    Creator,
    /// Moderates the community.
    Moderator,
    /// Answers customers.
    CsAgent,
    /// An ordinary member.
    Member,
}

/// States of a paid membership or subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Standing")]
pub(in crate::graphql) enum SubscriptionStatus {
    /// Paid or free of charge; all rights apply.
    Active,
    /// Cancelled by the user; all rights apply until the end of the paid period.
    Cancelled,
    /// Nothing until joining again renews it.
    Expired,
}

/// A person's place in one community.
pub(in crate::graphql) struct Membership {
    row: membership::Model,
    user: Option<domain::User>,
}

impl Membership {
    pub(in crate::graphql) fn new((row, user): MemberRow) -> Self {
        Self { row, user }
    }

    pub(in crate::graphql) fn connection(slice: Slice<MemberRow>) -> Connection<Self> {
        let Slice { rows, window, more_after, more_before, total } = slice;
        let rows = rows.into_iter().map(Self::new).collect();
        Connection(Slice { rows, window, more_after, more_before, total })
    }

    /// Whether whoever asks is the member.
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

/// A person's place in one community.
#[Object]
impl Membership {
    /// Unique id of the object (UUID).
    async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// Id of the community.
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

    /// The name they go by here: one of its own, or the account's.
    async fn display_name(&self, ctx: &Context<'_>) -> Result<String> {
        self.person().shown_name(ctx).await
    }

    /// Time when the membership began.
    async fn joined_at(&self) -> DateTime {
        self.row.joined_at.into()
    }

    /// Current state of the subscription.
    async fn subscription_status(&self, ctx: &Context<'_>) -> Result<SubscriptionStatus> {
        Ok(standing(&self.row, ctx.app()?.clock.now()).into())
    }

    /// Until when they have paid; null where there is nothing to pay, and to others than the member.
    async fn paid_until(&self, ctx: &Context<'_>) -> Result<Option<DateTime>> {
        Ok(if self.is_own(ctx)? { self.row.paid_until.map(DateTime) } else { None })
    }

    /// Whether it renews itself; null to others than the member.
    async fn auto_renew(&self, ctx: &Context<'_>) -> Result<Option<bool>> {
        Ok(self.is_own(ctx)?.then_some(self.row.agreed_fee.is_some()))
    }

    /// Whole coins that it renews itself for at most; null when it does not, and to others than the member.
    async fn agreed_fee(&self, ctx: &Context<'_>) -> Result<Option<Coins>> {
        Ok(if self.is_own(ctx)? { self.row.agreed_fee.map(Coins) } else { None })
    }

    /// The mute that applies to the member; null when not muted, and for viewers other than the member, the creator and
    /// moderators.
    async fn mute(&self, ctx: &Context<'_>) -> Result<Option<Mute>> {
        let Some(user) = ctx.viewer()?.find_user() else { return Ok(None) };
        // Looked up for the viewer's own row too, so that all mutes of a list come together.
        let own = ctx.load::<OwnMemberships>((user.id.clone(), self.row.community_id)).await?;
        if user.id != self.row.user_id && !own.is_some_and(|own| may(own.role, Action::Mute)) {
            return Ok(None);
        }
        let mute = ctx.load::<Mutes>((self.row.community_id, self.row.user_id.clone())).await?;
        Ok(mute.map(Mute::from))
    }
}

/// A mute: the member may not post.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Mute {
    /// Until when; null until it is lifted.
    until: Option<DateTime>,
    /// The reason given; null when none was given.
    reason: Option<String>,
    /// Time when it took effect.
    created_at: DateTime,
}

impl From<mute::Model> for Mute {
    fn from(mute: mute::Model) -> Self {
        Self { until: mute.until.map(DateTime), reason: mute.reason, created_at: mute.created_at.into() }
    }
}

/// How to join a community.
#[derive(InputObject)]
pub(in crate::graphql) struct JoinCommunityInput {
    /// Id of the community.
    community_id: ID,
    /// Whole coins that the viewer expects to pay; another price is refused with `PRICE_CHANGED`.
    expected_total: Option<Coins>,
}

/// Which community to leave.
#[derive(InputObject)]
pub(in crate::graphql) struct LeaveCommunityInput {
    /// Id of the community.
    community_id: ID,
}

/// Input of `updateMembership`. An omitted field stays unchanged.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateMembershipInput {
    /// Id of the community.
    community_id: ID,
    /// The name to go by there, 1 to 50 characters; null goes back to the account's.
    display_name: MaybeUndefined<String>,
    /// Whether it renews itself every 30 days, for the monthly fee of today at most.
    auto_renew: Option<bool>,
}

/// Which membership to let end.
#[derive(InputObject)]
pub(in crate::graphql) struct CancelMembershipInput {
    /// Id of the community.
    community_id: ID,
}

/// Which membership not to let end.
#[derive(InputObject)]
pub(in crate::graphql) struct ResumeMembershipInput {
    /// Id of the community.
    community_id: ID,
}

/// What can be done with one's memberships.
#[derive(Default)]
pub(in crate::graphql) struct MembershipMutation;

#[Object]
impl MembershipMutation {
    /// Joins a community, for its join fee and its first monthly fee; or renews a membership that has run out, for the
    /// monthly fee only.
    async fn join_community(&self, ctx: &Context<'_>, input: JoinCommunityInput) -> Result<Membership> {
        let user = ctx.user()?;
        let join = Join { expected_total: input.expected_total.map(|total| total.0) };
        let id = uuid("communityId", &input.community_id)?;
        let row = communities::join(ctx.app()?, user, id, join).await?;
        Ok(Membership::new((row, Some(user.clone()))))
    }

    /// Leaves a community. Nothing that was paid is given back.
    async fn leave_community(&self, ctx: &Context<'_>, input: LeaveCommunityInput) -> Result<Community> {
        let id = uuid("communityId", &input.community_id)?;
        wrap(communities::leave(ctx.app()?, ctx.user()?, id).await)
    }

    /// Changes the viewer's membership: the name they go by, and whether it renews itself.
    async fn update_membership(&self, ctx: &Context<'_>, input: UpdateMembershipInput) -> Result<Membership> {
        let user = ctx.user()?;
        let change =
            MembershipChange { display_name: change(input.display_name), auto_renew: input.auto_renew };
        let id = uuid("communityId", &input.community_id)?;
        let row = communities::update_membership(ctx.app()?, user, id, change).await?;
        Ok(Membership::new((row, Some(user.clone()))))
    }

    /// Ends the viewer's membership at the end of the paid period.
    async fn cancel_membership(&self, ctx: &Context<'_>, input: CancelMembershipInput) -> Result<Membership> {
        let user = ctx.user()?;
        let id = uuid("communityId", &input.community_id)?;
        let row = communities::cancel(ctx.app()?, user, id).await?;
        Ok(Membership::new((row, Some(user.clone()))))
    }

    /// Revokes the cancellation of the viewer's membership.
    async fn resume_membership(&self, ctx: &Context<'_>, input: ResumeMembershipInput) -> Result<Membership> {
        let user = ctx.user()?;
        let id = uuid("communityId", &input.community_id)?;
        let row = communities::resume(ctx.app()?, user, id).await?;
        Ok(Membership::new((row, Some(user.clone()))))
    }
}

/// A community whose creator's row is not at hand.
pub(in crate::graphql) fn wrap(row: Result<community::Model>) -> Result<Community> {
    Ok(Community::new((row?, None)))
}
