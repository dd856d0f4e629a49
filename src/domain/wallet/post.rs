//! Postings: the only code that writes to the ledger.

use std::collections::BTreeMap;

use entity::{
    journal::{self, CauseKind, Kind},
    journal_line, ledger_account,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{CaseStatement, Expr, ExprTrait, OnConflict, SimpleExpr},
};
use uuid::Uuid;

use super::account::Account;
use crate::{
    app::App,
    database::Transaction,
    error::{Error, Result},
};

/// A journal to be posted.
pub(super) struct Draft<'a> {
    pub(super) kind: Kind,
    pub(super) cause: Cause<'a>,
    /// Key that prevents a second posting.
    pub(super) once: Option<String>,
    pub(super) note: String,
    /// Amounts per account, negative for debits. Zeros are ignored.
    pub(super) lines: Vec<(Account<'a>, i64)>,
}

/// Total change of one account by all drafts.
struct Change<'a> {
    account: Account<'a>,
    amount: i64,
    lines: i64,
}

/// Posts journals, all or none, and returns them. A refusal changes nothing, so the caller may continue the
/// transaction.
///
/// # Errors
/// [`Error::InsufficientBalance`] with `refusal`, [`Error::Conflict`] if a journal with the same key
/// exists.
pub(super) async fn post(
    app: &App,
    tx: &Transaction,
    refusal: &'static str,
    mut drafts: Vec<Draft<'_>>,
) -> Result<Vec<journal::Model>> {
    for draft in &mut drafts {
        draft.lines.retain(|(_, amount)| *amount != 0);
        if sum(draft.lines.iter().map(|(_, amount)| *amount))? != 0 {
            return Err(broken(format!("a {:?} does not sum to zero", draft.kind)));
        }
    }
    drafts.retain(|draft| !draft.lines.is_empty());
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    let changes = changes(&drafts)?;
    lock(tx, &changes, refusal).await?;
    let journals = record(app, tx, &drafts).await?;
    let mut after = apply(tx, &changes).await?;
    // From the final state of each account back to its initial one, then forward line by line.
    for (id, change) in &changes {
        let state = after.get_mut(id).ok_or_else(|| broken(format!("{:?} is gone", change.account)))?;
        *state = (state.0 - change.amount, state.1 - change.lines);
    }
    let mut lines = Vec::new();
    for (draft, journal) in drafts.iter().zip(&journals) {
        for (account, amount) in &draft.lines {
            let account_id = account.id();
            let Some((balance, number)) = after.get_mut(&account_id) else { continue };
            *balance += amount;
            *number += 1;
            lines.push(journal_line::ActiveModel {
                account_id: Set(account_id),
                number: Set(*number),
                journal_id: Set(journal.id),
                amount: Set(*amount),
                balance: Set(*balance),
            });
        }
    }
    journal_line::Entity::insert_many(lines).exec_without_returning(tx).await?;
    Ok(journals)
}

/// Sums the changes per account, in lock order.
fn changes<'a>(drafts: &[Draft<'a>]) -> Result<BTreeMap<Uuid, Change<'a>>> {
    let mut changes: BTreeMap<Uuid, Change<'_>> = BTreeMap::new();
    for (account, amount) in drafts.iter().flat_map(|draft| &draft.lines) {
        let change = changes.entry(account.id()).or_insert(Change { account: *account, amount: 0, lines: 0 });
        change.amount = sum([change.amount, *amount])?;
        change.lines += 1;
    }
    Ok(changes)
}

