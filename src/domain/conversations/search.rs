//! Finding what was said.

use entity::message;
use sea_orm::{
    ColumnTrait, DatabaseBackend, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use super::{
    MessageRow, Target,
    access::{Intent, get_seat},
    messages,
};
use crate::{
    app::App,
    domain::{Result, User, text, words::Query},
};

/// The newest messages of a conversation that have all these words, the last of which may be a beginning; newest
/// first. Without a word nothing is found.
///
/// # Errors
/// Why the actor may not read there.
pub async fn search(
    app: &App,
    actor: &User,
    target: &Target,
    text: &str,
    limit: u64,
) -> Result<Vec<MessageRow>> {
    let term = text::search_term("text", Some(text))?;
    let seat = get_seat(app, app.db.read(), actor, target, Intent::Read).await?;
    let Some(query) = term.and_then(Query::parse) else { return Ok(Vec::new()) };
    let id = seat.conversation.id;
    let found = match app.db.backend() {
        DatabaseBackend::Postgres => Expr::cust_with_values(
            "array_to_tsvector(string_to_array(messages.search_text, ' ')) @@ $1::tsquery",
            [query.tsquery()],
        ),
        _ => Expr::col((message::Entity, message::Column::Id)).in_subquery(
            sea_orm::sea_query::Query::select()
                .column("message_id")
                .from("message_words")
                .and_where(Expr::cust_with_values(
                    "message_words MATCH ?",
                    [format!("place : \"{}\" AND words : ({})", id.simple(), query.fts5())],
                ))
                .to_owned(),
        ),
    };
    Ok(messages::select()
        .filter(message::Column::ConversationId.eq(id))
        .filter(found)
        .order_by_desc(message::Column::CreatedAt)
        .limit(limit)
        .into_model()
        .all(app.db.read())
        .await?)
}
