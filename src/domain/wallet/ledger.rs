//! All coins there are, for administrators.

use entity::ledger_account::{self, Kind};
use sea_orm::{
    EntityTrait, FromQueryResult, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use super::post::sum;
use crate::{
    app::App,
    domain::{Error, Result, User},
};

/// All coins there are, in whole coins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// What was ever granted and paid in.
    pub issued: i64,
    /// What users can spend.
    pub available: i64,
    /// What users have promised.
    pub held: i64,
    /// The platform's share of what was paid.
    pub earnings: i64,
}

impl Ledger {
    /// Where the coins are, less where they came from: 0, or the ledger is broken.
    ///
    /// # Errors
    /// [`Error::Internal`] when the numbers are too large to add.
    pub fn sum(&self) -> Result<i64> {
        sum([self.available, self.held, self.earnings, -self.issued])
    }
}

#[derive(FromQueryResult)]
struct Total {
    kind: Kind,
    balance: i64,
}

/// All coins there are.
///
/// # Errors
/// [`Error::Forbidden`] to others than administrators.
pub async fn read_ledger(app: &App, actor: &User) -> Result<Ledger> {
    if !actor.is_admin {
        return Err(Error::Forbidden("Admin only"));
    }
    // PostgreSQL sums into a type of its own.
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
