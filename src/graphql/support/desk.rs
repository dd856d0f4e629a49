//! Tools of a support team: notes, canned answers and statistics.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use entity::{canned_answer, support_note};

use super::{SupportChat, seconds};
use crate::{
    domain::support::{self, CannedChange, DayStatistics, Rating, Statistics},
    error::Result,
    graphql::{
        DateTime,
        communities::kinds::Community,
        context::{ContextExt, uuid},
        payloads::{
            AddSupportNotePayload, CreateCannedAnswerPayload, DeleteCannedAnswerPayload,
            RateSupportChatPayload, UpdateCannedAnswerPayload,
        },
        update_input::kept,
        users::User,
    },
};

/// An internal note on a customer. Never visible to customers.
pub(in crate::graphql) struct SupportNote(pub(in crate::graphql) support_note::Model);

/// An internal note on a customer. Never visible to customers.
#[Object]
impl SupportNote {
    /// Unique id of the object (UUID).
    pub(in crate::graphql) async fn id(&self) -> ID {
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

/// A prepared answer of a team, for use in support chats.
pub(in crate::graphql) struct CannedAnswer(pub(in crate::graphql) canned_answer::Model);

/// A prepared answer of a team, for use in support chats.
#[Object]
impl CannedAnswer {
    /// Unique id of the object (UUID).
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Id of the community whose team uses the answer.
    async fn community_id(&self) -> ID {
        self.0.community_id.into()
    }

    /// The community whose team uses the answer; null when the viewer may no longer see it.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        Community::find(ctx, self.0.community_id).await
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

/// Statistics of a community's customer service: the present, and the episodes that began in the last 30 days
/// of its time zone, including today.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SupportStatistics {
    /// Number of customers who are waiting for a person now.
    waiting_now: u64,
    /// Number of customers that team members are serving now.
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
    /// Statistics of each of the 30 days, oldest first.
    days: Vec<SupportDay>,
}

/// Statistics of the episodes that began on one day.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SupportDay {
    /// The day in the community's time zone, as `YYYY-MM-DD`.
    date: String,
    /// Number of episodes that began on that day.
    episodes: u64,
    /// Number of those episodes that are resolved.
    resolved: u64,
    /// Number of those episodes that the agent resolved without a person.
    resolved_by_ai: u64,
}

impl From<DayStatistics> for SupportDay {
    fn from(day: DayStatistics) -> Self {
        Self {
            date: day.date.to_string(),
            episodes: day.episodes,
            resolved: day.resolved,
            resolved_by_ai: day.resolved_by_ai,
        }
    }
}

impl From<Statistics> for SupportStatistics {
    fn from(figures: Statistics) -> Self {
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
    /// Id of the conversation that the note is about.
    conversation_id: ID,
    /// The text, 1 to 5000 characters.
    text: String,
}

/// Input of `createCannedAnswer`.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateCannedAnswerInput {
    /// Id of the community.
    community_id: ID,
    /// Title that the team searches by, 1 to 100 characters, unique in the community.
    title: String,
    /// The text, 1 to 5000 characters.
    text: String,
}

/// Input of `updateCannedAnswer`. An omitted field stays unchanged; null is refused where it has no meaning.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateCannedAnswerInput {
    /// Id of the canned answer.
    canned_answer_id: ID,
    /// Title that the team searches by, 1 to 100 characters, unique in the community.
    title: MaybeUndefined<String>,
    /// The text, 1 to 5000 characters.
    text: MaybeUndefined<String>,
}

/// Input of `deleteCannedAnswer`.
#[derive(InputObject)]
pub(in crate::graphql) struct DeleteCannedAnswerInput {
    /// Id of the canned answer.
    canned_answer_id: ID,
}

/// Input of `rateSupportChat`.
#[derive(InputObject)]
pub(in crate::graphql) struct RateSupportChatInput {
    /// Id of the conversation.
    conversation_id: ID,
    /// Rating from 1 (worst) to 5 (best).
    rating: i32,
    /// Comment on the rating, at most 1000 characters.
    comment: Option<String>,
    /// Number of the episode; omitted means the newest.
    episode: Option<i32>,
}

