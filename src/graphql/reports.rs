//! Reports of messages and users.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Subscription};
use entity::report::{self, Outcome, Reason, Status};
use futures_util::stream::BoxStream;

use super::{
    DateTime,
    communities::kinds::Community,
    context::{ContextExt, uuid},
    conversations::{Conversation, messages::Message, target},
    loaders::Spaces,
    paging::{Connection, Node, wants_total},
    payloads::{CloseReportPayload, CreateReportPayload},
    spaces::Space,
    subscribe::listen,
    users::User,
};
use crate::{
    domain::{
        Cursor, Page, PageRows,
        reports::{self, NewReport, ReportScope, Subject},
    },
    error::{Error, Result},
    live::Payload,
};

/// Rules that a message or a user can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Reason")]
pub(super) enum ReportReason {
    /// Unsolicited advertising.
    Spam,
    /// Insults or persistent unwanted contact.
    Harassment,
    /// Attacks on people for their origin, religion, gender or a similar trait.
    Hate,
    /// Violence, or incitement to it.
    Violence,
    /// Unwanted sexual content.
    Sexual,
    /// Self-harm, or a risk of it.
    SelfHarm,
    /// Fraud or attempted fraud.
    Scam,
    /// A user pretends to be another person or organisation.
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
    /// The moderator agreed and acted.
    Upheld,
    /// The moderator found no violation.
    Dismissed,
}

/// A report of a message or a user. Visible to the responsible moderators and, in part, to the reporter.
pub(super) struct Report {
    pub(super) row: report::Model,
    /// Whether the viewer is the reporter.
    pub(super) own: bool,
}

impl Report {
    fn connection(slice: PageRows<report::Model>, own: bool) -> Connection<Self> {
        Connection(slice.map(|row| Self { row, own }))
    }
}

impl Node for Report {
    const NAME: &'static str = "Report";

    fn cursor(&self) -> Cursor {
        Cursor { rank: None, at: self.row.created_at, id: self.row.id }
    }
}

/// A report of a message or a user. Visible to the responsible moderators and, in part, to the reporter.
#[Object]
impl Report {
    /// Unique id of the object (UUID).
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// The reporter, under the name used in the report's conversation.
    async fn reporter(&self) -> User {
        User::known_as(self.row.reporter_id.clone(), self.row.reporter_name.clone())
    }

    /// The community of the reported incident; null when there is none, and when the viewer may no longer see it.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        Community::find_maybe(ctx, self.row.community_id).await
    }

    /// The space in whose session the reported incident happened; null when there is none, and when the viewer may not
    /// see it.
    async fn space(&self, ctx: &Context<'_>) -> Result<Option<Space>> {
        let Some(id) = self.row.space_id else { return Ok(None) };
        let space = ctx.load::<Spaces>((Some(ctx.user()?.id.clone()), id)).await?;
        Ok(space.map(|space| Space::new((space, None))))
    }

    /// The conversation of the reported incident; null when it is hidden from the viewer.
    async fn conversation(&self, ctx: &Context<'_>) -> Result<Option<Conversation>> {
        match self.row.conversation_id {
            Some(id) => Conversation::find(ctx, id).await,
            None => Ok(None),
        }
    }

    /// The reported message; null for reports on a person, and when the viewer may not read the conversation.
    async fn message(&self, ctx: &Context<'_>) -> Result<Option<Message>> {
        let (Some(id), Some(place)) = (self.row.message_id, self.row.conversation_id) else {
            return Ok(None);
        };
        Message::find(ctx, place, id).await
    }

    /// Id of the space in whose session the reported incident happened; null if none. The space may have been deleted.
    async fn space_id(&self) -> Option<ID> {
        self.row.space_id.map(ID::from)
    }

    /// Id of the conversation in which it happened.
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

    /// The reported user, under the name used in the report's conversation; null for messages of agents.
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

    /// Description of the violation by the reporter; null when none was given.
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
    /// Id of the message to report.
    message_id: Option<ID>,
    /// Id of the user to report.
    user_id: Option<ID>,
    /// Id of the conversation in which it happened.
    conversation_id: Option<ID>,
    /// Id of the community in whose room the reported incident happened.
    community_id: Option<ID>,
    /// Id of the space session in whose chat the reported incident happened.
    session_id: Option<ID>,
    /// The rule that was broken.
    reason: ReportReason,
    /// Description of the violation, at most 1000 characters.
    note: Option<String>,
}

impl CreateReportInput {
    fn subject(&self) -> Result<Subject> {
        let (conversation, community, session) =
            (&self.conversation_id, &self.community_id, &self.session_id);
        match (&self.message_id, &self.user_id) {
            (Some(message), None) if conversation.is_none() && community.is_none() && session.is_none() => {
                Ok(Subject::Message(uuid("messageId", message)?))
            }
            (None, Some(user)) => Ok(Subject::Person {
                place: target(conversation.as_ref(), community.as_ref(), session.as_ref())?,
                user_id: user.0.clone(),
            }),
            _ => Err(Error::invalid("messageId", "Either messageId, or userId and a place, is required")),
        }
    }
}

