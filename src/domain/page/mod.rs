//! Pages of a list: by number, as in REST, or by cursor, as in GraphQL.

mod cursor;

use std::{collections::HashMap, hash::Hash};

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order as Direction, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Asterisk, Expr, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use self::cursor::foreign;
use crate::error::{Error, Result};

pub use cursor::Cursor;

/// Maximum number of rows per page.
const MAX_PAGE_ROWS: u64 = 50;
/// Default number of rows per page.
const DEFAULT_PAGE_ROWS: u64 = 20;

/// The requested page of a list, as sent by clients.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Number of rows after `after`.
    pub first: Option<i32>,
    /// Only rows after this cursor.
    pub after: Option<String>,
    /// Number of rows before `before`.
    pub last: Option<i32>,
    /// Only rows before this cursor.
    pub before: Option<String>,
    /// Page number, from 1.
    pub page: Option<i32>,
    /// Number of rows per numbered page.
    pub limit: Option<i32>,
}

/// The requested page of a list, with validated numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Window {
    /// A numbered page.
    Numbered {
        /// Page number, from 1.
        page: u64,
        /// Number of rows per page.
        limit: u64,
    },
    /// Rows after a cursor, in list order.
    Forward {
        /// Rows at the most.
        limit: u64,
        /// The cursor; `None` for the start of the list.
        after: Option<Cursor>,
    },
    /// The last rows before a cursor, in list order.
    Backward {
        /// Rows at the most.
        limit: u64,
        /// The cursor; `None` for the end of the list.
        before: Option<Cursor>,
    },
}

impl Window {
    /// Returns the maximum number of rows.
    pub fn limit(&self) -> u64 {
        match self {
            Self::Numbered { limit, .. } | Self::Forward { limit, .. } | Self::Backward { limit, .. } => {
                *limit
            }
        }
    }

    /// Returns the page number; 1 for cursor-based pages.
    pub fn page(&self) -> u64 {
        match self {
            Self::Numbered { page, .. } => *page,
            _ => 1,
        }
    }
}

impl Page {
    /// Checks the numbers (maximum 50 rows, default 20; `first: 0` and `last: 0` return no rows) and decodes the
    /// cursors of a list of rows with this name.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a number that is too small, for a foreign cursor, or for both ways of paging at once.
    pub fn window(&self, list: &str) -> Result<Window> {
        self.read(list, false)
    }

    /// As [`Page::window`], for a list that is ordered by a rank first.
    ///
    /// # Errors
    /// As [`Page::window`].
    pub fn ranked_window(&self, list: &str) -> Result<Window> {
        self.read(list, true)
    }

    fn read(&self, list: &str, ranked: bool) -> Result<Window> {
        let cursor = |field, text: &Option<String>| {
            let cursor = text.as_deref().map(|text| Cursor::decode(field, list, text)).transpose()?;
            match cursor {
                Some(Cursor { rank: None, .. }) if ranked => Err(foreign(field)),
                cursor => Ok(cursor),
            }
        };
        if self.page.is_some() || self.limit.is_some() {
            if self.first.is_some() || self.last.is_some() || self.after.is_some() || self.before.is_some() {
                return Err(Error::invalid(
                    "page",
                    "page and limit cannot be combined with first, after, last and before",
                ));
            }
            let page = at_least("page", self.page, 1)?.unwrap_or(1);
            // An empty numbered page would have no number.
            return Ok(Window::Numbered {
                page,
                limit: rows("limit", self.limit, 1, DEFAULT_PAGE_ROWS, MAX_PAGE_ROWS)?,
            });
        }
        if self.last.is_some() || self.before.is_some() {
            if self.first.is_some() || self.after.is_some() {
                return Err(Error::invalid(
                    "last",
                    "last and before cannot be combined with first and after",
                ));
            }
            let limit = rows("last", self.last, 0, DEFAULT_PAGE_ROWS, MAX_PAGE_ROWS)?;
            return Ok(Window::Backward { limit, before: cursor("before", &self.before)? });
        }
        let limit = rows("first", self.first, 0, DEFAULT_PAGE_ROWS, MAX_PAGE_ROWS)?;
        Ok(Window::Forward { limit, after: cursor("after", &self.after)? })
    }
}

/// A page of rows.
#[derive(Clone, Debug)]
pub struct PageRows<T> {
    /// The rows, in the list's order.
    pub rows: Vec<T>,
    /// The requested page.
    pub window: Window,
    /// Whether more rows follow.
    pub more_after: bool,
    /// Whether more rows precede.
    pub more_before: bool,
    /// Number of rows of the whole list, if requested.
    pub total: Option<u64>,
}

