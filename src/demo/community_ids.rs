//! Ids and founding times of the demo communities.

use uuid::Uuid;

use super::id;

const DAY: i64 = 86_400;

/// One community every nineteen days from the end of May, after the last user signed up.
pub(super) fn created(place: usize) -> i64 {
    let place = i64::try_from(place).unwrap_or_default();
    (146 + place * 19) * DAY + (9 + place * 3 % 11) * 3_600 + place * 17 % 60 * 60
}

/// Returns the id of the community at this index of the table. It depends on the index, so that a name can be
/// corrected.
pub(super) fn community_id(place: usize) -> Uuid {
    id(created(place), &format!("community {place}"))
}
