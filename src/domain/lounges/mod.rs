//! Lounges: voice chats with a creator's agent, with a free daily allowance and paid subscriptions.

mod allowance;
mod ask;
mod browse;
mod chat;
mod cloning;
mod create;
mod dashboard;
mod lifecycle;
mod metering;
mod notice;
mod renewals;
mod rules;
mod subscriptions;
mod update;
mod voice;

pub(in crate::domain) use allowance::check;
pub use allowance::{Allowance, list_allowances};
pub(in crate::domain) use ask::ask_about;
pub use ask::{AskLounge, ask};
pub use browse::{find, list_by_ids};
pub use chat::start_chat;
pub(in crate::domain) use chat::{LoungeChat, find_chat};
pub use cloning::{Consent, clone_voice, reason, run_due, withdraw_voice};
pub(in crate::domain) use cloning::{forget, withdraw_all, withdraw_of};
pub use create::{NewLounge, create};
pub use dashboard::{Day, Totals, get_dashboard, get_totals, list_days};
pub use lifecycle::{subscription_state, valid_until};
pub(in crate::domain) use metering::{Reservation, release, reserve, settle};
pub(in crate::domain) use notice::notify_exhausted;
pub use renewals::renew_due;
pub(in crate::domain) use renewals::stop_renewing;
pub use rules::{NAME, RANGE, SAMPLES_URL};
pub use subscriptions::{cancel, list_own, set_auto_renew, subscribe};
pub use update::{LoungeChange, update};
pub(in crate::domain) use voice::{Speaker, check_allowance, speaker};
