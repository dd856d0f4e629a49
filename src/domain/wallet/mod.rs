//! The wallet: a double-entry ledger of coins. Callers pass the transaction that also changes what is paid
//! for.
//!
//! Lock order: the caller's rows, then a hold, then accounts by id. A transaction moves coins once, as its
//! last step, because the platform's accounts are shared by all.

mod account;
mod charge;
mod check;
mod earnings;
mod grant;
mod hold;
mod ledger;
mod post;
mod statement;
mod topup;

pub(in crate::domain) use charge::SHARE;
pub use charge::{Charge, Fee, charge};
pub use check::{LedgerCheck, check};
pub use earnings::list_earnings;
pub(in crate::domain) use earnings::list_earnings_by_day;
pub use grant::{AMOUNT, Grant, award, grant, issue};
pub use hold::{Hold, capture, hold, void};
pub use ledger::{Ledger, read_ledger};
pub use post::Cause;
pub use statement::{Entry, EntryType, Wallet, find_entry, get_wallet, list_entries, list_wallets};
pub use topup::{RECEIPT_ID, top_up};
