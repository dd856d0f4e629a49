//! Pages of a list with the list's total, in one statement.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryResult,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, SelectStatement, SimpleExpr},
};

use super::{Order, PageRows, Window};
use crate::error::Result;

/// Name of the column with the number of rows of the whole list; null if it was not requested.
const TOTAL: &str = "list_total";
/// Value of the column if no total was requested.
const NO_TOTAL: &str = "CAST(NULL AS bigint)";

/// Adds a total to the rows of a page, if it is wanted: a statement that reads one number.
pub(super) fn with_total<E: EntityTrait>(rows: Select<E>, wanted: bool, total: SelectStatement) -> Select<E> {
    rows.expr_as(if wanted { SimpleExpr::from(total) } else { Expr::cust(NO_TOTAL) }, TOTAL)
}

/// Selects the page of the rows that a search finds, and their number. One pass over them counts and sorts them, so that
/// the planner does not look for a rare text in the order of the list.
pub(super) fn search<E: EntityTrait>(
    rows: Select<E>,
    filter: Condition,
    order: &Order<E::Column>,
    window: Window,
) -> Select<E> {
    // Imported here only: elsewhere it would make `max` and `min` ambiguous.
    use sea_orm::sea_query::ExprTrait;

    let found = E::find()
        .select_only()
        .column_as(order.id, "id")
        .expr_as(Expr::cust("COUNT(*) OVER ()"), "counted")
        .filter(filter);
    // After a cursor only the rest of the list is found.
    let is_whole = match window {
        Window::Numbered { .. } => true,
        Window::Forward { after: cursor, .. } | Window::Backward { before: cursor, .. } => cursor.is_none(),
    };
    let total = if is_whole { Expr::col(("found", "counted")) } else { Expr::cust(NO_TOTAL) };
    let mut select = rows.expr_as(total, TOTAL);
    QuerySelect::query(&mut select).join_subquery(
        JoinType::InnerJoin,
        order.part(found, window).into_query(),
        "found",
        Expr::col(("found", "id")).equals(order.id.as_column_ref()),
    );
    order.sort(select, window)
}

/// Fetches a page. Counts the list in another statement only if the page has no row with the total.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub(super) async fn fetch<E: EntityTrait, T>(
    db: &impl ConnectionTrait,
    select: Select<E>,
    read: fn(&QueryResult) -> Result<T, DbErr>,
    window: Window,
    wanted: bool,
    count: impl AsyncFnOnce() -> Result<u64>,
) -> Result<PageRows<T>> {
    let found = db.query_all_raw(select.build(db.get_database_backend())).await?;
    let total = if wanted {
        let first = found.first().map(|row| row.try_get::<Option<i64>>("", TOTAL)).transpose()?;
        Some(match first.flatten() {
            Some(total) => u64::try_from(total).unwrap_or_default(),
            None => count().await?,
        })
    } else {
        None
    };
    let rows = found.iter().map(read).collect::<Result<_, _>>()?;
    Ok(PageRows::new(rows, window, total))
}
