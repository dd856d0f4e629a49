//! Totals of the ledger, for administrators.

use entity::ledger_account::{self, Kind};
use sea_orm::{
    EntityTrait, FromQueryResult, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use super::post::sum;
use crate::{
    app::App,
    domain::User,
    error::{Error, Result},
};

/// Totals of all accounts, in whole coins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Coins ever issued.
    pub issued: i64,
    /// Coins that users can spend.
    pub available: i64,
    /// Coins of users that are held.
    pub held: i64,
    /// Coins earned by the platform.
    pub earnings: i64,
}

impl Ledger {
    /// Returns the sum of all balances less the issued coins: 0 in a consistent ledger.
    ///
    /// # Errors
    /// [`Error::Internal`] on overflow.
    pub fn sum(&self) -> Result<i64> {
        sum([self.available, self.held, self.earnings, -self.issued])
    }
}

#[derive(FromQueryResult)]
struct Total {
    kind: Kind,
    balance: i64,
}

/// Returns the totals of the ledger. Administrators only.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn read_ledger(app: &App, actor: &User) -> Result<Ledger> {
    if !actor.is_admin {
        return Err(Error::Forbidden("Admin only"));
    }
    // PostgreSQL sums `bigint` as `numeric`.
    let balance = Expr::col(ledger_account::Column::Balance).sum().cast_as("bigint");
    let totals = ledger_account::Entity::find()
        .select_only()
        .column(ledger_account::Column::Kind)
        .expr_as(balance, "balance")
        .group_by(ledger_account::Column::Kind)
        .into_model::<Total>()
        .all(app.db.read())
        .await?;
    let mut ledger = Ledger::default();
    for Total { kind, balance } in totals {
        match kind {
            Kind::Issued => ledger.issued = -balance,
            Kind::Available => ledger.available = balance,
            Kind::Held => ledger.held = balance,
            Kind::Earnings => ledger.earnings = balance,
        }
    }
    Ok(ledger)
}
