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

/// The rule that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Reason")]
pub(super) enum ReportReason {
    /// Unsolicited advertising.
    Spam,
    /// Insults or persistent unwanted contact.
    Harassment,
    /// Attacks on people for what they are.
    Hate,
    /// Violence, or a call for it.
    Violence,
    /// Unwanted sexual content.
    Sexual,
    /// A person may harm themselves.
    SelfHarm,
    /// Fraud or attempted fraud.
    Scam,
    /// A person pretends to be another.
    Impersonation,
    /// Another reason; the note describes it.
    Other,
}

/// States of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Status")]
pub(super) enum ReportStatus {
    /// No moderator has decided yet.
    Open,
    /// A moderator has decided.
    Closed,
}

/// Decisions on a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Outcome")]
pub(super) enum ReportOutcome {
    /// Something was done about it.
    Upheld,
    /// There was nothing to do.
    Dismissed,
}

/// A report of a message or a person. Visible to the responsible moderators and, in part, to the reporter.
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

/// A report of a message or a person. Visible to the responsible moderators and, in part, to the reporter.
#[Object]
impl Report {
    /// Unique id of the object (UUID).
    async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// The reporter under the name used in that conversation.
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

    /// Id of the space in whose session it happened; null when there is none. The space may have been deleted.
    async fn space_id(&self) -> Option<ID> {
        self.row.space_id.map(ID::from)
    }

    /// The id of the conversation in which it was.
    async fn conversation_id(&self) -> Option<ID> {
        self.row.conversation_id.map(ID::from)
    }

    /// Id of the reported message; null for reports on a person.
    async fn message_id(&self) -> Option<ID> {
        self.row.message_id.map(ID::from)
    }

    /// Text of the message at the time of the report, unaffected by later edits; null for reports on a person.
    async fn content(&self) -> Option<&str> {
        self.row.content.as_deref()
    }

    /// The reported user under the name used in that conversation; null for messages of agents.
    async fn reported(&self) -> Option<User> {
        let id = self.row.user_id.clone()?;
        Some(User::known_as(id, self.row.user_name.clone().unwrap_or_default()))
    }

    /// Name of the reported user or agent.
    async fn reported_name(&self) -> Option<&str> {
        self.row.user_name.as_deref()
    }

    /// The rule that was broken.
    async fn reason(&self) -> ReportReason {
        self.row.reason.into()
    }

    /// More of it, in the reporter's words.
    async fn note(&self) -> Option<&str> {
        self.row.note.as_deref()
    }

    /// Whether the report is open or closed.
    async fn status(&self) -> ReportStatus {
        self.row.status.into()
    }

    /// The decision; null while the report is open.
    async fn outcome(&self) -> Option<ReportOutcome> {
        self.row.outcome.map(Into::into)
    }

    /// The moderator who closed the report; null while it is open, and for the reporter.
    async fn closed_by(&self) -> Option<User> {
        let id = self.row.closed_by_id.clone().filter(|_| !self.own)?;
        Some(match self.row.community_id {
            Some(community) => User::in_community(id, community),
            None => User::maybe(id, None),
        })
    }

    /// Internal note of the moderator; null when none was made, and for the reporter.
    async fn closing_note(&self) -> Option<&str> {
        if self.own { None } else { self.row.closing_note.as_deref() }
    }

    /// Time of creation.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// Time when the report was closed; null while it is open.
    async fn closed_at(&self) -> Option<DateTime> {
        self.row.closed_at.map(DateTime)
    }
}

/// Input of `createReport`. Give `messageId` to report a message, or `userId` and exactly one of `conversationId`,
/// `communityId` and `sessionId` to report a person.
#[derive(InputObject)]
pub(super) struct CreateReportInput {
    /// Id of the message.
    message_id: Option<ID>,
    /// The person decides.
    user_id: Option<ID>,
    /// Id of the conversation.
    conversation_id: Option<ID>,
    /// The community, for its room.
    community_id: Option<ID>,
    /// The space session, for its chat.
    session_id: Option<ID>,
    /// The rule that was broken.
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
    /// Id of the report.
    id: ID,
    /// The decision on the report.
    outcome: ReportOutcome,
    /// Internal reason for the decision, visible to moderators; at most 1000 characters.
    note: Option<String>,
}

/// Queries about reports.
#[derive(Default)]
pub(super) struct ReportQuery;

#[Object]
impl ReportQuery {
    /// Lists reports that the viewer is responsible for, newest first: creators and moderators see reports in their
    /// community on members with a lower role, space owners those in their space, administrators all. Nobody sees
    /// reports on themselves.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filter")]
    async fn reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only in this community.")] community_id: Option<ID>,
        #[graphql(desc = "Only in the sessions of this space.")] space_id: Option<ID>,
        #[graphql(desc = "Returns only items with this status.")] status: Option<ReportStatus>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
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

    /// Lists the viewer's own reports, newest first.
    async fn own_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
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
    /// Reports a message or a person to the moderators. Allows one open report for each reporter and subject.
    async fn create_report(&self, ctx: &Context<'_>, input: CreateReportInput) -> Result<Report> {
        let accused = input.accused()?;
        let new = NewReport { accused, reason: input.reason.into(), note: input.note };
        let row = reports::create(ctx.app()?, ctx.user()?, new).await?;
        Ok(Report { row, own: true })
    }

    /// Closes a report once. Moderators responsible for the report only.
    async fn close_report(&self, ctx: &Context<'_>, input: CloseReportInput) -> Result<Report> {
        let (id, outcome) = (uuid("id", &input.id)?, input.outcome.into());
        let row = reports::close(ctx.app()?, ctx.user()?, id, outcome, input.note).await?;
        Ok(Report { row, own: false })
    }
}
