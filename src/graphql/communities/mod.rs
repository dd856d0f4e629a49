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

/// Kinds of communities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "community::Kind")]
pub(super) enum CommunityKind {
    /// A community of people who share an interest.
    Club,
    /// A business with its customers.
    Official,
    /// A creator with a voice agent.
    Lounge,
}

/// Whether a community is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "community::Status")]
pub(super) enum CommunityStatus {
    /// The community is open.
    Active,
    /// An administrator suspended the community.
    Suspended,
    /// Closed for good; its members can still read it.
    Archived,
}

/// Who answers the customers of a community.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "community::CsMode")]
pub(super) enum CsMode {
    /// An agent decides.
    AiOnly,
    /// People only.
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
    /// Newest community first.
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
    /// Unique id of the object (UUID).
    pub(super) async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// The account that runs the community, under its account name.
    pub(super) async fn creator(&self) -> User {
        User::maybe(self.row.creator_id.clone(), self.creator.clone())
    }

    /// Display name, 1 to 100 characters.
    pub(super) async fn name(&self) -> String {
        self.row.name.clone()
    }

    /// Description of the community; null when none is set.
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

    /// True when the platform verified the identity of the community.
    pub(super) async fn verified(&self) -> bool {
        self.row.verified
    }

    /// Who answers the customers of the community.
    pub(super) async fn cs_mode(&self) -> CsMode {
        self.row.cs_mode.into()
    }

    /// The agent that answers its customers first.
    pub(super) async fn default_agent_listing_id(&self) -> Option<ID> {
        self.row.default_agent_listing_id.map(ID::from)
    }

    /// Time of creation.
    pub(super) async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// Time of the last change.
    pub(super) async fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }

    /// The agents that can be asked in it, in the order they were added.
    pub(super) async fn agents(&self, ctx: &Context<'_>) -> Result<Vec<CommunityAgent>> {
        let places = ctx.load::<Places>(self.row.id).await?;
        Ok(places.unwrap_or_default().into_iter().map(CommunityAgent).collect())
    }

    /// The members: creator, then moderators, then the others by time of joining. Page by cursor or by number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filter")]
    pub(super) async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only members of this role.")] role: Option<MemberRole>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
    ) -> Result<Connection<Membership>> {
        let window = Page { first, after, last, before, page, limit }.ranked_window()?;
        let role = role.map(Into::into);
        let slice =
            communities::list_members(ctx.app()?, self.row.id, role, window, wants_total(ctx)).await?;
        Ok(Membership::connection(slice))
    }

    /// The viewer's membership; null when the viewer is not a member.
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

    /// Banned users, newest ban first. Visible to the creator and moderators.
    pub(super) async fn bans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
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
        #[graphql(desc = "Returns only communities of this kind.")] kind: Option<Late<CommunityKind>>,
        #[graphql(desc = "Exactly this category.")] category: Option<String>,
        #[graphql(desc = "Part of the name or the description, in any case.")] search: Option<String>,
        #[graphql(desc = "Sort order (default: most members first).")] sort: Option<CommunitySort>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
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

    /// Finds a community that the viewer may see: active, or joined by the viewer. Returns null otherwise.
    async fn community(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the community.")] id: ID,
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
        #[graphql(desc = "Id of the community.")] community_id: ID,
        #[graphql(desc = "Only members of this role.")] role: Option<MemberRole>,
        #[graphql(desc = "Maximum number of members (default 20000, maximum 20000).")] limit: Option<i32>,
        #[graphql(desc = "Number of members to skip (default 0).")] offset: Option<i32>,
    ) -> Result<Option<Vec<Membership>>> {
        let rows = |rows: Option<i32>| rows.map(|rows| u64::try_from(rows).unwrap_or_default());
        let limit = rows(limit).unwrap_or(lists::MEMBERS).min(lists::MEMBERS);
        let roster = Roster { role: role.map(Into::into), limit: Some(limit), offset: rows(offset) };
        let id = uuid("communityId", &community_id)?;
        let list = communities::list_roster(ctx.app()?, ctx.viewer()?.find_user(), id, roster).await?;
        Ok(list.map(|rows| rows.into_iter().map(Membership::new).collect()))
    }
}
