//! Custom scalars.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{Datelike, Timelike, Utc};

/// A time in UTC, as RFC 3339 with microseconds: `2026-03-05T13:25:57.123456Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime(pub chrono::DateTime<Utc>);

/// A time in UTC, as RFC 3339 with microseconds: `2026-03-05T13:25:57.123456Z`.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => {
                let at = chrono::DateTime::parse_from_rfc3339(text)?.to_utc();
                if (1..=9999).contains(&at.year()) {
                    Ok(Self(at))
                } else {
                    Err(InputValueError::custom("must be within the years 0001 to 9999 in UTC"))
                }
            }
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        let at = &self.0;
        let is_leap = at.nanosecond() >= 1_000_000_000;
        let Some(year) = u32::try_from(at.year()).ok().filter(|year| *year < 10_000 && !is_leap) else {
            return Value::String(at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string());
        };
        // Formatted by hand: chrono parses its pattern for every value, and a page has many.
        let mut text = String::with_capacity(27);
        let parts = [
            (year, 4, '-'),
            (at.month(), 2, '-'),
            (at.day(), 2, 'T'),
            (at.hour(), 2, ':'),
            (at.minute(), 2, ':'),
            (at.second(), 2, '.'),
            (at.nanosecond() / 1000, 6, 'Z'),
        ];
        for (number, digits, behind) in parts {
            for place in (0..digits).rev() {
                text.extend(char::from_digit(number / 10_u32.pow(place) % 10, 10));
            }
            text.push(behind);
        }
        Value::String(text)
    }
}

/// A number of whole coins, as a JSON number of up to 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coins(pub i64);

/// A number of whole coins, as a JSON number of up to 64 bits.
#[Scalar]
impl ScalarType for Coins {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) => {
                number.as_i64().map(Self).ok_or_else(|| InputValueError::expected_type(value))
            }
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::from(self.0)
    }
}

impl From<chrono::DateTime<Utc>> for DateTime {
    fn from(at: chrono::DateTime<Utc>) -> Self {
        Self(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_with_microseconds() {
        for text in [
            "2026-03-05T13:25:57.123456Z",
            "1970-01-01T00:00:00.000000Z",
            "0001-12-31T23:59:59.999999Z",
            "9999-01-02T03:04:05.000001Z",
        ] {
            let moment = DateTime::parse(Value::from(text)).unwrap();
            assert_eq!(moment.to_value(), Value::from(text));
        }
        let leap = chrono::DateTime::parse_from_rfc3339("2016-12-31T23:59:60.5Z").unwrap().to_utc();
        let by_chrono = leap.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
        assert_eq!(DateTime(leap).to_value(), Value::from(by_chrono));
    }
}
