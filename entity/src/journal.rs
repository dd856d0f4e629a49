//! One movement of coins, and what caused it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One movement. Its lines sum to zero; neither it nor they are ever changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "journals")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it is for.
    pub kind: Kind,
    /// What kind of thing caused it.
    pub cause_kind: CauseKind,
    /// The id of that thing.
    pub cause_id: String,
    /// Names what may happen only once, such as paying for one period.
    #[sea_orm(unique)]
    pub once: Option<String>,
    /// What its owners read in their statements.
    pub note: String,
    /// When.
    pub created_at: DateTimeUtc,
}

/// What coins move for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))", rename_all = "snake_case")]
pub enum Kind {
    /// Somebody paid coins in.
    Topup,
    /// An administrator granted them.
    Award,
    /// Joining a community.
    CommunityJoin,
    /// A period of a membership.
    CommunitySubscription,
    /// An answer of an agent in a community.
    CommunityAgentCall,
    /// A period of a lounge's voice.
    LoungeSubscription,
    /// What was held is given back.
    Refund,
}

/// What kind of thing caused a movement.
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
    /// An agent's answer.
    AgentReply,
    /// A lounge.
    Lounge,
}

/// What a journal leads to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
