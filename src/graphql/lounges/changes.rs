//! Creating and changing lounges, asking their agents and subscribing to their voice.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use uuid::Uuid;

use super::LoungeSubscription;
use crate::{
    domain::lounges::{self, AskLounge, LoungeChange, NewLounge},
    error::{Error, Result},
    graphql::{
        Coins,
        agents::replies::AgentReply,
        communities::{CommunityLanguage, kinds::Lounge},
        context::{ContextExt, uuid},
        conversations::Conversation,
        payloads::{
            AskLoungePayload, CancelLoungeSubscriptionPayload, CreateLoungePayload,
            SetLoungeAutoRenewPayload, StartLoungeChatPayload, SubscribeToLoungePayload, UpdateLoungePayload,
        },
        update_input::{change, kept},
        wallet::Wallet,
    },
};

/// Input of `createLounge`.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateLoungeInput {
    /// Display name, 1 to 100 characters.
    name: String,
    /// Description, at most 5000 characters.
    description: Option<String>,
    /// URL of the picture; omitted or null means none.
    avatar_url: Option<String>,
    /// `https:` URL of recordings to clone the voice from.
    voice_samples_url: Option<String>,
    /// Minutes of voice per day that each member hears free of charge, 0 to 2147483647.
    #[graphql(default_with = "Some(5)")]
    free_minutes_per_day: Option<i32>,
    /// Price of 30 days of unlimited voice in whole coins, 0 to 2147483647; 0 offers no subscription.
    #[graphql(default_with = "Some(Coins(0))")]
    subscription_price: Option<Coins>,
    /// Fee for each answer in whole coins, 0 to 2147483647.
    #[graphql(default_with = "Some(Coins(0))")]
    agent_call_fee: Option<Coins>,
    /// Id of the agent that speaks in the lounge.
    default_agent_listing_id: Option<ID>,
    /// IANA name of the time zone of the lounge's days, such as `Europe/Berlin`; omitted or null means UTC.
    time_zone: Option<String>,
    /// Language of the system messages in its conversations.
    #[graphql(default_with = "Some(CommunityLanguage::English)")]
    language: Option<CommunityLanguage>,
}

/// Input of `updateLounge`. An omitted field stays unchanged; null is refused where it has no meaning.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateLoungeInput {
    /// Id of the lounge.
    lounge_id: ID,
    /// Display name, 1 to 100 characters.
    name: MaybeUndefined<String>,
    /// Description, at most 5000 characters; null removes it.
    description: MaybeUndefined<String>,
    /// URL of the picture; null removes it.
    avatar_url: MaybeUndefined<String>,
    /// `https:` URL of recordings to clone the voice from; null removes it. An existing voice is not affected.
    voice_samples_url: MaybeUndefined<String>,
    /// Minutes of voice per day that each member hears free of charge, 0 to 2147483647.
    free_minutes_per_day: MaybeUndefined<i32>,
    /// Price of 30 days of unlimited voice in whole coins, 0 to 2147483647; 0 ends the offer. Paid periods are not
    /// affected.
    subscription_price: MaybeUndefined<Coins>,
    /// Fee for each answer in whole coins, 0 to 2147483647.
    agent_call_fee: MaybeUndefined<Coins>,
    /// Id of the agent that speaks in the lounge; null removes it.
    default_agent_listing_id: MaybeUndefined<ID>,
    /// IANA name of the time zone of the lounge's days, such as `Europe/Berlin`; null means UTC. Past usage
    /// keeps its day.
    time_zone: MaybeUndefined<String>,
    /// Language of future system messages in its conversations.
    language: MaybeUndefined<CommunityLanguage>,
}

/// Input of `startLoungeChat`.
#[derive(InputObject)]
pub(in crate::graphql) struct StartLoungeChatInput {
    /// Id of the lounge.
    lounge_id: ID,
}

/// Input of `askLounge`.
#[derive(InputObject)]
pub(in crate::graphql) struct AskLoungeInput {
    /// Id of the lounge.
    lounge_id: ID,
    /// The question, 1 to `inputCharLimit` characters of the agent, stored unchanged.
    content: String,
    /// True requires an audio answer and fails when none is possible; false requests text only; omitted requests audio
    /// where possible.
    voice: Option<bool>,
    /// Key chosen by the client, 1 to 100 characters. A second request with the same key returns the first
    /// answer.
    client_key: Option<String>,
    /// Fee in whole coins that the client expects; any other fee is refused with `PRICE_CHANGED`.
    expected_fee: Option<Coins>,
}

/// Input of `subscribeToLounge`.
#[derive(InputObject)]
pub(in crate::graphql) struct SubscribeToLoungeInput {
    /// Id of the lounge.
    lounge_id: ID,
    /// Price of 30 days in whole coins that the client expects; any other price is refused with
    /// `PRICE_CHANGED`.
    expected_price: Option<Coins>,
}

/// Input of `cancelLoungeSubscription`.
#[derive(InputObject)]
pub(in crate::graphql) struct CancelLoungeSubscriptionInput {
    /// Id of the lounge.
    lounge_id: ID,
}

/// Input of `setLoungeAutoRenew`.
#[derive(InputObject)]
pub(in crate::graphql) struct SetLoungeAutoRenewInput {
    /// Id of the lounge.
    lounge_id: ID,
    /// Whether the subscription renews itself every 30 days, for at most its current price.
    has_auto_renewal: bool,
}

/// Mutations of lounges.
#[derive(Default)]
pub(in crate::graphql) struct LoungeMutation;

