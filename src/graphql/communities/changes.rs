//! Creating, changing and archiving communities.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};

use super::{CommunityKind, CommunityLanguage, CsMode, kinds::Community};
use crate::{
    domain::communities::{self, CommunityChange, NewCommunity},
    error::Result,
    graphql::{
        Coins,
        context::{ContextExt, uuid},
        deferred_input::DeferredInput,
        payloads::{ArchiveCommunityPayload, CreateCommunityPayload, UpdateCommunityPayload},
        update_input::{change, kept},
    },
};

/// Input of `createCommunity`.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateCommunityInput {
    /// Display name, 1 to 100 characters.
    name: String,
    /// Description, at most 5000 characters.
    description: Option<String>,
    /// `CLUB` or `OFFICIAL`. Use `createLounge` for lounges.
    #[graphql(default_with = "Some(DeferredInput::valid(CommunityKind::Club))")]
    kind: Option<DeferredInput<CommunityKind>>,
    /// One-time fee for joining in whole coins, 0 to 2147483647.
    #[graphql(default_with = "Some(Coins(0))")]
    join_fee: Option<Coins>,
    /// Fee for 30 days in whole coins, 0 to 2147483647.
    #[graphql(default_with = "Some(Coins(0))")]
    monthly_fee: Option<Coins>,
    /// Fee for each question to an agent in whole coins, 0 to 2147483647.
    #[graphql(default_with = "Some(Coins(0))")]
    agent_call_fee: Option<Coins>,
    /// Category slug such as `board_game`.
    category: Option<String>,
    /// Keywords: at most 20 of 1 to 50 characters each.
    tags: Option<Vec<String>>,
    /// URL of the picture; omitted or null means none.
    avatar_url: Option<String>,
    /// URL of the banner picture of the community's page.
    cover_image_url: Option<String>,
    /// Assigns customers to the agent, to people or to both.
    #[graphql(default_with = "Some(DeferredInput::valid(CsMode::AiOnly))")]
    cs_mode: Option<DeferredInput<CsMode>>,
    /// Id of the agent that answers customers first. A value that is not a UUID is ignored.
    default_agent_listing_id: Option<ID>,
    /// Whether `@name` in a message asks that agent, for the usual fee.
    #[graphql(default_with = "Some(false)")]
    can_mention_agents: Option<bool>,
    /// Language of the system messages in its conversations.
    #[graphql(default_with = "Some(CommunityLanguage::English)")]
    language: Option<CommunityLanguage>,
}

/// Input of `updateCommunity`. An omitted field stays unchanged; null is refused where it has no meaning.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateCommunityInput {
    /// Id of the community.
    community_id: ID,
    /// Display name, 1 to 100 characters.
    name: MaybeUndefined<String>,
    /// Description, at most 5000 characters; null removes it.
    description: MaybeUndefined<String>,
    /// One-time fee for joining in whole coins, 0 to 2147483647.
    join_fee: MaybeUndefined<Coins>,
    /// Fee for 30 days in whole coins, 0 to 2147483647. Periods already paid are not affected.
    monthly_fee: MaybeUndefined<Coins>,
    /// Fee for each question to an agent in whole coins, 0 to 2147483647.
    agent_call_fee: MaybeUndefined<Coins>,
    /// Category slug such as `board_game`; null removes it.
    category: MaybeUndefined<String>,
    /// Keywords: at most 20 of 1 to 50 characters each; null removes them.
    tags: MaybeUndefined<Vec<String>>,
    /// URL of the picture; null removes it.
    avatar_url: MaybeUndefined<String>,
    /// URL of the banner picture of the community's page; null removes it.
    cover_image_url: MaybeUndefined<String>,
    /// Assigns customers to the agent, to people or to both.
    cs_mode: MaybeUndefined<DeferredInput<CsMode>>,
    /// Id of the agent that answers customers first; null removes it. A value that is not a UUID is ignored.
    default_agent_listing_id: MaybeUndefined<ID>,
    /// Whether `@name` in a message asks that agent, for the usual fee.
    can_mention_agents: MaybeUndefined<bool>,
    /// Language of future system messages in its conversations.
    language: MaybeUndefined<CommunityLanguage>,
}

/// Input of `archiveCommunity`.
#[derive(InputObject)]
pub(in crate::graphql) struct ArchiveCommunityInput {
    /// Id of the community.
    community_id: ID,
}

/// Mutations of communities.
#[derive(Default)]
pub(in crate::graphql) struct CommunityMutation;

#[Object]
impl CommunityMutation {
    /// Creates a club or an official account with the viewer as its creator.
    async fn create_community(
        &self,
        ctx: &Context<'_>,
        input: CreateCommunityInput,
    ) -> Result<CreateCommunityPayload> {
        let user = ctx.user()?;
        let new = NewCommunity {
            name: input.name,
            description: input.description,
            kind: input.kind.map(|kind| kind.map(Into::into)),
            join_fee: input.join_fee.map(|fee| fee.0),
            monthly_fee: input.monthly_fee.map(|fee| fee.0),
            agent_call_fee: input.agent_call_fee.map(|fee| fee.0),
            category: input.category,
            tags: input.tags,
            avatar_url: input.avatar_url,
            cover_image_url: input.cover_image_url,
            cs_mode: input.cs_mode.map(|mode| mode.map(Into::into)),
            default_agent_listing_id: input.default_agent_listing_id.map(|id| id.0),
            agent_mentions: input.can_mention_agents,
            language: input.language.map(Into::into),
        };
        let row = communities::create(ctx.app()?, user, new).await?;
        Ok(CreateCommunityPayload { community: Community::new((row, Some(user.clone().into()))) })
    }

    /// Changes a community. Creator only.
    async fn update_community(
        &self,
        ctx: &Context<'_>,
        input: UpdateCommunityInput,
    ) -> Result<UpdateCommunityPayload> {
        let user = ctx.user()?;
        let change = CommunityChange {
            name: kept("name", input.name)?,
            description: change(input.description),
            join_fee: kept("joinFee", input.join_fee)?.map(|fee| fee.0),
            monthly_fee: kept("monthlyFee", input.monthly_fee)?.map(|fee| fee.0),
            agent_call_fee: kept("agentCallFee", input.agent_call_fee)?.map(|fee| fee.0),
            category: change(input.category),
            tags: change(input.tags),
            avatar_url: change(input.avatar_url),
            cover_image_url: change(input.cover_image_url),
            cs_mode: kept("csMode", input.cs_mode)?.map(|mode| mode.map(Into::into)),
            default_agent_listing_id: change(input.default_agent_listing_id.map_value(|id| id.0)),
            agent_mentions: kept("canMentionAgents", input.can_mention_agents)?,
            language: kept("language", input.language)?.map(Into::into),
        };
        let id = uuid("communityId", &input.community_id)?;
        let row = communities::update(ctx.app()?, user, id, change).await?;
        Ok(UpdateCommunityPayload { community: Community::new((row, Some(user.clone().into()))) })
    }

    /// Closes a community permanently. Members can still read it; no fees are charged any more. Creator only.
    async fn archive_community(
        &self,
        ctx: &Context<'_>,
        input: ArchiveCommunityInput,
    ) -> Result<ArchiveCommunityPayload> {
        let user = ctx.user()?;
        let row = communities::archive(ctx.app()?, user, uuid("communityId", &input.community_id)?).await?;
        Ok(ArchiveCommunityPayload { community: Community::new((row, Some(user.clone().into()))) })
    }
}
