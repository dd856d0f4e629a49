//! Earnings of creators.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    journal::{self, CauseKind},
    journal_line,
};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait, Select,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};
use uuid::Uuid;

use super::account::Account;
use crate::{app::App, domain::zone::Calendar, error::Result};

/// Returns a creator's earnings from each community since a time, in whole coins; communities without
/// earnings are omitted.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_earnings(
    app: &App,
    owner_id: &str,
    communities: &[Uuid],
    since: DateTime<Utc>,
) -> Result<Vec<(Uuid, i64)>> {
    let rows: Vec<(String, i64)> = gained(owner_id, communities, since)
        .column(journal::Column::CauseId)
        .expr_as(total(), "earned")
        .group_by(journal::Column::CauseId)
        .into_tuple()
        .all(app.db.read())
        .await?;
    Ok(rows.into_iter().filter_map(|(id, earned)| Some((Uuid::try_parse(&id).ok()?, earned))).collect())
}

/// Returns a creator's earnings per day from the fees of a community's members, in whole coins.
pub(in crate::domain) async fn list_earnings_by_day(
    app: &App,
    owner_id: &str,
    community: Uuid,
    calendar: &Calendar,
) -> Result<Vec<(NaiveDate, i64)>> {
    let rows: Vec<(i64, i64)> = gained(owner_id, &[community], calendar.since())
        .expr_as(calendar.number(journal::Column::CreatedAt), "day")
        .expr_as(total(), "earned")
        .group_by(Expr::cust("day"))
        .into_tuple()
        .all(app.db.read())
        .await?;
    Ok(rows.into_iter().map(|(day, earned)| (calendar.nth(day), earned)).collect())
}

/// Selects the credits of a creator's account from fees of members and lounge subscribers.
fn gained(owner_id: &str, communities: &[Uuid], since: DateTime<Utc>) -> Select<journal_line::Entity> {
    journal_line::Entity::find()
        .select_only()
        .join(JoinType::InnerJoin, journal_line::Relation::Journal.def())
        .filter(journal_line::Column::AccountId.eq(Account::Available(owner_id).id()))
        .filter(journal_line::Column::Amount.gt(0))
        .filter(journal::Column::CauseKind.is_in([CauseKind::Community, CauseKind::Lounge]))
        .filter(journal::Column::CauseId.is_in(communities.iter().map(Uuid::to_string)))
        .filter(journal::Column::CreatedAt.gte(since))
}

fn total() -> SimpleExpr {
    // PostgreSQL sums `bigint` as `numeric`.
    Expr::col((journal_line::Entity, journal_line::Column::Amount)).sum().cast_as("bigint")
}
