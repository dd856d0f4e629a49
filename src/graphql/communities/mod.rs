//! Communities: clubs, official accounts and lounges.

pub(super) mod changes;
pub(super) mod kinds;
pub(super) mod loaders;
pub(super) mod memberships;
pub(super) mod moderation;
mod query;
mod values;

use async_graphql::{Context, ID, Object};
use entity::community;

use self::loaders::{Bans, Members, OwnMemberships, Revenues};
use self::memberships::{MemberRole, Membership};
use self::moderation::Ban;
pub(super) use self::query::CommunityQuery;
pub(super) use self::values::{CommunityKind, CommunityLanguage, CommunitySort, CommunityStatus, CsMode};
use super::{
    Coins, DateTime,
    agents::{AgentListing, CommunityAgent, loaders::CommunityAgents},
    context::ContextExt,
    conversations::Conversation,
    loaders::ReadableAt,
    nullable::Nullable,
    paging::{Connection, Node, wants_total},
    users::User,
};
use crate::{
    domain::{
        Page, communities,
        conversations::{ConversationScope, Person},
    },
    error::{Error, Result},
};

/// The fields that all kinds of communities share.
pub(super) struct CommunityCore {
    pub(super) row: community::Model,
    pub(super) creator: Option<Person>,
}

/// The fields that all kinds of communities share.
#[Object]
impl CommunityCore {
    /// Unique id of the object (UUID).
    pub(super) async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// The account that runs the community, under its account name.
    pub(super) async fn creator(&self) -> User {
        match &self.creator {
            Some(creator) => creator.clone().into(),
            None => User::maybe(self.row.creator_id.clone(), None),
        }
    }

    /// Display name, 1 to 100 characters.
    pub(super) async fn name(&self) -> String {
        self.row.name.clone()
    }

    /// Description of the community; null when none is set.
    pub(super) async fn description(&self) -> Option<String> {
        self.row.description.clone()
    }

    /// Whether this is a club, an official account or a lounge.
    pub(super) async fn kind(&self) -> CommunityKind {
        self.row.kind.into()
    }

    /// One-time fee for joining, in whole coins; 0 is free of charge.
    pub(super) async fn join_fee(&self) -> Coins {
        Coins(self.row.join_fee)
    }

    /// Fee for 30 days of membership, in whole coins; 0 is free of charge.
    pub(super) async fn monthly_fee(&self) -> Coins {
        Coins(self.row.monthly_fee)
    }

    /// Fee for each question to an agent, in whole coins; 0 is free of charge.
    pub(super) async fn agent_call_fee(&self) -> Coins {
        Coins(self.row.agent_call_fee)
    }

    /// Whether `@name` in a message asks that agent, for `agentCallFee`.
    pub(super) async fn can_mention_agents(&self) -> bool {
        self.row.agent_mentions
    }

    /// Language of the system messages in its conversations.
    pub(super) async fn language(&self) -> CommunityLanguage {
        self.row.language.into()
    }

    /// Whether the community is open, suspended or archived.
    pub(super) async fn status(&self) -> CommunityStatus {
        self.row.status.into()
    }

    /// Number of members, including those whose membership expired and excluding banned users.
    pub(super) async fn member_count(&self) -> i64 {
        self.row.member_count
    }

    /// URL of the picture; null when none is set.
    pub(super) async fn avatar_url(&self) -> Option<String> {
        self.row.avatar_url.clone()
    }

    /// URL of the banner picture of the community's page; null when none is set.
    pub(super) async fn cover_image_url(&self) -> Option<String> {
        self.row.cover_image_url.clone()
    }

    /// Category slug such as `board_game`; null when none is set.
    pub(super) async fn category(&self) -> Option<String> {
        self.row.category.clone()
    }

    /// Keywords of the community; null when none are set.
    pub(super) async fn tags(&self) -> Option<Vec<String>> {
        self.row.tags.as_ref().map(|tags| tags.0.clone())
    }

    /// True when the platform verified the identity of the community.
    pub(super) async fn is_verified(&self) -> bool {
        self.row.verified
    }

    /// Assigns customers to the agent, to people or to both.
    pub(super) async fn cs_mode(&self) -> CsMode {
        self.row.cs_mode.into()
    }

    /// Id of the agent that answers customers first; null when none is set.
    pub(super) async fn default_agent_listing_id(&self) -> Option<ID> {
        self.row.default_agent_listing_id.map(ID::from)
    }

    /// The agent that answers customers first; null when none is set or it is archived.
    pub(super) async fn default_agent_listing(&self, ctx: &Context<'_>) -> Result<Option<AgentListing>> {
        AgentListing::find_maybe(ctx, self.row.default_agent_listing_id).await
    }

    /// Time of creation.
    pub(super) async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// Time of the last change.
    pub(super) async fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }

    /// The agents that members can ask, in the order of addition.
    pub(super) async fn agents(&self, ctx: &Context<'_>) -> Result<Vec<CommunityAgent>> {
        let places = ctx.load::<CommunityAgents>(self.row.id).await?;
        Ok(places.unwrap_or_default().into_iter().map(CommunityAgent).collect())
    }

    /// The members: creator, then moderators, then others by time of joining. Pages by cursor or by page
    /// number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filter")]
    pub(super) async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns only members with this role.")] role: Option<MemberRole>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "Page number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
    ) -> Result<Connection<Membership>> {
        let window = Page { first, after, last, before, page, limit }.ranked_window(Membership::NAME)?;
        let part = (role.map(Into::into), window, wants_total(ctx));
        let slice = ctx.load::<Members>((part, self.row.id)).await?;
        Ok(Membership::connection(slice.ok_or(Error::NotFound("Community"))?))
    }

    /// The viewer's membership; null when the viewer is not a member.
    pub(super) async fn viewer_membership(&self, ctx: &Context<'_>) -> Result<Option<Membership>> {
        let Some(user) = ctx.viewer()?.find_user() else { return Ok(None) };
        let key = (user.id.clone(), self.row.id);
        let own = ctx.load::<OwnMemberships>(key).await?;
        Ok(own.map(|row| Membership::new((row, Some(user.clone())))))
    }

    /// The room of the community; null for non-members and for members whose membership has expired.
    pub(super) async fn conversation(&self, ctx: &Context<'_>) -> Result<Option<Conversation>> {
        let Some(user) = ctx.viewer()?.find_user() else { return Ok(None) };
        Ok(ctx
            .load::<ReadableAt>((user.id.clone(), ConversationScope::Room(self.row.id)))
            .await?
            .map(Conversation::from))
    }

    /// Whole coins that the creator earned from members' fees in the last 30 days; null for other viewers.
    pub(super) async fn monthly_revenue(&self, ctx: &Context<'_>) -> Result<Option<Coins>> {
        let Some(user) = ctx.viewer()?.find_user().filter(|user| user.id == self.row.creator_id) else {
            return Ok(None);
        };
        let earned = ctx.load::<Revenues>((user.id.clone(), self.row.id)).await?;
        Ok(Some(Coins(earned.unwrap_or_default())))
    }

    /// Banned users, newest ban first; null with an error unless the viewer is the creator or a moderator.
    pub(super) async fn bans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
    ) -> Nullable<Connection<Ban>> {
        Nullable::of(async {
            let window = Page { first, after, last, before, ..Page::default() }.window(Ban::NAME)?;
            let part = (ctx.user()?.id.clone(), window, wants_total(ctx));
            let slice = ctx.load::<Bans>((part, self.row.id)).await?;
            slice.map(|slice| Some(Ban::connection(slice))).ok_or_else(communities::refuse_bans)
        })
        .await
    }
}
