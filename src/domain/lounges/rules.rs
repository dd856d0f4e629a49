//! What a lounge's own values must be.

use crate::domain::{Error, Result, text};

/// Minutes of voice a day for nothing unless the creator says otherwise.
pub(super) const FREE_MINUTES: i64 = 5;

pub(super) fn name(text: &str) -> Result<String> {
    text::name("name", text, 100, "Name is required (max 100 chars)")
}

pub(super) fn free_minutes(minutes: i64) -> Result<i64> {
    within("freeMinutesPerDay", "Free minutes per day", minutes)
}

/// Whole coins for 30 days; 0 offers no subscription.
pub(super) fn subscription_price(coins: i64) -> Result<i64> {
    within("subscriptionPrice", "Subscription price", coins)
}

/// Where recordings of the voice are; an empty text is none.
pub(super) fn samples_url(text: &str) -> Result<Option<String>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    text::https_url("voiceSamplesUrl", text).map(Some)
}

/// So many of the last days.
pub(super) fn days(last: u32, most: u32) -> Result<u32> {
    if (1..=most).contains(&last) {
        Ok(last)
    } else {
        Err(Error::invalid("last", format!("last must be 1 to {most}")))
    }
}

fn within(field: &'static str, name: &str, number: i64) -> Result<i64> {
    if number < 0 {
        return Err(Error::invalid(field, format!("{name} cannot be negative")));
    }
    if number > i64::from(i32::MAX) {
        return Err(Error::invalid(field, format!("{name} cannot be more than {}", i32::MAX)));
    }
    Ok(number)
}
