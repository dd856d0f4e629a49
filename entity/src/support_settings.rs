//! How a community serves its customers. One without a row serves as the defaults say.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

/// The settings of one community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "support_settings")]
pub struct Model {
    /// Which community.
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: Uuid,
    /// Whole coins for each answer of its agent to a customer.
    pub call_fee: i64,
    /// How many chats one of the team answers at a time; none: as many as they take.
    pub capacity: Option<i32>,
    /// Seconds in which an assignee has to answer; none: they keep it.
    pub answer_within: Option<i32>,
    /// Seconds in which the first answer of a person is promised.
    pub first_response_within: Option<i32>,
    /// Seconds in which each answer after that is promised.
    pub next_response_within: Option<i32>,
    /// Minutes that the clocks of its hours are ahead of UTC, where it names no time zone.
    pub utc_offset: i32,
    /// The IANA name of its time zone; none: as `utc_offset` says.
    pub time_zone: Option<String>,
    /// When people are there; none: always.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub hours: Option<Hours>,
    /// What customers are told who come at another time.
    pub away_message: Option<String>,
    /// When they last changed.
    pub updated_at: DateTimeUtc,
}

/// When people are there, in the week of one place, kept as a JSON array.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Hours(pub Vec<Shift>);

/// A part of a day on which people are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// The day, 0 for Monday to 6 for Sunday.
    pub day: u8,
    /// Minutes after midnight at which it begins.
    pub opens: u16,
    /// Minutes after midnight at which it ends, 1440 at the most; on the next day where it is not behind the beginning.
    pub closes: u16,
}

/// What settings belong to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Which community.
    #[sea_orm(
        belongs_to = "super::community::Entity",
        from = "Column::CommunityId",
        to = "super::community::Column::Id",
        on_delete = "Cascade"
    )]
    Community,
}

impl ActiveModelBehavior for ActiveModel {}
