//! Questions to agents and their answers, as they are given.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject, Subscription};
use entity::agent_reply;
use futures_util::stream::BoxStream;

use crate::{
    domain::{
        Error, Result,
        agents::{self, Ask},
        conversations::{ReadRight, ReadableConversation, VisibleConversation},
    },
    graphql::{
        Coins, DateTime,
        agents::{AgentListing, loaders::Listings, reply_events::AgentReplyEvent},
        context::{Asked, uuid},
        conversations::{messages::Message, target},
        listen::listen,
        loaders::{Conversations, Messages},
        users::User,
    },
};

/// States of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "agent_reply::Status")]
pub(in crate::graphql) enum AgentReplyStatus {
    /// The answer is being generated.
    Running,
    /// It was given to the end.
    Done,
    /// The answer was stopped on request before it was complete.
    Stopped,
    /// It broke off; the fee was given back.
    Failed,
}

/// How a model ended an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "agent_reply::Outcome")]
pub(in crate::graphql) enum AgentReplyOutcome {
    /// The answer is complete.
    Answered,
    /// At the limit on its length.
    CutShort,
    /// By the provider's own filter. Costs nothing.
    Withheld,
    /// With a greeting: nothing was asked. Costs nothing.
    Greeted,
    /// With a word that this is for a person. Costs nothing.
    PersonWanted,
    /// With a word that the agent knows nothing about this. Costs nothing.
    NothingFound,
}

/// Reasons why an answer has no audio, or only part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "agent_reply::VoiceNotice")]
pub(in crate::graphql) enum VoiceNotice {
    /// The free minutes of the day are used up, and no subscription covers more.
    UsedUp,
    /// The allowance ran out during the answer: only its beginning has audio.
    RanOut,
}

/// Provider and token counts of an answer.
#[derive(SimpleObject)]
pub(in crate::graphql) struct AgentUsage {
    /// The provider that answered: `embedded/extractive` (not a language model), or the provider's host and the model
    /// name that it reports.
    provider: String,
    /// Number of prompt tokens; null when the provider does not report it.
    prompt_tokens: Option<i64>,
    /// Number of generated tokens; null when the provider does not report it.
    completion_tokens: Option<i64>,
}

/// An agent's answer to one question.
pub(in crate::graphql) struct AgentReply {
    row: agent_reply::Model,
    /// The proof that whoever asks may read its conversation; `None` where that is not checked yet.
    right: Option<ReadRight>,
}

impl AgentReply {
    /// An answer in a conversation that whoever asks may read.
    pub(in crate::graphql) fn new(row: agent_reply::Model, right: ReadRight) -> Self {
        Self { row, right: Some(right) }
    }

    /// An answer of whoever asks: whether they may still read its conversation is checked when they read what it says.
    pub(in crate::graphql) fn unchecked(row: agent_reply::Model) -> Self {
        Self { row, right: None }
    }

    async fn right(&self, ctx: &Context<'_>) -> Result<Option<ReadRight>> {
        if self.right.is_some() {
            return Ok(self.right);
        }
        let key = (ctx.user()?.id.clone(), self.row.conversation_id);
        let found = ctx.load::<Conversations>(key).await?;
        Ok(found.as_ref().and_then(VisibleConversation::readable).map(ReadableConversation::right))
    }

    async fn message(&self, ctx: &Context<'_>, id: Option<uuid::Uuid>) -> Result<Option<Message>> {
        let (Some(id), Some(right)) = (id, self.right(ctx).await?) else { return Ok(None) };
        Ok(ctx.load::<Messages>((right, id)).await?.map(Message))
    }
}

/// An agent's answer to one question.
#[Object]
impl AgentReply {
    /// Unique id of the object (UUID).
    async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// Current state of the answer.
    async fn status(&self) -> AgentReplyStatus {
        self.row.status.into()
    }

    /// The text: all of it, or what was said so far; empty where the viewer may not read the conversation any more.
    async fn text(&self, ctx: &Context<'_>) -> Result<String> {
        if self.right(ctx).await?.is_none() {
            return Ok(String::new());
        }
        agents::text(ctx.app()?, &self.row).await
    }

    /// The message that says it; null as long as it runs, where nothing was said, and where the viewer may not read the
    /// conversation any more.
    #[graphql(name = "message")]
    async fn answer(&self, ctx: &Context<'_>) -> Result<Option<Message>> {
        self.message(ctx, self.row.message_id).await
    }

    /// The message that asked; null where the viewer may not read the conversation any more.
    async fn question(&self, ctx: &Context<'_>) -> Result<Option<Message>> {
        self.message(ctx, Some(self.row.question_id)).await
    }

    /// The id of the message that asked.
    async fn question_id(&self) -> ID {
        self.row.question_id.into()
    }

    /// The conversation's id.
    async fn conversation_id(&self) -> ID {
        self.row.conversation_id.into()
    }

    /// Id of the community.
    async fn community_id(&self) -> ID {
        self.row.community_id.into()
    }

