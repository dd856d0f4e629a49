//! Messages of conversations.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A message. A deleted message keeps its row without the text.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the conversation.
    pub conversation_id: Uuid,
    /// Sequence number of the event that posted it.
    pub seq: i64,
    /// Number of the message in the conversation, from 1.
    pub number: i64,
    /// Id of the author; `None` for agents and the system.
    pub author_id: Option<String>,
    /// Id of the agent listing, if an agent wrote it.
    pub agent_listing_id: Option<Uuid>,
    /// Kind of the message.
    pub kind: Kind,
    /// The text; empty after deletion.
    pub content: String,
    /// Folded words of the text, for search.
    pub search_text: String,
    /// Id of the message that it replies to.
    pub reply_to_id: Option<Uuid>,
    /// The sender's key, which identifies a repetition.
    pub client_key: Option<String>,
    /// Whether it is an interrupted agent reply.
    pub is_incomplete: bool,
    /// URL of the audio: a recording or speech.
    pub tts_audio_url: Option<String>,
    /// Time of posting, later than every previous message.
    pub created_at: DateTimeUtc,
    /// Time of the last edit.
    pub edited_at: Option<DateTimeUtc>,
    /// Time of deletion.
    pub deleted_at: Option<DateTimeUtc>,
}

/// Kind of a message.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Kind {
    /// Written by a user or an agent.
    Text,
    /// Written by the system.
    System,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The conversation.
    #[sea_orm(
        belongs_to = "super::conversation::Entity",
        from = "Column::ConversationId",
        to = "super::conversation::Column::Id",
        on_delete = "Cascade"
    )]
    Conversation,
    /// The author.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::AuthorId", to = "super::user::Column::Id")]
    Author,
    /// The agent listing, if an agent wrote it.
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
