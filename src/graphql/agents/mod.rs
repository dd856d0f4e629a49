//! Agents, as people write them and as communities have them.

pub(super) mod loaders;
pub(super) mod replies;
pub(super) mod reply_events;

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use entity::agent_listing;

use crate::{
    domain::{
        self, Cursor, Page, Result, Slice,
        agents::{self, Browse, Knowledge, ListingChange, ListingRow, NewListing, Place},
    },
    graphql::{
        Coins, DateTime,
        communities::changes::change,
        context::{Asked, uuid},
        paging::{Connection, Node, wants_total},
        spaces::wants_owner,
        users::User,
    },
};

/// Whether an agent answers.
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
    /// The text; blank lines part paragraphs.
    text: String,
}

/// A published agent: its name, prompt, knowledge, model and voice.
pub(super) struct AgentListing {
    row: agent_listing::Model,
    owner: Option<domain::User>,
}

impl AgentListing {
    pub(super) fn new((row, owner): ListingRow) -> Self {
        Self { row, owner }
    }

    pub(super) fn connection(slice: Slice<ListingRow>) -> Connection<Self> {
        let Slice { rows, window, more_after, more_before, total } = slice;
        let rows = rows.into_iter().map(Self::new).collect();
        Connection(Slice { rows, window, more_after, more_before, total })
    }

    /// Whoever asks, where they wrote it.
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

/// A published agent: its name, prompt, knowledge, model and voice.
#[Object]
impl AgentListing {
    /// Unique id of the object (UUID).
    async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// The account that wrote the agent and may change it.
    async fn owner(&self) -> User {
        User::maybe(self.row.owner_id.clone(), self.owner.clone())
    }

    /// Display name, 1 to 100 characters.
    async fn agent_name(&self) -> &str {
        &self.row.agent_name
    }

    /// What the agent is for; empty when no description is set.
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

    /// The most characters of a question.
    async fn input_char_limit(&self) -> i32 {
        self.row.input_char_limit
    }

    /// The voice that reads its answers; empty: the server's default.
    async fn tts_voice(&self) -> &str {
        &self.row.tts_voice
    }

    /// Maximum coins that users may spend on this agent per UTC day; null means no limit.
    async fn daily_spend_cap(&self) -> Option<Coins> {
        self.row.daily_spend_cap.map(Coins)
    }

    /// The system prompt of the model. Null for everyone but the owner.
    async fn system_prompt(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        Ok(self.owner_asks(ctx)?.map(|_| self.row.system_prompt.as_str()))
    }

    /// The texts that the agent answers from. Null for everyone but the owner.
    async fn knowledge(&self, ctx: &Context<'_>) -> Result<Option<Vec<AgentKnowledge>>> {
        let Some(owner) = self.owner_asks(ctx)? else { return Ok(None) };
        let known = agents::list_knowledge(ctx.app()?, owner, &self.row).await?;
        Ok(Some(
            known.into_iter().map(|known| AgentKnowledge { title: known.title, text: known.text }).collect(),
        ))
    }

    /// Whether the agent can be asked.
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

/// An agent in a community.
pub(super) struct CommunityAgent(pub(super) Place);

/// An agent in a community.
#[Object]
impl CommunityAgent {
    /// Unique id of the agent's membership in the community (UUID).
    async fn id(&self) -> ID {
        self.0.0.id.into()
    }

    /// The agent. One that its owner took back stays until the community's creator removes it, and does not answer.
    async fn listing(&self) -> AgentListing {
        AgentListing::new((self.0.1.clone(), None))
    }

