//! Messages with their authors, in one statement.

use entity::{agent_listing, alias, block, conversation, message, user};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, QueryTrait, RelationTrait, Select,
    sea_query::{Expr, ExprTrait, Query, SimpleExpr},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Person, ReadRight};
use crate::{app::App, domain::Result};

/// A message and its author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRow {
    /// The row.
    pub message: message::Model,
    /// Who said it; none for agents and the system.
    pub author: Option<Person>,
    /// The name of the agent that said it.
    pub agent_name: Option<String>,
    /// Why the agent that it calls was not asked; known only to whoever has just posted it.
    #[serde(default)]
    pub refusal: Option<Refusal>,
}

/// Why something was not done, as a client is told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The code of the error.
    pub code: String,
    /// Its sentence.
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
        Ok(Self { message, author, agent_name: row.try_get(prefix, "agent_name")?, refusal: None })
    }
}

/// Messages with their authors, people or agents.
pub(super) fn select() -> Select<message::Entity> {
    message::Entity::find()
        .join(JoinType::LeftJoin, message::Relation::Author.def())
        .column_as(user::Column::Name, "author_name")
        .column_as(user::Column::Image, "author_image")
        .expr_as(display_name(), "author_display_name")
        .join(JoinType::LeftJoin, message::Relation::Agent.def())
        .column_as(agent_listing::Column::AgentName, "agent_name")
}

/// The name that an author goes by in the community of the conversation, a member or not, where there is one and they
/// have one.
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

/// Messages of conversations that may be read, by their ids, in no order; those of other conversations are not listed.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn list_messages_in(app: &App, keys: &[(ReadRight, Uuid)]) -> Result<Vec<MessageRow>> {
    let mut rows = load(app.db.read(), keys.iter().map(|(_, id)| *id)).await?;
    rows.retain(|row| keys.contains(&(row.right(), row.message.id)));
    Ok(rows)
}

/// A message by its id, whoever may read it.
pub(in crate::domain) async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<MessageRow>> {
    Ok(load(db, [id]).await?.pop())
}

pub(super) async fn load(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<MessageRow>> {
    Ok(select().filter(message::Column::Id.is_in(ids)).into_model().all(db).await?)
}

/// How many of a conversation's newest messages are looked at for one that can still be read.
const LOOKED_AT: i64 = 1000;

/// The newest message of each of these conversations that somebody can still read, in no order: it is not deleted, and
/// its author is not blocked by them. Where that leaves none of the newest thousand, there is none.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn list_last(app: &App, viewer: &str, readable: &[ReadRight]) -> Result<Vec<MessageRow>> {
    // A step down an index for each conversation, whatever the planner thinks of reading all messages.
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

/// Whether somebody blocked a message's author.
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
