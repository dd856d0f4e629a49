//! Messages joined with their authors, in one statement.

use entity::{agent_listing, alias, conversation, message, user};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, Iterable, JoinType, QueryFilter,
    QueryResult, QuerySelect, RelationTrait, Select,
    sea_query::{Expr, ExprTrait, Query, SimpleExpr},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Person;
use crate::error::Result;

/// A message with its author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRow {
    /// The message.
    pub message: message::Model,
    /// The author; `None` for agents and the system.
    pub author: Option<Person>,
    /// Name of the agent that wrote it.
    pub agent_name: Option<String>,
    /// Why the mentioned agent was not asked; set only in the response to the post.
    #[serde(default)]
    pub agent_refusal: Option<AgentRefusal>,
}

/// Refusal of an agent reply, for clients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentRefusal {
    /// Error code.
    pub code: String,
    /// Error message.
    pub message: String,
}

impl FromQueryResult for MessageRow {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        let message = message::Model::from_query_result(row, prefix)?;
        let author = match &message.author_id {
            Some(id) => Some(match row.try_get(prefix, "author_display_name")? {
                Some(name) => Person::alias(id.clone(), name),
                None => Person {
                    id: id.clone(),
                    name: row.try_get(prefix, "author_name")?,
                    image: row.try_get(prefix, "author_image")?,
                    is_alias: false,
                },
            }),
            None => None,
        };
        Ok(Self { message, author, agent_name: row.try_get(prefix, "agent_name")?, agent_refusal: None })
    }
}

/// Selects messages with their authors, users or agents. Only the database reads the words of a message, so an empty text
/// replaces them.
pub fn select_messages() -> Select<message::Entity> {
    let columns = message::Column::iter().filter(|column| !matches!(column, message::Column::SearchText));
    message::Entity::find()
        .select_only()
        .columns(columns)
        .expr_as(Expr::cust("''"), "search_text")
        .join(JoinType::LeftJoin, message::Relation::Author.def())
        .column_as(user::Column::Name, "author_name")
        .column_as(user::Column::Image, "author_image")
        .expr_as(display_name(), "author_display_name")
        .join(JoinType::LeftJoin, message::Relation::Agent.def())
        .column_as(agent_listing::Column::AgentName, "agent_name")
}

/// Returns the author's alias in the conversation's community, member or not; null if there is none.
fn display_name() -> SimpleExpr {
    let of_author = Expr::col((alias::Entity, alias::Column::UserId))
        .equals((message::Entity, message::Column::AuthorId));
    let of_community = Expr::col((alias::Entity, alias::Column::CommunityId))
        .equals((conversation::Entity, conversation::Column::CommunityId));
    let here = Expr::col((conversation::Entity, conversation::Column::Id))
        .equals((message::Entity, message::Column::ConversationId));
    Query::select()
        .column((alias::Entity, alias::Column::Name))
        .from(alias::Entity)
        .inner_join(conversation::Entity, of_community)
        .and_where(of_author)
        .and_where(here)
        .take()
        .into()
}

/// Returns messages by id, in no order.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn load_messages(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<MessageRow>> {
    Ok(select_messages().filter(message::Column::Id.is_in(ids)).into_model().all(db).await?)
}
