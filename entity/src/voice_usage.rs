//! Voice usage in lounges, from which allowances and totals are computed.

use sea_orm::entity::prelude::*;

/// Voice usage of one reply.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "voice_usage")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the community.
    pub community_id: Uuid,
    /// Id of the user.
    pub user_id: String,
    /// The day that it counts for, on which it began.
    pub day: Date,
    /// Begin of the speech.
    pub started_at: DateTimeUtc,
    /// State of the usage.
    pub state: State,
    /// Whether it counts against the free minutes, because no subscription covered it at the begin.
    pub is_free: bool,
    /// Reserved milliseconds.
    pub reserved_ms: i64,
    /// Measured milliseconds; `None` until known.
    pub measured_ms: Option<i64>,
    /// Id of the agent reply.
    pub reply_id: Uuid,
    /// Time at which the reservation expires, because its server is gone.
    pub lease_until: DateTimeUtc,
}

/// State of voice usage.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum State {
    /// The reply is being spoken: the reservation counts until its lease expires.
    Reserved,
    /// The audio was published: the measured time counts.
    Settled,
    /// The audio was not published: nothing counts.
    Void,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The community.
    #[sea_orm(
        belongs_to = "super::community::Entity",
        from = "Column::CommunityId",
        to = "super::community::Column::Id"
    )]
    Community,
    /// The user.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
}

impl ActiveModelBehavior for ActiveModel {}
