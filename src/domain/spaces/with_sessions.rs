//! A space with its owner and all its sessions, in one statement.

use entity::{space, space_session};
use sea_orm::{
    ColumnTrait, ConnectionTrait, FromQueryResult, Iterable, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationTrait,
    sea_query::{Expr, Iden, SimpleExpr},
};
use uuid::Uuid;

use super::{
    access::visible,
    rows::{self, SpaceRow},
    sessions::{MOST, SpaceSession, connected, without_state},
};
use crate::{app::App, domain::User, error::Result};

/// Begins the names of a session's columns.
const SESSION: &str = "session_";

/// Returns a space that the actor may see, with its owner and its newest thousand sessions, newest first, on request without
/// their states.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn find_with_sessions(
    app: &App,
    actor: Option<&User>,
    id: Uuid,
    with_state: bool,
) -> Result<Option<(SpaceRow, Vec<SpaceSession>)>> {
    let mut select = rows::select_with(true, in_first_row)
        .join_rev(JoinType::LeftJoin, space_session::Relation::Space.def())
        .expr_as(connected().into_query(), format!("{SESSION}participant_count"));
    for column in space_session::Column::iter() {
        let alias = format!("{SESSION}{}", column.to_string());
        select = if with_state {
            select.column_as(column, alias)
        } else {
            select.column_as(without_state(column), alias)
        };
    }
    let select = select
        .filter(space::Column::Id.eq(id))
        .filter(visible(actor.map(|actor| actor.id.as_str())))
        .order_by_desc(space_session::Column::CreatedAt)
        .order_by_desc(space_session::Column::Id)
        .limit(MOST);
    let db = app.db.read();
    let rows = db.query_all_raw(select.build(db.get_database_backend())).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let space = rows::read(first)?;
    // A space without sessions is a row without a session.
    if first.try_get::<Option<Uuid>>(SESSION, "id")?.is_none() {
        return Ok(Some((space, Vec::new())));
    }
    let sessions = rows.iter().map(|row| SpaceSession::from_query_result(row, SESSION));
    Ok(Some((space, sessions.collect::<Result<_, _>>()?)))
}

/// The value of a long column, in the first row only: each session is a row.
fn in_first_row(column: space::Column) -> SimpleExpr {
    Expr::cust(format!(
        "CASE WHEN ROW_NUMBER() OVER (ORDER BY space_sessions.created_at DESC, space_sessions.id DESC) = 1 \
         THEN spaces.{} END",
        column.to_string()
    ))
}
