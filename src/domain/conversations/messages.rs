//! Messages joined with their authors, in one statement.

use entity::{agent_listing, alias, block, conversation, message, user};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, Iterable, JoinType, QueryFilter,
    QueryOrder, QueryResult, QuerySelect, QueryTrait, RelationTrait, Select,
    sea_query::{Expr, ExprTrait, Query, SimpleExpr},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Person, ReadRight};
use crate::{app::App, error::Result};

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
pub(super) fn select() -> Select<message::Entity> {
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

/// Returns messages by id, in no order, and omits those of other conversations.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_messages_in(app: &App, keys: &[(ReadRight, Uuid)]) -> Result<Vec<MessageRow>> {
    let mut rows = load(app.db.read(), keys.iter().map(|(_, id)| *id)).await?;
    rows.retain(|row| keys.contains(&(row.right(), row.message.id)));
    Ok(rows)
}

/// Returns a message by id without an access check.
pub(in crate::domain) async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<MessageRow>> {
    Ok(load(db, [id]).await?.pop())
}

pub(super) async fn load(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<MessageRow>> {
    Ok(select().filter(message::Column::Id.is_in(ids)).into_model().all(db).await?)
}

/// Maximum number of newest messages per conversation that are searched for a visible one.
const LOOKED_AT: i64 = 1000;

/// Returns the newest visible message of each conversation, in no order: not deleted, and not by an author
/// that the viewer blocks. A conversation with none among its newest 1000 is omitted.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_last(app: &App, viewer: &str, readable: &[ReadRight]) -> Result<Vec<MessageRow>> {
    // One index lookup per conversation; otherwise a planner may scan all messages.
    let conversations = readable.iter().map(|right| right.conversation_id());
    let last = message::Entity::find()
        .select_only()
        .column(message::Column::Id)
        .filter(
            Expr::col((message::Entity, message::Column::ConversationId))
                .equals((conversation::Entity, conversation::Column::Id)),
        )
        .filter(
            Expr::col((message::Entity, message::Column::Number)).gt(Expr::col((
                conversation::Entity,
                conversation::Column::MessageCount,
            ))
            .sub(LOOKED_AT)),
        )
        .filter(message::Column::DeletedAt.is_null())
        .filter(is_blocked(viewer).not())
        .order_by_desc(message::Column::Number)
        .limit(1)
        .into_query();
    let newest = Query::select()
        .expr(SimpleExpr::SubQuery(None, Box::new(last.into())))
        .from(conversation::Entity)
        .and_where(conversation::Column::Id.is_in(conversations))
        .take();
    Ok(select().filter(message::Column::Id.in_subquery(newest)).into_model().all(app.db.read()).await?)
}

/// Condition: the viewer blocks the message's author.
fn is_blocked(viewer: &str) -> SimpleExpr {
    let of_author = Expr::col((block::Entity, block::Column::BlockedId))
        .equals((message::Entity, message::Column::AuthorId));
    let by_viewer = block::Entity::find()
        .select_only()
        .column(block::Column::Id)
        .filter(block::Column::BlockerId.eq(viewer))
        .filter(of_author)
        .into_query();
    Expr::exists(by_viewer)
}
