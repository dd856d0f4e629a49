//! Agent replies, one for each question.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// An agent reply. While it runs, its server extends a lease; an expired lease means that the server is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "agent_replies")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the conversation.
    pub conversation_id: Uuid,
    /// Id of the community.
    pub community_id: Uuid,
    /// Id of the agent listing.
    pub listing_id: Uuid,
    /// Id of the asker.
    pub asker_id: String,
    /// Id of the message with the question.
    #[sea_orm(unique)]
    pub question_id: Uuid,
    /// Id of the message with the reply; `None` while it runs and if it is empty.
    pub message_id: Option<Uuid>,
    /// Status of the reply.
    pub status: Status,
    /// The whole text after the end; while it runs, its events contain the text.
    pub text: String,
    /// Coins that the reply costs when it is delivered.
    pub fee: i64,
    /// Id of the hold of the fee; `None` if the reply is free.
    pub hold_id: Option<Uuid>,
    /// Whether the fee was paid.
    pub is_paid: bool,
    /// How the model ended the reply; `None` if it did not.
    pub outcome: Option<Outcome>,
    /// Name of the provider.
    pub provider: Option<String>,
    /// Number of prompt tokens.
    pub prompt_tokens: Option<i64>,
    /// Number of completion tokens.
    pub completion_tokens: Option<i64>,
    /// State of the audio.
    pub audio: Audio,
    /// Why the reply, or a part of it, has no audio.
    pub voice_notice: Option<VoiceNotice>,
    /// Sequence number of the newest event.
    pub last_seq: i64,
    /// Time at which the lease expires.
    pub lease_until: DateTimeUtc,
    /// Time of the question.
    pub created_at: DateTimeUtc,
    /// Time of the end.
    pub finished_at: Option<DateTimeUtc>,
    /// Whether the pieces of its log were merged into one.
    #[serde(default)]
    pub is_trimmed: bool,
}

/// Status of a reply.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Status {
    /// The reply is being generated.
    Running,
    /// The reply is complete.
    Done,
    /// The asker or a moderator stopped the reply.
    Stopped,
    /// The reply failed.
    Failed,
}

/// How a model ended a reply.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Outcome {
    /// The reply is complete.
    Answered,
    /// The reply reached the token limit.
    CutShort,
    /// The provider's filter withheld the rest.
    Withheld,
    /// The reply is a greeting, because no question was asked.
    Greeted,
    /// The reply refers the user to a person.
    PersonWanted,
    /// The agent found no answer.
    NothingFound,
}

/// State of a reply's audio.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Audio {
    /// The reply has no audio.
    None,
    /// The audio is being generated.
    Pending,
    /// The audio is available.
    Ready,
    /// The audio failed.
    Failed,
}

/// Why a reply, or a part of it, has no audio.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum VoiceNotice {
    /// The day's free minutes are used up.
    UsedUp,
    /// The free minutes ended during the reply.
    RanOut,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
