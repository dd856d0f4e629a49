//! Results of the mutations of accounts, their keys, blocks and wallets.

use async_graphql::{ID, SimpleObject};

use super::payloads;
use crate::graphql::{
    Coins, DateTime,
    blocks::BlockedUser,
    users::User,
    viewer::{ApiKey, LoginSession, Viewer},
    wallet::Wallet,
};

payloads! {
    SignUpPayload of "signUp" {
        /// The session's secret: the value of the session cookie, also accepted as `Authorization: Bearer`.
        token: String,
        /// The new session.
        session: LoginSession,
        /// The new account.
        viewer: Viewer,
    }
    SignInPayload of "signIn" {
        /// The session's secret: the value of the session cookie, also accepted as `Authorization: Bearer`.
        token: String,
        /// The new session.
        session: LoginSession,
        /// The signed-in account.
        viewer: Viewer,
    }
    SignOutPayload of "signOut" {
        /// Id of the session that ended; null when the request had none.
        deleted_id: Option<ID>,
    }
    RevokeSessionPayload of "revokeSession" {
        /// Id of the session that ended.
        deleted_id: ID,
        /// The viewer's account.
        viewer: Viewer,
    }
    UpdateProfilePayload of "updateProfile" {
        /// The changed account.
        viewer: Viewer,
    }
    UploadProfilePicturePayload of "uploadProfilePicture" {
        /// The changed account.
        viewer: Viewer,
    }
    ChangePasswordPayload of "changePassword" {
        /// The viewer's account.
        viewer: Viewer,
    }
    DeleteAccountPayload of "deleteAccount" {
        /// Id of the deleted user, as in `User.id`.
        deleted_id: ID,
    }
    CreateApiKeyPayload of "createApiKey" {
        /// The secret; returned only here.
        key: String,
        /// The key without its secret.
        api_key: ApiKey,
    }
    RevokeApiKeyPayload of "revokeApiKey" {
        /// Id of the revoked key.
        deleted_id: ID,
    }
    GrantCoinsPayload of "grantCoins" {
        /// Id of the entry in the user's wallet, as in `WalletEntry.id`.
        wallet_entry_id: ID,
        /// The user who received the coins.
        user: User,
        /// Number of coins granted.
        amount: Coins,
        /// The stated purpose of the grant.
        note: String,
        /// Time of the grant.
        created_at: DateTime,
    }
    TopUpWalletPayload of "topUpWallet" {
        /// The viewer's wallet with its new balance.
        wallet: Wallet,
    }
    BlockUserPayload of "blockUser" {
        /// The entry in the viewer's list of blocked users.
        blocked_user: BlockedUser,
    }
    UnblockUserPayload of "unblockUser" {
        /// Id of the entry that left the viewer's list, as in `BlockedUser.id`.
        deleted_id: ID,
        /// Id of the unblocked user.
        user_id: ID,
    }
}
