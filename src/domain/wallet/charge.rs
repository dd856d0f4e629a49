//! Paying a creator: their share and the platform's, fee by fee.

use entity::journal::{CauseKind, Kind};

use super::{
    account::Account,
    post::{Draft, broken, post, sum},
};
use crate::{app::App, database::Transaction, domain::Result};

/// Percent of each fee that goes to the creator, rounded down; the platform gets the rest.
pub(in crate::domain) const SHARE: i64 = 70;

/// What caused a movement of coins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause<'a> {
    /// What kind of thing.
    pub kind: CauseKind,
    /// Its id.
    pub id: &'a str,
}

/// One fee; each is shared by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fee {
    /// What it is for.
    pub kind: Kind,
    /// Whole coins.
    pub amount: i64,
}

/// What somebody pays to a creator.
#[derive(Clone, Copy, Debug)]
pub struct Charge<'a> {
    /// Whose coins.
    pub payer: &'a str,
    /// The creator.
    pub payee: &'a str,
    /// The fees, paid all or none.
    pub fees: &'a [Fee],
    /// What to say when the balance does not cover them.
    pub refusal: &'static str,
    /// What caused it.
    pub cause: Cause<'a>,
    /// What is paid for, in the words of the statement: the community's name.
    pub what: &'a str,
    /// Names what may be paid only once, such as `membership ID until TIME`.
    pub once: Option<&'a str>,
}

/// Moves the fees from the payer to the creator and the platform. Paying oneself, or nothing, moves nothing.
///
/// What is refused has changed nothing: the caller may go on with the transaction.
///
/// # Errors
/// [`crate::domain::Error::InsufficientBalance`], [`crate::domain::Error::Conflict`] when what may be paid once was
/// paid.
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

/// What of a fee goes to the creator and what to the platform.
pub(super) fn shares(payee: &str, amount: i64) -> Result<[(Account<'_>, i64); 2]> {
    if amount < 0 {
        return Err(broken(format!("a fee of {amount}")));
    }
    let share = amount.checked_mul(SHARE).ok_or_else(|| broken(format!("a fee of {amount}")))? / 100;
    Ok([(Account::Available(payee), share), (Account::Earnings, sum([amount, -share])?)])
}

/// What a statement says of a movement.
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
