//! What somebody earned with what they run.

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
use crate::{
    app::App,
    domain::{Result, zone::Calendar},
};

/// The coins that somebody got from each of these communities since then; those without any are left out.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn list_earned(
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

/// The coins that somebody got from the fees of a community's members on these days, by day.
pub(in crate::domain) async fn list_earned_by_day(
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

/// What came into somebody's account from the fees of communities' members, those of lounges' subscribers included.
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
    // PostgreSQL sums into a type of its own.
    Expr::col((journal_line::Entity, journal_line::Column::Amount)).sum().cast_as("bigint")
}
