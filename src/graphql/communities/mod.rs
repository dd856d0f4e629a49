//! Communities: clubs, official accounts and lounges.

pub(super) mod changes;
pub(super) mod kinds;
pub(super) mod loaders;
pub(super) mod memberships;
pub(super) mod moderation;

use async_graphql::{Context, Enum, ID, Object};
use entity::community;

use crate::{
    domain::{
        self, Error, Page, Result,
        communities::{self, Browse, Roster, Sort},
        conversations::{self, Target},
    },
    graphql::{
        Coins, DateTime,
        agents::{CommunityAgent, loaders::Places},
        communities::{
            kinds::Community,
            loaders::{Communities, OwnMemberships, Revenues, Seer},
            memberships::{MemberRole, Membership},
            moderation::Ban,
        },
        context::{Asked, uuid},
        conversations::Conversation,
        late::Late,
        lists,
        paging::{Connection, wants_total},
        users::User,
    },
};

/// What a community is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "community::Kind")]
pub(super) enum CommunityKind {
    /// People who share an interest.
    Club,
    /// A business with its customers.
    Official,
    /// A creator's voice.
    Lounge,
}

/// Whether a community is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "community::Status")]
pub(super) enum CommunityStatus {
    /// Open.
    Active,
    /// Held by the platform.
    Suspended,
    /// Closed for good; its members can still read it.
    Archived,
}

/// Who answers the customers of a community.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "community::CsMode")]
pub(super) enum CsMode {
    /// An agent.
    AiOnly,
    /// People.
    HumanOnly,
    /// An agent first, people when it does not help.
    Hybrid,
}

/// In which order communities are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Sort")]
pub(super) enum CommunitySort {
    /// Most members first, then newest.
    Members,
    /// Newest first.
    Newest,
}

/// What all communities have.
pub(super) struct CommunityCore {
    pub(super) row: community::Model,
    pub(super) creator: Option<domain::User>,
}

/// What all communities have.
#[Object]
impl CommunityCore {
    /// UUID.
    pub(super) async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// Who runs it, under their account's name.
    pub(super) async fn creator(&self) -> User {
        User::maybe(self.row.creator_id.clone(), self.creator.clone())
    }

    /// What it is called, 1 to 100 characters.
    pub(super) async fn name(&self) -> String {
        self.row.name.clone()
    }

    /// What it is, where something was said.
    pub(super) async fn description(&self) -> Option<String> {
        self.row.description.clone()
    }

    /// Which of the three it is.
    pub(super) async fn kind(&self) -> CommunityKind {
        self.row.kind.into()
    }

    /// Whole coins for coming in.
    pub(super) async fn join_fee(&self) -> Coins {
        Coins(self.row.join_fee)
    }

    /// Whole coins for 30 days; 0 for ever.
    pub(super) async fn monthly_fee(&self) -> Coins {
        Coins(self.row.monthly_fee)
    }

    /// Whole coins for each question to an agent.
    pub(super) async fn agent_call_fee(&self) -> Coins {
        Coins(self.row.agent_call_fee)
    }

    /// Whether `@name` in a message asks the agent of that name, for `agentCallFee`.
    pub(super) async fn agent_mentions(&self) -> bool {
        self.row.agent_mentions
    }

    /// Whether it is open.
    pub(super) async fn status(&self) -> CommunityStatus {
        self.row.status.into()
    }

    /// How many members it has, those included whose membership has run out.
    pub(super) async fn member_count(&self) -> i64 {
        self.row.member_count
    }

    /// URL of its picture.
    pub(super) async fn avatar_url(&self) -> Option<String> {
        self.row.avatar_url.clone()
    }

    /// URL of the picture across its page.
    pub(super) async fn cover_image_url(&self) -> Option<String> {
        self.row.cover_image_url.clone()
    }

    /// A slug such as `board_game`.
    pub(super) async fn category(&self) -> Option<String> {
        self.row.category.clone()
    }

    /// Words to find it by; null where none were given.
    pub(super) async fn tags(&self) -> Option<Vec<String>> {
        self.row.tags.as_ref().map(|tags| tags.0.clone())
    }

    /// Whether the platform checked that it is who it says.
    pub(super) async fn verified(&self) -> bool {
        self.row.verified
    }

    /// Who answers its customers.
    pub(super) async fn cs_mode(&self) -> CsMode {
        self.row.cs_mode.into()
    }

    /// The agent that answers its customers first.
    pub(super) async fn default_agent_listing_id(&self) -> Option<ID> {
        self.row.default_agent_listing_id.map(ID::from)
    }

