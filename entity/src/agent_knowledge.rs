//! What an agent was given to know.

use sea_orm::entity::prelude::*;

/// One text of an agent's. For its owner's eyes only.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agent_knowledge")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub listing_id: Uuid,
    /// Its place among the agent's texts, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// What it is called; answers name it as their source.
    pub title: String,
    /// The text.
    pub text: String,
}

/// What a text belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
