//! Participants of space sessions.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A participant, at most one for each user and session.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "participants")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the space session.
    #[sea_orm(unique_key = "session_user")]
    pub session_id: Uuid,
    /// Id of the user.
    #[sea_orm(unique_key = "session_user")]
    pub user_id: String,
    /// Id of the participant's agent, if any.
    pub agent_id: Option<Uuid>,
    /// Role in the session, defined by the app.
    pub role: String,
    /// Control mode of the participant.
    pub control_mode: ControlMode,
    /// Whether the participant is connected.
    pub is_connected: bool,
    /// Time of the first join.
    pub joined_at: DateTimeUtc,
    /// Time of the last leave.
    pub left_at: Option<DateTimeUtc>,
}

/// Control mode of a participant.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum ControlMode {
    /// An agent decides the moves.
    Agent,
    /// The user decides the moves.
    Human,
    /// The user decides with an agent's help.
    Copilot,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The space session.
    #[sea_orm(
        belongs_to = "super::space_session::Entity",
        from = "Column::SessionId",
        to = "super::space_session::Column::Id",
        on_delete = "Cascade"
    )]
    Session,
    /// The user.
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