#[Object]
impl LoungeMutation {
    /// Creates a lounge with the viewer as its creator.
    async fn create_lounge(
        &self,
        ctx: &Context<'_>,
        input: CreateLoungeInput,
    ) -> Result<CreateLoungePayload> {
        let user = ctx.user()?;
        let new = NewLounge {
            name: input.name,
            description: input.description,
            avatar_url: input.avatar_url,
            voice_samples_url: input.voice_samples_url,
            free_minutes_per_day: input.free_minutes_per_day.map(Into::into),
            subscription_price: input.subscription_price.map(|coins| coins.0),
            agent_call_fee: input.agent_call_fee.map(|coins| coins.0),
            default_agent_listing_id: input.default_agent_listing_id.as_ref().map(listing).transpose()?,
            time_zone: input.time_zone,
            language: input.language.map(Into::into),
        };
        let row = lounges::create(ctx.app()?, user, new).await?;
        Ok(CreateLoungePayload { lounge: Lounge::new((row, Some(user.clone().into()))) })
    }

    /// Changes a lounge. Creator only.
    async fn update_lounge(
        &self,
        ctx: &Context<'_>,
        input: UpdateLoungeInput,
    ) -> Result<UpdateLoungePayload> {
        let user = ctx.user()?;
        let agent = change(input.default_agent_listing_id);
        let change = LoungeChange {
            name: kept("name", input.name)?,
            description: change(input.description),
            avatar_url: change(input.avatar_url),
            voice_samples_url: change(input.voice_samples_url),
            free_minutes_per_day: kept("freeMinutesPerDay", input.free_minutes_per_day)?.map(Into::into),
            subscription_price: kept("subscriptionPrice", input.subscription_price)?.map(|coins| coins.0),
            agent_call_fee: kept("agentCallFee", input.agent_call_fee)?.map(|coins| coins.0),
            default_agent_listing_id: agent.map(|id| id.as_ref().map(listing).transpose()).transpose()?,
            time_zone: change(input.time_zone),
            language: kept("language", input.language)?.map(Into::into),
        };
        let row = lounges::update(ctx.app()?, user, uuid("loungeId", &input.lounge_id)?, change).await?;
        Ok(UpdateLoungePayload { lounge: Lounge::new((row, Some(user.clone().into()))) })
    }

    /// Opens the viewer's chat with a lounge, or returns the existing chat. Non-members join free of charge.
    async fn start_lounge_chat(
        &self,
        ctx: &Context<'_>,
        input: StartLoungeChatInput,
    ) -> Result<StartLoungeChatPayload> {
        let user = ctx.user()?;
        let (talk, is_existing) =
            lounges::start_chat(ctx.app()?, user, uuid("loungeId", &input.lounge_id)?).await?;
        let conversation = Conversation::find(ctx, talk.id).await?.ok_or(Error::NotFound("Conversation"))?;
        Ok(StartLoungeChatPayload { conversation, is_existing })
    }

    /// Posts a question in the viewer's lounge chat, which is created when needed. Follow the answer with `agentReply`,
    /// or with `conversationEvents` including its audio.
    async fn ask_lounge(&self, ctx: &Context<'_>, input: AskLoungeInput) -> Result<AskLoungePayload> {
        let user = ctx.user()?;
        let ask = AskLounge {
            lounge_id: uuid("loungeId", &input.lounge_id)?,
            content: input.content,
            voice: input.voice,
            client_key: input.client_key,
            expected_fee: input.expected_fee.map(|coins| coins.0),
        };
        let agent_reply = lounges::ask(ctx.app()?, user, ask).await.map(AgentReply::unchecked)?;
        Ok(AskLoungePayload { agent_reply, wallet: Wallet::of(user) })
    }

    /// Buys 30 days of unlimited voice in a lounge. Non-members join free of charge. A cancelled subscription that is
    /// still paid resumes free of charge.
    async fn subscribe_to_lounge(
        &self,
        ctx: &Context<'_>,
        input: SubscribeToLoungeInput,
    ) -> Result<SubscribeToLoungePayload> {
        let user = ctx.user()?;
        let (id, expected) = (uuid("loungeId", &input.lounge_id)?, input.expected_price.map(|coins| coins.0));
        let row = lounges::subscribe(ctx.app()?, user, id, expected).await?;
        let lounge_subscription = LoungeSubscription(row);
        Ok(SubscribeToLoungePayload { lounge_subscription, wallet: Wallet::of(user) })
    }

    /// Ends the viewer's subscription at the end of the paid period.
    async fn cancel_lounge_subscription(
        &self,
        ctx: &Context<'_>,
        input: CancelLoungeSubscriptionInput,
    ) -> Result<CancelLoungeSubscriptionPayload> {
        let user = ctx.user()?;
        let row = lounges::cancel(ctx.app()?, user, uuid("loungeId", &input.lounge_id)?).await?;
        Ok(CancelLoungeSubscriptionPayload { lounge_subscription: LoungeSubscription(row) })
    }

    /// Turns automatic renewal of the viewer's subscription on or off. Revokes a cancellation.
    async fn set_lounge_auto_renew(
        &self,
        ctx: &Context<'_>,
        input: SetLoungeAutoRenewInput,
    ) -> Result<SetLoungeAutoRenewPayload> {
        let user = ctx.user()?;
        let id = uuid("loungeId", &input.lounge_id)?;
        let row = lounges::set_auto_renew(ctx.app()?, user, id, input.has_auto_renewal).await?;
        Ok(SetLoungeAutoRenewPayload { lounge_subscription: LoungeSubscription(row) })
    }
}

/// Reads the id of an agent. A value that is not a UUID is `WrongType`, as legacy clients expect for this
/// field.
fn listing(id: &ID) -> Result<Uuid> {
    Uuid::try_parse(id).map_err(|_| Error::WrongType {
        field: "defaultAgentListingId",
        message: "defaultAgentListingId must be a UUID".to_owned(),
    })
}
