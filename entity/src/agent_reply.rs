//! An agent's answer to one question.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One answer. One that runs has a lease, which its server extends: when that runs out, the server is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "agent_replies")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// In which conversation.
    pub conversation_id: Uuid,
    /// In which community.
    pub community_id: Uuid,
    /// Which agent answers.
    pub listing_id: Uuid,
    /// Who asked.
    pub asker_id: String,
    /// The message that asked.
    #[sea_orm(unique)]
    pub question_id: Uuid,
    /// The message that says the answer; none as long as it runs, and where nothing was said.
    pub message_id: Option<Uuid>,
    /// How it stands.
    pub status: Status,
    /// The whole text once it has ended; its events have it while it runs.
    pub text: String,
    /// Whole coins that it costs when it is delivered.
    pub fee: i64,
    /// The promise of the fee; none where there is nothing to pay.
    pub hold_id: Option<Uuid>,
    /// Whether it was delivered, so that the fee was due.
    pub is_paid: bool,
    /// How the model ended it; none where the model did not.
    pub outcome: Option<Outcome>,
    /// Who answered.
    pub provider: Option<String>,
    /// Tokens that were read.
    pub prompt_tokens: Option<i64>,
    /// Tokens that were written.
    pub completion_tokens: Option<i64>,
    /// Whether it can be heard.
    pub audio: Audio,
    /// Why it comes as text, or in part as text, where it was to be heard.
    pub voice_notice: Option<VoiceNotice>,
    /// The number of its newest event.
    pub last_seq: i64,
    /// Until when its server may be silent about it.
    pub lease_until: DateTimeUtc,
    /// When it was asked for.
    pub created_at: DateTimeUtc,
    /// When it ended.
    pub finished_at: Option<DateTimeUtc>,
    /// Whether the pieces of its log were put together into one.
    #[serde(default)]
    pub is_trimmed: bool,
}

/// How an answer stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Status {
    /// It is being said.
    Running,
    /// It was said to the end.
    Done,
    /// Whoever asked stopped it.
    Stopped,
    /// It broke off.
    Failed,
}

/// How a model ended an answer.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Outcome {
    /// With all that was to be said.
    Answered,
    /// At the limit on its length.
    CutShort,
    /// By the provider's own filter.
    Withheld,
    /// With a greeting: nothing was asked.
    Greeted,
    /// With a word that this is for a person.
    PersonWanted,
    /// With a word that the agent knows nothing about this.
    NothingFound,
}

/// Whether an answer can be heard.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Audio {
    /// Nobody speaks it.
    None,
    /// It is being spoken.
    Pending,
    /// It can be heard.
    Ready,
    /// Speaking it failed.
    Failed,
}

/// Why an answer is not heard, or not all of it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum VoiceNotice {
    /// The free minutes of the day are used up.
    UsedUp,
    /// They were used up in the middle of it.
    RanOut,
}

/// What an answer belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
