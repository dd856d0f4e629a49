//! Tallies of active communities per kind and category, updated with every change.

use std::collections::BTreeMap;

use entity::{
    community::{self, Kind, Status},
    community_tally,
};
use sea_orm::{
    ActiveEnum,
    ActiveValue::Set,
    ConnectionTrait, EntityTrait, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict, SelectStatement},
};

use crate::error::Result;

/// Key of the tally of all kinds, or all categories.
const ALL: &str = "*";

/// The values of a community that the tallies depend on.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    pub(super) kind: Kind,
    pub(super) category: Option<String>,
    pub(super) status: Status,
}

/// Updates the tallies when a community changes from `was` to `is`.
pub(super) async fn shift(tx: &impl ConnectionTrait, was: Option<Counted>, is: Counted) -> Result<()> {
    // In key order, so that concurrent writers lock the rows in the same order.
    let mut changes: BTreeMap<(String, String), i64> = BTreeMap::new();
    for (counted, by) in was.into_iter().map(|was| (was, -1)).chain([(is, 1)]) {
        if counted.status != Status::Active {
            continue;
        }
        for kind in [ALL.to_owned(), counted.kind.to_value()] {
            for category in [Some(ALL.to_owned()), counted.category.clone()].into_iter().flatten() {
                *changes.entry((kind.clone(), category)).or_default() += by;
            }
        }
    }
    changes.retain(|_, by| *by != 0);
    if changes.is_empty() {
        return Ok(());
    }
    let rows = changes.into_iter().map(|((kind, category), by)| community_tally::ActiveModel {
        kind: Set(kind),
        category: Set(category),
        count: Set(by),
    });
    let count = community_tally::Column::Count;
    let sum = Expr::col((community_tally::Entity, count)).add(Expr::col(("excluded", count)));
    community_tally::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([community_tally::Column::Kind, community_tally::Column::Category])
                .value(count, sum)
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Selects the number of active communities, optionally of one kind and category, for use within another statement.
pub(super) fn tally(kind: Option<Kind>, category: Option<&str>) -> SelectStatement {
    let tally = community_tally::Entity::find_by_id(key(kind, category));
    tally.select_only().column(community_tally::Column::Count).into_query()
}

fn key(kind: Option<Kind>, category: Option<&str>) -> (String, String) {
    let kind = kind.map_or_else(|| ALL.to_owned(), |kind| kind.to_value());
    (kind, category.unwrap_or(ALL).to_owned())
}

/// Returns the number of active communities, optionally of one kind and category.
pub(super) async fn count(
    db: &impl ConnectionTrait,
    kind: Option<Kind>,
    category: Option<&str>,
) -> Result<u64> {
    let tally = community_tally::Entity::find_by_id(key(kind, category)).one(db).await?;
    Ok(tally.map_or(0, |tally| u64::try_from(tally.count).unwrap_or_default()))
}

/// Returns the values of a community that the tallies depend on.
pub(super) fn counted(community: &community::Model) -> Counted {
    Counted { kind: community.kind, category: community.category.clone(), status: community.status }
}
