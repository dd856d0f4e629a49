//! Top-ups without payment, for development.

use entity::{
    journal::{self, CauseKind, Kind},
    journal_line,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{
    Wallet,
    account::Account,
    grant::check_amount,
    post::Cause,
    post::{Draft, post},
    statement::read,
};
use crate::{
    app::App,
    domain::User,
    error::{Error, Result},
    text::rule::TextRule,
};

/// Id of a receipt.
pub const RECEIPT_ID: TextRule = TextRule::line("receiptId", "receiptId", 200);

/// Adds coins to the actor's wallet. A receipt counts once: repeating it adds nothing.
///
/// # Errors
/// [`Error::Forbidden`] unless the operator allows it, [`Error::Invalid`], [`Error::Conflict`] if the
/// receipt was used for another payment.
pub async fn top_up(app: &App, actor: &User, amount: i64, receipt: Option<&str>) -> Result<Wallet> {
    if !app.rules.allows_free_top_up {
        return Err(Error::Forbidden("Top-up is disabled"));
    }
    check_amount(amount)?;
    let receipt = receipt.map(|id| RECEIPT_ID.check(id)).transpose()?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let cause = Cause { kind: CauseKind::Receipt, id: receipt.as_deref().unwrap_or_default() };
    let once = receipt.as_deref().map(once);
    let lines = vec![(Account::Issued, -amount), (Account::Available(&actor.id), amount)];
    let draft = Draft { kind: Kind::Topup, cause, once: once.clone(), note: "Top-up".to_owned(), lines };
    match (post(app, &tx, "Insufficient balance", vec![draft]).await, &once) {
        (Err(Error::Conflict(_)), Some(once)) if paid(&tx, once, actor).await? == Some(amount) => {}
        (Err(Error::Conflict(_)), _) => {
            return Err(Error::Conflict("This receipt was used for another payment".to_owned()));
        }
        (outcome, _) => drop(outcome?),
    }
    let wallet = read(&tx, &actor.id).await?;
    tx.commit(wallet).await
}

fn once(receipt: &str) -> String {
    format!("receipt {receipt}")
}

/// Returns the coins that the actor received with this key.
async fn paid(db: &impl ConnectionTrait, once: &str, actor: &User) -> Result<Option<i64>> {
    let found = journal_line::Entity::find()
        .inner_join(journal::Entity)
        .filter(journal::Column::Once.eq(once))
        .filter(journal_line::Column::AccountId.eq(Account::Available(&actor.id).id()))
        .one(db)
        .await?;
    Ok(found.map(|line| line.amount))
}
