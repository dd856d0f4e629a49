//! Connections: parts of a list by cursor, or by number where REST asks so.

use std::borrow::Cow;

use async_graphql::{Context, Object, OutputType, SimpleObject, TypeName};

use crate::domain::{Cursor, Error, Result, Slice};

/// What can stand in a connection.
pub(super) trait Node: OutputType {
    /// The node's own name, from which the connection's comes.
    const NAME: &'static str;
    /// Its place in the list.
    fn cursor(&self) -> Cursor;
}

/// A page of a list.
pub(super) struct Connection<T>(pub(super) Slice<T>);

/// Whether a field of this connection was selected.
pub(super) fn selected(ctx: &Context<'_>, names: &[&str]) -> bool {
    names.iter().any(|name| ctx.look_ahead().field(name).exists())
}

/// Whether the connection's total was selected, which costs a statement.
pub(super) fn wants_total(ctx: &Context<'_>) -> bool {
    selected(ctx, &["totalCount", "totalPages"])
}

/// Position of a page in the whole list.
#[derive(SimpleObject)]
pub(super) struct PageInfo {
    /// True when items follow this page.
    has_next_page: bool,
    /// True when items precede this page.
    has_previous_page: bool,
    /// The first row's cursor.
    start_cursor: Option<String>,
    /// The last row's cursor.
    end_cursor: Option<String>,
}

/// An item with its cursor.
pub(super) struct Edge<'a, T>(&'a T);

impl<T: Node> TypeName for Edge<'_, T> {
    fn type_name() -> Cow<'static, str> {
        Cow::Owned(format!("{}Edge", T::NAME))
    }
}

/// An item with its cursor.
#[Object(name_type)]
impl<T: Node> Edge<'_, T> {
    /// The row's place in the list.
    async fn cursor(&self) -> String {
        self.0.cursor().encode()
    }

    /// The item that the cursor belongs to.
    async fn node(&self) -> &T {
        self.0
    }
}

impl<T: Node> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        Cow::Owned(format!("{}Connection", T::NAME))
    }
}

/// A page of a list.
#[Object(name_type)]
impl<T: Node> Connection<T> {
    /// The items of this page.
    async fn nodes(&self) -> &[T] {
        &self.0.rows
    }

    /// The rows with their cursors.
    async fn edges(&self) -> Vec<Edge<'_, T>> {
        self.0.rows.iter().map(Edge).collect()
    }

    /// Position of this page in the whole list.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.0.more_after,
            has_previous_page: self.0.more_before,
            start_cursor: self.0.rows.first().map(|row| row.cursor().encode()),
            end_cursor: self.0.rows.last().map(|row| row.cursor().encode()),
        }
    }

    /// Number of items in the whole list. Selecting it costs one more database query.
    async fn total_count(&self) -> Result<u64> {
        self.0.total.ok_or_else(uncounted)
    }

    /// The page's number, from 1; 1 when walked by cursor.
    async fn page(&self) -> u64 {
        self.0.window.page()
    }

    /// Number of pages in the whole list; 0 when the list is empty. Computed from `totalCount`.
    async fn total_pages(&self) -> Result<u64> {
        self.0.total_pages().ok_or_else(uncounted)
    }
}

fn uncounted() -> Error {
    Error::Internal(anyhow::anyhow!("a total was selected but not counted"))
}
