//! Which accounts there are.

use entity::ledger_account::Kind;
use uuid::Uuid;

use crate::random;

/// An account of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Account<'a> {
    /// What a user can spend.
    Available(&'a str),
    /// What of a user's is promised.
    Held(&'a str),
    /// The platform's share.
    Earnings,
    /// Where all coins come from.
    Issued,
}

impl<'a> Account<'a> {
    /// Its id. The platform's are the greatest there can be: they are shared by all, so they are locked last.
    pub(super) fn id(self) -> Uuid {
        match self {
            Self::Available(owner) => random::derived_id(&format!("available {owner}")),
            Self::Held(owner) => random::derived_id(&format!("held {owner}")),
            Self::Earnings => Uuid::from_u128(0xffff_ffff_ffff_8fff_bfff_ffff_ffff_fffe),
            Self::Issued => Uuid::from_u128(0xffff_ffff_ffff_8fff_bfff_ffff_ffff_ffff),
        }
    }

    /// Whose it is; none for the platform's.
    pub(super) fn owner(self) -> Option<&'a str> {
        match self {
            Self::Available(owner) | Self::Held(owner) => Some(owner),
            Self::Earnings | Self::Issued => None,
        }
    }

    /// What the coins in it are.
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Available(_) => Kind::Available,
            Self::Held(_) => Kind::Held,
            Self::Earnings => Kind::Earnings,
            Self::Issued => Kind::Issued,
        }
    }
}
