//! Changes of agent listings and of the agents of communities.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};

use super::{AgentListing, CommunityAgent};
use crate::{
    domain::agents::{self, Knowledge, ListingChange, NewListing},
    error::Result,
    graphql::{
        Coins,
        context::{ContextExt, uuid},
        payloads::{
            AddCommunityAgentPayload, ArchiveAgentListingPayload, CreateAgentListingPayload,
            RemoveCommunityAgentPayload, UpdateAgentListingPayload,
        },
        update_input::{change, emptied, kept},
    },
};

/// Input for one text that an agent answers from.
#[derive(InputObject)]
pub(in crate::graphql) struct AgentKnowledgeInput {
    /// Title of the text, 1 to 200 characters; answers cite it as their source.
    title: String,
    /// The text; blank lines separate paragraphs.
    text: String,
}

/// Input of `createAgentListing`.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateAgentListingInput {
    /// Display name, 1 to 100 characters.
    agent_name: String,
    /// Purpose of the agent, at most 5000 characters.
    description: Option<String>,
    /// URL of the picture; omitted or null means none.
    avatar_url: Option<String>,
    /// Name of a model that the server offers; if omitted, the server's default is used.
    model: Option<String>,
    /// System prompt of the model, at most 20000 characters. Visible to the owner only.
    system_prompt: Option<String>,
    /// Greeting shown when a chat with the agent opens, at most 2000 characters.
    welcome: Option<String>,
    /// Texts that the agent answers from: at most 50 texts with 500000 characters in total. Visible to the owner only.
    knowledge: Option<Vec<AgentKnowledgeInput>>,
    /// Maximum length of a question in characters, 1 to 5000.
    #[graphql(default_with = "Some(2000)")]
    input_char_limit: Option<i32>,
    /// Name of the voice that reads the answers; if omitted, the server's default is used.
    tts_voice: Option<String>,
    /// Maximum coins that users may spend on this agent per UTC day; omitted means no limit.
    daily_spend_cap: Option<Coins>,
}

/// Input of `updateAgentListing`. An omitted field stays unchanged; null is refused where it has no meaning.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateAgentListingInput {
    /// Id of the agent listing.
    agent_listing_id: ID,
    /// Display name, 1 to 100 characters.
    agent_name: MaybeUndefined<String>,
    /// Purpose of the agent, at most 5000 characters; null empties it.
    description: MaybeUndefined<String>,
    /// URL of the picture; null removes it.
    avatar_url: MaybeUndefined<String>,
    /// Name of a model that the server offers; null uses the server's default.
    model: MaybeUndefined<String>,
    /// System prompt of the model, at most 20000 characters; null empties it.
    system_prompt: MaybeUndefined<String>,
    /// Greeting shown when a chat with the agent opens, at most 2000 characters; null empties it.
    welcome: MaybeUndefined<String>,
    /// Replaces all texts that the agent answers from: at most 50 texts with 500000 characters in total; null removes
    /// them.
    knowledge: MaybeUndefined<Vec<AgentKnowledgeInput>>,
    /// Maximum length of a question in characters, 1 to 5000.
    input_char_limit: MaybeUndefined<i32>,
    /// Name of the voice that reads the answers; null uses the server's default.
    tts_voice: MaybeUndefined<String>,
    /// Maximum coins that users may spend on this agent per UTC day; null means no limit.
    daily_spend_cap: MaybeUndefined<Coins>,
}

/// Input of `archiveAgentListing`.
#[derive(InputObject)]
pub(in crate::graphql) struct ArchiveAgentListingInput {
    /// Id of the agent listing.
    agent_listing_id: ID,
}

/// Input of `addCommunityAgent`.
#[derive(InputObject)]
pub(in crate::graphql) struct AddCommunityAgentInput {
    /// Id of the community.
    community_id: ID,
    /// Id of the agent listing.
    agent_listing_id: ID,
}

/// Input of `removeCommunityAgent`.
#[derive(InputObject)]
pub(in crate::graphql) struct RemoveCommunityAgentInput {
    /// Id of the community.
    community_id: ID,
    /// Id of the agent listing.
    agent_listing_id: ID,
}

fn knowledge(texts: Vec<AgentKnowledgeInput>) -> Vec<Knowledge> {
    texts.into_iter().map(|known| Knowledge { title: known.title, text: known.text }).collect()
}

/// Mutations of agent listings.
#[derive(Default)]
pub(in crate::graphql) struct AgentMutation;

#[Object]
impl AgentMutation {
    /// Creates an agent that the viewer owns.
    async fn create_agent_listing(
        &self,
        ctx: &Context<'_>,
        input: CreateAgentListingInput,
    ) -> Result<CreateAgentListingPayload> {
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
        Ok(CreateAgentListingPayload { agent_listing: AgentListing::new((row, Some(user.clone()))) })
    }

    /// Changes an agent. Owner only.
    async fn update_agent_listing(
        &self,
        ctx: &Context<'_>,
        input: UpdateAgentListingInput,
    ) -> Result<UpdateAgentListingPayload> {
        let user = ctx.user()?;
        let changes = ListingChange {
            agent_name: kept("agentName", input.agent_name)?,
            description: change(input.description),
            avatar_url: change(input.avatar_url),
            model: change(input.model),
            system_prompt: change(input.system_prompt),
            welcome: change(input.welcome),
            knowledge: emptied(input.knowledge).map(knowledge),
            input_char_limit: kept("inputCharLimit", input.input_char_limit)?,
            tts_voice: change(input.tts_voice),
            daily_spend_cap: change(input.daily_spend_cap.map_value(|coins| coins.0)),
        };
        let id = uuid("agentListingId", &input.agent_listing_id)?;
        let row = agents::update(ctx.app()?, user, id, changes).await?;
        Ok(UpdateAgentListingPayload { agent_listing: AgentListing::new((row, Some(user.clone()))) })
    }

    /// Archives an agent: it can no longer be asked anywhere. Owner only.
    async fn archive_agent_listing(
        &self,
        ctx: &Context<'_>,
        input: ArchiveAgentListingInput,
    ) -> Result<ArchiveAgentListingPayload> {
        let user = ctx.user()?;
        let row = agents::archive(ctx.app()?, user, uuid("agentListingId", &input.agent_listing_id)?).await?;
        Ok(ArchiveAgentListingPayload { agent_listing: AgentListing::new((row, Some(user.clone()))) })
    }

    /// Adds an agent to a community. Idempotent. Creator only; any published agent can be added.
    async fn add_community_agent(
        &self,
        ctx: &Context<'_>,
        input: AddCommunityAgentInput,
    ) -> Result<AddCommunityAgentPayload> {
        let community = uuid("communityId", &input.community_id)?;
        let listing = uuid("agentListingId", &input.agent_listing_id)?;
        let added = agents::add(ctx.app()?, ctx.user()?, community, listing).await?;
        Ok(AddCommunityAgentPayload { community_agent: CommunityAgent(added) })
    }

    /// Removes an agent from a community. Running answers continue. Creator only.
    async fn remove_community_agent(
        &self,
        ctx: &Context<'_>,
        input: RemoveCommunityAgentInput,
    ) -> Result<RemoveCommunityAgentPayload> {
        let community = uuid("communityId", &input.community_id)?;
        let listing = uuid("agentListingId", &input.agent_listing_id)?;
        let gone = agents::remove(ctx.app()?, ctx.user()?, community, listing).await?;
        Ok(RemoveCommunityAgentPayload { deleted_id: gone.into(), agent_listing_id: listing.into() })
    }
}
