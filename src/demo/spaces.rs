//! The demo's spaces, oldest first.

use anyhow::Context;
use entity::space::{self, Tags};
use serde::Deserialize;
use uuid::Uuid;

use super::{Ids, id, moment};
use crate::domain::text;

/// The table. New spaces go to its end: ids hang on the place.
const TABLE: &str = include_str!("spaces.json");

/// A space as the table has it.
#[derive(Deserialize)]
struct Sample {
    name: String,
    /// The first part of the owner's address.
    owner: String,
    category: String,
    tags: Vec<String>,
    description: String,
    definition: serde_json::Value,
    is_public: bool,
}

/// Who is invited to which private space.
pub(super) const INVITES: &[(&str, &str)] = &[("Süßmilchs Würfelrunde", "kasia")];

/// The id of the space at this place of the table. It hangs on the place, so that a name may be corrected later.
pub(super) fn space_id(place: usize) -> Uuid {
    id(created(place), &format!("space {place}"))
}

/// The place of the space of this name.
pub(super) fn place(name: &str) -> anyhow::Result<usize> {
    samples()?.iter().position(|sample| sample.name == name).with_context(|| format!("no demo space {name}"))
}

fn samples() -> anyhow::Result<Vec<Sample>> {
    serde_json::from_str(TABLE).context("the table of the demo's spaces")
}

/// Every six and a half days from mid-January on, at different times of the day.
fn created(place: usize) -> i64 {
    let place = i64::try_from(place).unwrap_or_default();
    let hour = 8 + place * 5 % 13;
    (14 * 24 + place * 156) / 24 * 86_400 + hour * 3_600 + place * 7 % 60 * 60
}

/// The rows, owned by the people of `ids`.
pub(super) fn rows(ids: &Ids) -> anyhow::Result<Vec<space::Model>> {
    let row = |(place, sample): (usize, Sample)| {
        Ok(space::Model {
            id: space_id(place),
            owner_id: ids.of(&sample.owner)?,
            name_fold: text::search_fold(&sample.name),
            name: sample.name,
            description: sample.description,
            category: sample.category,
            tags: Tags(sample.tags),
            definition: sample.definition,
            is_public: sample.is_public,
            created_at: moment(created(place)),
            updated_at: moment(created(place)),
        })
    };
    samples()?.into_iter().enumerate().map(row).collect()
}
