//! The audit log: actions on other users.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// An audit entry, which is never changed or deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "audit_events")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The action.
    pub action: Action,
    /// Id of the acting user; `None` for a command of the operator.
    pub actor_id: Option<String>,
    /// Id of the community, if any.
    pub community_id: Option<Uuid>,
    /// Id of the affected user, if any.
    pub user_id: Option<String>,
    /// Id of the affected object, if it is neither the community nor the user.
    pub subject_id: Option<String>,
    /// Further details, without secrets and message texts.
    #[sea_orm(column_type = "JsonBinary")]
    pub details: Json,
    /// Time of creation.
    pub created_at: DateTimeUtc,
}

/// The action.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))", rename_all = "snake_case")]
pub enum Action {
    /// A member's role was changed.
    RoleChanged,
    /// A member was removed.
    MemberRemoved,
    /// A user was banned from a community.
    MemberBanned,
    /// A ban from a community was lifted.
    MemberUnbanned,
    /// A member was muted.
    MemberMuted,
    /// A mute was lifted.
    MemberUnmuted,
    /// A community's ownership was transferred.
    OwnershipTransferred,
    /// A community was archived.
    CommunityArchived,
    /// An administrator suspended a community.
    CommunitySuspended,
    /// An administrator reinstated a community.
    CommunityReinstated,
    /// A community's fees were changed.
    FeesChanged,
    /// An agent was added to a community.
    AgentAdded,
    /// An agent was removed from a community.
    AgentRemoved,
    /// A participant was removed from a session of a space.
    ParticipantRemoved,
    /// A user was removed from a space.
    SpaceGuestRemoved,
    /// Another user's message was deleted.
    MessageDeleted,
    /// An agent's reply to another user was stopped.
    AnswerStopped,
    /// A report was closed.
    ReportClosed,
    /// A customer was transferred to another team member or to the queue.
    CustomerHandedOn,
    /// Another team member's chat was resolved.
    CustomerResolved,
    /// A community's support settings were changed.
    SupportSettingsChanged,
    /// A verification request was approved.
    VerificationApproved,
    /// A verification request was rejected.
    VerificationRejected,
    /// Coins were granted to a user.
    CoinsGranted,
    /// An account was banned from the platform.
    AccountBanned,
    /// An account's ban was lifted.
    AccountUnbanned,
    /// An account became an administrator.
    AccountPromoted,
    /// An account lost the administrator role.
    AccountDemoted,
    /// An account's password was reset.
    PasswordReset,
    /// An open connection was ended.
    ConnectionEnded,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The acting user.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::ActorId", to = "super::user::Column::Id")]
    Actor,
    /// The community.
    #[sea_orm(
        belongs_to = "super::community::Entity",
        from = "Column::CommunityId",
        to = "super::community::Column::Id"
    )]
    Community,
    /// The affected user.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
}

impl ActiveModelBehavior for ActiveModel {}
