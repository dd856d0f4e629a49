//! Journals: movements of coins with their cause.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A journal. Its lines sum to zero; a journal and its lines are never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "journals")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Kind of the movement.
    pub kind: Kind,
    /// Kind of the cause.
    pub cause_kind: CauseKind,
    /// Id of the cause.
    pub cause_id: String,
    /// Unique key of an effect that happens once, such as the payment of a period.
    #[sea_orm(unique)]
    pub once: Option<String>,
    /// Text of the statement line.
    pub note: String,
    /// Time of the movement.
    pub created_at: DateTimeUtc,
}

/// Kind of a movement.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))", rename_all = "snake_case")]
pub enum Kind {
    /// A user added coins.
    Topup,
    /// An administrator granted them.
    Award,
    /// Joining a community.
    CommunityJoin,
    /// A period of a membership.
    CommunitySubscription,
    /// An agent's reply in a community.
    CommunityAgentCall,
    /// A period of a lounge subscription.
    LoungeSubscription,
    /// Held coins are returned.
    Refund,
}

/// Kind of a movement's cause.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))", rename_all = "snake_case")]
pub enum CauseKind {
    /// A command of the operator's.
    Operator,
    /// An administrator, by user id.
    Admin,
    /// The proof of a payment.
    Receipt,
    /// A community.
    Community,
    /// A membership.
    Membership,
    /// An agent reply.
    AgentReply,
    /// A lounge.
    Lounge,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