impl<T> PageRows<T> {
    /// Creates a page from rows fetched with one more than the limit, in the order of the window.
    pub fn new(mut rows: Vec<T>, window: Window, total: Option<u64>) -> Self {
        let limit = usize::try_from(window.limit()).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let (more_after, more_before) = match window {
            Window::Numbered { page, .. } => (more, page > 1),
            Window::Forward { after, .. } => (more, after.is_some()),
            Window::Backward { before, .. } => {
                rows.reverse();
                (before.is_some(), more)
            }
        };
        Self { rows, window, more_after, more_before, total }
    }

    /// Returns the page with each row converted.
    pub fn map<R>(self, convert: impl FnMut(T) -> R) -> PageRows<R> {
        let Self { rows, window, more_after, more_before, total } = self;
        let rows = rows.into_iter().map(convert).collect();
        PageRows { rows, window, more_after, more_before, total }
    }

    /// The slice of each parent, of rows that were fetched together; a parent without rows has an empty one.
    pub(super) fn of_each<P: Copy + Eq + Hash>(
        parents: &[P],
        rows: Vec<T>,
        parent: impl Fn(&T) -> P,
        window: Window,
        totals: Option<&HashMap<P, u64>>,
    ) -> HashMap<P, Self> {
        let mut by_parent: HashMap<P, Vec<T>> = parents.iter().map(|parent| (*parent, Vec::new())).collect();
        for row in rows {
            by_parent.entry(parent(&row)).or_default().push(row);
        }
        let slice = |(parent, rows)| {
            let total = totals.map(|totals| totals.get(&parent).copied().unwrap_or_default());
            (parent, Self::new(rows, window, total))
        };
        by_parent.into_iter().map(slice).collect()
    }

    /// Returns the number of pages of the whole list; 0 when it is empty and for pages without rows.
    pub fn total_pages(&self) -> Option<u64> {
        self.total.map(|total| match self.window.limit() {
            0 => 0,
            limit => total.div_ceil(limit),
        })
    }
}

/// Returns the requested number of rows, or `usual`; a number above `most` becomes `most`.
///
/// # Errors
/// [`Error::Invalid`] for `field`, for a number below `least`.
pub fn rows(field: &'static str, asked: Option<i32>, least: u64, usual: u64, most: u64) -> Result<u64> {
    Ok(at_least(field, asked, least)?.map_or(usual, |rows| rows.min(most)))
}

/// Returns the requested number.
///
/// # Errors
/// [`Error::Invalid`] for `field`, for a number below `least`.
pub fn at_least(field: &'static str, asked: Option<i32>, least: u64) -> Result<Option<u64>> {
    let Some(asked) = asked else { return Ok(None) };
    match u64::try_from(asked) {
        Ok(asked) if asked >= least => Ok(Some(asked)),
        _ => Err(Error::invalid(field, format!("{field} must be {least} or more"))),
    }
}

/// Selects the window of a list ordered by (time, id), newest first, with one more row to detect further
/// ones.
pub(super) fn newest_first<E: EntityTrait>(
    select: Select<E>,
    at: E::Column,
    id: E::Column,
    window: Window,
) -> Select<E> {
    Order { rank: None, at, id, direction: Direction::Desc }.part(select, window)
}

/// Order of a list: by rank if it has one, then time, then id, all in one direction.
pub(super) struct Order<C> {
    pub(super) rank: Option<C>,
    pub(super) at: C,
    pub(super) id: C,
    pub(super) direction: Direction,
}

impl<C: ColumnTrait> Order<C> {
    /// Selects the window of the list, with one more row to detect further ones.
    pub(super) fn part<E: EntityTrait<Column = C>>(&self, select: Select<E>, window: Window) -> Select<E> {
        // Imported here only: elsewhere it would make `max` and `min` ambiguous.
        use sea_orm::sea_query::ExprTrait;

        let columns: Vec<C> = self.rank.into_iter().chain([self.at, self.id]).collect();
        let place = || Expr::tuple(columns.iter().map(|column| Expr::col((E::default(), *column))));
        let at_cursor = |cursor: Cursor| {
            let rank = self.rank.and(cursor.rank).map(Expr::val);
            Expr::tuple(rank.into_iter().chain([Expr::val(cursor.at), Expr::val(cursor.id)]))
        };
        let descends = matches!(self.direction, Direction::Desc);
        let select = match window {
            Window::Numbered { page, limit } => select.offset((page - 1) * limit),
            Window::Forward { after: Some(cursor), .. } if descends => {
                select.filter(place().lt(at_cursor(cursor)))
            }
            Window::Forward { after: Some(cursor), .. } => select.filter(place().gt(at_cursor(cursor))),
            Window::Backward { before: Some(cursor), .. } if descends => {
                select.filter(place().gt(at_cursor(cursor)))
            }
            Window::Backward { before: Some(cursor), .. } => select.filter(place().lt(at_cursor(cursor))),
            Window::Forward { .. } | Window::Backward { .. } => select,
        };
        self.sort(select, window).limit(window.limit() + 1)
    }

