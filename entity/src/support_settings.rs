//! Support settings of communities. A community without a row uses the defaults.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

/// The support settings of a community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "support_settings")]
pub struct Model {
    /// Id of the community.
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: Uuid,
    /// Coins for each agent reply to a customer.
    pub call_fee: i64,
    /// Maximum concurrent chats of a team member; `None`: no limit.
    pub capacity: Option<i32>,
    /// Seconds in which an assignee must answer; `None`: no limit.
    pub answer_within: Option<i32>,
    /// Deadline of the first answer, in seconds.
    pub first_response_within: Option<i32>,
    /// Deadline of later answers, in seconds.
    pub next_response_within: Option<i32>,
    /// Offset from UTC in minutes, if there is no time zone.
    pub utc_offset: i32,
    /// IANA name of the time zone; `None`: `utc_offset` applies.
    pub time_zone: Option<String>,
    /// Business hours; `None`: always open.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub hours: Option<Hours>,
    /// Message to customers outside business hours.
    pub away_message: Option<String>,
    /// Time of the last change.
    pub updated_at: DateTimeUtc,
}

/// Weekly business hours, stored as a JSON array.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Hours(pub Vec<Shift>);

/// A shift of the business hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Day of the week, 0 for Monday to 6 for Sunday.
    pub day: u8,
    /// Begin in minutes after midnight.
    pub opens: u16,
    /// End in minutes after midnight, at most 1440; on the next day unless it is after the begin.
    pub closes: u16,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The community.
    #[sea_orm(
        belongs_to = "super::community::Entity",
        from = "Column::CommunityId",
        to = "super::community::Column::Id",
        on_delete = "Cascade"
    )]
    Community,
}

impl ActiveModelBehavior for ActiveModel {}
