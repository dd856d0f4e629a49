//! How many active communities there are of each kind and category, kept in step with every change.

use std::collections::BTreeMap;

use entity::{
    community::{Kind, Status},
    community_tally,
};
use sea_orm::{
    ActiveEnum,
    ActiveValue::Set,
    ConnectionTrait, EntityTrait,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use crate::domain::Result;

/// Every kind, or every category.
const ALL: &str = "*";

/// What of a community is counted, and whether it is.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    pub(super) kind: Kind,
    pub(super) category: Option<String>,
    pub(super) status: Status,
}

/// Moves a community in the counts from what it was to what it is.
pub(super) async fn shift(tx: &impl ConnectionTrait, was: Option<Counted>, is: Counted) -> Result<()> {
    // In the order of the keys: whoever else counts takes the rows in the same order.
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

/// How many active communities there are of a kind, of a category, or at all.
pub(super) async fn count(
    db: &impl ConnectionTrait,
    kind: Option<Kind>,
    category: Option<&str>,
) -> Result<u64> {
    let kind = kind.map_or_else(|| ALL.to_owned(), |kind| kind.to_value());
    let key = (kind, category.unwrap_or(ALL).to_owned());
    let tally = community_tally::Entity::find_by_id(key).one(db).await?;
    Ok(tally.map_or(0, |tally| u64::try_from(tally.count).unwrap_or_default()))
}
