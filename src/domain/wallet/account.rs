//! Accounts of the ledger.

use entity::ledger_account::Kind;
use uuid::Uuid;

use crate::security::random;

/// An account of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Account<'a> {
    /// Coins that a user can spend.
    Available(&'a str),
    /// Coins of a user that are held.
    Held(&'a str),
    /// The platform's share of all payments.
    Earnings,
    /// Source of all coins.
    Issued,
}

impl<'a> Account<'a> {
    /// Returns the id of the account. The platform's ids are the greatest, because these shared accounts
    /// must be locked last.
    pub(super) fn id(self) -> Uuid {
        match self {
            Self::Available(owner) => random::derived_id(&format!("available {owner}")),
            Self::Held(owner) => random::derived_id(&format!("held {owner}")),
            Self::Earnings => Uuid::from_u128(0xffff_ffff_ffff_8fff_bfff_ffff_ffff_fffe),
            Self::Issued => Uuid::from_u128(0xffff_ffff_ffff_8fff_bfff_ffff_ffff_ffff),
        }
    }

    /// Returns the owner; `None` for the platform's accounts.
    pub(super) fn owner(self) -> Option<&'a str> {
        match self {
            Self::Available(owner) | Self::Held(owner) => Some(owner),
            Self::Earnings | Self::Issued => None,
        }
    }

    /// Returns the kind of the account.
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Available(_) => Kind::Available,
            Self::Held(_) => Kind::Held,
            Self::Earnings => Kind::Earnings,
            Self::Issued => Kind::Issued,
        }
    }
}
