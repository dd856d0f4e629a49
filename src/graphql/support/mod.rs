//! Customer service: chats with official accounts, and the queue of a team.

pub(super) mod changes;
pub(super) mod desk;
pub(super) mod events;
pub(super) mod loaders;
pub(super) mod official;

use async_graphql::{Context, Enum, ID, Object};
use entity::{support_chat, support_episode};

use crate::{
    domain::{
        Error, Result,
        communities::{Action, may},
        support,
    },
    graphql::{
        DateTime,
        communities::loaders::OwnMemberships,
        context::{Asked, uuid},
        conversations::Conversation,
        late::{Late, row_id},
        lists,
        support::loaders::{Chats, Episodes, Known, Waiting},
        users::User,
    },
};

/// States of a support chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "support_chat::Status")]
pub(super) enum SupportStatus {
    /// The agent answers.
    AiActive,
    /// The customer waits for a person.
    WaitingHuman,
    /// A team member answers.
    HumanActive,
    /// Resolved; a new message of the customer starts another episode.
    Resolved,
}

/// Who resolved an episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "support_episode::ResolvedBy")]
pub(super) enum SupportResolver {
    /// By an agent: the customer was content with its answers, and no person took part.
    Ai,
    /// Resolved by a team member.
    Person,
    /// Resolved by the customer.
    Customer,
}

/// A customer's chat with an official account.
pub(super) struct SupportChat(pub(super) support_chat::Model);

impl SupportChat {
    /// The chat of a conversation that whoever asks was shown.
    pub(super) async fn load(ctx: &Context<'_>, conversation: uuid::Uuid) -> Result<Option<Self>> {
        Ok(ctx.load::<Chats>(conversation).await?.map(Self))
    }

    async fn person(&self, ctx: &Context<'_>, id: &str) -> Result<User> {
        // Whoever wants no more than the id of somebody costs no query.
        let look = ctx.look_ahead();
        if !look.field("name").exists() && !look.field("image").exists() {
            return Ok(User::maybe(id.to_owned(), None));
        }
        let key = (self.0.community_id, id.to_owned());
        let person = ctx.load::<Known>(key).await?;
        person.map(User::from).ok_or(Error::NotFound("User"))
    }

    /// Whether the viewer serves there, and is not the customer.
    pub(super) async fn is_staff(&self, ctx: &Context<'_>) -> Result<bool> {
        let user = ctx.user()?;
        if user.id == self.0.customer_id {
            return Ok(false);
        }
        let own = ctx.load::<OwnMemberships>((user.id.clone(), self.0.community_id)).await?;
        Ok(own.is_some_and(|own| may(own.role, Action::Serve)))
    }

    async fn all_episodes(&self, ctx: &Context<'_>) -> Result<Vec<support_episode::Model>> {
        let found = ctx.load::<Episodes>(self.0.id).await?;
        Ok(found.unwrap_or_default())
    }
}

/// A customer's chat with an official account.
#[Object]
impl SupportChat {
    /// Unique id of the object (UUID).
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Id of the chat's conversation.
    async fn conversation_id(&self) -> ID {
        self.0.conversation_id.into()
    }

    /// The conversation that holds the chat's messages.
    async fn conversation(&self, ctx: &Context<'_>) -> Result<Conversation> {
        let found = Conversation::find(ctx, self.0.conversation_id).await?;
        found.ok_or(Error::NotFound("Conversation"))
    }

    /// The id of the community that serves.
    async fn community_id(&self) -> ID {
        self.0.community_id.into()
    }

    /// The customer under the name used in this chat.
    async fn customer(&self, ctx: &Context<'_>) -> Result<User> {
        self.person(ctx, &self.0.customer_id).await
    }

    /// Current state of the support chat.
    async fn status(&self) -> SupportStatus {
        self.0.status.into()
    }

    /// The team member who answers or answered last; null when there was none.
    async fn assignee(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match &self.0.assignee_id {
            Some(id) => self.person(ctx, id).await.map(Some),
            None => Ok(None),
        }
    }

    /// Time since when the customer has been waiting for a person; null when the customer is not waiting.
    async fn waiting_since(&self) -> Option<DateTime> {
        self.0.waiting_since.map(DateTime)
    }

    /// Position in the queue, from 1; null when the customer is not waiting.
    async fn position(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        if self.0.waiting_since.is_none() {
            return Ok(None);
        }
        let waiting = ctx.load::<Waiting>(self.0.community_id).await?;
        let place = waiting.unwrap_or_default().iter().position(|chat| *chat == self.0.id);
        Ok(place.and_then(|place| i32::try_from(place + 1).ok()))
    }

