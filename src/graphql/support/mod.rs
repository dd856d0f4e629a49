//! Support chats with official accounts, their episodes and the queue.

pub(super) mod changes;
pub(super) mod desk;
pub(super) mod events;
pub(super) mod loaders;
pub(super) mod official;

use async_graphql::{Context, Enum, ID, Object};
use entity::{support_chat, support_episode};

use self::loaders::{Chats, Episodes, Known, Positions};
use super::{
    DateTime,
    communities::{kinds::Community, loaders::OwnMemberships},
    context::{ContextExt, uuid},
    conversations::Conversation,
    deferred_input::{DeferredInput, row_id},
    lists,
    users::User,
};
use crate::{
    domain::{
        communities::{Action, may},
        rows, support,
    },
    error::{Error, Result},
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

/// Parties that can resolve an episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "support_episode::ResolvedBy")]
pub(super) enum SupportResolver {
    /// The agent resolved it: the customer was satisfied with its answers and no person took part.
    Ai,
    /// Resolved by a team member.
    Person,
    /// Resolved by the customer.
    Customer,
}

/// A customer's chat with an official account.
pub(super) struct SupportChat(pub(super) support_chat::Model);

impl SupportChat {
    /// Loads the chat of a conversation that the viewer may read.
    pub(super) async fn load(ctx: &Context<'_>, conversation: uuid::Uuid) -> Result<Option<Self>> {
        Ok(ctx.load::<Chats>(conversation).await?.map(Self))
    }

    async fn person(&self, ctx: &Context<'_>, id: &str) -> Result<User> {
        // Selecting only the id costs no query.
        let look = ctx.look_ahead();
        if !look.field("name").exists() && !look.field("image").exists() {
            return Ok(User::maybe(id.to_owned(), None));
        }
        let key = (self.0.community_id, id.to_owned());
        let person = ctx.load::<Known>(key).await?;
        person.map(User::from).ok_or(Error::NotFound("User"))
    }

    /// Returns whether the viewer belongs to the team and is not the customer.
    pub(super) async fn is_staff(&self, ctx: &Context<'_>) -> Result<bool> {
        let user = ctx.user()?;
        if user.id == self.0.customer_id {
            return Ok(false);
        }
        let own = ctx.load::<OwnMemberships>((user.id.clone(), self.0.community_id)).await?;
        Ok(own.is_some_and(|own| may(own.role, Action::Serve)))
    }

    async fn newest_episodes(&self, ctx: &Context<'_>) -> Result<Vec<support_episode::Model>> {
        let found = ctx.load::<Episodes>(self.0.id).await?;
        Ok(found.unwrap_or_default())
    }
}

/// A customer's chat with an official account.
#[Object]
impl SupportChat {
    /// Unique id of the object (UUID).
    pub(in crate::graphql) async fn id(&self) -> ID {
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

    /// Id of the community that serves the customer.
    async fn community_id(&self) -> ID {
        self.0.community_id.into()
    }

    /// The community that serves the customer; null when the viewer may not see it.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        Community::find(ctx, self.0.community_id).await
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

    /// Time when the customer began to wait for a person; null when the customer is not waiting.
    async fn waiting_since(&self) -> Option<DateTime> {
        self.0.waiting_since.map(DateTime)
    }

    /// Position in the queue, from 1; null when the customer is not waiting.
    async fn position(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        if self.0.waiting_since.is_none() {
            return Ok(None);
        }
        let position = ctx.load::<Positions>((self.0.community_id, self.0.id)).await?;
        Ok(position.and_then(|position| i32::try_from(position).ok()))
    }

    /// Number of the newest episode, from 1. An episode begins with a question and ends when it is resolved.
    async fn episode(&self) -> i32 {
        self.0.episode
    }

    /// The newest episode, open or resolved.
    async fn current_episode(&self, ctx: &Context<'_>) -> Result<SupportEpisode> {
        let newest = self.newest_episodes(ctx).await?.pop();
        newest.map(SupportEpisode).ok_or(Error::NotFound("Episode"))
    }

    /// Episodes of the chat, oldest first; the newest 100.
    async fn episodes(&self, ctx: &Context<'_>) -> Result<Vec<SupportEpisode>> {
        Ok(self.newest_episodes(ctx).await?.into_iter().map(SupportEpisode).collect())
    }

    /// Time of the customer's first unanswered message; null when there is none.
    async fn unanswered_since(&self) -> Option<DateTime> {
        self.0.unanswered_since.map(DateTime)
    }

    /// Time when the team's response became overdue by the community's service level; null when none is overdue, and
    /// for the customer.
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
    /// Sequence number in the chat, from 1.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// Time when the episode began.
    async fn opened_at(&self) -> DateTime {
        self.0.opened_at.into()
    }

    /// Id of the customer's first message in the episode.
    async fn question_id(&self) -> Option<ID> {
        self.0.question_id.map(ID::from)
    }

    /// Time of the first answer of a person; null when there is none.
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

    /// Whether the agent, a team member or the customer resolved the episode; null while it is open.
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

/// Queries about support chats.
#[derive(Default)]
pub(super) struct SupportQuery;

#[Object]
impl SupportQuery {
    /// Finds a support chat that the viewer takes part in as customer or team member. Returns null otherwise.
    async fn support_chat(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the community that serves the customer.")] community_id: ID,
        #[graphql(desc = "Id of the conversation.")] conversation_id: DeferredInput<ID>,
    ) -> Result<Option<SupportChat>> {
        let conversation = row_id(conversation_id);
        let conversation = conversation.validate("conversationId", "conversationId required (valid UUID)")?;
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
        #[graphql(desc = "Maximum number of support chats, 1 to 2000.", default = 100)] limit: Option<i32>,
    ) -> Result<Vec<SupportChat>> {
        let id = uuid("communityId", &community_id)?;
        let limit = rows("limit", limit, 1, lists::QUEUE_PAGE as u64, lists::WHOLE_QUEUE as u64)?;
        let chats = support::list_queue(ctx.app()?, ctx.user()?, id, limit).await?;
        Ok(chats.into_iter().map(SupportChat).collect())
    }
}
