//! Coins that are promised while something is being done, then paid or given back.

use entity::{
    hold::{self, Status},
    journal::Kind,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use super::{
    account::Account,
    charge::{Cause, Fee, note, shares},
    post::{Draft, post},
};
use crate::{
    app::App,
    database::Transaction,
    domain::{Error, Result},
};

/// What somebody promises to a creator.
#[derive(Clone, Copy, Debug)]
pub struct Hold<'a> {
    /// Whose coins.
    pub payer: &'a str,
    /// The creator.
    pub payee: &'a str,
    /// The fee.
    pub fee: Fee,
    /// What to say when the balance does not cover it.
    pub refusal: &'static str,
    /// What caused it.
    pub cause: Cause<'a>,
    /// What is paid for, in the words of the statement: the community's name.
    pub what: &'a str,
}

/// Takes the fee out of what the payer can spend and holds it. Promising oneself, or nothing, needs no hold: then there
/// is none.
///
/// What is refused has changed nothing: the caller may go on with the transaction.
///
/// # Errors
/// [`Error::InsufficientBalance`].
pub async fn hold(app: &App, tx: &Transaction, hold: Hold<'_>) -> Result<Option<Uuid>> {
    // A fee that cannot be shared is not taken either.
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

/// Pays what is held: the creator's share and the platform's.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`] when it was paid or given back before.
pub async fn capture(app: &App, tx: &Transaction, id: Uuid) -> Result<()> {
    let hold = settle(app, tx, id, Status::Captured).await?;
    let mut lines = vec![(Account::Held(&hold.payer_id), -hold.amount)];
    lines.extend(shares(&hold.payee_id, hold.amount)?);
    end(app, tx, &hold, hold.kind, lines).await
}

/// Gives back what is held.
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

/// Ends a hold. Of several who try, one does; the others are told how it ended.
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
    Err(Error::Conflict(format!("The hold was {how} before")))
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