    /// When it was made.
    pub(super) async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it last changed.
    pub(super) async fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }

    /// The agents that can be asked in it, in the order they were added.
    pub(super) async fn agents(&self, ctx: &Context<'_>) -> Result<Vec<CommunityAgent>> {
        let places = ctx.load::<Places>(self.row.id).await?;
        Ok(places.unwrap_or_default().into_iter().map(CommunityAgent).collect())
    }

    /// Its members: the creator, moderators, then everybody else as they came; by cursor or by page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filter")]
    pub(super) async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only members of this role.")] role: Option<MemberRole>,
        #[graphql(desc = "The first so many, 20 unless told, 50 at most.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many.")] last: Option<i32>,
        #[graphql(desc = "Ahead of this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Rows a page, 20 unless told, 50 at most.")] limit: Option<i32>,
    ) -> Result<Connection<Membership>> {
        let window = Page { first, after, last, before, page, limit }.ranked_window()?;
        let role = role.map(Into::into);
        let slice =
            communities::list_members(ctx.app()?, self.row.id, role, window, wants_total(ctx)).await?;
        Ok(Membership::connection(slice))
    }

    /// The viewer's own membership; null for those who are not members.
    pub(super) async fn viewer_membership(&self, ctx: &Context<'_>) -> Result<Option<Membership>> {
        let Some(user) = ctx.viewer()?.find_user() else { return Ok(None) };
        let key = (user.id.clone(), self.row.id);
        let own = ctx.load::<OwnMemberships>(key).await?;
        Ok(own.map(|row| Membership::new((row, Some(user.clone())))))
    }

    /// Its room, for members; null for others.
    pub(super) async fn conversation(&self, ctx: &Context<'_>) -> Result<Option<Conversation>> {
        let Some(user) = ctx.viewer()?.find_user() else { return Ok(None) };
        match conversations::find_readable(ctx.app()?, user, &Target::Room(self.row.id)).await {
            Ok(seat) => Ok(seat.map(|seat| seat.into_readable().into())),
            Err(Error::Forbidden(_) | Error::MembershipExpired) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whole coins that its creator got from its members' fees in the last 30 days; null to others.
    pub(super) async fn monthly_revenue(&self, ctx: &Context<'_>) -> Result<Option<Coins>> {
        let Some(user) = ctx.viewer()?.find_user().filter(|user| user.id == self.row.creator_id) else {
            return Ok(None);
        };
        let earned = ctx.load::<Revenues>((user.id.clone(), self.row.id)).await?;
        Ok(Some(Coins(earned.unwrap_or_default())))
    }

    /// Who is kept out, last banned first. For the creator and moderators.
    pub(super) async fn bans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 20 unless told, 50 at most.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many.")] last: Option<i32>,
        #[graphql(desc = "Ahead of this cursor.")] before: Option<String>,
    ) -> Result<Connection<Ban>> {
        let window = Page { first, after, last, before, ..Page::default() }.window()?;
        let slice = communities::list_bans(ctx.app()?, ctx.user()?, self.row.id, window, wants_total(ctx));
        Ok(Ban::connection(slice.await?))
    }
}

/// Whether more of the creators than their ids was selected in a connection of communities.
fn wants_creator(ctx: &Context<'_>) -> bool {
    let look = ctx.look_ahead();
    let more = |node: async_graphql::Lookahead<'_>| {
        let creator = node.field("creator");
        creator.field("name").exists() || creator.field("image").exists()
    };
    more(look.field("nodes")) || more(look.field("edges").field("node"))
}

/// Queries about communities.
#[derive(Default)]
pub(super) struct CommunityQuery;

#[Object]
impl CommunityQuery {
    /// Active communities, by cursor or by page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filters")]
    async fn communities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this kind.")] kind: Option<Late<CommunityKind>>,
        #[graphql(desc = "Exactly this category.")] category: Option<String>,
        #[graphql(desc = "Part of the name or the description, in any case.")] search: Option<String>,
        #[graphql(desc = "In which order; most members first unless told.")] sort: Option<CommunitySort>,
        #[graphql(desc = "The first so many, 20 unless told, 50 at most.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many.")] last: Option<i32>,
        #[graphql(desc = "Ahead of this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Rows a page, 20 unless told, 50 at most.")] limit: Option<i32>,
    ) -> Result<Connection<Community>> {
        let browse = Browse {
            kind: kind.map(|kind| kind.map(Into::into)),
            category,
            search,
            sort: sort.map(Into::into).unwrap_or_default(),
            window: Page { first, after, last, before, page, limit }.ranked_window()?,
            creators: wants_creator(ctx),
            total: wants_total(ctx),
        };
        Ok(Community::connection(communities::list_active(ctx.app()?, browse).await?))
    }

    /// A community that the viewer may see: an active one, or one they are a member of.
    async fn community(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community.")] id: ID,
    ) -> Result<Option<Community>> {
        let user = ctx.viewer()?.find_user();
        let key = (user.map_or(Seer::Anybody, |user| Seer::Account(user.id.clone())), uuid("id", &id)?);
        let row = ctx.load::<Communities>(key).await?;
        Ok(row.map(|row| Community::new((row, None))))
    }

    /// The members of a community, in the order of its `members`; null where the viewer may not see it.
    async fn community_members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community.")] community_id: ID,
        #[graphql(desc = "Only members of this role.")] role: Option<MemberRole>,
        #[graphql(desc = "At most so many; 1000 unless given, and at most.")] limit: Option<i32>,
        #[graphql(desc = "So many are left out first.")] offset: Option<i32>,
    ) -> Result<Option<Vec<Membership>>> {
        let rows = |rows: Option<i32>| rows.map(|rows| u64::try_from(rows).unwrap_or_default());
        let limit = rows(limit).unwrap_or(lists::MEMBERS).min(lists::MEMBERS);
        let roster = Roster { role: role.map(Into::into), limit: Some(limit), offset: rows(offset) };
        let id = uuid("communityId", &community_id)?;
        let list = communities::list_roster(ctx.app()?, ctx.viewer()?.find_user(), id, roster).await?;
        Ok(list.map(|rows| rows.into_iter().map(Membership::new).collect()))
    }
}
