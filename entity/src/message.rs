//! What somebody said in a conversation.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One message. A deleted one keeps its place without its text.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// In which conversation.
    pub conversation_id: Uuid,
    /// The number of the event that it was posted with.
    pub seq: i64,
    /// The how manieth message of its conversation it is, from 1.
    pub number: i64,
    /// Who said it; none for agents and the system.
    pub author_id: Option<String>,
    /// The agent that said it.
    pub agent_listing_id: Option<Uuid>,
    /// Said by somebody, or by the system.
    pub kind: Kind,
    /// The text as it was sent; empty when it was deleted.
    pub content: String,
    /// The words of the text, which is what a search looks at.
    pub search_text: String,
    /// The message that it answers.
    pub reply_to_id: Option<Uuid>,
    /// The sender's own key, which makes a retry find it.
    pub client_key: Option<String>,
    /// Whether it is only a part of what there was to say: an agent's answer that broke off.
    pub is_incomplete: bool,
    /// Where it can be heard: a recording, or speech.
    pub tts_audio_url: Option<String>,
    /// When it was posted; later than every message before it.
    pub created_at: DateTimeUtc,
    /// When its text was last changed.
    pub edited_at: Option<DateTimeUtc>,
    /// When it was deleted.
    pub deleted_at: Option<DateTimeUtc>,
}

/// By whom a message was said.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Kind {
    /// By a person or an agent.
    Text,
    /// By the system.
    System,
}

/// What a message belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// In which conversation.
    #[sea_orm(
        belongs_to = "super::conversation::Entity",
        from = "Column::ConversationId",
        to = "super::conversation::Column::Id",
        on_delete = "Cascade"
    )]
    Conversation,
    /// Who said it.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::AuthorId", to = "super::user::Column::Id")]
    Author,
    /// The agent that said it.
    #[sea_orm(
        belongs_to = "super::agent_listing::Entity",
        from = "Column::AgentListingId",
        to = "super::agent_listing::Column::Id",
        skip_fk
    )]
    Agent,
}

impl Related<super::conversation::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Conversation.def()
    }
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Author.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
