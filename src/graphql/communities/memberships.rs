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

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "membership::Role")]
pub(in crate::graphql) enum MemberRole {
    /// Runs the community; there is one.
    Creator,
    /// Keeps order.
    Moderator,
    /// Answers customers.
    CsAgent,
    /// Takes part.
    Member,
}

/// What a membership is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Standing")]
pub(in crate::graphql) enum SubscriptionStatus {
    /// Everything.
    Active,
    /// Everything until what was paid ends, by its owner's wish.
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
    /// UUID.
    async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// The community.
    async fn community(&self, ctx: &Context<'_>) -> Result<Community> {
        Community::find(ctx, self.row.community_id).await?.ok_or(Error::NotFound("Community"))
    }

    /// Who, as they are known here: with a display name, its owner's own name and picture are not shown.
    async fn user(&self) -> User {
        self.person()
    }

    /// What they may do.
    async fn role(&self) -> MemberRole {
        self.row.role.into()
    }

    /// The name they go by here: one of its own, or the account's.
    async fn display_name(&self, ctx: &Context<'_>) -> Result<String> {
        self.person().shown_name(ctx).await
    }

    /// When they came in.
    async fn joined_at(&self) -> DateTime {
        self.row.joined_at.into()
    }

    /// What it is good for at this time.
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

    /// Whether and until when they may not speak; null when they may, and to others than the member, the creator and
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

/// A member may not speak.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Mute {
    /// Until when; null until it is lifted.
    until: Option<DateTime>,
    /// Why, where something was said.
    reason: Option<String>,
    /// Since when.
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
    /// The community.
    community_id: ID,
    /// Whole coins that the viewer expects to pay; another price is refused with `PRICE_CHANGED`.
    expected_total: Option<Coins>,
}

/// Which community to leave.
#[derive(InputObject)]
pub(in crate::graphql) struct LeaveCommunityInput {
    /// The community.
    community_id: ID,
}

/// What of the viewer's membership changes; absent leaves a part as it is.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateMembershipInput {
    /// The community.
    community_id: ID,
    /// The name to go by there, 1 to 50 characters; null goes back to the account's.
    display_name: MaybeUndefined<String>,
    /// Whether it renews itself every 30 days, for the monthly fee of today at most.
    auto_renew: Option<bool>,
}

/// Which membership to let end.
#[derive(InputObject)]
pub(in crate::graphql) struct CancelMembershipInput {
    /// The community.
    community_id: ID,
}

/// Which membership not to let end.
#[derive(InputObject)]
pub(in crate::graphql) struct ResumeMembershipInput {
    /// The community.
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

    /// Lets the viewer's membership end with what is paid.
    async fn cancel_membership(&self, ctx: &Context<'_>, input: CancelMembershipInput) -> Result<Membership> {
        let user = ctx.user()?;
        let id = uuid("communityId", &input.community_id)?;
        let row = communities::cancel(ctx.app()?, user, id).await?;
        Ok(Membership::new((row, Some(user.clone()))))
    }

    /// Takes back that the viewer's membership ends with what is paid.
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