/// Opens missing user accounts, locks all of them and checks their balances.
///
/// One statement does this: an account opened by a concurrent transaction between two statements would be
/// locked out of order.
async fn lock(tx: &Transaction, changes: &BTreeMap<Uuid, Change<'_>>, refusal: &'static str) -> Result<()> {
    let owned = changes.iter().filter(|(_, change)| change.account.owner().is_some());
    let rows = owned.clone().map(|(id, Change { account, .. })| ledger_account::ActiveModel {
        id: Set(*id),
        kind: Set(account.kind()),
        owner_id: Set(account.owner().map(str::to_owned)),
        balance: Set(0),
        lines: Set(0),
    });
    let lines = Expr::col((ledger_account::Entity, ledger_account::Column::Lines));
    let same =
        OnConflict::column(ledger_account::Column::Id).value(ledger_account::Column::Lines, lines).to_owned();
    let found = ledger_account::Entity::insert_many(rows).on_conflict(same).exec_with_returning(tx).await?;
    for (id, change) in owned {
        let account = found.iter().find(|account| account.id == *id);
        let account = account.ok_or_else(|| broken(format!("{:?} is gone", change.account)))?;
        if sum([account.balance, change.amount])? < 0 {
            return Err(Error::InsufficientBalance(refusal));
        }
    }
    Ok(())
}

/// Inserts the journals.
async fn record(app: &App, tx: &Transaction, drafts: &[Draft<'_>]) -> Result<Vec<journal::Model>> {
    let created_at = app.clock.now();
    let mut journals = Vec::with_capacity(drafts.len());
    for draft in drafts {
        journals.push(journal::Model {
            id: app.new_id()?,
            kind: draft.kind,
            cause_kind: draft.cause.kind,
            cause_id: draft.cause.id.to_owned(),
            once: draft.once.clone(),
            note: draft.note.clone(),
            created_at,
        });
    }
    let rows = journals.iter().cloned().map(|journal| journal::ActiveModel {
        id: Set(journal.id),
        kind: Set(journal.kind),
        cause_kind: Set(journal.cause_kind),
        cause_id: Set(journal.cause_id),
        once: Set(journal.once),
        note: Set(journal.note),
        created_at: Set(journal.created_at),
    });
    let once = OnConflict::column(journal::Column::Once).do_nothing().to_owned();
    let written = journal::Entity::insert_many(rows).on_conflict(once).exec_without_returning(tx).await?;
    match usize::try_from(written) {
        Ok(written) if written == journals.len() => Ok(journals),
        Ok(0) => Err(Error::Conflict("This has already been paid".to_owned())),
        _ => Err(broken("a part of it is already paid".to_owned())),
    }
}

/// Updates all accounts in one statement; returns balance and line count of each.
async fn apply(tx: &Transaction, changes: &BTreeMap<Uuid, Change<'_>>) -> Result<BTreeMap<Uuid, (i64, i64)>> {
    let by_account = |part: fn(&Change<'_>) -> i64| -> SimpleExpr {
        let cases = changes.iter().fold(CaseStatement::new(), |cases, (id, change)| {
            cases.case(ledger_account::Column::Id.eq(*id), part(change))
        });
        cases.finally(0_i64).into()
    };
    let amount = by_account(|change| change.amount);
    let lines = by_account(|change| change.lines);
    let accounts = ledger_account::Entity::update_many()
        .col_expr(
            ledger_account::Column::Balance,
            Expr::col(ledger_account::Column::Balance).add(amount.clone()),
        )
        .col_expr(ledger_account::Column::Lines, Expr::col(ledger_account::Column::Lines).add(lines))
        .filter(ledger_account::Column::Id.is_in(changes.keys().copied()))
        .exec_with_returning(tx)
        .await?;
    Ok(accounts.into_iter().map(|account| (account.id, (account.balance, account.lines))).collect())
}

/// Adds amounts with overflow check.
pub(super) fn sum(amounts: impl IntoIterator<Item = i64>) -> Result<i64> {
    amounts
        .into_iter()
        .try_fold(0_i64, i64::checked_add)
        .ok_or_else(|| broken("the amounts are too large to add".to_owned()))
}

/// Error of an internal inconsistency; the database constraints prevent its storage.
pub(super) fn broken(what: String) -> Error {
    Error::Internal(anyhow::anyhow!("ledger: {what}"))
}

/// Cause of a movement of coins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause<'a> {
    /// Kind of the cause.
    pub kind: CauseKind,
    /// Id of the cause.
    pub id: &'a str,
}
