//! Validation of a lounge's values.

use std::ops::RangeInclusive;

use crate::{
    domain::communities,
    error::{Error, Result},
    text::rule::TextRule,
};

/// Default free minutes of voice per day.
pub(super) const FREE_MINUTES: i64 = 5;

/// Name of a lounge.
pub const NAME: TextRule = TextRule::line("name", "Name", 100);
/// URL of the voice samples; an empty text means none.
pub const SAMPLES_URL: TextRule = TextRule::https_url("voiceSamplesUrl");
/// Range of the free minutes a day, and of the price of a subscription in whole coins.
pub const RANGE: RangeInclusive<i64> = 0..=i32::MAX as i64;

pub(super) fn name(text: &str) -> Result<String> {
    NAME.check_or(text, &format!("Name is required (max {} chars)", NAME.most()))
}

pub(super) fn free_minutes(minutes: i64) -> Result<i64> {
    within("freeMinutesPerDay", "Free minutes per day", minutes)
}

/// Whole coins for 30 days; 0 offers no subscription.
pub(super) fn subscription_price(coins: i64) -> Result<i64> {
    within("subscriptionPrice", "Subscription price", coins)
}

/// URL of the voice samples; an empty text means none.
pub(super) fn samples_url(text: &str) -> Result<Option<String>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    SAMPLES_URL.check(text).map(Some)
}

/// Validates a number of days, 0 to `most`.
pub(super) fn days(last: u32, most: u32) -> Result<u32> {
    if last <= most { Ok(last) } else { Err(Error::invalid("last", format!("last must be 0 to {most}"))) }
}

fn within(field: &'static str, name: &str, number: i64) -> Result<i64> {
    if number < *RANGE.start() {
        return Err(Error::invalid(field, format!("{name} cannot be negative")));
    }
    if number > *RANGE.end() {
        return Err(communities::too_large(field));
    }
    Ok(number)
}
