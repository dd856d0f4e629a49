//! A person's part in one session, theirs alone however often they join.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One participant; at most one a user and session.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "participants")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// In which session.
    #[sea_orm(unique_key = "session_user")]
    pub session_id: Uuid,
    /// Who.
    #[sea_orm(unique_key = "session_user")]
    pub user_id: String,
    /// The agent that plays for them, if one does.
    pub agent_id: Option<Uuid>,
    /// What they are in the session, a word of the app's own.
    pub role: String,
    /// Who decides their moves.
    pub control_mode: ControlMode,
    /// Whether they are there now.
    pub is_connected: bool,
    /// When they first joined.
    pub joined_at: DateTimeUtc,
    /// When they last left.
    pub left_at: Option<DateTimeUtc>,
}

/// Who decides a participant's moves.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum ControlMode {
    /// An agent.
    Agent,
    /// The person.
    Human,
    /// The person, with an agent's help.
    Copilot,
}

/// What a participant belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// In which session.
    #[sea_orm(
        belongs_to = "super::space_session::Entity",
        from = "Column::SessionId",
        to = "super::space_session::Column::Id",
        on_delete = "Cascade"
    )]
    Session,
    /// Who.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
}

impl Related<super::space_session::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Session.def()
    }
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
