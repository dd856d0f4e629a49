//! Reports: made by whoever sees something, closed by those who keep order there.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::report::{self, Outcome, Reason, Status};

use super::{
    DateTime,
    communities::kinds::Community,
    context::{Asked, uuid},
    conversations::target,
    paging::{Connection, Node, wants_total},
    users::User,
};
use crate::domain::{
    Cursor, Error, Page, Result, Slice,
    reports::{self, Accused, Desk, NewReport},
};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Reason")]
pub(super) enum ReportReason {
    /// Advertising that nobody asked for.
    Spam,
    /// Somebody is pursued or insulted.
    Harassment,
    /// People are attacked for what they are.
    Hate,
    /// Violence, or a call for it.
    Violence,
    /// Sexual content.
    Sexual,
    /// Somebody may harm themselves.
    SelfHarm,
    /// A fraud.
    Scam,
    /// Somebody pretends to be another.
    Impersonation,
    /// Something else; the note says what.
    Other,
}

/// Whether somebody has seen to a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Status")]
pub(super) enum ReportStatus {
    /// Nobody has.
    Open,
    /// Somebody has.
    Closed,
}

/// What came of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Outcome")]
pub(super) enum ReportOutcome {
    /// Something was done about it.
    Upheld,
    /// There was nothing to do.
    Dismissed,
}

/// Somebody says that a message or a person is not right. For those who see to it and, less of it, who made it.
pub(super) struct Report {
    row: report::Model,
    /// Whether it is shown to who made it.
    own: bool,
}

impl Report {
    fn connection(slice: Slice<report::Model>, own: bool) -> Connection<Self> {
        let Slice { rows, window, more_after, more_before, total } = slice;
        let rows = rows.into_iter().map(|row| Self { row, own }).collect();
        Connection(Slice { rows, window, more_after, more_before, total })
    }
}

impl Node for Report {
    const NAME: &'static str = "Report";

    fn cursor(&self) -> Cursor {
        Cursor { rank: None, at: self.row.created_at, id: self.row.id }
    }
}

/// Somebody says that a message or a person is not right. For those who see to it and, less of it, who made it.
#[Object]
impl Report {
    /// UUID.
    async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// Who made it, as they were known there.
    async fn reporter(&self) -> User {
        User::known_as(self.row.reporter_id.clone(), self.row.reporter_name.clone())
    }

    /// In which community; null where it was in none, and where the viewer may no longer see it.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        match self.row.community_id {
            Some(id) => Community::find(ctx, id).await,
            None => Ok(None),
        }
    }

    /// The id of the space in whose session it was; null where it was in none. The space may be deleted since.
    async fn space_id(&self) -> Option<ID> {
        self.row.space_id.map(ID::from)
    }

    /// The id of the conversation in which it was.
    async fn conversation_id(&self) -> Option<ID> {
        self.row.conversation_id.map(ID::from)
    }

    /// The id of the message; null where it is on a person.
    async fn message_id(&self) -> Option<ID> {
        self.row.message_id.map(ID::from)
    }

    /// What the message said when it was reported, whatever was done to it since; null where it is on a person.
    async fn content(&self) -> Option<&str> {
        self.row.content.as_deref()
    }

    /// Who is reported, as they were known there; null for what an agent said.
    async fn reported(&self) -> Option<User> {
        let id = self.row.user_id.clone()?;
        Some(User::known_as(id, self.row.user_name.clone().unwrap_or_default()))
    }

    /// The name of who is reported, a person or an agent.
    async fn reported_name(&self) -> Option<&str> {
        self.row.user_name.as_deref()
    }

    /// What is wrong.
    async fn reason(&self) -> ReportReason {
        self.row.reason.into()
    }

    /// More of it, in the reporter's words.
    async fn note(&self) -> Option<&str> {
        self.row.note.as_deref()
    }

    /// Whether somebody has seen to it.
    async fn status(&self) -> ReportStatus {
        self.row.status.into()
    }

    /// What came of it; null while it is open.
    async fn outcome(&self) -> Option<ReportOutcome> {
        self.row.outcome.map(Into::into)
    }

    /// Who closed it; null while it is open, and to who made it.
    async fn closed_by(&self) -> Option<User> {
        let id = self.row.closed_by_id.clone().filter(|_| !self.own)?;
        Some(match self.row.community_id {
            Some(community) => User::in_community(id, community),
            None => User::maybe(id, None),
        })
    }

    /// What they noted; null where they did not, and to who made it.
    async fn closing_note(&self) -> Option<&str> {
        if self.own { None } else { self.row.closing_note.as_deref() }
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it was closed.
    async fn closed_at(&self) -> Option<DateTime> {
        self.row.closed_at.map(DateTime)
    }
}

