//! Putting coins into the system: by an administrator, or by the operator's command.

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
    charge::Cause,
    post::{Draft, broken, post},
};
use crate::{
    app::App,
    database::Transaction,
    domain::{
        Error, Result, User,
        accounts::check_admin,
        audit::{self, Deed},
        text,
    },
};

/// The most coins of one grant or top-up.
const MOST: i64 = 2_147_483_647;

/// Coins that were granted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Grant {
    /// The journal's id.
    pub id: Uuid,
    /// Who has them now.
    pub user: User,
    /// Whole coins.
    pub amount: i64,
    /// Why.
    pub note: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// An administrator gives coins to a user.
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
    note_down(app, &tx, Deed::of(actor, audit::Action::CoinsGranted), &grant).await?;
    tx.commit(grant).await
}

/// The operator gives coins to a user.
///
/// # Errors
/// [`Error::Invalid`].
pub async fn issue(app: &App, user: &User, amount: i64, note: &str) -> Result<Grant> {
    let tx = app.db.begin().await?;
    let cause = Cause { kind: CauseKind::Operator, id: "command" };
    let grant = award(app, &tx, user.clone(), amount, note, cause).await?;
    note_down(app, &tx, Deed::of_operator(audit::Action::CoinsGranted), &grant).await?;
    tx.commit().await?;
    Ok(grant)
}

async fn note_down(app: &App, tx: &Transaction, deed: Deed<'_>, grant: &Grant) -> Result<()> {
    let details = json!({ "amount": grant.amount, "note": grant.note });
    audit::record(app, tx, deed.to(grant.user.id.as_str()).on(grant.id).with(details)).await
}

/// Holds what comes into the system at once to 1 to 2147483647 coins.
pub(super) fn check_amount(amount: i64) -> Result<()> {
    if (1..=MOST).contains(&amount) {
        return Ok(());
    }
    Err(Error::invalid("amount", format!("amount must be 1-{MOST} coins")))
}

/// Gives coins to a user, in the caller's transaction.
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
    let note = text::required("note", note, 200, "note must be 1-200 characters")?;
    let lines = vec![(Account::Issued, -amount), (Account::Available(&user.id), amount)];
    let draft = Draft { kind: Kind::Award, cause, once: None, note: note.clone(), lines };
    let journal = post(app, tx, "Insufficient balance", vec![draft]).await?.pop();
    let journal = journal.ok_or_else(|| broken("a grant without a journal".to_owned()))?;
    Ok(Grant { id: journal.id, user, amount, note, created_at: journal.created_at })
}
