//! Questions to agents and their replies.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject, Subscription};
use entity::agent_reply;
use futures_util::stream::BoxStream;

use super::{AgentListing, reply_events::AgentReplyEvent};
use crate::{
    domain::{
        agents::{self, NewQuestion},
        conversations::{ReadRight, ReadableConversation, VisibleConversation},
    },
    error::{Error, Result},
    graphql::{
        Coins, DateTime,
        communities::kinds::Community,
        context::{ContextExt, uuid},
        conversations::{Conversation, messages::Message, room_target},
        loaders::{Conversations, Messages},
        payloads::{AskAgentPayload, StopAgentReplyPayload},
        subscribe::listen,
        users::User,
        wallet::Wallet,
    },
};

/// States of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "agent_reply::Status")]
pub(in crate::graphql) enum AgentReplyStatus {
    /// The answer is being generated.
    Running,
    /// The answer is complete and was delivered.
    Done,
    /// The answer was stopped on request before it was complete.
    Stopped,
    /// The answer failed; the held fee was returned.
    Failed,
}

/// Reasons why a model stopped generating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "agent_reply::Outcome")]
pub(in crate::graphql) enum AgentReplyOutcome {
    /// The answer is complete.
    Answered,
    /// The answer reached the model's length limit.
    CutShort,
    /// The provider's content filter withheld the answer. Free of charge.
    Withheld,
    /// The message was a greeting without a question. Free of charge.
    Greeted,
    /// The agent referred the user to a person. Free of charge.
    PersonWanted,
    /// The agent's knowledge contains nothing about the question. Free of charge.
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
    /// The viewer's right to read the conversation; `None` if it was not checked yet.
    right: Option<ReadRight>,
}

impl AgentReply {
    /// An agent reply in a conversation that the viewer may read.
    pub(in crate::graphql) fn new(row: agent_reply::Model, right: ReadRight) -> Self {
        Self { row, right: Some(right) }
    }

    /// An agent reply that the viewer asked for. The fields with text check the right to read the
    /// conversation.
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
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// Current state of the answer.
    async fn status(&self) -> AgentReplyStatus {
        self.row.status.into()
    }

    /// The complete text, or the part generated so far; empty when the viewer may no longer read the
    /// conversation.
    async fn text(&self, ctx: &Context<'_>) -> Result<String> {
        if self.right(ctx).await?.is_none() {
            return Ok(String::new());
        }
        agents::text(ctx.app()?, &self.row).await
    }

    /// The message that holds the answer. Null while the answer is running, when it has no text, and when the
    /// viewer may no longer read the conversation.
    #[graphql(name = "message")]
    async fn answer(&self, ctx: &Context<'_>) -> Result<Option<Message>> {
        self.message(ctx, self.row.message_id).await
    }

    /// The question; null when the viewer may no longer read the conversation.
    async fn question(&self, ctx: &Context<'_>) -> Result<Option<Message>> {
        self.message(ctx, Some(self.row.question_id)).await
    }

    /// Id of the message that contains the question.
    async fn question_id(&self) -> ID {
        self.row.question_id.into()
    }

    /// Id of the conversation that contains question and answer.
    async fn conversation_id(&self) -> ID {
        self.row.conversation_id.into()
    }

    /// The conversation that contains question and answer; null when the viewer may no longer see it.
    async fn conversation(&self, ctx: &Context<'_>) -> Result<Option<Conversation>> {
        Conversation::find(ctx, self.row.conversation_id).await
    }

