//! Agent listings and the agents of communities.

pub(super) mod changes;
pub(super) mod loaders;
pub(super) mod replies;
pub(super) mod reply_events;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use entity::agent_listing;
use uuid::Uuid;

use self::loaders::{KnowledgeTexts, Listings};
use super::{
    Coins, DateTime,
    context::{ContextExt, uuid},
    paging::{Connection, Node, wants_total},
    spaces::wants_owner,
    users::User,
};
use crate::{
    domain::{
        self, Cursor, Page, PageRows,
        agents::{self, Browse, ListingRow},
    },
    error::Result,
};

/// States of an agent listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "agent_listing::Status")]
pub(super) enum AgentListingStatus {
    /// The agent can be asked.
    Active,
    /// The owner archived the agent: it cannot be asked anywhere.
    Archived,
}

/// A text that an agent knows.
#[derive(SimpleObject)]
pub(super) struct AgentKnowledge {
    /// Title of the text; answers cite it as their source.
    title: String,
    /// The text; blank lines separate paragraphs.
    text: String,
}

/// A published agent: name, prompt, knowledge, model and voice.
pub(super) struct AgentListing {
    row: agent_listing::Model,
    owner: Option<domain::User>,
}

impl AgentListing {
    pub(super) fn new((row, owner): ListingRow) -> Self {
        Self { row, owner }
    }

    pub(super) fn connection(slice: PageRows<ListingRow>) -> Connection<Self> {
        Connection(slice.map(Self::new))
    }

    /// Finds the agent that an object refers to; `None` if it refers to none or the agent is archived.
    pub(super) async fn find_maybe(ctx: &Context<'_>, id: Option<Uuid>) -> Result<Option<Self>> {
        let Some(id) = id else { return Ok(None) };
        Ok(ctx.load::<Listings>(id).await?.map(|row| Self::new((row, None))))
    }

    /// Whether the owner is the viewer; known where the listing was loaded.
    fn owner_asks<'a>(&self, ctx: &'a Context<'_>) -> Result<Option<&'a domain::User>> {
        Ok(ctx.viewer()?.find_user().filter(|user| user.id == self.row.owner_id))
    }
}

impl Node for AgentListing {
    const NAME: &'static str = "AgentListing";

    fn cursor(&self) -> Cursor {
        Cursor { rank: None, at: self.row.created_at, id: self.row.id }
    }
}

/// A published agent: name, prompt, knowledge, model and voice.
#[Object]
impl AgentListing {
    /// Unique id of the object (UUID).
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// The account that created the agent and may change it.
    async fn owner(&self) -> User {
        User::maybe(self.row.owner_id.clone(), self.owner.clone())
    }

    /// Display name, 1 to 100 characters.
    async fn agent_name(&self) -> &str {
        &self.row.agent_name
    }

    /// Purpose of the agent; empty when no description is set.
    async fn description(&self) -> &str {
        &self.row.description
    }

    /// URL of the picture; null when none is set.
    async fn avatar_url(&self) -> Option<&str> {
        self.row.avatar_url.as_deref()
    }

    /// The model that generates the answers: the owner's choice, or the server's default. `embedded/extractive` is not
    /// a language model: it quotes the agent's knowledge.
    async fn model(&self, ctx: &Context<'_>) -> Result<String> {
        if !self.row.model.is_empty() {
            return Ok(self.row.model.clone());
        }
        Ok(ctx.app()?.adapters.models.default_name().unwrap_or_default().to_owned())
    }

    /// Greeting shown when a chat with the agent opens; empty when none is set.
    async fn welcome(&self) -> &str {
        &self.row.welcome
    }

    /// Maximum length of a question in characters, 1 to 5000.
    async fn input_char_limit(&self) -> i32 {
        self.row.input_char_limit
    }

    /// Name of the voice that reads the answers; empty means the server's default.
    async fn tts_voice(&self) -> &str {
        &self.row.tts_voice
    }

    /// Maximum coins that users may spend on this agent per UTC day; null means no limit.
    async fn daily_spend_cap(&self) -> Option<Coins> {
        self.row.daily_spend_cap.map(Coins)
    }

    /// System prompt of the model; null for viewers other than the owner.
    async fn system_prompt(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        Ok(self.owner_asks(ctx)?.map(|_| self.row.system_prompt.as_str()))
    }

    /// Texts that the agent answers from; null for viewers other than the owner.
    async fn knowledge(&self, ctx: &Context<'_>) -> Result<Option<Vec<AgentKnowledge>>> {
        let Some(owner) = self.owner_asks(ctx)? else { return Ok(None) };
        let known = ctx.load::<KnowledgeTexts>((owner.id.clone(), self.row.id)).await?.unwrap_or_default();
        Ok(Some(
            known.into_iter().map(|known| AgentKnowledge { title: known.title, text: known.text }).collect(),
        ))
    }

    /// Whether the agent can be asked or is archived.
    async fn status(&self) -> AgentListingStatus {
        self.row.status.into()
    }

    /// Time when the listing was created.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// Time of the last change.
    async fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }
}

/// An agent that was added to a community, so that its members can ask it.
pub(super) struct CommunityAgent(pub(super) agents::CommunityAgent);

/// An agent that was added to a community, so that its members can ask it.
#[Object]
impl CommunityAgent {
    /// Unique id of the community agent (UUID).
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.0.id.into()
    }

    /// The agent. An archived agent stays listed until the community's creator removes it, but does not
    /// answer.
    async fn agent_listing(&self) -> AgentListing {
        AgentListing::new((self.0.1.clone(), None))
    }

    /// Time when the agent was added to the community.
    async fn added_at(&self) -> DateTime {
        self.0.0.added_at.into()
    }
}

/// Queries about agents.
#[derive(Default)]
pub(super) struct AgentQuery;

#[Object]
impl AgentQuery {
    /// Lists published agents, newest first. Pages by cursor or by page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filter")]
    async fn agent_listings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Part of the name or the description, ignoring case.")] search: Option<String>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "Page number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
    ) -> Result<Connection<AgentListing>> {
        let window = Page { first, after, last, before, page, limit }.window(AgentListing::NAME)?;
        let owners = wants_owner(ctx);
        let browse = Browse { search, window, owners, total: wants_total(ctx) };
        Ok(AgentListing::connection(agents::list_active(ctx.app()?, browse).await?))
    }

    /// Finds a published agent or one of the viewer's own. Returns null otherwise.
    async fn agent_listing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the agent listing.")] id: ID,
    ) -> Result<Option<AgentListing>> {
        let viewer = ctx.viewer()?.find_user();
        let found = agents::find_listing(ctx.app()?, viewer, uuid("id", &id)?).await?;
        Ok(found.map(|row| AgentListing::new((row, None))))
    }

    /// Lists the agents of a community by time of addition; empty when the viewer may not see the community.
    #[graphql(deprecation = "For REST: use `Community.agents`.")]
    async fn community_agents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the community.")] community_id: ID,
    ) -> Result<Vec<CommunityAgent>> {
        let viewer = ctx.viewer()?.find_user();
        let places = agents::list_in(ctx.app()?, viewer, uuid("communityId", &community_id)?).await?;
        Ok(places.into_iter().map(CommunityAgent).collect())
    }
}