/// Queries about notes, canned answers and statistics.
#[derive(Default)]
pub(in crate::graphql) struct SupportDeskQuery;

#[Object]
impl SupportDeskQuery {
    /// Lists the internal notes on a support chat, oldest first (the newest 500). For the team only; a team
    /// member who is the chat's customer may not see them.
    async fn support_notes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the conversation.")] conversation_id: ID,
    ) -> Result<Vec<SupportNote>> {
        let id = uuid("conversationId", &conversation_id)?;
        let notes = support::list_notes(ctx.app()?, ctx.user()?, id).await?;
        Ok(notes.into_iter().map(SupportNote).collect())
    }

    /// Lists the canned answers of a team, sorted by title. Team only.
    async fn canned_answers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the community.")] community_id: ID,
    ) -> Result<Vec<CannedAnswer>> {
        let id = uuid("communityId", &community_id)?;
        let canned = support::list_canned(ctx.app()?, ctx.user()?, id).await?;
        Ok(canned.into_iter().map(CannedAnswer).collect())
    }

    /// Statistics of a community's customer service. Creator only.
    async fn support_statistics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the community.")] community_id: ID,
    ) -> Result<SupportStatistics> {
        let id = uuid("communityId", &community_id)?;
        Ok(support::get_statistics(ctx.app()?, ctx.user()?, id).await?.into())
    }
}

/// Mutations of notes, canned answers and ratings.
#[derive(Default)]
pub(in crate::graphql) struct SupportDeskMutation;

#[Object]
impl SupportDeskMutation {
    /// Adds an internal note to a support chat. Team only.
    async fn add_support_note(
        &self,
        ctx: &Context<'_>,
        input: AddSupportNoteInput,
    ) -> Result<AddSupportNotePayload> {
        let id = uuid("conversationId", &input.conversation_id)?;
        let note = support::add_note(ctx.app()?, ctx.user()?, id, &input.text).await?;
        Ok(AddSupportNotePayload { support_note: SupportNote(note) })
    }

    /// Creates a canned answer. Creator and moderators only.
    async fn create_canned_answer(
        &self,
        ctx: &Context<'_>,
        input: CreateCannedAnswerInput,
    ) -> Result<CreateCannedAnswerPayload> {
        let id = uuid("communityId", &input.community_id)?;
        let canned = support::create_canned(ctx.app()?, ctx.user()?, id, &input.title, &input.text);
        Ok(CreateCannedAnswerPayload { canned_answer: CannedAnswer(canned.await?) })
    }

    /// Changes a canned answer. Creator and moderators only.
    async fn update_canned_answer(
        &self,
        ctx: &Context<'_>,
        input: UpdateCannedAnswerInput,
    ) -> Result<UpdateCannedAnswerPayload> {
        let change = CannedChange { title: kept("title", input.title)?, text: kept("text", input.text)? };
        let id = uuid("cannedAnswerId", &input.canned_answer_id)?;
        let row = support::update_canned(ctx.app()?, ctx.user()?, id, change).await?;
        Ok(UpdateCannedAnswerPayload { canned_answer: CannedAnswer(row) })
    }

    /// Deletes a canned answer. Creator and moderators only.
    async fn delete_canned_answer(
        &self,
        ctx: &Context<'_>,
        input: DeleteCannedAnswerInput,
    ) -> Result<DeleteCannedAnswerPayload> {
        let id = uuid("cannedAnswerId", &input.canned_answer_id)?;
        let gone = support::delete_canned(ctx.app()?, ctx.user()?, id).await?;
        Ok(DeleteCannedAnswerPayload { deleted_id: gone.into() })
    }

    /// Rates a resolved episode of the viewer's chat, once.
    async fn rate_support_chat(
        &self,
        ctx: &Context<'_>,
        input: RateSupportChatInput,
    ) -> Result<RateSupportChatPayload> {
        let id = uuid("conversationId", &input.conversation_id)?;
        let rating = Rating { rating: input.rating, comment: input.comment, episode: input.episode };
        let chat = support::rate(ctx.app()?, ctx.user()?, id, rating).await?;
        Ok(RateSupportChatPayload { support_chat: SupportChat(chat) })
    }
}