/// Something to be reported: a message by `messageId`; or a person by `userId` and exactly one of `conversationId`,
/// `communityId` and `sessionId`, which says where.
#[derive(InputObject)]
pub(super) struct CreateReportInput {
    /// The message.
    message_id: Option<ID>,
    /// The person.
    user_id: Option<ID>,
    /// The conversation.
    conversation_id: Option<ID>,
    /// The community, for its room.
    community_id: Option<ID>,
    /// The space session, for its chat.
    session_id: Option<ID>,
    /// What is wrong.
    reason: ReportReason,
    /// More of it, at most 1000 characters.
    note: Option<String>,
}

impl CreateReportInput {
    fn accused(&self) -> Result<Accused> {
        let (conversation, community, session) =
            (&self.conversation_id, &self.community_id, &self.session_id);
        match (&self.message_id, &self.user_id) {
            (Some(message), None) if conversation.is_none() && community.is_none() && session.is_none() => {
                Ok(Accused::Message(uuid("messageId", message)?))
            }
            (None, Some(user)) => Ok(Accused::Person {
                place: target(conversation.as_ref(), community.as_ref(), session.as_ref())?,
                user_id: user.0.clone(),
            }),
            _ => {
                Err(Error::invalid("messageId", "Either messageId, or userId and where they are, is needed"))
            }
        }
    }
}

/// A report to be closed.
#[derive(InputObject)]
pub(super) struct CloseReportInput {
    /// The report.
    id: ID,
    /// What came of it.
    outcome: ReportOutcome,
    /// Why, for those who see to reports; at most 1000 characters.
    note: Option<String>,
}

/// Queries about reports.
#[derive(Default)]
pub(super) struct ReportQuery;

#[Object]
impl ReportQuery {
    /// Reports that the viewer sees to, last made first: those of a community for its creator and moderators, on members
    /// below them; those of a space for its owner; all of them for administrators. Nobody sees those on themselves.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filter")]
    async fn reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only in this community.")] community_id: Option<ID>,
        #[graphql(desc = "Only in the sessions of this space.")] space_id: Option<ID>,
        #[graphql(desc = "Only those that stand so.")] status: Option<ReportStatus>,
        #[graphql(desc = "The first so many, 20 unless told, 50 at most.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many.")] last: Option<i32>,
        #[graphql(desc = "Ahead of this cursor.")] before: Option<String>,
    ) -> Result<Connection<Report>> {
        let window = Page { first, after, last, before, ..Page::default() }.window()?;
        let desk = match (community_id, space_id) {
            (Some(id), None) => Desk::Community(uuid("communityId", &id)?),
            (None, Some(id)) => Desk::Space(uuid("spaceId", &id)?),
            (None, None) => Desk::Platform,
            (Some(_), Some(_)) => {
                return Err(Error::invalid("spaceId", "spaceId does not go with communityId"));
            }
        };
        let (app, status) = (ctx.app()?, status.map(Into::into));
        let slice = reports::list(app, ctx.user()?, desk, status, window, wants_total(ctx)).await?;
        Ok(Report::connection(slice, false))
    }

    /// What the viewer reported, last made first.
    async fn own_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 20 unless told, 50 at most.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many.")] last: Option<i32>,
        #[graphql(desc = "Ahead of this cursor.")] before: Option<String>,
    ) -> Result<Connection<Report>> {
        let window = Page { first, after, last, before, ..Page::default() }.window()?;
        let slice = reports::list_own(ctx.app()?, ctx.user()?, window, wants_total(ctx)).await?;
        Ok(Report::connection(slice, true))
    }
}

/// What can be done about what is not right.
#[derive(Default)]
pub(super) struct ReportMutation;

#[Object]
impl ReportMutation {
    /// Reports a message or a person, where the viewer can read, to those who keep order there. One report of somebody on
    /// the same is open at a time.
    async fn create_report(&self, ctx: &Context<'_>, input: CreateReportInput) -> Result<Report> {
        let accused = input.accused()?;
        let new = NewReport { accused, reason: input.reason.into(), note: input.note };
        let row = reports::create(ctx.app()?, ctx.user()?, new).await?;
        Ok(Report { row, own: true })
    }

    /// Closes a report, once. Those who see to it only.
    async fn close_report(&self, ctx: &Context<'_>, input: CloseReportInput) -> Result<Report> {
        let (id, outcome) = (uuid("id", &input.id)?, input.outcome.into());
        let row = reports::close(ctx.app()?, ctx.user()?, id, outcome, input.note).await?;
        Ok(Report { row, own: false })
    }
}
