//! Accounts: sign-up, sign-in, identity, profile, sessions and API keys.

mod address;
mod admin;
mod credentials;
mod devices;
mod identity;
mod keys;
mod login_sessions;
mod people;
mod picture;
mod profile;
mod rules;
mod sign_in;

pub use address::EMAIL;
pub(in crate::domain) use address::fold_case;
pub(in crate::domain) use address::folds as address_folds;
pub(in crate::domain) use admin::check_admin;
pub use admin::{UserSearch, ban_user, demote, list_accounts, promote, set_ban, unban_user};
pub(in crate::domain) use credentials::prove;
pub use credentials::{PasswordChange, change_password, reset_password};
pub(in crate::domain) use devices::forget_all;
pub use identity::{KEY_PREFIX, check_identity, identify};
pub(in crate::domain) use identity::{forget, lock_account, lock_proven};
pub(in crate::domain) use keys::revoke_all;
pub use keys::{CreatedKey, MAX_KEYS, create_key, list_keys, revoke_key};
pub(in crate::domain) use login_sessions::end_all;
pub use login_sessions::{Device, OpenedSession, find_session, list_sessions, revoke_session, sign_out};
pub use people::{MAX_PEOPLE, search_people};
pub use picture::upload_picture;
pub use profile::{Profile, find_user_by_email, list_users, update_profile};
pub use rules::{BAN_REASON, IMAGE, NAME};
pub use sign_in::{NewAccount, sign_in, sign_up};

pub use crate::security::{Identity, Proof};
