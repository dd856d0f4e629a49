//! Sessions of spaces.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A session of a space with its state.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "space_sessions")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the space.
    pub space_id: Uuid,
    /// Status of the session.
    pub status: Status,
    /// State of the app.
    #[sea_orm(column_type = "JsonBinary")]
    pub state: Json,
    /// Number of writes of the state, for compare-and-set.
    pub version: i64,
    /// Current phase, defined by the app.
    pub current_phase: Option<String>,
    /// Prize pool in coins.
    pub prize_pool: i64,
    /// Time of the first start.
    pub started_at: Option<DateTimeUtc>,
    /// Time of the end.
    pub finished_at: Option<DateTimeUtc>,
    /// Time of creation.
    pub created_at: DateTimeUtc,
    /// Time of the last change.
    pub updated_at: DateTimeUtc,
}

/// Status of a session.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Status {
    /// Open, not started.
    Waiting,
    /// Running.
    Active,
    /// Paused; can continue.
    Paused,
    /// Over.
    Finished,
    /// Cancelled before the end.
    Cancelled,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The space.
    #[sea_orm(
        belongs_to = "super::space::Entity",
        from = "Column::SpaceId",
        to = "super::space::Column::Id",
        on_delete = "Cascade"
    )]
    Space,
}

impl Related<super::space::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Space.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
