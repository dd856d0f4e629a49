//! Accounts: signing up and in, who somebody is, their profile, sign-ins and API keys.

mod address;
mod admin;
mod attempts;
mod credentials;
mod deletion;
mod devices;
mod identity;
mod keys;
mod login_sessions;
mod passwords;
mod profile;
mod sign_in;

pub(in crate::domain) use address::folds as address_folds;
pub(in crate::domain) use admin::check_admin;
pub use admin::{UserSearch, ban_user, demote, list_accounts, promote, set_ban, unban_user};
pub use attempts::Attempts;
pub use credentials::{PasswordChange, change_password, reset_password};
pub use deletion::{clear_deleted, delete_account};
pub use identity::{Identities, Identity, KEY_PREFIX, Proof, check_identity, identify};
pub use keys::{MadeKey, create_key, list_keys, revoke_key};
pub use login_sessions::{Device, OpenedSession, list_sessions, revoke_session, sign_out};
pub use passwords::Passwords;
pub use profile::{Profile, find_user_by_email, list_users, update_profile};
pub use sign_in::{NewAccount, sign_in, sign_up};
