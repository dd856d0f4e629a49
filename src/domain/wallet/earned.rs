//! What somebody earned with what they run.

use chrono::{DateTime, Utc};
use entity::{
    journal::{self, CauseKind},
    journal_line,
};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::account::Account;
use crate::{app::App, domain::Result};

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
    let sum = Expr::col((journal_line::Entity, journal_line::Column::Amount)).sum();
    let rows: Vec<(String, i64)> = journal_line::Entity::find()
        .select_only()
        .column(journal::Column::CauseId)
        // PostgreSQL sums into a type of its own.
        .expr_as(sum.cast_as("bigint"), "earned")
        .join(JoinType::InnerJoin, journal_line::Relation::Journal.def())
        .filter(journal_line::Column::AccountId.eq(Account::Available(owner_id).id()))
        .filter(journal_line::Column::Amount.gt(0))
        .filter(journal::Column::CauseKind.eq(CauseKind::Community))
        .filter(journal::Column::CauseId.is_in(communities.iter().map(Uuid::to_string)))
        .filter(journal::Column::CreatedAt.gte(since))
        .group_by(journal::Column::CauseId)
        .into_tuple()
        .all(app.db.read())
        .await?;
    Ok(rows.into_iter().filter_map(|(id, earned)| Some((Uuid::try_parse(&id).ok()?, earned))).collect())
}
