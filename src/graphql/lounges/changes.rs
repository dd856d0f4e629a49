//! Making lounges, talking with them, and subscribing to their voice.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use uuid::Uuid;

use crate::{
    domain::{
        Error, Result,
        lounges::{self, AskLounge, LoungeChange, NewLounge},
    },
    graphql::{
        Coins,
        agents::replies::AgentReply,
        communities::{changes::change, kinds::Lounge},
        context::{Asked, uuid},
        conversations::Conversation,
        lounges::LoungeSubscription,
    },
};

/// Input of `createLounge`.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateLoungeInput {
    /// Display name, 1 to 100 characters.
    name: String,
    /// Description, at most 5000 characters.
    description: Option<String>,
    /// URL of the picture; null when none is set.
    avatar_url: Option<String>,
    /// An `https:` URL of recordings of its voice.
    voice_samples_url: Option<String>,
    /// Minutes of voice that each member hears for nothing in a day, 0 to 2147483647; 5 unless given.
    free_minutes_per_day: Option<i32>,
    /// Price of 30 days of unlimited voice in whole coins, 0 to 2147483647; 0 offers no subscription (default 0).
    subscription_price: Option<i32>,
    /// Fee for each answer in whole coins, 0 to 2147483647 (default 0).
    agent_call_fee: Option<i32>,
    /// Id of the agent that speaks in the lounge.
    default_agent_listing_id: Option<ID>,
    /// The IANA name of the time zone that its days are of, such as `Europe/Berlin`; UTC unless given.
    time_zone: Option<String>,
}

/// Input of `updateLounge`. An omitted field stays unchanged; null clears it.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateLoungeInput {
    /// Id of the lounge.
    id: ID,
    /// Display name, 1 to 100 characters.
    name: Option<String>,
    /// Description, at most 5000 characters.
    description: MaybeUndefined<String>,
    /// URL of the picture; null when none is set.
    avatar_url: MaybeUndefined<String>,
    /// An `https:` URL of recordings of its voice. A voice that was made from others stays.
    voice_samples_url: MaybeUndefined<String>,
    /// Minutes of voice that each member hears for nothing in a day, 0 to 2147483647.
    free_minutes_per_day: Option<i32>,
    /// Price of 30 days of unlimited voice in whole coins, 0 to 2147483647; 0 ends the offer. Paid periods are not
    /// affected.
    subscription_price: Option<i32>,
    /// Whole coins for each answer, 0 to 2147483647.
    agent_call_fee: Option<i32>,
    /// Id of the agent that speaks in the lounge.
    default_agent_listing_id: MaybeUndefined<ID>,
    /// The IANA name of the time zone that its days are of, such as `Europe/Berlin`; null: UTC. What was heard before
    /// stays on the day that it was heard on.
    time_zone: MaybeUndefined<String>,
}

/// Input of `startLoungeChat`.
#[derive(InputObject)]
pub(in crate::graphql) struct StartLoungeChatInput {
    /// Id of the lounge.
    lounge_id: ID,
}

/// Result of `startLoungeChat`.
#[derive(SimpleObject)]
pub(in crate::graphql) struct StartLoungeChatPayload {
    /// The viewer's private chat with the lounge.
    conversation: Conversation,
    /// Whether it was there before.
    existing: bool,
}

/// Input of `askLounge`.
#[derive(InputObject)]
pub(in crate::graphql) struct AskLoungeInput {
    /// Id of the lounge.
    lounge_id: ID,
    /// 1 character to as many as its agent takes, kept as they are.
    content: String,
    /// True requires an audio answer and fails when none is possible; false requests text only; omitted requests audio
    /// where possible.
    voice: Option<bool>,
    /// A key of the sender's own, 1 to 100 characters: sent again with it, the first answer is given back.
    client_key: Option<String>,
    /// Whole coins that it is expected to cost; another price is refused.
    expected_fee: Option<Coins>,
}

/// Input of `subscribeToLounge` and of the auto-renewal setting.
#[derive(InputObject)]
pub(in crate::graphql) struct SubscribeToLoungeInput {
    /// Id of the lounge.
    lounge_id: ID,
    /// Whole coins that 30 days are expected to cost; another price is refused.
    expected_price: Option<Coins>,
}

/// Input of `cancelLoungeSubscription` and `resumeLoungeSubscription`.
#[derive(InputObject)]
pub(in crate::graphql) struct CancelLoungeSubscriptionInput {
    /// Id of the lounge.
    lounge_id: ID,
}

/// Whether a subscription renews itself.
#[derive(InputObject)]
pub(in crate::graphql) struct SetLoungeAutoRenewInput {
    /// Id of the lounge.
    lounge_id: ID,
    /// True: each 30 days are paid for by themselves, for the price of today at most.
    auto_renew: bool,
}

/// What can be done with lounges.
#[derive(Default)]
pub(in crate::graphql) struct LoungeMutation;

