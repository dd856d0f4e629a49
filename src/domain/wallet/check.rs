//! Verification of the ledger for operators: recomputes all balances.

use entity::{journal, ledger_account};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, QueryResult, Statement};
use uuid::Uuid;

use crate::{
    app::App,
    error::{Error, Result},
};

/// Result of a ledger check.
#[derive(Clone, Debug)]
pub struct LedgerCheck {
    /// Number of journals.
    pub journals: u64,
    /// Number of accounts.
    pub accounts: u64,
    /// Faults, the first case of each kind; empty if the ledger is consistent.
    pub faults: Vec<String>,
}

/// Invariants: the subject, the fault, and the statement that finds its first case.
const RULES: [(&str, &str, &str); 6] = [
    (
        "the journal",
        "does not have two lines or more that sum to zero",
        "SELECT j.id AS id FROM journals j LEFT JOIN journal_lines l ON l.journal_id = j.id \
         GROUP BY j.id, j.created_at HAVING COUNT(l.journal_id) < 2 OR SUM(l.amount) <> 0 \
         ORDER BY j.created_at, j.id LIMIT 1",
    ),
    (
        "the journal",
        "has a line that does not continue the previous line of its account",
        "SELECT journal_id AS id FROM (SELECT journal_id, account_id, number, amount, balance, \
         COALESCE(LAG(number) OVER chain, 0) AS last, COALESCE(LAG(balance) OVER chain, 0) AS had \
         FROM journal_lines WINDOW chain AS (PARTITION BY account_id ORDER BY number)) AS chained \
         WHERE number <> last + 1 OR balance <> had + amount ORDER BY account_id, number LIMIT 1",
    ),
    (
        "the account",
        "differs from the sum or the number of its lines",
        "SELECT a.kind || ' of ' || COALESCE(a.owner_id, 'the platform') AS id FROM ledger_accounts a LEFT JOIN \
         (SELECT account_id, COUNT(*) AS lines, SUM(amount) AS balance FROM journal_lines GROUP BY account_id) l \
         ON l.account_id = a.id WHERE a.lines <> COALESCE(l.lines, 0) OR a.balance <> COALESCE(l.balance, 0) \
         ORDER BY a.id LIMIT 1",
    ),
    (
        "the account",
        "is below zero",
        "SELECT kind || ' of ' || COALESCE(owner_id, 'the platform') AS id FROM ledger_accounts \
         WHERE balance < 0 AND kind <> 'issued' ORDER BY id LIMIT 1",
    ),
    (
        "the user",
        "has held coins that differ from its open holds",
        "SELECT owner_id AS id FROM (SELECT owner_id, balance AS coins FROM ledger_accounts WHERE kind = 'held' \
         UNION ALL SELECT payer_id, -amount FROM holds WHERE status = 'held') AS promises \
         GROUP BY owner_id HAVING SUM(coins) <> 0 ORDER BY owner_id LIMIT 1",
    ),
    (
        "the sum",
        "is not zero",
        "SELECT id FROM (SELECT 'of all accounts' AS id, SUM(balance) AS coins FROM ledger_accounts) AS total \
         WHERE coins <> 0",
    ),
];

/// Checks all invariants. Each is one statement, so that concurrent payments do not appear as faults.
///
/// # Errors
/// [`Error::Internal`] if the database fails.
pub async fn check(app: &App) -> Result<LedgerCheck> {
    let db = app.db.read();
    let mut faults = Vec::new();
    for (what, wrong, sql) in RULES {
        if let Some(row) = db.query_one_raw(Statement::from_string(app.db.backend(), sql)).await? {
            faults.push(format!("{what} {} {wrong}", name(&row)?));
        }
    }
    let journals = journal::Entity::find().count(db).await?;
    let accounts = ledger_account::Entity::find().count(db).await?;
    Ok(LedgerCheck { journals, accounts, faults })
}

/// Returns the id of a row: a UUID or a text.
fn name(row: &QueryResult) -> Result<String, Error> {
    match row.try_get::<Uuid>("", "id") {
        Ok(id) => Ok(id.to_string()),
        Err(_) => Ok(row.try_get("", "id")?),
    }
}