    /// The community whose fee applies; null when the viewer may no longer see it.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        Community::find(ctx, self.row.community_id).await
    }

    /// Id of the community whose fee applies.
    async fn community_id(&self) -> ID {
        self.row.community_id.into()
    }

    /// The agent that answers; null when it is archived.
    async fn agent_listing(&self, ctx: &Context<'_>) -> Result<Option<AgentListing>> {
        AgentListing::find_maybe(ctx, Some(self.row.listing_id)).await
    }

    /// The user who asked, under the name used in the community.
    async fn asker(&self) -> User {
        User::in_community(self.row.asker_id.clone(), self.row.community_id)
    }

    /// Fee in whole coins. Held while the answer is running, charged when it is delivered.
    async fn fee(&self) -> Coins {
        Coins(self.row.fee)
    }

    /// True when the answer was delivered and the fee charged. False while it is running and when the fee was
    /// returned.
    async fn is_paid(&self) -> bool {
        self.row.is_paid
    }

    /// Reason why the model stopped generating; null while the answer is running and when it failed or was
    /// stopped.
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

    /// Time when the question was asked.
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
    /// Id of the community, to ask in its room.
    community_id: Option<ID>,
    /// Id of the agent listing.
    agent_listing_id: ID,
    /// The question, 1 to `inputCharLimit` characters of the agent, stored unchanged.
    content: String,
    /// Key chosen by the client, 1 to 100 characters. A second request with the same key returns the first
    /// answer.
    client_key: Option<String>,
    /// Fee in whole coins that the client expects; any other fee is refused with `PRICE_CHANGED`.
    expected_fee: Option<Coins>,
}

/// Input of `stopAgentReply`.
#[derive(InputObject)]
pub(in crate::graphql) struct StopAgentReplyInput {
    /// Id of the answer.
    agent_reply_id: ID,
}

/// Queries about agent replies.
#[derive(Default)]
pub(in crate::graphql) struct AgentReplyQuery;

#[Object]
impl AgentReplyQuery {
    /// Finds an agent's answer. Null when there is none, or its conversation is hidden from the viewer; an error when
    /// the viewer may see the conversation but not read it.
    async fn agent_reply(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the answer.")] id: ID,
    ) -> Result<Option<AgentReply>> {
        let found = agents::find_reply(ctx.app()?, ctx.user()?, uuid("id", &id)?).await?;
        Ok(found.map(|(row, right)| AgentReply::new(row, right)))
    }
}

/// Mutations of agent replies.
#[derive(Default)]
pub(in crate::graphql) struct AgentReplyMutation;

#[Object]
impl AgentReplyMutation {
    /// Asks an agent. The answer continues without subscribers; follow it with the subscription `agentReply`. The
    /// community's `agentCallFee` is held now and charged when the answer is delivered.
    async fn ask_agent(&self, ctx: &Context<'_>, input: AskAgentInput) -> Result<AskAgentPayload> {
        let user = ctx.user()?;
        let ask = NewQuestion {
            target: room_target(input.conversation_id.as_ref(), input.community_id.as_ref())?,
            listing_id: uuid("agentListingId", &input.agent_listing_id)?,
            content: input.content,
            client_key: input.client_key,
            expected_fee: input.expected_fee.map(|coins| coins.0),
        };
        let agent_reply = agents::ask(ctx.app()?, user, ask).await.map(AgentReply::unchecked)?;
        Ok(AskAgentPayload { agent_reply, wallet: Wallet::of(user) })
    }

    /// Stops an answer and posts the part generated so far. The user who asked pays for a non-empty part; a stop by a
    /// moderator is free of charge. Has no effect on a finished answer.
    async fn stop_agent_reply(
        &self,
        ctx: &Context<'_>,
        input: StopAgentReplyInput,
    ) -> Result<StopAgentReplyPayload> {
        let id = uuid("agentReplyId", &input.agent_reply_id)?;
        let row = agents::stop(ctx.app()?, ctx.user()?, id).await?;
        Ok(StopAgentReplyPayload { agent_reply: AgentReply::unchecked(row) })
    }
}

/// Subscriptions to agent replies.
#[derive(Default)]
pub(in crate::graphql) struct AgentReplySubscription;

#[Subscription]
impl AgentReplySubscription {
    /// Streams an agent's answer from its beginning or after a position, to any number of devices. Completes when the
    /// answer and its audio are finished. Requires the right to read the conversation.
    async fn agent_reply(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the answer.")] id: ID,
        #[graphql(
            desc = "Position of the last event that the subscriber received; the stream continues after it."
        )]
        after: Option<String>,
    ) -> Result<BoxStream<'static, AgentReplyEvent>> {
        let id = uuid("id", &id)?;
        listen(ctx, AgentReplyEvent::read, after.as_deref(), |after| async move {
            let identity = ctx.viewer()?.identity.as_ref().ok_or(Error::Unauthenticated)?;
            agents::watch(ctx.app()?, identity, id, after).await
        })
        .await
    }
}