/// Input of `closeReport`.
#[derive(InputObject)]
pub(super) struct CloseReportInput {
    /// Id of the report.
    report_id: ID,
    /// The decision on the report.
    outcome: ReportOutcome,
    /// Internal reason for the decision, visible to moderators; at most 1000 characters.
    note: Option<String>,
}

fn desk(community: Option<&ID>, space: Option<&ID>) -> Result<ReportScope> {
    match (community, space) {
        (Some(id), None) => Ok(ReportScope::Community(uuid("communityId", id)?)),
        (None, Some(id)) => Ok(ReportScope::Space(uuid("spaceId", id)?)),
        (None, None) => Ok(ReportScope::Platform),
        (Some(_), Some(_)) => Err(Error::invalid("spaceId", "spaceId cannot be combined with communityId")),
    }
}

/// Queries about reports.
#[derive(Default)]
pub(super) struct ReportQuery;

#[Object]
impl ReportQuery {
    /// Lists reports that the viewer is responsible for, newest first: creators and moderators see reports in
    /// their community on members with a lower role, space owners those in their space, administrators all.
    /// Reports on the viewer are omitted.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filter")]
    async fn reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns only reports from this community.")] community_id: Option<ID>,
        #[graphql(desc = "Returns only reports from the sessions of this space.")] space_id: Option<ID>,
        #[graphql(desc = "Returns only items with this status.")] status: Option<ReportStatus>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Report>> {
        let window = Page { first, after, last, before, ..Page::default() }.window(Report::NAME)?;
        let desk = desk(community_id.as_ref(), space_id.as_ref())?;
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
        let window = Page { first, after, last, before, ..Page::default() }.window(Report::NAME)?;
        let slice = reports::list_own(ctx.app()?, ctx.user()?, window, wants_total(ctx)).await?;
        Ok(Report::connection(slice, true))
    }
}

/// Mutations of reports.
#[derive(Default)]
pub(super) struct ReportMutation;

#[Object]
impl ReportMutation {
    /// Reports a message or a user to the moderators. Allows one open report for each reporter and subject.
    async fn create_report(
        &self,
        ctx: &Context<'_>,
        input: CreateReportInput,
    ) -> Result<CreateReportPayload> {
        let subject = input.subject()?;
        let new = NewReport { subject, reason: input.reason.into(), note: input.note };
        let row = reports::create(ctx.app()?, ctx.user()?, new).await?;
        Ok(CreateReportPayload { report: Report { row, own: true } })
    }

    /// Closes an open report. Moderators responsible for the report only.
    async fn close_report(&self, ctx: &Context<'_>, input: CloseReportInput) -> Result<CloseReportPayload> {
        let (id, outcome) = (uuid("reportId", &input.report_id)?, input.outcome.into());
        let row = reports::close(ctx.app()?, ctx.user()?, id, outcome, input.note).await?;
        Ok(CloseReportPayload { report: Report { row, own: false } })
    }
}

/// New and closed reports in the list of open reports.
pub(super) struct ReportEvent(Arc<reports::ReportEvent>);

/// New and closed reports in the list of open reports.
#[Object]
impl ReportEvent {
    /// True for the first event, which lists the newest 50 open reports.
    async fn is_snapshot(&self) -> bool {
        self.0.is_snapshot
    }

    /// Reports that were added to the list, newest first.
    async fn reports(&self) -> Vec<Report> {
        self.0.reports.iter().cloned().map(|row| Report { row, own: false }).collect()
    }

    /// Ids of the reports that left the list because they were closed or more than 50 newer ones are open.
    async fn removed_ids(&self) -> Vec<ID> {
        self.0.removed_ids.iter().copied().map(ID::from).collect()
    }
}

/// Subscriptions to reports.
#[derive(Default)]
pub(super) struct ReportSubscription;

#[Subscription]
impl ReportSubscription {
    /// Streams the open reports that the viewer is responsible for: first the newest 50, then changes.
    /// Requires the rights of the query `reports`; the stream ends when the viewer loses them.
    async fn report_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns only reports from this community.")] community_id: Option<ID>,
        #[graphql(desc = "Returns only reports from the sessions of this space.")] space_id: Option<ID>,
    ) -> Result<BoxStream<'static, ReportEvent>> {
        let read = |happening: &Payload| happening.clone().downcast().ok().map(ReportEvent);
        let (community, space) = (community_id.as_ref(), space_id.as_ref());
        listen(ctx, read, None, move |_| async move {
            let identity = ctx.viewer()?.identity.as_ref().ok_or(Error::Unauthenticated)?;
            reports::watch(ctx.app()?, identity, desk(community, space)?).await
        })
        .await
    }
}
