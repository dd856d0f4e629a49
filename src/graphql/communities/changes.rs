//! Making, changing and closing communities.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};

use crate::{
    domain::{
        Result,
        communities::{self, CommunityChange, NewCommunity},
    },
    graphql::{
        communities::{CommunityKind, CsMode, kinds::Community},
        context::{Asked, uuid},
        late::Late,
    },
};

/// A community to be made.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateCommunityInput {
    /// Display name, 1 to 100 characters.
    name: String,
    /// Description, at most 5000 characters.
    description: Option<String>,
    /// `CLUB` or `OFFICIAL` (default `CLUB`). Use `createLounge` for lounges.
    kind: Option<Late<CommunityKind>>,
    /// One-time fee for joining in whole coins, 0 to 2147483647 (default 0).
    join_fee: Option<i32>,
    /// Fee for 30 days in whole coins, 0 to 2147483647 (default 0).
    monthly_fee: Option<i32>,
    /// Fee for each question to an agent in whole coins, 0 to 2147483647 (default 0).
    agent_call_fee: Option<i32>,
    /// A slug such as `board_game`.
    category: Option<String>,
    /// At most 20 words of 1 to 50 characters.
    tags: Option<Vec<String>>,
    /// URL of the picture; null when none is set.
    avatar_url: Option<String>,
    /// URL of the picture across its page.
    cover_image_url: Option<String>,
    /// Who answers the customers (default `AI_ONLY`).
    cs_mode: Option<Late<CsMode>>,
    /// Id of the agent that answers customers first. A value that is not a UUID is ignored.
    default_agent_listing_id: Option<ID>,
    /// Whether `@name` in a message asks that agent, for the usual fee (default false).
    agent_mentions: Option<bool>,
}

/// Input of `updateCommunity`. An omitted field stays unchanged; null clears it.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateCommunityInput {
    /// Id of the community.
    id: ID,
    /// Display name, 1 to 100 characters.
    name: Option<String>,
    /// Description, at most 5000 characters.
    description: MaybeUndefined<String>,
    /// Whole coins for coming in, 0 to 2147483647.
    join_fee: Option<i32>,
    /// Fee for 30 days in whole coins, 0 to 2147483647. Periods already paid are not affected.
    monthly_fee: Option<i32>,
    /// Whole coins for each question to an agent, 0 to 2147483647.
    agent_call_fee: Option<i32>,
    /// A slug such as `board_game`.
    category: MaybeUndefined<String>,
    /// At most 20 words of 1 to 50 characters.
    tags: MaybeUndefined<Vec<String>>,
    /// URL of the picture; null when none is set.
    avatar_url: MaybeUndefined<String>,
    /// URL of the picture across its page.
    cover_image_url: MaybeUndefined<String>,
    /// Who answers the customers of the community.
    cs_mode: Option<Late<CsMode>>,
    /// Id of the agent that answers customers first. A value that is not a UUID is ignored.
    default_agent_listing_id: MaybeUndefined<ID>,
    /// Whether `@name` in a message asks the agent of that name, for the same fee.
    agent_mentions: Option<bool>,
}

/// What can be done with communities.
#[derive(Default)]
pub(in crate::graphql) struct CommunityMutation;

#[Object]
impl CommunityMutation {
    /// Makes a club or an official account; the viewer runs it.
    async fn create_community(&self, ctx: &Context<'_>, input: CreateCommunityInput) -> Result<Community> {
        let user = ctx.user()?;
        let new = NewCommunity {
            name: input.name,
            description: input.description,
            kind: input.kind.map(|kind| kind.map(Into::into)),
            join_fee: input.join_fee.map(Into::into),
            monthly_fee: input.monthly_fee.map(Into::into),
            agent_call_fee: input.agent_call_fee.map(Into::into),
            category: input.category,
            tags: input.tags,
            avatar_url: input.avatar_url,
            cover_image_url: input.cover_image_url,
            cs_mode: input.cs_mode.map(|mode| mode.map(Into::into)),
            default_agent_listing_id: input.default_agent_listing_id.map(|id| id.0),
            agent_mentions: input.agent_mentions,
        };
        let row = communities::create(ctx.app()?, user, new).await?;
        Ok(Community::new((row, Some(user.clone()))))
    }

    /// Changes a community. Its creator only.
    async fn update_community(&self, ctx: &Context<'_>, input: UpdateCommunityInput) -> Result<Community> {
        let user = ctx.user()?;
        let change = CommunityChange {
            name: input.name,
            description: change(input.description),
            join_fee: input.join_fee.map(Into::into),
            monthly_fee: input.monthly_fee.map(Into::into),
            agent_call_fee: input.agent_call_fee.map(Into::into),
            category: change(input.category),
            tags: change(input.tags),
            avatar_url: change(input.avatar_url),
            cover_image_url: change(input.cover_image_url),
            cs_mode: input.cs_mode.map(|mode| mode.map(Into::into)),
            default_agent_listing_id: change(input.default_agent_listing_id.map_value(|id| id.0)),
            agent_mentions: input.agent_mentions,
        };
        let row = communities::update(ctx.app()?, user, uuid("id", &input.id)?, change).await?;
        Ok(Community::new((row, Some(user.clone()))))
    }

    /// Closes a community permanently. Members can still read it; no fees are charged any more. Creator only.
    async fn archive_community(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the community.")] id: ID,
    ) -> Result<Community> {
        let user = ctx.user()?;
        let row = communities::archive(ctx.app()?, user, uuid("id", &id)?).await?;
        Ok(Community::new((row, Some(user.clone()))))
    }
}

/// Absent, null and a value as the domain tells them apart.
pub(in crate::graphql) fn change<T>(value: MaybeUndefined<T>) -> Option<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}