    /// The agent that answers; null when its listing is hidden from the viewer.
    async fn listing(&self, ctx: &Context<'_>) -> Result<Option<AgentListing>> {
        let row = ctx.load::<Listings>(self.row.listing_id).await?;
        Ok(row.map(|row| AgentListing::new((row, None))))
    }

    /// Who asked, as they are known there.
    async fn asker(&self) -> User {
        User::in_community(self.row.asker_id.clone(), self.row.community_id)
    }

    /// Whole coins that it costs when it is delivered; they are held while it runs.
    async fn fee(&self) -> Coins {
        Coins(self.row.fee)
    }

    /// Whether it was delivered and paid; else nothing was taken, or it was given back.
    async fn is_paid(&self) -> bool {
        self.row.is_paid
    }

    /// How the model ended it; null where the model did not.
    async fn outcome(&self) -> Option<AgentReplyOutcome> {
        self.row.outcome.map(Into::into)
    }

    /// Provider and token counts of the answer; null when the answer did not finish normally.
    async fn usage(&self) -> Option<AgentUsage> {
        Some(AgentUsage {
            provider: self.row.provider.clone()?,
            prompt_tokens: self.row.prompt_tokens,
            completion_tokens: self.row.completion_tokens,
        })
    }

    /// The reason why the answer has no audio, or only part of it, although audio was requested; null when there is no
    /// such reason.
    async fn voice_notice(&self) -> Option<VoiceNotice> {
        self.row.voice_notice.map(Into::into)
    }

    /// When it was asked for.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// Time when the answer ended; null while it is running.
    async fn finished_at(&self) -> Option<DateTime> {
        self.row.finished_at.map(DateTime)
    }
}

/// Input of `askAgent`. Give exactly one of `conversationId` and `communityId`.
#[derive(InputObject)]
pub(in crate::graphql) struct AskAgentInput {
    /// Id of the conversation.
    conversation_id: Option<ID>,
    /// The community, for its room.
    community_id: Option<ID>,
    /// Id of the agent listing.
    listing_id: ID,
    /// 1 character to as many as the agent's `inputCharLimit`, kept as they are.
    content: String,
    /// The sender's own key, 1 to 100 characters: sent again with it, the first answer is given back.
    client_key: Option<String>,
    /// Whole coins that it is expected to cost; something else is refused with `PRICE_CHANGED`.
    expected_fee: Option<Coins>,
}

/// Queries about answers.
#[derive(Default)]
pub(in crate::graphql) struct AgentReplyQuery;

#[Object]
impl AgentReplyQuery {
    /// Finds an agent's answer in a conversation that the viewer may read. Returns null otherwise.
    async fn agent_reply(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer that this event belongs to.")] id: ID,
    ) -> Result<Option<AgentReply>> {
        let found = agents::find_reply(ctx.app()?, ctx.user()?, uuid("id", &id)?).await?;
        Ok(found.map(|(row, right)| AgentReply::new(row, right)))
    }
}

/// What can be done with answers.
#[derive(Default)]
pub(in crate::graphql) struct AgentReplyMutation;

#[Object]
impl AgentReplyMutation {
    /// Asks an agent. The answer continues without subscribers; follow it with the subscription `agentReply`. The
    /// community's `agentCallFee` is held now and charged when the answer is delivered.
    async fn ask_agent(&self, ctx: &Context<'_>, input: AskAgentInput) -> Result<AgentReply> {
        let user = ctx.user()?;
        let ask = Ask {
            target: target(input.conversation_id.as_ref(), input.community_id.as_ref(), None)?,
            listing_id: uuid("listingId", &input.listing_id)?,
            content: input.content,
            client_key: input.client_key,
            expected_fee: input.expected_fee.map(|coins| coins.0),
        };
        agents::ask(ctx.app()?, user, ask).await.map(AgentReply::unchecked)
    }

    /// Stops an answer and posts the part generated so far. The user who asked pays for a non-empty part; a stop by a
    /// moderator is free of charge. Has no effect on a finished answer.
    async fn stop_agent_reply(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer that this event belongs to.")] id: ID,
    ) -> Result<AgentReply> {
        agents::stop(ctx.app()?, ctx.user()?, uuid("id", &id)?).await.map(AgentReply::unchecked)
    }
}

/// Answers that can be listened to.
#[derive(Default)]
pub(in crate::graphql) struct AgentReplySubscription;

#[Subscription]
impl AgentReplySubscription {
    /// Streams an agent's answer from its beginning or after a position, to any number of devices. Completes when the
    /// answer and its audio are finished. Requires the right to read the conversation.
    async fn agent_reply(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer that this event belongs to.")] id: ID,
        #[graphql(desc = "The position of the last event that the subscriber has.")] after: Option<String>,
    ) -> Result<BoxStream<'static, AgentReplyEvent>> {
        let id = uuid("id", &id)?;
        listen(ctx, AgentReplyEvent::read, after.as_deref(), |after| async move {
            let identity = ctx.viewer()?.identity.as_ref().ok_or(Error::Unauthenticated)?;
            agents::watch(ctx.app()?, identity, id, after).await
        })
        .await
    }
}