    /// The number of its newest episode, from 1: each begins with a question and ends when it is resolved.
    async fn episode(&self) -> i32 {
        self.0.episode
    }

    /// The newest episode.
    async fn current_episode(&self, ctx: &Context<'_>) -> Result<SupportEpisode> {
        let newest = self.all_episodes(ctx).await?.pop();
        newest.map(SupportEpisode).ok_or(Error::NotFound("Episode"))
    }

    /// Its episodes, in the order in which they were; the last 100.
    async fn episodes(&self, ctx: &Context<'_>) -> Result<Vec<SupportEpisode>> {
        let mut episodes = self.all_episodes(ctx).await?;
        let newest = episodes.split_off(episodes.len().saturating_sub(lists::EPISODES));
        Ok(newest.into_iter().map(SupportEpisode).collect())
    }

    /// Since when the team owes the customer an answer; null when it does not.
    async fn unanswered_since(&self) -> Option<DateTime> {
        self.0.unanswered_since.map(DateTime)
    }

    /// Time since when the due answer is overdue by the community's service level; null when it is not overdue, and for
    /// the customer.
    async fn late_since(&self, ctx: &Context<'_>) -> Result<Option<DateTime>> {
        Ok(if self.is_staff(ctx).await? { self.0.late_since.map(DateTime) } else { None })
    }

    /// Number of internal notes on the chat; null for the customer.
    async fn note_count(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        Ok(self.is_staff(ctx).await?.then_some(self.0.note_count))
    }

    /// Time when the chat was started.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// Time of the last message or the last change of assignee.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }
}

/// One round of a support chat: from a question to its resolution.
pub(super) struct SupportEpisode(support_episode::Model);

/// One round of a support chat: from a question to its resolution.
#[Object]
impl SupportEpisode {
    /// The how manieth of its chat it is, from 1.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// Time when the session began.
    async fn opened_at(&self) -> DateTime {
        self.0.opened_at.into()
    }

    /// The id of the customer's first message in it.
    async fn question_id(&self) -> Option<ID> {
        self.0.question_id.map(ID::from)
    }

    /// When a person first answered.
    async fn first_response_at(&self) -> Option<DateTime> {
        self.0.first_response_at.map(DateTime)
    }

    /// Seconds that the customer waited for the first answer of a person; null when there is none.
    async fn first_response_seconds(&self) -> Option<f64> {
        self.0.first_response_ms.map(seconds)
    }

    /// Average seconds that the customer waited for further answers of people; null when there are none.
    async fn next_response_seconds(&self) -> Option<f64> {
        let count = self.0.next_responses;
        (count > 0).then(|| seconds(self.0.next_response_ms) / f64::from(count))
    }

    /// Number of answers given by the agent.
    async fn ai_answers(&self) -> i32 {
        self.0.ai_answers
    }

    /// Time when the episode was resolved; null while it is open.
    async fn resolved_at(&self) -> Option<DateTime> {
        self.0.resolved_at.map(DateTime)
    }

    /// The user who caused the change; null when there is none.
    async fn resolved_by(&self) -> Option<SupportResolver> {
        self.0.resolved_by.map(Into::into)
    }

    /// The customer's rating, 1 to 5; null when not rated.
    async fn rating(&self) -> Option<i32> {
        self.0.rating
    }

    /// The customer's comment on the rating; null when none was given.
    async fn comment(&self) -> Option<&str> {
        self.0.comment.as_deref()
    }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of a wait are far from the limit")]
pub(super) fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}

/// Queries about customer service.
#[derive(Default)]
pub(super) struct SupportQuery;

#[Object]
impl SupportQuery {
    /// A chat with a community that the viewer takes part in, as its customer or of the team; null to others.
    async fn support_chat(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community that serves.")] community_id: ID,
        #[graphql(desc = "Id of the conversation.")] conversation_id: Late<ID>,
    ) -> Result<Option<SupportChat>> {
        let conversation = row_id(conversation_id);
        let conversation = conversation.judge("conversationId", "conversationId required (valid UUID)")?;
        let community = uuid("communityId", &community_id)?;
        let found = support::find_readable(ctx.app()?, ctx.user()?, community, conversation).await?;
        Ok(found.map(SupportChat))
    }

    /// Lists the support chats of a community: waiting customers first, longest wait first; then chats answered by
    /// people, by the agent, and resolved ones, most recently changed first. Team only.
    async fn support_queue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the community.")] community_id: ID,
    ) -> Result<Vec<SupportChat>> {
        let id = uuid("communityId", &community_id)?;
        let chats = support::list_queue(ctx.app()?, ctx.user()?, id).await?;
        Ok(chats.into_iter().map(SupportChat).collect())
    }
}
