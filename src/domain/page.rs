//! Parts of a long list: by number, as REST asks, or by cursor, as GraphQL does.

use chrono::{DateTime, Utc};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr};
use uuid::Uuid;

use super::{Error, Result};

/// The most rows of one page.
const MOST: u64 = 50;
/// The rows of a page when nobody says how many.
const USUAL: u64 = 20;

/// A place in a list that is ordered by (time, id).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The row's time.
    pub at: DateTime<Utc>,
    /// The row's id, which breaks ties.
    pub id: Uuid,
}

impl Cursor {
    /// The cursor as clients carry it.
    pub fn encode(&self) -> String {
        format!("{:x}.{}", self.at.timestamp_micros(), self.id.simple())
    }

    /// Reads a cursor that a client carried.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming `field`.
    pub fn decode(field: &'static str, text: &str) -> Result<Self> {
        let parse = || {
            let (at, id) = text.split_once('.')?;
            let at = DateTime::from_timestamp_micros(i64::from_str_radix(at, 16).ok()?)?;
            Some(Self { at, id: Uuid::try_parse(id).ok()? })
        };
        parse().ok_or_else(|| Error::invalid(field, format!("{field} is not a cursor of this list")))
    }
}

/// Which part of a list is asked for, as clients say it.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The first so many after `after`.
    pub first: Option<i32>,
    /// Only rows behind this cursor.
    pub after: Option<String>,
    /// The last so many before `before`.
    pub last: Option<i32>,
    /// Only rows ahead of this cursor.
    pub before: Option<String>,
    /// The page's number, from 1.
    pub page: Option<i32>,
    /// Rows of a numbered page.
    pub limit: Option<i32>,
}

/// Which part of a list is asked for, in numbers that make sense.
#[derive(Clone, Copy, Debug)]
pub enum Window {
    /// Rows `offset` to `offset + limit`.
    Numbered {
        /// The page's number, from 1.
        page: u64,
        /// Rows a page.
        limit: u64,
    },
    /// Rows behind a cursor, in the list's order.
    Forward {
        /// Rows at the most.
        limit: u64,
        /// Behind this row.
        after: Option<Cursor>,
    },
    /// Rows ahead of a cursor, nearest ones, in the list's order.
    Backward {
        /// Rows at the most.
        limit: u64,
        /// Ahead of this row.
        before: Option<Cursor>,
    },
}

impl Window {
    /// Rows at the most.
    pub fn limit(&self) -> u64 {
        match self {
            Self::Numbered { limit, .. } | Self::Forward { limit, .. } | Self::Backward { limit, .. } => {
                *limit
            }
        }
    }

    /// The page's number; 1 when the list is walked by cursor.
    pub fn page(&self) -> u64 {
        match self {
            Self::Numbered { page, .. } => *page,
            _ => 1,
        }
    }
}

impl Page {
    /// Clamps the numbers (1 to 50 rows, 20 unless told) and reads the cursors.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a foreign cursor, or for both ways of paging at once.
    pub fn window(&self) -> Result<Window> {
        let clamp =
            |rows: Option<i32>| rows.map_or(USUAL, |rows| u64::try_from(rows).unwrap_or(1).clamp(1, MOST));
        if self.page.is_some() || self.limit.is_some() {
            if self.first.is_some() || self.last.is_some() || self.after.is_some() || self.before.is_some() {
                return Err(Error::invalid(
                    "page",
                    "page and limit do not go with first, after, last and before",
                ));
            }
            let page = self.page.map_or(1, |page| u64::try_from(page).unwrap_or(1).max(1));
            return Ok(Window::Numbered { page, limit: clamp(self.limit) });
        }
        if self.last.is_some() || self.before.is_some() {
            if self.first.is_some() || self.after.is_some() {
                return Err(Error::invalid("last", "last and before do not go with first and after"));
            }
            let before = self.before.as_deref().map(|text| Cursor::decode("before", text)).transpose()?;
            return Ok(Window::Backward { limit: clamp(self.last), before });
        }
        let after = self.after.as_deref().map(|text| Cursor::decode("after", text)).transpose()?;
        Ok(Window::Forward { limit: clamp(self.first), after })
    }
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Slice<T> {
    /// The rows, in the list's order.
    pub rows: Vec<T>,
    /// Which part it is.
    pub window: Window,
    /// Whether rows follow.
    pub more_after: bool,
    /// Whether rows precede.
    pub more_before: bool,
    /// How many rows the whole list has, where it was asked for.
    pub total: Option<u64>,
}

impl<T> Slice<T> {
    /// Makes a slice of rows fetched with one more than the limit, in the order the window asks for.
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

    /// How many numbered pages the whole list has; 0 when it is empty.
    pub fn total_pages(&self) -> Option<u64> {
        self.total.map(|total| total.div_ceil(self.window.limit()))
    }
}

/// The window's part of a list that is ordered by (time, id), newest first, and one row more, which tells whether
/// there are more.
pub(super) fn newest_first<E: EntityTrait>(
    select: Select<E>,
    at: E::Column,
    id: E::Column,
    window: Window,
) -> Select<E> {
    // Here only: elsewhere it would make `max` and `min` ambiguous.
    use sea_orm::sea_query::ExprTrait;

    let place = || Expr::tuple([Expr::col((E::default(), at)), Expr::col((E::default(), id))]);
    let at_cursor = |cursor: Cursor| Expr::tuple([Expr::val(cursor.at), Expr::val(cursor.id)]);
    let select = match window {
        Window::Numbered { page, limit } => select.offset((page - 1) * limit),
        Window::Forward { after: Some(cursor), .. } => select.filter(place().lt(at_cursor(cursor))),
        Window::Backward { before: Some(cursor), .. } => select.filter(place().gt(at_cursor(cursor))),
        Window::Forward { .. } | Window::Backward { .. } => select,
    };
    let select = match window {
        Window::Backward { .. } => select.order_by_asc(at).order_by_asc(id),
        _ => select.order_by_desc(at).order_by_desc(id),
    };
    select.limit(window.limit() + 1)
}