    /// Time when the agent was added to the community.
    async fn added_at(&self) -> DateTime {
        self.0.0.added_at.into()
    }
}

/// A text for an agent to know.
#[derive(InputObject)]
pub(super) struct AgentKnowledgeInput {
    /// Title of the text, 1 to 200 characters; answers cite it as their source.
    title: String,
    /// The text; blank lines part paragraphs.
    text: String,
}

/// An agent to be written.
#[derive(InputObject)]
pub(super) struct CreateAgentListingInput {
    /// Display name, 1 to 100 characters.
    agent_name: String,
    /// What the agent is for, at most 5000 characters.
    description: Option<String>,
    /// URL of the picture; null when none is set.
    avatar_url: Option<String>,
    /// Name of a model that the server offers; omitted uses the server's default.
    model: Option<String>,
    /// System prompt of the model, at most 20000 characters. Visible to the owner only.
    system_prompt: Option<String>,
    /// Greeting shown when a chat with the agent opens, at most 2000 characters.
    welcome: Option<String>,
    /// Texts that the agent answers from: at most 50 texts with 500000 characters in total. Visible to the owner only.
    knowledge: Option<Vec<AgentKnowledgeInput>>,
    /// Maximum length of a question in characters, 1 to 5000 (default 2000).
    input_char_limit: Option<i32>,
    /// Name of the voice that reads the answers; omitted uses the server's default.
    tts_voice: Option<String>,
    /// Maximum coins that users may spend on this agent per UTC day; omitted means no limit.
    daily_spend_cap: Option<Coins>,
}

/// Input of `updateAgentListing`. An omitted field stays unchanged; null clears it.
#[derive(InputObject)]
pub(super) struct UpdateAgentListingInput {
    /// Id of the agent listing.
    id: ID,
    /// Display name, 1 to 100 characters.
    agent_name: Option<String>,
    /// What the agent is for, at most 5000 characters.
    description: MaybeUndefined<String>,
    /// URL of the picture; null when none is set.
    avatar_url: MaybeUndefined<String>,
    /// The model that answers for it, one that the server has; null: its default.
    model: MaybeUndefined<String>,
    /// System prompt of the model, at most 20000 characters.
    system_prompt: MaybeUndefined<String>,
    /// Greeting shown when a chat with the agent opens, at most 2000 characters.
    welcome: MaybeUndefined<String>,
    /// All that it knows from now on: at most 50 texts of 500000 characters in all.
    knowledge: Option<Vec<AgentKnowledgeInput>>,
    /// The most characters of a question, 1 to 5000.
    input_char_limit: Option<i32>,
    /// The voice that reads its answers; null: the server's default.
    tts_voice: MaybeUndefined<String>,
    /// Maximum coins that users may spend on this agent per UTC day; null means no limit.
    daily_spend_cap: MaybeUndefined<Coins>,
}

/// An agent and a community.
#[derive(InputObject)]
pub(super) struct CommunityAgentInput {
    /// Id of the community.
    community_id: ID,
    /// Id of the agent listing.
    listing_id: ID,
}

fn knowledge(texts: Vec<AgentKnowledgeInput>) -> Vec<Knowledge> {
    texts.into_iter().map(|known| Knowledge { title: known.title, text: known.text }).collect()
}

/// Queries about agents.
#[derive(Default)]
pub(super) struct AgentQuery;

#[Object]
impl AgentQuery {
    /// Agents that answer, newest first; by cursor or by page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filter")]
    async fn agent_listings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Part of the name or the description, in any case.")] search: Option<String>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
    ) -> Result<Connection<AgentListing>> {
        let window = Page { first, after, last, before, page, limit }.window()?;
        let owners = wants_owner(ctx);
        let browse = Browse { search, window, owners, total: wants_total(ctx) };
        Ok(AgentListing::connection(agents::list_active(ctx.app()?, browse).await?))
    }

    /// An agent that answers, or one of the viewer's own.
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

/// What can be done with agents.
#[derive(Default)]
pub(super) struct AgentMutation;

#[Object]
impl AgentMutation {
    /// Writes an agent that the viewer owns.
    async fn create_agent_listing(
        &self,
        ctx: &Context<'_>,
        input: CreateAgentListingInput,
    ) -> Result<AgentListing> {
        let user = ctx.user()?;
        let new = NewListing {
            agent_name: input.agent_name,
            description: input.description,
            avatar_url: input.avatar_url,
            model: input.model,
            system_prompt: input.system_prompt,
            welcome: input.welcome,
            knowledge: knowledge(input.knowledge.unwrap_or_default()),
            input_char_limit: input.input_char_limit,
            tts_voice: input.tts_voice,
            daily_spend_cap: input.daily_spend_cap.map(|coins| coins.0),
        };
        let row = agents::create(ctx.app()?, user, new).await?;
        Ok(AgentListing::new((row, Some(user.clone()))))
    }

    /// Changes an agent. Its owner only.
    async fn update_agent_listing(
        &self,
        ctx: &Context<'_>,
        input: UpdateAgentListingInput,
    ) -> Result<AgentListing> {
        let user = ctx.user()?;
        let changes = ListingChange {
            agent_name: input.agent_name,
            description: change(input.description),
            avatar_url: change(input.avatar_url),
            model: change(input.model),
            system_prompt: change(input.system_prompt),
            welcome: change(input.welcome),
            knowledge: input.knowledge.map(knowledge),
            input_char_limit: input.input_char_limit,
            tts_voice: change(input.tts_voice),
            daily_spend_cap: change(input.daily_spend_cap.map_value(|coins| coins.0)),
        };
        let row = agents::update(ctx.app()?, user, uuid("id", &input.id)?, changes).await?;
        Ok(AgentListing::new((row, Some(user.clone()))))
    }

    /// Archives an agent: it can no longer be asked anywhere. Owner only.
    async fn archive_agent_listing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the agent listing.")] id: ID,
    ) -> Result<AgentListing> {
        let user = ctx.user()?;
        let row = agents::archive(ctx.app()?, user, uuid("id", &id)?).await?;
        Ok(AgentListing::new((row, Some(user.clone()))))
    }

    /// Adds an agent to a community. Idempotent. Creator only; any published agent can be added.
    async fn add_community_agent(
        &self,
        ctx: &Context<'_>,
        input: CommunityAgentInput,
    ) -> Result<CommunityAgent> {
        let community = uuid("communityId", &input.community_id)?;
        let listing = uuid("listingId", &input.listing_id)?;
        agents::add(ctx.app()?, ctx.user()?, community, listing).await.map(CommunityAgent)
    }

    /// Takes an agent out of a community, and gives its id; answers that it is giving go on. The community's creator
    /// only.
    async fn remove_community_agent(&self, ctx: &Context<'_>, input: CommunityAgentInput) -> Result<ID> {
        let community = uuid("communityId", &input.community_id)?;
        let listing = uuid("listingId", &input.listing_id)?;
        Ok(agents::remove(ctx.app()?, ctx.user()?, community, listing).await?.into())
    }
}
