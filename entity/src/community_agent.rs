//! Community agents: agents that were added to communities.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A community agent, at most one for each agent and community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "community_agents")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the community.
    #[sea_orm(unique_key = "community_listing")]
    pub community_id: Uuid,
    /// Id of the agent listing.
    #[sea_orm(unique_key = "community_listing")]
    pub listing_id: Uuid,
    /// When it was added.
    pub added_at: DateTimeUtc,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The agent listing.
    #[sea_orm(
        belongs_to = "super::agent_listing::Entity",
        from = "Column::ListingId",
        to = "super::agent_listing::Column::Id"
    )]
    Listing,
}

impl Related<super::agent_listing::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Listing.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
