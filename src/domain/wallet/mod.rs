//! Coins: a ledger with double entry. Whoever moves coins gives the transaction in which what they buy changes too.
//!
//! Locks are taken in one order: the rows by which the caller decides, then a hold, then accounts by their ids. A
//! transaction moves coins once, as the last thing it does: the platform's accounts are shared by all.

mod account;
mod charge;
mod check;
mod earned;
mod grant;
mod hold;
mod ledger;
mod post;
mod statement;
mod topup;

pub(in crate::domain) use charge::SHARE;
pub use charge::{Cause, Charge, Fee, charge};
pub use check::{Audit, check};
pub use earned::list_earned;
pub(in crate::domain) use earned::list_earned_by_day;
pub use grant::{Grant, award, grant, issue};
pub use hold::{Hold, capture, hold, void};
pub use ledger::{Ledger, read_ledger};
pub use statement::{Entry, EntryType, Wallet, get_wallet, list_entries};
pub use topup::top_up;
