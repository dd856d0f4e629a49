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
    /// It answers.
    Active,
    /// Its owner took it back: nobody can ask it, wherever it is.
    Archived,
}

/// A text that an agent knows.
#[derive(SimpleObject)]
pub(super) struct AgentKnowledge {
    /// What it is called; answers name it as their source.
    title: String,
    /// The text; blank lines part paragraphs.
    text: String,
}

/// An agent that somebody wrote for others to ask.
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

/// An agent that somebody wrote for others to ask.
#[Object]
impl AgentListing {
    /// UUID.
    async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// Who wrote it.
    async fn owner(&self) -> User {
        User::maybe(self.row.owner_id.clone(), self.owner.clone())
    }

    /// What it is called, 1 to 100 characters.
    async fn agent_name(&self) -> &str {
        &self.row.agent_name
    }

    /// What it is for; empty where nothing was said.
    async fn description(&self) -> &str {
        &self.row.description
    }

    /// URL of its picture.
    async fn avatar_url(&self) -> Option<&str> {
        self.row.avatar_url.as_deref()
    }

    /// The model that answers for it: its owner's choice, or the server's default. `embedded/extractive` is no model:
    /// it quotes what the agent was given to know.
    async fn model(&self, ctx: &Context<'_>) -> Result<String> {
        if !self.row.model.is_empty() {
            return Ok(self.row.model.clone());
        }
        Ok(ctx.app()?.adapters.models.default_name().unwrap_or_default().to_owned())
    }

    /// What it says to one who opens a chat with it; empty where nothing was said.
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

    /// Whole coins that may be spent on it in one day of UTC; null: no limit.
    async fn daily_spend_cap(&self) -> Option<Coins> {
        self.row.daily_spend_cap.map(Coins)
    }

    /// What the model is told to be. Null to all but the owner.
    async fn system_prompt(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        Ok(self.owner_asks(ctx)?.map(|_| self.row.system_prompt.as_str()))
    }

    /// What it was given to know. Null to all but the owner.
    async fn knowledge(&self, ctx: &Context<'_>) -> Result<Option<Vec<AgentKnowledge>>> {
        let Some(owner) = self.owner_asks(ctx)? else { return Ok(None) };
        let known = agents::list_knowledge(ctx.app()?, owner, &self.row).await?;
        Ok(Some(
            known.into_iter().map(|known| AgentKnowledge { title: known.title, text: known.text }).collect(),
        ))
    }

    /// Whether it answers.
    async fn status(&self) -> AgentListingStatus {
        self.row.status.into()
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }
}

/// An agent in a community.
pub(super) struct CommunityAgent(pub(super) Place);

/// An agent in a community.
#[Object]
impl CommunityAgent {
    /// UUID of its place.
    async fn id(&self) -> ID {
        self.0.0.id.into()
    }

    /// The agent. One that its owner took back stays until the community's creator removes it, and does not answer.
    async fn listing(&self) -> AgentListing {
        AgentListing::new((self.0.1.clone(), None))
    }

    /// When it was added.
    async fn added_at(&self) -> DateTime {
        self.0.0.added_at.into()
    }
}

/// A text for an agent to know.
#[derive(InputObject)]
pub(super) struct AgentKnowledgeInput {
    /// What it is called, 1 to 200 characters; answers name it as their source.
    title: String,
    /// The text; blank lines part paragraphs.
    text: String,
}

/// An agent to be written.
#[derive(InputObject)]
pub(super) struct CreateAgentListingInput {
    /// What it is called, 1 to 100 characters.
    agent_name: String,
    /// What it is for, at most 5000 characters.
    description: Option<String>,
    /// URL of its picture.
    avatar_url: Option<String>,
    /// The model that answers for it, one that the server has; its default unless given.
    model: Option<String>,
    /// What the model is told to be, at most 20000 characters. Nobody else sees it.
    system_prompt: Option<String>,
    /// What it says to one who opens a chat with it, at most 2000 characters.
    welcome: Option<String>,
    /// What it knows: at most 50 texts of 500000 characters in all. Nobody else sees them whole.
    knowledge: Option<Vec<AgentKnowledgeInput>>,
    /// The most characters of a question, 1 to 5000; 2000 unless given.
    input_char_limit: Option<i32>,
    /// The voice that reads its answers; the server's default unless given.
    tts_voice: Option<String>,
    /// Whole coins that may be spent on it in one day of UTC; no limit unless given.
    daily_spend_cap: Option<Coins>,
}

/// What of an agent changes; absent leaves a part as it is, null takes it away.
#[derive(InputObject)]
pub(super) struct UpdateAgentListingInput {
    /// The agent.
    id: ID,
    /// What it is called, 1 to 100 characters.
    agent_name: Option<String>,
    /// What it is for, at most 5000 characters.
    description: MaybeUndefined<String>,
    /// URL of its picture.
    avatar_url: MaybeUndefined<String>,
    /// The model that answers for it, one that the server has; null: its default.
    model: MaybeUndefined<String>,
    /// What the model is told to be, at most 20000 characters.
    system_prompt: MaybeUndefined<String>,
    /// What it says to one who opens a chat with it, at most 2000 characters.
    welcome: MaybeUndefined<String>,
    /// All that it knows from now on: at most 50 texts of 500000 characters in all.
    knowledge: Option<Vec<AgentKnowledgeInput>>,
    /// The most characters of a question, 1 to 5000.
    input_char_limit: Option<i32>,
    /// The voice that reads its answers; null: the server's default.
    tts_voice: MaybeUndefined<String>,
    /// Whole coins that may be spent on it in one day of UTC; null: no limit.
    daily_spend_cap: MaybeUndefined<Coins>,
}

/// An agent and a community.
#[derive(InputObject)]
pub(super) struct CommunityAgentInput {
    /// The community.
    community_id: ID,
    /// The agent.
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
        #[graphql(desc = "The first so many, 20 unless told, 50 at most.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many.")] last: Option<i32>,
        #[graphql(desc = "Ahead of this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Rows a page, 20 unless told, 50 at most.")] limit: Option<i32>,
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
        #[graphql(desc = "The agent.")] id: ID,
    ) -> Result<Option<AgentListing>> {
        let viewer = ctx.viewer()?.find_user();
        let found = agents::find_listing(ctx.app()?, viewer, uuid("id", &id)?).await?;
        Ok(found.map(|row| AgentListing::new((row, None))))
    }

    /// The agents of a community in the order they were added; none where the viewer may not see it.
    async fn community_agents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community.")] community_id: ID,
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

    /// Takes an agent back: nobody can ask it any more, wherever it is. Its owner only.
    async fn archive_agent_listing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The agent.")] id: ID,
    ) -> Result<AgentListing> {
        let user = ctx.user()?;
        let row = agents::archive(ctx.app()?, user, uuid("id", &id)?).await?;
        Ok(AgentListing::new((row, Some(user.clone()))))
    }

    /// Adds an agent to a community; again changes nothing. The community's creator only, whoever wrote the agent.
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
