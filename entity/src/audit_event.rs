//! What somebody with power over others did to them.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One deed. It is never changed and never deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "audit_events")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What was done.
    pub action: Action,
    /// Who did it; none: the operator, by a command.
    pub actor_id: Option<String>,
    /// In which community, where it was in one.
    pub community_id: Option<Uuid>,
    /// To whom, where it was to somebody.
    pub user_id: Option<String>,
    /// The id of the thing that it was done to, where that is neither the community nor the person.
    pub subject_id: Option<String>,
    /// The rest: no secret, and nothing that somebody said.
    #[sea_orm(column_type = "JsonBinary")]
    pub details: Json,
    /// When.
    pub created_at: DateTimeUtc,
}

/// What was done.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))", rename_all = "snake_case")]
pub enum Action {
    /// A member got another role.
    RoleChanged,
    /// A member was sent away.
    MemberRemoved,
    /// Somebody was kept out.
    MemberBanned,
    /// Somebody was let in again.
    MemberUnbanned,
    /// A member was kept from speaking.
    MemberMuted,
    /// A member was let speak again.
    MemberUnmuted,
    /// A community was handed over.
    OwnershipTransferred,
    /// A community was closed for good.
    CommunityArchived,
    /// A community was held by the platform.
    CommunitySuspended,
    /// A community was opened again by the platform.
    CommunityReinstated,
    /// What a community costs was changed.
    FeesChanged,
    /// An agent was added to a community.
    AgentAdded,
    /// An agent was taken out of a community.
    AgentRemoved,
    /// A participant was removed from a session of a space.
    ParticipantRemoved,
    /// A user was removed from a space.
    SpaceGuestRemoved,
    /// What somebody else said was deleted.
    MessageDeleted,
    /// An agent's answer to somebody else was stopped.
    AnswerStopped,
    /// A report was closed.
    ReportClosed,
    /// A customer was handed on to another of the team, or back to the queue.
    CustomerHandedOn,
    /// A chat that another of the team answered was said to be done.
    CustomerResolved,
    /// How a community serves its customers was changed.
    SupportSettingsChanged,
    /// A business was verified.
    VerificationApproved,
    /// A business was not verified.
    VerificationRejected,
    /// Coins were given to an account.
    CoinsGranted,
    /// An account was banned from the platform.
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

/// What it leads to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Who did it.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::ActorId", to = "super::user::Column::Id")]
    Actor,
    /// In which community.
    #[sea_orm(
        belongs_to = "super::community::Entity",
        from = "Column::CommunityId",
        to = "super::community::Column::Id"
    )]
    Community,
    /// To whom.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
}

impl ActiveModelBehavior for ActiveModel {}
