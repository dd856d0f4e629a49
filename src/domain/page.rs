//! Parts of a long list: by number, as REST asks, or by cursor, as GraphQL does.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, Order as Direction, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::Expr,
};
use uuid::Uuid;

use super::{Error, Result};

/// The most rows of one page.
const MOST: u64 = 50;
/// The rows of a page when nobody says how many.
const USUAL: u64 = 20;

/// A place in a list that is ordered by (time, id), or by (rank, time, id).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// What counts before the time, in lists that have such.
    pub rank: Option<i64>,
    /// The row's time.
    pub at: DateTime<Utc>,
    /// The row's id, which breaks ties.
    pub id: Uuid,
}

impl Cursor {
    /// The cursor as clients carry it.
    pub fn encode(&self) -> String {
        let rank = self.rank.map(|rank| format!("{rank}.")).unwrap_or_default();
        format!("{rank}{:x}.{}", self.at.timestamp_micros(), self.id.simple())
    }

    /// Reads a cursor that a client carried.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming `field`.
    pub fn decode(field: &'static str, text: &str) -> Result<Self> {
        let parse = || {
            let (rest, id) = text.rsplit_once('.')?;
            let (rank, at) = match rest.split_once('.') {
                Some((rank, at)) => (Some(rank.parse().ok()?), at),
                None => (None, rest),
            };
            let at = DateTime::from_timestamp_micros(i64::from_str_radix(at, 16).ok()?)?;
            Some(Self { rank, at, id: Uuid::try_parse(id).ok()? })
        };
        parse().ok_or_else(|| foreign(field))
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
    /// Clamps the numbers (at most 50 rows, 20 unless told; `first: 0` and `last: 0` are no rows) and reads the cursors.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a foreign cursor, or for both ways of paging at once.
    pub fn window(&self) -> Result<Window> {
        self.read(false)
    }

    /// As [`Page::window`], of a list in which a rank counts before the time.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a foreign cursor, or for both ways of paging at once.
    pub fn ranked_window(&self) -> Result<Window> {
        self.read(true)
    }

    fn read(&self, ranked: bool) -> Result<Window> {
        let cursor = |field, text: &Option<String>| {
            let cursor = text.as_deref().map(|text| Cursor::decode(field, text)).transpose()?;
            match cursor {
                Some(Cursor { rank: None, .. }) if ranked => Err(foreign(field)),
                cursor => Ok(cursor),
            }
        };
        // Of a cursor's page none may be wanted; a numbered page without rows would have no number.
        let clamp = |rows: Option<i32>| rows.map_or(USUAL, |rows| u64::try_from(rows).unwrap_or(1).min(MOST));
        if self.page.is_some() || self.limit.is_some() {
            if self.first.is_some() || self.last.is_some() || self.after.is_some() || self.before.is_some() {
                return Err(Error::invalid(
                    "page",
                    "page and limit do not go with first, after, last and before",
                ));
            }
            let page = self.page.map_or(1, |page| u64::try_from(page).unwrap_or(1).max(1));
            return Ok(Window::Numbered { page, limit: clamp(self.limit).max(1) });
        }
        if self.last.is_some() || self.before.is_some() {
            if self.first.is_some() || self.after.is_some() {
                return Err(Error::invalid("last", "last and before do not go with first and after"));
            }
            return Ok(Window::Backward { limit: clamp(self.last), before: cursor("before", &self.before)? });
        }
        Ok(Window::Forward { limit: clamp(self.first), after: cursor("after", &self.after)? })
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
        self.total.map(|total| total.div_ceil(self.window.limit().max(1)))
    }
}

fn foreign(field: &'static str) -> Error {
    Error::invalid(field, format!("{field} is not a cursor of this list"))
}

/// The window's part of a list that is ordered by (time, id), newest first, and one row more, which tells whether
/// there are more.
pub(super) fn newest_first<E: EntityTrait>(
    select: Select<E>,
    at: E::Column,
    id: E::Column,
    window: Window,
) -> Select<E> {
    Order { rank: None, at, id, direction: Direction::Desc }.part(select, window)
}

/// How a list is ordered: by rank where it has one, then by time, then by id, all in one direction.
pub(super) struct Order<C> {
    pub(super) rank: Option<C>,
    pub(super) at: C,
    pub(super) id: C,
    pub(super) direction: Direction,
}

impl<C: ColumnTrait> Order<C> {
    /// The window's part of the list, and one row more, which tells whether there are more.
    pub(super) fn part<E: EntityTrait<Column = C>>(&self, select: Select<E>, window: Window) -> Select<E> {
        // Here only: elsewhere it would make `max` and `min` ambiguous.
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
        let falls = descends != matches!(window, Window::Backward { .. });
        let direction = || if falls { Direction::Desc } else { Direction::Asc };
        let select = columns.iter().fold(select, |select, column| select.order_by(*column, direction()));
        select.limit(window.limit() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_are_read_as_they_were_written() {
        let at = DateTime::from_timestamp_micros(1_772_712_000_123_456).unwrap();
        let id = Uuid::from_u128(7);
        for rank in [None, Some(0), Some(-3), Some(i64::MAX)] {
            let cursor = Cursor { rank, at, id };
            assert_eq!(Cursor::decode("after", &cursor.encode()).unwrap(), cursor);
        }
        for text in ["", ".", "..", "1.2.3", "x.1.00000000000000000000000000000007"] {
            assert!(Cursor::decode("after", text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_list_with_ranks_takes_no_cursor_without() {
        let cursor = Cursor { rank: None, at: DateTime::UNIX_EPOCH, id: Uuid::nil() };
        let page = Page { after: Some(cursor.encode()), ..Page::default() };
        assert!(page.window().is_ok());
        assert!(page.ranked_window().is_err());
    }
}
