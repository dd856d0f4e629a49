//! What a team works with: notes, prepared answers, and how well customers are served.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::{canned_answer, support_note};

use crate::{
    domain::{
        Result,
        support::{self, CannedChange, DayFigures, Figures, Rating},
    },
    graphql::{
        DateTime,
        context::{Asked, uuid},
        support::{SupportChat, seconds},
        users::User,
    },
};

/// An internal note on a customer. Never visible to customers.
pub(in crate::graphql) struct SupportNote(support_note::Model);

/// An internal note on a customer. Never visible to customers.
#[Object]
impl SupportNote {
    /// Unique id of the object (UUID).
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// The team member who wrote the note.
    async fn author(&self) -> User {
        User::maybe(self.0.author_id.clone(), None)
    }

    /// Text of the note.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// Time of creation.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
}

/// An answer that a team has prepared.
pub(in crate::graphql) struct CannedAnswer(canned_answer::Model);

/// An answer that a team has prepared.
#[Object]
impl CannedAnswer {
    /// Unique id of the object (UUID).
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// The id of the community.
    async fn community_id(&self) -> ID {
        self.0.community_id.into()
    }

    /// Title that the team searches by, 1 to 100 characters.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Text of the answer, 1 to 5000 characters.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// Time of creation.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// Time of the last change.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }
}

/// How a community serves its customers: now, and in the episodes that began on the last 30 days of its time zone, today
/// included.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SupportFigures {
    /// Number of customers who are waiting for a person now.
    waiting_now: u64,
    /// Number of customers whom people are serving now.
    served_now: u64,
    /// Number of episodes that began in the period.
    episodes: u64,
    /// Number of those episodes that are resolved.
    resolved: u64,
    /// Number of those episodes that the agent resolved without a person.
    resolved_by_ai: u64,
    /// Median of the seconds until the first answer of a person; null without data.
    first_response_p50_seconds: Option<f64>,
    /// 90th percentile of the seconds until the first answer of a person; null without data.
    first_response_p90_seconds: Option<f64>,
    /// Number of answers of people that exceeded the community's service level.
    late: u64,
    /// Average rating, 1 to 5; null without ratings.
    rating: Option<f64>,
    /// Number of ratings.
    ratings: u64,
    /// Each of the 30 days, the oldest first.
    days: Vec<SupportDay>,
}

/// The episodes that began on a day.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SupportDay {
    /// Which, in the community's time zone, as in `2026-03-05`.
    date: String,
    /// Number of episodes that began in the period.
    episodes: u64,
    /// Of those, how many are resolved by now.
    resolved: u64,
    /// Number of those episodes that the agent resolved without a person.
    resolved_by_ai: u64,
}

impl From<DayFigures> for SupportDay {
    fn from(day: DayFigures) -> Self {
        Self {
            date: day.date.to_string(),
            episodes: day.episodes,
            resolved: day.resolved,
            resolved_by_ai: day.resolved_by_ai,
        }
    }
}

impl From<Figures> for SupportFigures {
    fn from(figures: Figures) -> Self {
        Self {
            waiting_now: figures.waiting,
            served_now: figures.served,
            episodes: figures.episodes,
            resolved: figures.resolved,
            resolved_by_ai: figures.resolved_by_ai,
            first_response_p50_seconds: figures.first_response_p50.map(seconds),
            first_response_p90_seconds: figures.first_response_p90.map(seconds),
            late: figures.late,
            rating: figures.rating,
            ratings: figures.ratings,
            days: figures.days.into_iter().map(SupportDay::from).collect(),
        }
    }
}

/// Input of `addSupportNote`.
#[derive(InputObject)]
pub(in crate::graphql) struct AddSupportNoteInput {
    /// The conversation that it is about.
    conversation_id: ID,
    /// The text, 1 to 5000 characters.
    text: String,
}

/// An answer to be prepared.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateCannedAnswerInput {
    /// Id of the community.
    community_id: ID,
    /// Title that the team searches by, 1 to 100 characters, unique in the community.
    title: String,
    /// The text, 1 to 5000 characters.
    text: String,
}

