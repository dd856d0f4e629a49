//! One run of a space's app, with its state and the people in it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One session of a space.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "space_sessions")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of which space.
    pub space_id: Uuid,
    /// Where in its life it stands.
    pub status: Status,
    /// The app's own state.
    #[sea_orm(column_type = "JsonBinary")]
    pub state: Json,
    /// How often the state was written; the guard of compare-and-set.
    pub version: i64,
    /// The app's own word for where it stands.
    pub current_phase: Option<String>,
    /// Whole coins to be won.
    pub prize_pool: i64,
    /// When it first became active.
    pub started_at: Option<DateTimeUtc>,
    /// When it was finished or cancelled.
    pub finished_at: Option<DateTimeUtc>,
    /// When it was opened.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
}

/// Where a session stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Status {
    /// Open, not started.
    Waiting,
    /// Running.
    Active,
    /// Held; may go on.
    Paused,
    /// Over.
    Finished,
    /// Given up.
    Cancelled,
}

/// What a session belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Of which space.
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
