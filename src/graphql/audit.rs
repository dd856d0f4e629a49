//! The audit log, as administrators and creators read it.

use async_graphql::{Context, Enum, ID, Json, Object};
use entity::audit_event::Action;
use serde_json::Value;

use super::{
    DateTime,
    communities::kinds::Community,
    context::{Asked, uuid},
    paging::{Connection, Node, wants_total},
    users::User,
};
use crate::domain::{
    Cursor, Page, Result, Slice,
    audit::{self, Row, Search},
};

/// What somebody with power over others did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Action")]
pub(super) enum AuditAction {
    /// Somebody got another role; `from`, null for one who was no member, and `to`.
    RoleChanged,
    /// A member was sent away.
    MemberRemoved,
    /// Somebody was kept out; `until` and `reason`.
    MemberBanned,
    /// Somebody was let in again.
    MemberUnbanned,
    /// A member was kept from speaking; `until` and `reason`.
    MemberMuted,
    /// A member was let speak again.
    MemberUnmuted,
    /// A community was handed over.
    OwnershipTransferred,
    /// A community was closed for good.
    CommunityArchived,
    /// A community was held by the platform; `reason`.
    CommunitySuspended,
    /// A community was opened again by the platform.
    CommunityReinstated,
    /// What a community costs was changed; each fee with `from` and `to`, in coins.
    FeesChanged,
    /// An agent was added to a community.
    AgentAdded,
    /// An agent was taken out of a community.
    AgentRemoved,
    /// Somebody was removed from a session of a space by its owner; `spaceId`.
    ParticipantRemoved,
    /// Somebody was removed from a space and all its sessions by its owner.
    SpaceGuestRemoved,
    /// What somebody else said was deleted; `conversationId`.
    MessageDeleted,
    /// An agent's answer to somebody else was stopped.
    AnswerStopped,
    /// A report was closed; `outcome`.
    ReportClosed,
    /// A customer was handed on to another of the team, or back to the queue; `from` and `to`.
    CustomerHandedOn,
    /// A chat that another of the team answered was said to be done.
    CustomerResolved,
    /// How a community serves its customers was changed; each setting with `from` and `to`.
    SupportSettingsChanged,
    /// A business was verified; `notes`.
    VerificationApproved,
    /// A business was not verified; `notes`.
    VerificationRejected,
    /// Coins were given to an account; `amount` and `note`.
    CoinsGranted,
    /// An account was banned from the platform; `reason`.
    AccountBanned,
    /// An account may use the platform again.
    AccountUnbanned,
    /// An account became an administrator.
    AccountPromoted,
    /// An account is no administrator any more.
    AccountDemoted,
    /// An account was given a new password.
    PasswordReset,
}

/// One thing that somebody with power over others did. It is never changed and never deleted.
pub(super) struct AuditEvent(Row);

impl Node for AuditEvent {
    const NAME: &'static str = "AuditEvent";

    fn cursor(&self) -> Cursor {
        Cursor { rank: None, at: self.0.event.created_at, id: self.0.event.id }
    }
}

/// One thing that somebody with power over others did. It is never changed and never deleted.
#[Object]
impl AuditEvent {
    /// UUID.
    async fn id(&self) -> ID {
        self.0.event.id.into()
    }

    /// What was done.
    async fn action(&self) -> AuditAction {
        self.0.event.action.into()
    }

    /// Who did it; null for the operator, by a command.
    async fn actor(&self) -> Option<User> {
        self.0.actor.clone().map(User::from)
    }

    /// In which community; null for what was done to an account or in a space.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        match self.0.event.community_id {
            Some(id) => Community::find(ctx, id).await,
            None => Ok(None),
        }
    }

    /// To whom; null where it was to nobody in particular.
    async fn user(&self) -> Option<User> {
        self.0.user.clone().map(User::from)
    }

    /// The id of the thing that it was done to, where that is neither the community nor the person: a message, an
    /// agent's listing, a report, a request, an entry in a wallet.
    async fn subject_id(&self) -> Option<ID> {
        self.0.event.subject_id.clone().map(ID)
    }

    /// The rest, by the action: ids, numbers and what the one who did it gave as a reason; nothing that was said in a
    /// conversation.
    async fn details(&self) -> Json<Value> {
        Json(self.0.event.details.clone())
    }

    /// When.
    async fn created_at(&self) -> DateTime {
        self.0.event.created_at.into()
    }
}

/// Queries about the audit log.
#[derive(Default)]
pub(super) struct AuditQuery;

#[Object]
impl AuditQuery {
    /// What those with power over others did, last done first: all of it for administrators, that of a community for its
    /// creator.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection and its filter")]
    async fn audit_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only in this community; all of the platform, for administrators, unless given.")]
        community_id: Option<ID>,
        #[graphql(desc = "Only this.")] action: Option<AuditAction>,
        #[graphql(desc = "Only what this person did.")] actor_id: Option<ID>,
        #[graphql(desc = "Only what was done to this person.")] user_id: Option<ID>,
        #[graphql(desc = "The first so many, 20 unless told, 50 at most.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many.")] last: Option<i32>,
        #[graphql(desc = "Ahead of this cursor.")] before: Option<String>,
    ) -> Result<Connection<AuditEvent>> {
        let window = Page { first, after, last, before, ..Page::default() }.window()?;
        let search = Search {
            community: community_id.map(|id| uuid("communityId", &id)).transpose()?,
            action: action.map(Into::into),
            actor: actor_id.map(|id| id.0),
            user: user_id.map(|id| id.0),
        };
        let slice = audit::list(ctx.app()?, ctx.user()?, search, window, wants_total(ctx)).await?;
        let Slice { rows, window, more_after, more_before, total } = slice;
        let rows = rows.into_iter().map(AuditEvent).collect();
        Ok(Connection(Slice { rows, window, more_after, more_before, total }))
    }
}
