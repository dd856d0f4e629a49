//! Holds: coins reserved for a service, later captured or voided.

use entity::{
    hold::{self, Status},
    journal::Kind,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use super::{
    account::Account,
    charge::{Fee, note, shares},
    post::Cause,
    post::{Draft, post},
};
use crate::{
    app::App,
    database::Transaction,
    error::{Error, Result},
};

/// A hold of a fee for a creator.
#[derive(Clone, Copy, Debug)]
pub struct Hold<'a> {
    /// The user who pays.
    pub payer: &'a str,
    /// The creator to be paid.
    pub payee: &'a str,
    /// The fee.
    pub fee: Fee,
    /// Message if the balance is insufficient.
    pub refusal: &'static str,
    /// The cause of the hold.
    pub cause: Cause<'a>,
    /// Object of the payment for the statement: the community's name.
    pub what: &'a str,
}

/// Reserves a fee from the payer's available coins. Returns `None` if no hold is needed: payer and payee
/// are equal or the fee is zero.
///
/// A refusal changes nothing: the caller may continue the transaction.
///
/// # Errors
/// [`Error::InsufficientBalance`].
pub async fn hold(app: &App, tx: &Transaction, hold: Hold<'_>) -> Result<Option<Uuid>> {
    // Refuses a fee that cannot be shared.
    shares(hold.payee, hold.fee.amount)?;
    if hold.payer == hold.payee || hold.fee.amount == 0 {
        return Ok(None);
    }
    let amount = hold.fee.amount;
    let draft = Draft {
        kind: hold.fee.kind,
        cause: hold.cause,
        once: None,
        note: note(hold.fee.kind, hold.what),
        lines: vec![(Account::Available(hold.payer), -amount), (Account::Held(hold.payer), amount)],
    };
    post(app, tx, hold.refusal, vec![draft]).await?;
    let row = hold::ActiveModel {
        id: Set(app.new_id()?),
        payer_id: Set(hold.payer.to_owned()),
        payee_id: Set(hold.payee.to_owned()),
        kind: Set(hold.fee.kind),
        amount: Set(amount),
        cause_kind: Set(hold.cause.kind),
        cause_id: Set(hold.cause.id.to_owned()),
        what: Set(hold.what.to_owned()),
        status: Set(Status::Held),
        created_at: Set(app.clock.now()),
        settled_at: Set(None),
    };
    Ok(Some(row.insert(tx).await?.id))
}

/// Captures a hold: pays the creator's share and the platform's.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`] when it was paid or given back before.
pub async fn capture(app: &App, tx: &Transaction, id: Uuid) -> Result<()> {
    let hold = settle(app, tx, id, Status::Captured).await?;
    let mut lines = vec![(Account::Held(&hold.payer_id), -hold.amount)];
    lines.extend(shares(&hold.payee_id, hold.amount)?);
    end(app, tx, &hold, hold.kind, lines).await
}

/// Voids a hold: returns the coins to the payer.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`] when it was paid or given back before.
pub async fn void(app: &App, tx: &Transaction, id: Uuid) -> Result<()> {
    let hold = settle(app, tx, id, Status::Voided).await?;
    let lines = vec![
        (Account::Held(&hold.payer_id), -hold.amount),
        (Account::Available(&hold.payer_id), hold.amount),
    ];
    end(app, tx, &hold, Kind::Refund, lines).await
}

/// Sets the final status of a hold. Of concurrent calls, one succeeds; the others get [`Error::Conflict`].
async fn settle(app: &App, tx: &Transaction, id: Uuid, to: Status) -> Result<hold::Model> {
    let settled = hold::Entity::update_many()
        .col_expr(hold::Column::Status, Expr::value(to))
        .col_expr(hold::Column::SettledAt, Expr::value(app.clock.now()))
        .filter(hold::Column::Id.eq(id))
        .filter(hold::Column::Status.eq(Status::Held))
        .exec_with_returning(tx)
        .await?;
    if let Some(hold) = settled.into_iter().next() {
        return Ok(hold);
    }
    let hold = hold::Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound("Hold"))?;
    let how = if hold.status == Status::Captured { "paid" } else { "given back" };
    Err(Error::Conflict(format!("The hold is already {how}")))
}

async fn end(
    app: &App,
    tx: &Transaction,
    hold: &hold::Model,
    kind: Kind,
    lines: Vec<(Account<'_>, i64)>,
) -> Result<()> {
    let cause = Cause { kind: hold.cause_kind, id: &hold.cause_id };
    let draft = Draft { kind, cause, once: None, note: note(kind, &hold.what), lines };
    post(app, tx, "Insufficient balance", vec![draft]).await?;
    Ok(())
}
