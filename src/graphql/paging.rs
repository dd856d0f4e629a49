//! Connections: pages of a list, by cursor or by page number.

use std::borrow::Cow;

use async_graphql::{
    Context, ContextSelectionSet, Object, OutputType, Positioned, ServerResult, SimpleObject, TypeName,
    Value, parser::types::Field,
};

use super::{
    eager::{SelectedField, read_all},
    root::typed_like,
};
use crate::{
    domain::{Cursor, PageRows},
    error::{Error, Result},
};

/// Reads the selected fields of an item; `None` if one of them is not eager.
pub(super) type ReadEager<T> = fn(&T, &[SelectedField<'_>]) -> Option<Value>;

/// An item of a connection.
pub(super) trait Node: OutputType {
    /// Name of the item's type; the connection is named after it, and its cursors carry it.
    const NAME: &'static str;
    /// Reads eager fields of the item, if its type has some.
    const EAGER: Option<ReadEager<Self>> = None;
    /// Returns the item's position in the list.
    fn cursor(&self) -> Cursor;
}

/// A page of a list, by cursor or by page number.
pub(super) struct Connection<T>(pub(super) PageRows<T>);

/// Returns whether the query selects a field of this connection.
pub(super) fn selected(ctx: &Context<'_>, names: &[&str]) -> bool {
    names.iter().any(|name| ctx.look_ahead().field(name).exists())
}

/// Returns whether the query selects the connection's total, which costs a statement.
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
    /// Cursor of the first item on the page; null when the page is empty.
    start_cursor: Option<String>,
    /// Cursor of the last item on the page; null when the page is empty.
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
    /// Position of the item in the list; pass it as `after` or `before`.
    async fn cursor(&self) -> String {
        self.0.cursor().encode(T::NAME)
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

/// A page of a list, by cursor or by page number.
#[Object(name_type)]
impl<T: Node> Connection<T> {
    /// The items of this page.
    async fn nodes(&self) -> EagerNodes<'_, T> {
        EagerNodes(&self.0.rows)
    }

    /// The items with their cursors.
    pub(in crate::graphql) async fn edges(&self) -> Vec<Edge<'_, T>> {
        self.0.rows.iter().map(Edge).collect()
    }

    /// Position of this page in the whole list.
    pub(in crate::graphql) async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.0.more_after,
            has_previous_page: self.0.more_before,
            start_cursor: self.0.rows.first().map(|row| row.cursor().encode(T::NAME)),
            end_cursor: self.0.rows.last().map(|row| row.cursor().encode(T::NAME)),
        }
    }

    /// Number of items in the whole list. Selecting it costs one more database query.
    async fn total_count(&self) -> Result<u64> {
        self.0.total.ok_or_else(uncounted)
    }

    /// Page number, from 1; 1 when paging by cursor.
    async fn page(&self) -> u64 {
        self.0.window.page()
    }

    /// Number of pages in the whole list; 0 when the list is empty or the page size is 0. Computed from `totalCount`.
    async fn total_pages(&self) -> Result<u64> {
        self.0.total_pages().ok_or_else(uncounted)
    }
}

fn uncounted() -> Error {
    Error::Internal(anyhow::anyhow!("a total was selected but not counted"))
}

/// The objects of a page of a connection.
pub(super) struct EagerNodes<'a, T>(pub(super) &'a [T]);

impl<T: Node> OutputType for EagerNodes<'_, T> {
    typed_like!(Vec<T>);

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let rows = T::EAGER.map_or(Ok(None), |read| read_all(ctx, self.0, read))?;
        match rows {
            Some(rows) => Ok(Value::List(rows)),
            None => self.0.resolve(ctx, field).await,
        }
    }
}
