//! The audit log, for administrators and creators.

use async_graphql::{Context, Enum, ID, Json, Object};
use entity::audit_event::Action;
use serde_json::Value;

use super::{
    DateTime,
    communities::kinds::Community,
    context::{ContextExt, uuid},
    paging::{Connection, Node, wants_total},
    users::User,
};
use crate::{
    domain::{
        Cursor, Page,
        audit_log::{self, Row, Search},
    },
    error::Result,
};

/// Recorded actions of staff, administrators and operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Action")]
pub(super) enum AuditAction {
    /// A member's role changed; `details` has `from` (null for a former non-member) and `to`.
    RoleChanged,
    /// A member was removed from a community.
    MemberRemoved,
    /// A user was banned from a community; `details` has `until` and `reason`.
    MemberBanned,
    /// A ban was lifted.
    MemberUnbanned,
    /// A member was muted; `details` has `until` and `reason`.
    MemberMuted,
    /// A mute was lifted.
    MemberUnmuted,
    /// A community was transferred to another member.
    OwnershipTransferred,
    /// A community was archived by its creator.
    CommunityArchived,
    /// An administrator suspended a community; `details` has `reason`.
    CommunitySuspended,
    /// An administrator reinstated a suspended community.
    CommunityReinstated,
    /// Fees of a community changed; `details` has `from` and `to` for each fee, in coins.
    FeesChanged,
    /// An agent was added to a community.
    AgentAdded,
    /// An agent was removed from a community.
    AgentRemoved,
    /// The owner of a space removed a participant from a session; `details` has `spaceId`.
    ParticipantRemoved,
    /// The owner of a space removed a user from the space and all its sessions.
    SpaceGuestRemoved,
    /// A moderator deleted another user's message; `details` has `conversationId`.
    MessageDeleted,
    /// A moderator stopped an agent's answer to another user.
    AnswerStopped,
    /// A moderator closed a report; `details` has `outcome`.
    ReportClosed,
    /// A customer was transferred to a colleague or back to the queue; `details` has `from` and `to`.
    CustomerHandedOn,
    /// A support chat assigned to a colleague was resolved.
    CustomerResolved,
    /// The support settings of a community changed; `details` has `from` and `to` for each setting.
    SupportSettingsChanged,
    /// A verification request was approved; `details` has `notes`.
    VerificationApproved,
    /// A verification request was rejected; `details` has `notes`.
    VerificationRejected,
    /// An administrator granted coins to an account; `details` has `amount` and `note`.
    CoinsGranted,
    /// An account was banned from the platform; `details` has `reason`.
    AccountBanned,
    /// An account's ban from the platform was lifted.
    AccountUnbanned,
    /// An account became an administrator.
    AccountPromoted,
    /// An account is no longer an administrator.
    AccountDemoted,
    /// The operator set a new password for an account.
    PasswordReset,
    /// An administrator ended an open connection; `details` has `kind` and `serverId`.
    ConnectionEnded,
}

/// An entry of the audit log. Entries are never changed or deleted.
pub(super) struct AuditEvent(pub(super) Row);

impl Node for AuditEvent {
    const NAME: &'static str = "AuditEvent";

    fn cursor(&self) -> Cursor {
        Cursor { rank: None, at: self.0.event.created_at, id: self.0.event.id }
    }
}

/// An entry of the audit log. Entries are never changed or deleted.
#[Object]
impl AuditEvent {
    /// Unique id of the object (UUID).
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.event.id.into()
    }

    /// The recorded action.
    async fn action(&self) -> AuditAction {
        self.0.event.action.into()
    }

    /// The user who acted; null when the operator acted on the command line.
    async fn actor(&self) -> Option<User> {
        self.0.actor.clone().map(User::from)
    }

    /// The community concerned; null for actions on accounts and in spaces.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        match self.0.event.community_id {
            Some(id) => Community::find(ctx, id).await,
            None => Ok(None),
        }
    }

    /// The user concerned; null when the action concerned no particular user.
    async fn user(&self) -> Option<User> {
        self.0.user.clone().map(User::from)
    }

    /// Id of the object concerned when it is neither a community nor a user: a message, agent listing,
    /// report, verification request, wallet entry or connection. Null otherwise.
    async fn subject_id(&self) -> Option<ID> {
        self.0.event.subject_id.clone().map(ID)
    }

    /// Further data, by action: ids, numbers and the stated reason. Never contains message text.
    async fn details(&self) -> Json<Value> {
        Json(self.0.event.details.clone())
    }

    /// Time of the action.
    async fn created_at(&self) -> DateTime {
        self.0.event.created_at.into()
    }
}

/// Queries about the audit log.
#[derive(Default)]
pub(super) struct AuditQuery;

#[Object]
impl AuditQuery {
    /// Lists the audit log, newest first: everything for administrators, one community for its creator.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filter")]
    async fn audit_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Returns only entries of this community; omitted lists the whole platform (administrators only)."
        )]
        community_id: Option<ID>,
        #[graphql(desc = "Returns only entries with this action.")] action: Option<AuditAction>,
        #[graphql(desc = "Returns only actions of this user.")] actor_id: Option<ID>,
        #[graphql(desc = "Returns only actions that concern this user.")] user_id: Option<ID>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<AuditEvent>> {
        let window = Page { first, after, last, before, ..Page::default() }.window(AuditEvent::NAME)?;
        let search = Search {
            community: community_id.map(|id| uuid("communityId", &id)).transpose()?,
            action: action.map(Into::into),
            actor: actor_id.map(|id| id.0),
            user: user_id.map(|id| id.0),
        };
        let slice = audit_log::list(ctx.app()?, ctx.user()?, search, window, wants_total(ctx)).await?;
        Ok(Connection(slice.map(AuditEvent)))
    }
}
