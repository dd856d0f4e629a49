//! Time zones, and calendars of local days.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use sea_orm::{
    ColumnTrait,
    sea_query::{CaseStatement, Expr, ExprTrait},
};

use crate::error::{Error, Result};

/// Maximum gap in local time, in minutes: some zones have skipped a whole day.
const LONGEST_GAP: i64 = 26 * 60;

/// Maximum length of the name of a time zone, in characters.
pub const LONGEST_ZONE: usize = 32;

/// A time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// An IANA time zone, possibly with daylight saving time.
    Named(Tz),
    /// A fixed offset from UTC.
    Fixed(FixedOffset),
}

impl Zone {
    /// UTC.
    pub const UTC: Self = Self::Named(Tz::UTC);

    /// Returns the zone with this stored name; without a valid name, the offset of `minutes` ahead of UTC.
    pub fn of(name: Option<&str>, minutes: i32) -> Self {
        let named = name.and_then(|name| name.parse().ok()).map(Self::Named);
        named.or_else(|| FixedOffset::east_opt(minutes * 60).map(Self::Fixed)).unwrap_or(Self::UTC)
    }

    /// Returns the local time.
    pub fn local(self, at: DateTime<Utc>) -> NaiveDateTime {
        match self {
            Self::Named(zone) => at.with_timezone(&zone).naive_local(),
            Self::Fixed(offset) => at.with_timezone(&offset).naive_local(),
        }
    }

    /// Returns the local date.
    pub fn date(self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date()
    }

    /// Returns the start of a local date.
    pub fn begin(self, date: NaiveDate) -> DateTime<Utc> {
        self.first(date.and_time(NaiveTime::MIN))
    }

    /// Returns the first instant with this local time; after a skipped time, the next existing one.
    pub fn first(self, local: NaiveDateTime) -> DateTime<Utc> {
        self.find(local).0
    }

    /// Returns the last instant with this local time; after a skipped time, the next existing one.
    pub fn last(self, local: NaiveDateTime) -> DateTime<Utc> {
        self.find(local).1
    }

    fn find(self, local: NaiveDateTime) -> (DateTime<Utc>, DateTime<Utc>) {
        let resolve = |local: NaiveDateTime| {
            let found = match self {
                Self::Named(zone) => zone.from_local_datetime(&local).map(|at| at.to_utc()),
                Self::Fixed(offset) => offset.from_local_datetime(&local).map(|at| at.to_utc()),
            };
            found.earliest().zip(found.latest())
        };
        let later = (0..=LONGEST_GAP).find_map(|minutes| resolve(local + TimeDelta::minutes(minutes)));
        later.unwrap_or((local.and_utc(), local.and_utc()))
    }
}

/// Validates an IANA time zone name in any case and returns its canonical spelling.
///
/// # Errors
/// [`Error::Invalid`], also for an offset such as `+09:00`, which has no daylight saving time.
pub fn name(field: &'static str, text: &str) -> Result<String> {
    let text = text.trim();
    let zone = TZ_VARIANTS.iter().find(|zone| zone.name().eq_ignore_ascii_case(text));
    zone.map(|zone| zone.name().to_owned()).ok_or_else(|| {
        let message = format!(
            "{field} must be the IANA name of a time zone, such as Europe/Berlin, and not an offset from UTC"
        );
        Error::invalid(field, message)
    })
}

/// Consecutive local dates.
#[derive(Clone, Copy, Debug)]
pub struct Calendar {
    zone: Zone,
    first: NaiveDate,
    today: NaiveDate,
}

impl Calendar {
    /// Returns the last `days` dates, including today.
    pub fn last(zone: Zone, now: DateTime<Utc>, days: u32) -> Self {
        let today = zone.date(now);
        let back = Days::new(u64::from(days.saturating_sub(1)));
        Self { zone, first: today.checked_sub_days(back).unwrap_or(today), today }
    }

    /// Returns the first date.
    pub fn first(&self) -> NaiveDate {
        self.first
    }

    /// Returns the start of the first date.
    pub fn since(&self) -> DateTime<Utc> {
        self.zone.begin(self.first)
    }

