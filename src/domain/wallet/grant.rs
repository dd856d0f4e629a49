//! Grants: coins issued by an administrator or by the operator.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use entity::{
    journal::{CauseKind, Kind},
    user,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{
    account::Account,
    post::Cause,
    post::{Draft, broken, post},
};
use crate::{
    app::App,
    database::Transaction,
    domain::{
        User,
        accounts::check_admin,
        audit::{self, AuditEntry},
    },
    error::{Error, Result},
    text::fields,
};

/// Maximum number of coins per grant or top-up.
const MAX_COINS: i64 = i32::MAX as i64;
/// Range of an amount that is added, in whole coins.
pub const AMOUNT: RangeInclusive<i64> = 1..=MAX_COINS;

/// A grant of coins.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Grant {
    /// The journal's id.
    pub id: Uuid,
    /// The user who received the coins.
    pub user: User,
    /// Whole coins.
    pub amount: i64,
    /// Note of the grant.
    pub note: String,
    /// Time of the grant.
    pub created_at: DateTime<Utc>,
}

/// Grants coins to a user. Administrators only.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`] for the user, [`Error::Invalid`].
pub async fn grant(app: &App, actor: &User, user_id: &str, amount: i64, note: &str) -> Result<Grant> {
    check_admin(actor)?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let found = user::Entity::find_by_id(user_id).filter(user::Column::DeletedAt.is_null()).one(&tx).await?;
    let user = found.ok_or(Error::NotFound("User"))?;
    let cause = Cause { kind: CauseKind::Admin, id: &actor.id };
    let grant = award(app, &tx, user, amount, note, cause).await?;
    record_grant(app, &tx, AuditEntry::of(actor, audit::Action::CoinsGranted), &grant).await?;
    tx.commit(grant).await
}

/// Issues coins to a user on behalf of the operator.
///
/// # Errors
/// [`Error::Invalid`].
pub async fn issue(app: &App, user: &User, amount: i64, note: &str) -> Result<Grant> {
    let tx = app.db.begin().await?;
    let cause = Cause { kind: CauseKind::Operator, id: "command" };
    let grant = award(app, &tx, user.clone(), amount, note, cause).await?;
    record_grant(app, &tx, AuditEntry::of_operator(audit::Action::CoinsGranted), &grant).await?;
    tx.commit().await?;
    Ok(grant)
}

async fn record_grant(app: &App, tx: &Transaction, entry: AuditEntry<'_>, grant: &Grant) -> Result<()> {
    let details = json!({ "amount": grant.amount, "note": grant.note });
    audit::record(app, tx, entry.to(grant.user.id.as_str()).on(grant.id).with(details)).await
}

/// Validates an amount of coins: 1 to 2,147,483,647.
pub(super) fn check_amount(amount: i64) -> Result<()> {
    if AMOUNT.contains(&amount) {
        return Ok(());
    }
    Err(Error::invalid("amount", format!("amount must be 1-{MAX_COINS} coins")))
}

/// Grants coins to a user in the caller's transaction.
///
/// # Errors
/// [`Error::Invalid`].
pub async fn award(
    app: &App,
    tx: &Transaction,
    user: User,
    amount: i64,
    note: &str,
    cause: Cause<'_>,
) -> Result<Grant> {
    check_amount(amount)?;
    let note = fields::name("note", note, 200, "note must be 1-200 characters")?;
    let lines = vec![(Account::Issued, -amount), (Account::Available(&user.id), amount)];
    let draft = Draft { kind: Kind::Award, cause, once: None, note: note.clone(), lines };
    let journal = post(app, tx, "Insufficient balance", vec![draft]).await?.pop();
    let journal = journal.ok_or_else(|| broken("a grant without a journal".to_owned()))?;
    Ok(Grant { id: journal.id, user, amount, note, created_at: journal.created_at })
}
