//! Knowledge texts of agents.

use sea_orm::entity::prelude::*;

/// A knowledge text of an agent, which only its owner may read.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agent_knowledge")]
pub struct Model {
    /// Id of the agent listing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub listing_id: Uuid,
    /// Index among the agent's texts, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// Title; replies name it as their source.
    pub title: String,
    /// Content of the text.
    pub text: String,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
