//! Lounges: a creator's voice that people talk with, what of it they hear for nothing, and what they pay for more.

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
pub(in crate::domain) use chat::{Talk, find_talk};
pub use chat::{find_own_talk, start_chat};
pub use cloning::{Consent, clone_voice, reason, withdraw_voice, work_due};
pub(in crate::domain) use cloning::{forget, withdraw_all, withdraw_of};
pub use create::{NewLounge, create};
pub use dashboard::{Day, Totals, get_dashboard, get_totals, list_days};
pub use lifecycle::{standing, valid_until};
pub(in crate::domain) use metering::{Reservation, release, reserve, settle};
pub(in crate::domain) use notice::tell_used_up;
pub use renewals::renew_due;
pub(in crate::domain) use renewals::stop_renewing;
pub use subscriptions::{cancel, list_own, set_auto_renew, subscribe};
pub use update::{LoungeChange, update};
pub(in crate::domain) use voice::{Speaker, check_heard, speaker};
