//! Spaces of the demo, oldest first.

use anyhow::Context;
use entity::space::{self, Tags};
use serde::Deserialize;
use uuid::Uuid;

use super::{Ids, id, moment};
use crate::text::fields;

/// The table. Append new spaces, because ids depend on the index.
const TABLE: &str = include_str!("spaces.json");

/// A space in the table.
#[derive(Deserialize)]
struct Sample {
    name: String,
    /// Local part of the owner's address.
    owner: String,
    category: String,
    tags: Vec<String>,
    description: String,
    definition: serde_json::Value,
    is_public: bool,
}

/// Invitations: private space and user.
pub(super) const INVITES: &[(&str, &str)] = &[("Süßmilchs Würfelrunde", "kasia")];

/// Returns the id of the space at this index of the table. It depends on the index, so that a name can be
/// corrected.
pub(super) fn space_id(place: usize) -> Uuid {
    id(created(place), &format!("space {place}"))
}

/// Returns the index of the space of this name.
pub(super) fn place(name: &str) -> anyhow::Result<usize> {
    samples()?.iter().position(|sample| sample.name == name).with_context(|| format!("no demo space {name}"))
}

fn samples() -> anyhow::Result<Vec<Sample>> {
    serde_json::from_str(TABLE).context("the table of the demo's spaces")
}

/// One space every six and a half days from mid-January, at different times of the day.
fn created(place: usize) -> i64 {
    let place = i64::try_from(place).unwrap_or_default();
    let hour = 8 + place * 5 % 13;
    (14 * 24 + place * 156) / 24 * 86_400 + hour * 3_600 + place * 7 % 60 * 60
}

/// Returns the rows, owned by the users of `ids`.
pub(super) fn rows(ids: &Ids) -> anyhow::Result<Vec<space::Model>> {
    let row = |(place, sample): (usize, Sample)| {
        Ok(space::Model {
            id: space_id(place),
            owner_id: ids.of(&sample.owner)?,
            name_fold: fields::search_fold(&sample.name),
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
