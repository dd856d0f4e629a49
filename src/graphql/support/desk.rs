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

/// What somebody of a team has noted about a customer. Customers never see it.
pub(in crate::graphql) struct SupportNote(support_note::Model);

/// What somebody of a team has noted about a customer. Customers never see it.
#[Object]
impl SupportNote {
    /// UUID.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Who made it, by their account.
    async fn author(&self) -> User {
        User::maybe(self.0.author_id.clone(), None)
    }

    /// What it says.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
}

/// An answer that a team has prepared.
pub(in crate::graphql) struct CannedAnswer(canned_answer::Model);

/// An answer that a team has prepared.
#[Object]
impl CannedAnswer {
    /// UUID.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// The id of the community.
    async fn community_id(&self) -> ID {
        self.0.community_id.into()
    }

    /// What the team finds it by, 1 to 100 characters.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What it says, 1 to 5000 characters.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }
}

/// How a community serves its customers: now, and in the episodes that began on the last 30 days of its time zone, today
/// included.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SupportFigures {
    /// Customers who wait for a person now.
    waiting_now: u64,
    /// Customers whom people answer now.
    served_now: u64,
    /// Episodes that began.
    episodes: u64,
    /// Of those, how many are resolved.
    resolved: u64,
    /// Of those, how many by the agent alone.
    resolved_by_ai: u64,
    /// Seconds until a person first answered, in half of them; null where nobody did yet.
    first_response_p50_seconds: Option<f64>,
    /// Seconds until a person first answered, in nine of ten; null where nobody did yet.
    first_response_p90_seconds: Option<f64>,
    /// Answers of people that were late by what the community promises itself.
    late: u64,
    /// What customers gave, 1 to 5, on the average; null where nobody gave anything.
    rating: Option<f64>,
    /// How many gave anything.
    ratings: u64,
    /// Each of the 30 days, the oldest first.
    days: Vec<SupportDay>,
}

/// The episodes that began on a day.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SupportDay {
    /// Which, in the community's time zone, as in `2026-03-05`.
    date: String,
    /// Episodes that began.
    episodes: u64,
    /// Of those, how many are resolved by now.
    resolved: u64,
    /// Of those, how many by the agent alone.
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

/// A note to be made.
#[derive(InputObject)]
pub(in crate::graphql) struct AddSupportNoteInput {
    /// The conversation that it is about.
    conversation_id: ID,
    /// 1 to 5000 characters.
    text: String,
}

/// An answer to be prepared.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateCannedAnswerInput {
    /// The community.
    community_id: ID,
    /// What the team finds it by, 1 to 100 characters, like no other of the community.
    title: String,
    /// 1 to 5000 characters.
    text: String,
}

/// What of a prepared answer changes; absent leaves a part as it is.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateCannedAnswerInput {
    /// The prepared answer.
    id: ID,
    /// 1 to 100 characters, like no other of the community.
    title: Option<String>,
    /// 1 to 5000 characters.
    text: Option<String>,
}

/// What the viewer gives an episode of their chat.
#[derive(InputObject)]
pub(in crate::graphql) struct RateSupportChatInput {
    /// The conversation.
    conversation_id: ID,
    /// 1 to 5.
    rating: i32,
    /// At most 1000 characters.
    comment: Option<String>,
    /// The episode's number; the newest unless given.
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
        #[graphql(desc = "The conversation.")] conversation_id: ID,
    ) -> Result<Vec<SupportNote>> {
        let id = uuid("conversationId", &conversation_id)?;
        let notes = support::list_notes(ctx.app()?, ctx.user()?, id).await?;
        Ok(notes.into_iter().map(SupportNote).collect())
    }

    /// The answers that a team has prepared, by title. The team only.
    async fn canned_answers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community.")] community_id: ID,
    ) -> Result<Vec<CannedAnswer>> {
        let id = uuid("communityId", &community_id)?;
        let canned = support::list_canned(ctx.app()?, ctx.user()?, id).await?;
        Ok(canned.into_iter().map(CannedAnswer).collect())
    }

    /// How well a community serves its customers. Its creator only.
    async fn support_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community.")] community_id: ID,
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
        #[graphql(desc = "The prepared answer.")] id: ID,
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