/// Input of `updateCannedAnswer`. An omitted field stays unchanged.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateCannedAnswerInput {
    /// Id of the canned answer.
    id: ID,
    /// 1 to 100 characters, like no other of the community.
    title: Option<String>,
    /// The text, 1 to 5000 characters.
    text: Option<String>,
}

/// Input of `rateSupportChat`.
#[derive(InputObject)]
pub(in crate::graphql) struct RateSupportChatInput {
    /// Id of the conversation.
    conversation_id: ID,
    /// Rating from 1 (worst) to 5 (best).
    rating: i32,
    /// At most 1000 characters.
    comment: Option<String>,
    /// Number of the episode; omitted means the newest.
    episode: Option<i32>,
}

/// Queries about what a team works with.
#[derive(Default)]
pub(in crate::graphql) struct SupportDeskQuery;

#[Object]
impl SupportDeskQuery {
    /// The notes about a chat, oldest first (the newest 500). The team only, and never its customer.
    async fn support_notes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the conversation.")] conversation_id: ID,
    ) -> Result<Vec<SupportNote>> {
        let id = uuid("conversationId", &conversation_id)?;
        let notes = support::list_notes(ctx.app()?, ctx.user()?, id).await?;
        Ok(notes.into_iter().map(SupportNote).collect())
    }

    /// The answers that a team has prepared, by title. The team only.
    async fn canned_answers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the community.")] community_id: ID,
    ) -> Result<Vec<CannedAnswer>> {
        let id = uuid("communityId", &community_id)?;
        let canned = support::list_canned(ctx.app()?, ctx.user()?, id).await?;
        Ok(canned.into_iter().map(CannedAnswer).collect())
    }

    /// How well a community serves its customers. Its creator only.
    async fn support_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the community.")] community_id: ID,
    ) -> Result<SupportFigures> {
        let id = uuid("communityId", &community_id)?;
        Ok(support::figures(ctx.app()?, ctx.user()?, id).await?.into())
    }
}

/// What can be done with what a team works with.
#[derive(Default)]
pub(in crate::graphql) struct SupportDeskMutation;

#[Object]
impl SupportDeskMutation {
    /// Makes a note about a chat, which its customer never sees. The team only.
    async fn add_support_note(&self, ctx: &Context<'_>, input: AddSupportNoteInput) -> Result<SupportNote> {
        let id = uuid("conversationId", &input.conversation_id)?;
        support::add_note(ctx.app()?, ctx.user()?, id, &input.text).await.map(SupportNote)
    }

    /// Prepares an answer. The creator and moderators.
    async fn create_canned_answer(
        &self,
        ctx: &Context<'_>,
        input: CreateCannedAnswerInput,
    ) -> Result<CannedAnswer> {
        let id = uuid("communityId", &input.community_id)?;
        let canned = support::create_canned(ctx.app()?, ctx.user()?, id, &input.title, &input.text);
        canned.await.map(CannedAnswer)
    }

    /// Changes a prepared answer. The creator and moderators.
    async fn update_canned_answer(
        &self,
        ctx: &Context<'_>,
        input: UpdateCannedAnswerInput,
    ) -> Result<CannedAnswer> {
        let change = CannedChange { title: input.title, text: input.text };
        let id = uuid("id", &input.id)?;
        support::update_canned(ctx.app()?, ctx.user()?, id, change).await.map(CannedAnswer)
    }

    /// Throws a prepared answer away; gives its id. The creator and moderators.
    async fn delete_canned_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the canned answer.")] id: ID,
    ) -> Result<ID> {
        support::delete_canned(ctx.app()?, ctx.user()?, uuid("id", &id)?).await.map(ID::from)
    }

    /// Rates an episode of the viewer's chat that is resolved, once.
    async fn rate_support_chat(&self, ctx: &Context<'_>, input: RateSupportChatInput) -> Result<SupportChat> {
        let id = uuid("conversationId", &input.conversation_id)?;
        let rating = Rating { rating: input.rating, comment: input.comment, episode: input.episode };
        support::rate(ctx.app()?, ctx.user()?, id, rating).await.map(SupportChat)
    }
}
