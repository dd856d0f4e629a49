//! When people are there.

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use entity::support_settings;

/// Whether people are there at this time; always where no hours were said.
pub fn are_open(settings: &support_settings::Model, now: DateTime<Utc>) -> bool {
    let Some(hours) = &settings.hours else { return true };
    let there = now + TimeDelta::minutes(settings.utc_offset.into());
    let day = there.weekday().num_days_from_monday();
    let minute = there.hour() * 60 + there.minute();
    hours.0.iter().any(|shift| {
        u32::from(shift.day) == day && (u32::from(shift.opens)..u32::from(shift.closes)).contains(&minute)
    })
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use entity::support_settings::{Hours, Shift};

    use super::*;

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
    }
}