    /// Returns the dates, oldest first.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let today = self.today;
        self.first.iter_days().take_while(move |date| *date <= today)
    }

    /// Returns the local date of an instant.
    pub fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        self.zone.date(at)
    }

    /// Returns the index of the date that contains a column's time, for [`Self::nth`]; 0 for earlier times.
    pub(in crate::domain) fn number(&self, column: impl ColumnTrait) -> Expr {
        let days: Vec<NaiveDate> = self.days().skip(1).collect();
        let numbered = (1_i64..).zip(days).collect::<Vec<_>>().into_iter().rev();
        let case = numbered.fold(CaseStatement::new(), |case, (number, date)| {
            case.case(column.gte(self.zone.begin(date)), Expr::value(number))
        });
        // Without a further condition, a CASE of one day would be empty.
        let case = case.case(column.is_not_null(), Expr::value(0_i64));
        Expr::expr(case).cast_as("bigint")
    }

    /// Returns the date with this index.
    pub(in crate::domain) fn nth(&self, number: i64) -> NaiveDate {
        let number = u64::try_from(number).unwrap_or_default();
        self.first.checked_add_days(Days::new(number)).unwrap_or(self.first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn zone(name: &str) -> Zone {
        Zone::of(Some(name), 0)
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn names_are_those_of_the_iana() {
        for fine in ["Europe/Berlin", " Asia/Kolkata ", "UTC", "Etc/GMT+5", "America/Argentina/Ushuaia"] {
            assert_eq!(name("timeZone", fine).unwrap(), fine.trim());
        }
        for (text, canonical) in [
            ("europe/berlin", "Europe/Berlin"),
            ("UTC", "UTC"),
            ("utc", "UTC"),
            ("AMERICA/NEW_YORK", "America/New_York"),
        ] {
            assert_eq!(name("timeZone", text).unwrap(), canonical);
        }
        for wrong in
            ["", "Berlin", "+9:00", "Europe/Atlantis", "+02:00", "CEST ", "Europe/Berlin\0", "../etc/passwd"]
        {
            let error = name("timeZone", wrong).unwrap_err().to_string();
            assert!(error.contains("timeZone") && error.contains("Europe/Berlin"), "{wrong}: {error}");
        }
        assert_eq!(Zone::of(None, 540).date(at("2026-03-01T15:00:00Z")), day("2026-03-02"));
        assert_eq!(Zone::of(Some("Gone/Away"), 0).date(at("2026-03-01T23:59:59Z")), day("2026-03-01"));
    }

    #[test]
    fn the_longest_name_is_known() {
        let longest = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name().chars().count()).max();
        assert_eq!(longest, Some(LONGEST_ZONE));
    }

    #[test]
    fn days_begin_by_the_clocks_of_the_place() {
        for (name, date, begin) in [
            ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"),
            ("Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z"),
            ("Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00Z"),
            ("America/New_York", "2026-11-02", "2026-11-02T05:00:00Z"),
            ("Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15:00Z"),
            // Midnight is skipped where clocks go forward at midnight, and occurs twice where they go back
            // at one o'clock.
            ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z"),
            ("Atlantic/Azores", "2026-10-25", "2026-10-25T00:00:00Z"),
            // Samoa skipped a whole day.
            ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),
            ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"),
            ("UTC", "2026-03-05", "2026-03-05T00:00:00Z"),
        ] {
            assert_eq!(zone(name).begin(day(date)), at(begin), "{name} {date}");
        }
        assert_eq!(zone("Europe/Berlin").date(at("2026-06-30T22:00:00Z")), day("2026-07-01"));
        assert_eq!(zone("America/New_York").date(at("2026-07-01T03:59:59Z")), day("2026-06-30"));
    }

    #[test]
    fn times_that_are_left_out_or_come_twice() {
        let berlin = zone("Europe/Berlin");
        let local = |text: &str| text.parse::<NaiveDateTime>().unwrap();
        let gap = local("2026-03-29T02:30:00");
        assert_eq!(
            (berlin.first(gap), berlin.last(gap)),
            (at("2026-03-29T01:00:00Z"), at("2026-03-29T01:00:00Z"))
        );
        let twice = local("2026-10-25T02:30:00");
        assert_eq!(
            (berlin.first(twice), berlin.last(twice)),
            (at("2026-10-25T00:30:00Z"), at("2026-10-25T01:30:00Z"))
        );
    }

    #[test]
    fn the_last_days() {
        let calendar = Calendar::last(zone("America/New_York"), at("2026-03-09T03:00:00Z"), 3);
        let days: Vec<String> = calendar.days().map(|date| date.to_string()).collect();
        assert_eq!(days, ["2026-03-06", "2026-03-07", "2026-03-08"]);
        assert_eq!(calendar.since(), at("2026-03-06T05:00:00Z"));
        assert_eq!((calendar.nth(2), calendar.nth(0)), (day("2026-03-08"), calendar.first()));
    }
}
