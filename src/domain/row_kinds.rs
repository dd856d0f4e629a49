//! The kind of object that a row id belongs to. Row ids are unique over all tables.

use entity::{
    agent_listing, agent_reply, api_key, audit_event, ban, block, canned_answer, community, community_agent,
    conversation, journal, login_session, lounge_subscription, membership, message, participant, report,
    space, space_session, support_chat, support_note, verification_request,
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, SelectStatement, UnionType},
};
use uuid::Uuid;

use crate::{app::App, error::Result};

/// Declares the kinds of rows, each with its table and the column of the object that decides who may see the row.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $number:literal in $table:ident by $column:ident;)+) => {
        /// Kinds of objects with a row of their own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum RowKind {
            $($(#[doc = $doc])+ $kind,)+
        }

        impl RowKind {
            fn from_number(number: i32) -> Option<Self> {
                match number {
                    $($number => Some(Self::$kind),)+
                    _ => None,
                }
            }
        }

        /// The statements that look the ids up, one a table.
        fn selects(ids: &[Uuid]) -> Vec<SelectStatement> {
            vec![$(
                $table::Entity::find()
                    .select_only()
                    .column_as($table::Column::Id, "id")
                    .column_as(Expr::value($number), "kind")
                    .column_as($table::Column::$column, "owner")
                    .filter($table::Column::Id.is_in(ids.iter().copied()))
                    .into_query(),
            )+]
        }
    };
}

kinds! {
    /// An agent listing.
    AgentListing = 1 in agent_listing by Id;
    /// An agent's answer.
    AgentReply = 2 in agent_reply by Id;
    /// An API key.
    ApiKey = 3 in api_key by Id;
    /// An entry of the audit log.
    AuditEvent = 4 in audit_event by Id;
    /// A ban, of a community.
    Ban = 5 in ban by CommunityId;
    /// A block.
    Block = 6 in block by Id;
    /// A canned answer, of a community.
    CannedAnswer = 7 in canned_answer by CommunityId;
    /// A community.
    Community = 8 in community by Id;
    /// A community agent.
    CommunityAgent = 9 in community_agent by CommunityId;
    /// A conversation.
    Conversation = 10 in conversation by Id;
    /// A movement of coins.
    Journal = 11 in journal by Id;
    /// A login session.
    LoginSession = 12 in login_session by Id;
    /// A subscription to a lounge.
    LoungeSubscription = 13 in lounge_subscription by CommunityId;
    /// A membership of a community.
    Membership = 14 in membership by CommunityId;
    /// A message in a conversation.
    Message = 15 in message by ConversationId;
    /// A participation in a space session.
    Participant = 16 in participant by SessionId;
    /// A report.
    Report = 17 in report by Id;
    /// A space.
    Space = 18 in space by Id;
    /// A space session.
    SpaceSession = 19 in space_session by Id;
    /// A support chat, in a conversation.
    SupportChat = 20 in support_chat by ConversationId;
    /// A note on a support chat.
    SupportNote = 21 in support_note by ChatId;
    /// A verification request of a community.
    VerificationRequest = 22 in verification_request by CommunityId;
}

/// A row that exists.
#[derive(Clone, Copy, Debug)]
pub struct KnownRow {
    /// Id of the row.
    pub id: Uuid,
    /// Kind of the row.
    pub kind: RowKind,
    /// Id of the object that decides who may see the row: the row itself unless its kind names another.
    pub owner: Uuid,
}

#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
    kind: i32,
    owner: Uuid,
}

/// Returns the kinds of rows, in one statement, without an access check.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_kinds(app: &App, ids: &[Uuid]) -> Result<Vec<KnownRow>> {
    let mut selects = selects(ids).into_iter();
    let Some(mut all) = selects.next() else { return Ok(Vec::new()) };
    for select in selects {
        all.union(UnionType::All, select);
    }
    let statement = app.db.backend().build(&all);
    let found = Found::find_by_statement(statement).all(app.db.read()).await?;
    let row = |found: Found| {
        Some(KnownRow { id: found.id, kind: RowKind::from_number(found.kind)?, owner: found.owner })
    };
    Ok(found.into_iter().filter_map(row).collect())
}
