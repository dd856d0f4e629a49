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

/// How an answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "agent_reply::Status")]
pub(in crate::graphql) enum AgentReplyStatus {
    /// It is being given.
    Running,
    /// It was given to the end.
    Done,
    /// Whoever asked stopped it.
    Stopped,
    /// It broke off; the fee was given back.
    Failed,
}

/// How a model ended an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "agent_reply::Outcome")]
pub(in crate::graphql) enum AgentReplyOutcome {
    /// With all that was to be said.
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

/// Why an answer is not heard, or not all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "agent_reply::VoiceNotice")]
pub(in crate::graphql) enum VoiceNotice {
    /// The free minutes of the day are used up, and no subscription covers more.
    UsedUp,
    /// They were used up in the middle of it: its beginning can be heard.
    RanOut,
}

/// What an answer took, and who gave it.
#[derive(SimpleObject)]
pub(in crate::graphql) struct AgentUsage {
    /// Who answered: `embedded/extractive`, which is no model, or the provider's host and the model as it names itself.
    provider: String,
    /// Tokens that were read; null where nobody counts.
    prompt_tokens: Option<i64>,
    /// Tokens that were written; null where nobody counts.
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
    /// UUID.
    async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// How it stands.
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

    /// The community's id.
    async fn community_id(&self) -> ID {
        self.row.community_id.into()
    }

    /// Which agent answers.
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

    /// What it took, and who gave it; null where it was not given to the end.
    async fn usage(&self) -> Option<AgentUsage> {
        Some(AgentUsage {
            provider: self.row.provider.clone()?,
            prompt_tokens: self.row.prompt_tokens,
            completion_tokens: self.row.completion_tokens,
        })
    }

    /// Why it comes as text, or in part as text, where it was to be heard; null where nothing was in the way.
    async fn voice_notice(&self) -> Option<VoiceNotice> {
        self.row.voice_notice.map(Into::into)
    }

    /// When it was asked for.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it ended.
    async fn finished_at(&self) -> Option<DateTime> {
        self.row.finished_at.map(DateTime)
    }
}

/// A question to an agent. Exactly one of `conversationId` and `communityId` says where.
#[derive(InputObject)]
pub(in crate::graphql) struct AskAgentInput {
    /// The conversation.
    conversation_id: Option<ID>,
    /// The community, for its room.
    community_id: Option<ID>,
    /// The agent.
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
    /// An agent's answer in a conversation that the viewer may read.
    async fn agent_reply(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer.")] id: ID,
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
    /// Asks an agent. Its answer goes on whether or not anybody listens to it; `agentReply` streams it. The community's
    /// `agentCallFee` is held now, and paid when the answer was delivered.
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

    /// Stops an answer: what was said so far is posted. Whoever asked pays it, where it is anything; a moderator may
    /// stop it too, and then it costs nothing. One that has ended stays as it ended.
    async fn stop_agent_reply(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer.")] id: ID,
    ) -> Result<AgentReply> {
        agents::stop(ctx.app()?, ctx.user()?, uuid("id", &id)?).await.map(AgentReply::unchecked)
    }
}

/// Answers that can be listened to.
#[derive(Default)]
pub(in crate::graphql) struct AgentReplySubscription;

#[Subscription]
impl AgentReplySubscription {
    /// An agent's answer from its beginning, or behind `after`, on any number of devices; complete when it has ended
    /// and, where it is spoken, can be heard. Whoever may read the conversation may listen.
    async fn agent_reply(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer.")] id: ID,
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
