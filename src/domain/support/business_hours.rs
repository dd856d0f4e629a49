//! Business hours of official accounts.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use entity::support_settings::{self, Shift};

use crate::domain::zone::Zone;

/// Returns the time zone of an official account: the named one, else a fixed offset from UTC in minutes.
pub(super) fn zone(settings: &support_settings::Model) -> Zone {
    Zone::of(settings.time_zone.as_deref(), settings.utc_offset)
}

/// Returns whether the business hours include this time; always `true` without business hours.
pub fn are_open(settings: &support_settings::Model, now: DateTime<Utc>) -> bool {
    let Some(hours) = &settings.hours else { return true };
    let zone = zone(settings);
    let today = zone.date(now);
    // A shift that began yesterday may end today.
    let days = [today.checked_sub_days(Days::new(1)), Some(today)];
    days.into_iter().flatten().any(|date| {
        let weekday = date.weekday().num_days_from_monday();
        let shifts = hours.0.iter().filter(|shift| u32::from(shift.day) == weekday);
        shifts.map(|shift| span(zone, date, *shift)).any(|(opens, closes)| opens <= now && now < closes)
    })
}

/// Returns start and end of a shift on a date. An ambiguous local time starts at its first occurrence and
/// ends at its last.
fn span(zone: Zone, date: NaiveDate, shift: Shift) -> (DateTime<Utc>, DateTime<Utc>) {
    let at = |minutes: i64| date.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(minutes);
    let (opens, closes) = (i64::from(shift.opens), i64::from(shift.closes));
    let closes = if closes <= opens { closes + 24 * 60 } else { closes };
    (zone.first(at(opens)), zone.last(at(closes)))
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use entity::support_settings::Hours;

    use super::*;

    fn settings(shifts: &[(u8, u16, u16)]) -> support_settings::Model {
        let shifts =
            shifts.iter().map(|(day, opens, closes)| Shift { day: *day, opens: *opens, closes: *closes });
        let settings = super::super::settings::defaults(uuid::Uuid::nil());
        support_settings::Model { hours: Some(Hours(shifts.collect())), ..settings }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn hours_are_those_of_the_place() {
        let mut settings = super::super::settings::defaults(uuid::Uuid::nil());
        // 2026-11-26 is a Thursday.
        let at = |hour, minute| Utc.with_ymd_and_hms(2026, 11, 26, hour, minute, 0).unwrap();
        assert!(are_open(&settings, at(3, 0)), "no hours: always");
        settings.hours = Some(Hours(vec![Shift { day: 3, opens: 540, closes: 1080 }]));
        assert!(!are_open(&settings, at(8, 59)));
        assert!(are_open(&settings, at(9, 0)));
        assert!(are_open(&settings, at(17, 59)));
        assert!(!are_open(&settings, at(18, 0)));
        settings.utc_offset = 9 * 60;
        assert!(are_open(&settings, at(0, 0)), "nine in the morning in Tokyo");
        assert!(!are_open(&settings, at(9, 0)));
        assert!(!are_open(&settings, at(16, 0)), "Friday in Tokyo");
        settings.time_zone = Some("America/New_York".to_owned());
        assert!(are_open(&settings, at(14, 0)), "the zone counts, not the offset");
        assert!(!are_open(&settings, at(13, 59)));
    }

    #[test]
    fn shifts_go_on_behind_midnight() {
        // Sunday 22:00 to Monday 06:00, and two shifts on Monday.
        let mut settings = settings(&[(6, 22 * 60, 6 * 60), (0, 9 * 60, 12 * 60), (0, 13 * 60, 17 * 60)]);
        settings.time_zone = Some("Europe/Berlin".to_owned());
        // 2026-11-29 is a Sunday; Berlin is an hour ahead.
        for (time, is_open) in [
            ("2026-11-29T20:59:59Z", false),
            ("2026-11-29T21:00:00Z", true),
            ("2026-11-30T00:00:00Z", true),
            ("2026-11-30T04:59:59Z", true),
            ("2026-11-30T05:00:00Z", false),
            ("2026-11-30T08:00:00Z", true),
            ("2026-11-30T11:30:00Z", false),
            ("2026-11-30T12:00:00Z", true),
            ("2026-11-30T16:00:00Z", false),
            ("2026-11-30T21:30:00Z", false),
        ] {
            assert_eq!(are_open(&settings, at(time)), is_open, "{time}");
        }
        settings.hours = Some(Hours(vec![Shift { day: 6, opens: 1200, closes: 0 }]));
        assert!(are_open(&settings, at("2026-11-29T22:59:59Z")), "until midnight");
        assert!(!are_open(&settings, at("2026-11-29T23:00:00Z")));
    }

    #[test]
    fn clocks_are_put_forward_and_back() {
        // On 2026-03-29, a Sunday, Berlin has no 02:00 to 03:00; on 2026-10-25, a Sunday, it has two.
        let mut settings = settings(&[(6, 150, 240)]);
        settings.time_zone = Some("Europe/Berlin".to_owned());
        for (time, is_open) in [
            ("2026-03-29T00:59:59Z", false),
            ("2026-03-29T01:00:00Z", true),
            ("2026-03-29T01:59:59Z", true),
            ("2026-03-29T02:00:00Z", false),
            ("2026-10-25T00:29:59Z", false),
            ("2026-10-25T00:30:00Z", true),
            ("2026-10-25T01:15:00Z", true),
            ("2026-10-25T02:59:59Z", true),
            ("2026-10-25T03:00:00Z", false),
        ] {
            assert_eq!(are_open(&settings, at(time)), is_open, "{time}");
        }
        // A shift that ends in the repeated hour ends in its second occurrence.
        settings.hours = Some(Hours(vec![Shift { day: 6, opens: 60, closes: 150 }]));
        assert!(are_open(&settings, at("2026-10-25T01:29:59Z")));
        assert!(!are_open(&settings, at("2026-10-25T01:30:00Z")));
        // A shift inside the skipped hour is empty.
        settings.hours = Some(Hours(vec![Shift { day: 6, opens: 120, closes: 180 }]));
        assert!(!are_open(&settings, at("2026-03-29T01:00:00Z")));
    }
}
