//! Charges: fees paid to a creator, shared with the platform.

use entity::journal::Kind;

use super::{
    account::Account,
    post::{Cause, Draft, broken, post, sum},
};
use crate::{app::App, database::Transaction, error::Result};

/// Creator's share of each fee in percent, rounded down; the platform receives the rest.
pub(in crate::domain) const SHARE: i64 = 70;

/// A fee; each one is shared separately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fee {
    /// Purpose of the fee.
    pub kind: Kind,
    /// Amount in whole coins.
    pub amount: i64,
}

/// A charge: fees that a user pays to a creator.
#[derive(Clone, Copy, Debug)]
pub struct Charge<'a> {
    /// The user who pays.
    pub payer: &'a str,
    /// The creator who is paid.
    pub payee: &'a str,
    /// The fees, charged all or none.
    pub fees: &'a [Fee],
    /// Message if the balance is insufficient.
    pub refusal: &'static str,
    /// The cause of the charge.
    pub cause: Cause<'a>,
    /// Object of the payment for the statement: the community's name.
    pub what: &'a str,
    /// Key that prevents a second payment, such as `membership ID until TIME`.
    pub once: Option<&'a str>,
}

/// Moves the fees from the payer to the creator and the platform. Does nothing if payer and payee are equal
/// or the fees are zero.
///
/// A refusal changes nothing: the caller may continue the transaction.
///
/// # Errors
/// [`crate::error::Error::InsufficientBalance`], [`crate::error::Error::Conflict`] if a payment with this key
/// exists.
pub async fn charge(app: &App, tx: &Transaction, charge: Charge<'_>) -> Result<()> {
    if charge.payer == charge.payee {
        return Ok(());
    }
    let mut drafts = Vec::with_capacity(charge.fees.len());
    for fee in charge.fees {
        let mut lines = vec![(Account::Available(charge.payer), -fee.amount)];
        lines.extend(shares(charge.payee, fee.amount)?);
        drafts.push(Draft {
            kind: fee.kind,
            cause: charge.cause,
            once: charge.once.map(|once| format!("{once} {}", label(fee.kind))),
            note: note(fee.kind, charge.what),
            lines,
        });
    }
    post(app, tx, charge.refusal, drafts).await?;
    Ok(())
}

/// Splits a fee between creator and platform.
pub(super) fn shares(payee: &str, amount: i64) -> Result<[(Account<'_>, i64); 2]> {
    if amount < 0 {
        return Err(broken(format!("a fee of {amount}")));
    }
    let share = amount.checked_mul(SHARE).ok_or_else(|| broken(format!("a fee of {amount}")))? / 100;
    Ok([(Account::Available(payee), share), (Account::Earnings, sum([amount, -share])?)])
}

/// Returns the statement's note on a payment.
pub(super) fn note(kind: Kind, what: &str) -> String {
    format!("{}: {what}", label(kind))
}

fn label(kind: Kind) -> &'static str {
    match kind {
        Kind::Topup => "Top-up",
        Kind::Award => "Grant",
        Kind::CommunityJoin => "Join fee",
        Kind::CommunitySubscription => "Monthly fee",
        Kind::CommunityAgentCall => "Agent call",
        Kind::LoungeSubscription => "Lounge subscription",
        Kind::Refund => "Given back",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_creator_gets_seventy_percent_rounded_down() {
        for (fee, share) in [(0, 0), (1, 0), (2, 1), (5, 3), (10, 7), (2_147_483_647, 1_503_238_552)] {
            let [(_, creator), (_, platform)] = shares("creator", fee).unwrap();
            assert_eq!((creator, platform), (share, fee - share), "{fee}");
        }
        shares("creator", -1).unwrap_err();
        shares("creator", i64::MAX).unwrap_err();
    }
}
