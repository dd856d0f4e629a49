//! Voice that somebody heard in a lounge: what every allowance and every total is computed from.

use sea_orm::entity::prelude::*;

/// The voice of one answer.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "voice_usage")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// In which lounge.
    pub community_id: Uuid,
    /// By whom.
    pub user_id: String,
    /// The day of UTC that it counts for: the one on which it began.
    pub day: Date,
    /// When it began.
    pub started_at: DateTimeUtc,
    /// How it stands.
    pub state: State,
    /// Whether it counts against the free minutes: no subscription covered it when it began.
    pub is_free: bool,
    /// Milliseconds that it may last.
    pub reserved_ms: i64,
    /// Milliseconds that it lasted; none until that is known.
    pub measured_ms: Option<i64>,
    /// The answer that was spoken.
    pub reply_id: Uuid,
    /// Until when what is reserved counts: its server is gone then.
    pub lease_until: DateTimeUtc,
}

/// How usage stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum State {
    /// It is being spoken: what is reserved counts, for as long as its lease.
    Reserved,
    /// It was heard: what was measured counts.
    Settled,
    /// It was not heard: nothing counts.
    Void,
}

/// What usage belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// In which lounge.
    #[sea_orm(
        belongs_to = "super::community::Entity",
        from = "Column::CommunityId",
        to = "super::community::Column::Id"
    )]
    Community,
    /// By whom.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
}

impl ActiveModelBehavior for ActiveModel {}