#[Object]
impl LoungeMutation {
    /// Makes a lounge; the viewer runs it.
    async fn create_lounge(&self, ctx: &Context<'_>, input: CreateLoungeInput) -> Result<Lounge> {
        let user = ctx.user()?;
        let new = NewLounge {
            name: input.name,
            description: input.description,
            avatar_url: input.avatar_url,
            voice_samples_url: input.voice_samples_url,
            free_minutes_per_day: input.free_minutes_per_day.map(Into::into),
            subscription_price: input.subscription_price.map(Into::into),
            agent_call_fee: input.agent_call_fee.map(Into::into),
            default_agent_listing_id: input.default_agent_listing_id.as_ref().map(listing).transpose()?,
            time_zone: input.time_zone,
        };
        let row = lounges::create(ctx.app()?, user, new).await?;
        Ok(Lounge::new((row, Some(user.clone()))))
    }

    /// Changes a lounge. Its creator only.
    async fn update_lounge(&self, ctx: &Context<'_>, input: UpdateLoungeInput) -> Result<Lounge> {
        let user = ctx.user()?;
        let agent = change(input.default_agent_listing_id);
        let change = LoungeChange {
            name: input.name,
            description: change(input.description),
            avatar_url: change(input.avatar_url),
            voice_samples_url: change(input.voice_samples_url),
            free_minutes_per_day: input.free_minutes_per_day.map(Into::into),
            subscription_price: input.subscription_price.map(Into::into),
            agent_call_fee: input.agent_call_fee.map(Into::into),
            default_agent_listing_id: agent.map(|id| id.as_ref().map(listing).transpose()).transpose()?,
            time_zone: change(input.time_zone),
        };
        let row = lounges::update(ctx.app()?, user, uuid("id", &input.id)?, change).await?;
        Ok(Lounge::new((row, Some(user.clone()))))
    }

    /// Opens the viewer's chat with a lounge, or returns the existing chat. Non-members join free of charge.
    async fn start_lounge_chat(
        &self,
        ctx: &Context<'_>,
        input: StartLoungeChatInput,
    ) -> Result<StartLoungeChatPayload> {
        let user = ctx.user()?;
        let (talk, existing) =
            lounges::start_chat(ctx.app()?, user, uuid("loungeId", &input.lounge_id)?).await?;
        let conversation = Conversation::find(ctx, talk.id).await?.ok_or(Error::NotFound("Conversation"))?;
        Ok(StartLoungeChatPayload { conversation, existing })
    }

    /// Posts a question in the viewer's lounge chat, which is created when needed. Follow the answer with `agentReply`,
    /// or with `conversationEvents` including its audio.
    async fn ask_lounge(&self, ctx: &Context<'_>, input: AskLoungeInput) -> Result<AgentReply> {
        let user = ctx.user()?;
        let ask = AskLounge {
            lounge_id: uuid("loungeId", &input.lounge_id)?,
            content: input.content,
            voice: input.voice,
            client_key: input.client_key,
            expected_fee: input.expected_fee.map(|coins| coins.0),
        };
        lounges::ask(ctx.app()?, user, ask).await.map(AgentReply::unchecked)
    }

    /// Buys 30 days of unlimited voice in a lounge. Non-members join free of charge. A cancelled subscription that is
    /// still paid resumes free of charge.
    async fn subscribe_to_lounge(
        &self,
        ctx: &Context<'_>,
        input: SubscribeToLoungeInput,
    ) -> Result<LoungeSubscription> {
        let user = ctx.user()?;
        let (id, expected) = (uuid("loungeId", &input.lounge_id)?, input.expected_price.map(|coins| coins.0));
        lounges::subscribe(ctx.app()?, user, id, expected).await.map(LoungeSubscription)
    }

    /// Ends the viewer's subscription at the end of the paid period.
    async fn cancel_lounge_subscription(
        &self,
        ctx: &Context<'_>,
        input: CancelLoungeSubscriptionInput,
    ) -> Result<LoungeSubscription> {
        let user = ctx.user()?;
        lounges::cancel(ctx.app()?, user, uuid("loungeId", &input.lounge_id)?).await.map(LoungeSubscription)
    }

    /// Lets the viewer's subscription renew itself, or no longer. Takes back that it was cancelled.
    async fn set_lounge_auto_renew(
        &self,
        ctx: &Context<'_>,
        input: SetLoungeAutoRenewInput,
    ) -> Result<LoungeSubscription> {
        let user = ctx.user()?;
        let id = uuid("loungeId", &input.lounge_id)?;
        lounges::set_auto_renew(ctx.app()?, user, id, input.auto_renew).await.map(LoungeSubscription)
    }
}

/// Reads the id of an agent: what is none has the wrong form, as legacy clients expect it here.
fn listing(id: &ID) -> Result<Uuid> {
    Uuid::try_parse(id).map_err(|_| Error::Unfit {
        field: "defaultAgentListingId",
        message: "defaultAgentListingId must be a UUID".to_owned(),
    })
}