    /// Selects the window's part of the list of each parent, in one statement and in the list's order. `rows` selects the
    /// columns, `filter` the rows, `of` is the column of the parent. The cost of a part does not depend on the length of
    /// its list if an index has the list's order.
    pub(super) fn parts<E: EntityTrait<Column = C>>(
        &self,
        rows: Select<E>,
        filter: &Condition,
        of: C,
        parents: &[Uuid],
        window: Window,
    ) -> Select<E> {
        let list = |select: Select<E>, parent: Uuid| {
            self.part(select.filter(filter.clone()).filter(of.eq(parent)), window)
        };
        if let [one] = parents {
            return list(rows, *one);
        }
        let ids =
            parents.iter().map(|parent| list(E::find().select_only().column(self.id), *parent).into_query());
        self.sort(rows.filter(self.id.in_subquery(all_of(ids))), window)
    }

    /// Sorts the rows of the window in its order.
    pub(super) fn sort<E: EntityTrait<Column = C>>(&self, select: Select<E>, window: Window) -> Select<E> {
        let falls = matches!(self.direction, Direction::Desc) != matches!(window, Window::Backward { .. });
        let direction = || if falls { Direction::Desc } else { Direction::Asc };
        let columns = self.rank.into_iter().chain([self.at, self.id]);
        columns.fold(select, |select, column| select.order_by(column, direction()))
    }
}

/// Joins statements of one column, of which each has its own limit, into one statement; at most 500, because of
/// SQLite's limit.
pub(super) fn all_of(parts: impl IntoIterator<Item = SelectStatement>) -> SelectStatement {
    let mut parts =
        parts.into_iter().map(|part| Query::select().column(Asterisk).from_subquery(part, "part").take());
    // Without statements, the result holds no value.
    let nothing = || Query::select().expr(Expr::null()).take();
    let mut all = parts.next().unwrap_or_else(nothing);
    for part in parts {
        all.union(UnionType::All, part);
    }
    all
}

/// Returns the number of rows of each parent's list, in one statement; a parent without rows is absent.
///
/// # Errors
/// [`Error::Internal`].
pub(super) async fn count_each<E: EntityTrait>(
    db: &impl ConnectionTrait,
    filter: Condition,
    of: E::Column,
    parents: &[Uuid],
) -> Result<HashMap<Uuid, u64>> {
    let rows: Vec<(Uuid, i64)> = E::find()
        .select_only()
        .column(of)
        .expr_as(Expr::cust("COUNT(*)"), "counted")
        .filter(filter)
        .filter(of.is_in(parents.iter().copied()))
        .group_by(of)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(parent, counted)| (parent, u64::try_from(counted).unwrap_or_default()))
        .collect())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn a_list_takes_no_cursor_of_another() {
        for rank in [None, Some(1)] {
            let cursor = Cursor { rank, at: DateTime::UNIX_EPOCH, id: Uuid::nil() };
            let page = Page { after: Some(cursor.encode("Space")), ..Page::default() };
            assert!(page.window("Space").is_ok());
            assert_eq!(page.ranked_window("Space").is_ok(), rank.is_some());
            assert!(page.window("Report").is_err() && page.ranked_window("Report").is_err());
        }
    }

    #[test]
    fn numbers_that_are_too_small_are_named() {
        let field = |page: Page| match page.window("Space") {
            Err(Error::Invalid { field, message }) if message.starts_with(field) => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(field(Page { first: Some(-1), ..Page::default() }), "first");
        assert_eq!(field(Page { last: Some(-1), ..Page::default() }), "last");
        assert_eq!(field(Page { page: Some(0), ..Page::default() }), "page");
        assert_eq!(field(Page { limit: Some(0), ..Page::default() }), "limit");
        assert!(Page { first: Some(0), ..Page::default() }.window("Space").is_ok());
    }
}
