//! Coins: the viewer's wallet, granting, and the ledger as administrators see it.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use entity::journal::CauseKind;

use super::{
    Coins, DateTime,
    context::Asked,
    paging::{Connection, Node},
    users::User,
};
use crate::domain::{
    Cursor, Page, Result, Slice,
    wallet::{self, Entry, EntryType},
};

/// The coins of an account.
pub(super) struct Wallet(pub(super) wallet::Wallet);

/// The coins of an account.
#[Object]
impl Wallet {
    /// Spendable coins. Held coins are already deducted.
    async fn balance(&self) -> Coins {
        Coins(self.0.balance)
    }

    /// Coins that are held while something is being done, such as an agent's answer.
    async fn held(&self) -> Coins {
        Coins(self.0.held)
    }

    /// How the balance came to be, newest first, by cursor or by page number: the amounts sum to the balance.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
    ) -> Result<Connection<WalletEntry>> {
        let window = Page { first, after, last, before, page, limit }.ranked_window()?;
        let Slice { rows, window, more_after, more_before, total } =
            wallet::list_entries(ctx.app()?, &self.0, window).await?;
        let rows = rows.into_iter().map(WalletEntry).collect();
        Ok(Connection(Slice { rows, window, more_after, more_before, total }))
    }
}

/// One movement of coins, as the wallet's owner sees it.
pub(super) struct WalletEntry(Entry);

impl Node for WalletEntry {
    const NAME: &'static str = "WalletEntry";

    fn cursor(&self) -> Cursor {
        self.0.cursor()
    }
}

/// One movement of coins, as the wallet's owner sees it.
#[Object]
impl WalletEntry {
    /// UUID of the movement; the same in every wallet that it concerns.
    async fn id(&self) -> ID {
        self.0.journal.id.into()
    }

    /// The kind of the movement.
    #[graphql(name = "type")]
    async fn entry_type(&self) -> WalletEntryType {
        self.0.entry_type().into()
    }

    /// Coins that came in, or went out below zero; never 0.
    async fn amount(&self) -> Coins {
        Coins(self.0.line.amount)
    }

    /// Balance after the movement, in coins.
    async fn balance(&self) -> Coins {
        Coins(self.0.line.balance)
    }

    /// Description of the movement in words.
    async fn description(&self) -> &str {
        &self.0.journal.note
    }

    /// The object that caused the movement.
    async fn cause(&self) -> WalletEntryCause {
        let cause_type = self.0.journal.cause_kind.into();
        WalletEntryCause { cause_type, id: ID(self.0.journal.cause_id.clone()) }
    }

    /// Time of the action.
    async fn created_at(&self) -> DateTime {
        self.0.journal.created_at.into()
    }
}

/// Kinds of movements of coins, from the point of view of the wallet's owner.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "EntryType")]
pub(super) enum WalletEntryType {
    /// The owner paid coins in.
    Topup,
    /// An administrator granted them.
    Award,
    /// They joined a community.
    CommunityJoin,
    /// They paid for a period of a membership.
    CommunitySubscription,
    /// They asked an agent in a community.
    CommunityAgentCall,
    /// They paid for a period of a lounge's voice.
    LoungeSubscription,
    /// The owner's share of a fee that another user paid.
    Earning,
    /// A held amount was returned.
    Refund,
}

/// The object that caused a movement of coins.
#[derive(SimpleObject)]
pub(super) struct WalletEntryCause {
    /// The kind of the object.
    #[graphql(name = "type")]
    cause_type: WalletCauseType,
    /// Id of the object.
    id: ID,
}

/// Kinds of objects that caused a movement of coins.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "CauseKind")]
pub(super) enum WalletCauseType {
    /// A command of the operator's.
    Operator,
    /// An administrator, by user id.
    Admin,
    /// The proof of a payment; an empty id where none was given.
    Receipt,
    /// A community's fee.
    Community,
    /// A membership's fee or renewal.
    Membership,
    /// An agent's answer.
    AgentReply,
    /// A lounge's subscription.
    Lounge,
}

/// The platform's money. For administrators.
pub(super) struct Platform(wallet::Ledger);

/// The platform's money. For administrators.
#[Object]
impl Platform {
    /// The platform's share of all fees, in coins.
    async fn earnings(&self) -> Coins {
        Coins(self.0.earnings)
    }

    /// Totals of all coins in the system.
    async fn ledger(&self) -> Result<Ledger> {
        let wallet::Ledger { issued, available, held, earnings } = self.0;
        Ok(Ledger {
            issued: Coins(issued),
            available: Coins(available),
            held: Coins(held),
            earnings: Coins(earnings),
            sum: Coins(self.0.sum()?),
        })
    }
}

/// Totals of all coins in the system.
#[derive(SimpleObject)]
pub(super) struct Ledger {
    /// Coins that were ever granted and paid in.
    issued: Coins,
    /// Coins that people can spend.
    available: Coins,
    /// Coins that are held while something is being done.
    held: Coins,
    /// The platform's share of all fees, in coins.
    earnings: Coins,
    /// Coins in all accounts minus coins issued; any value but 0 means that the ledger is damaged.
    sum: Coins,
}

/// Coins that were granted.
#[derive(SimpleObject)]
pub(super) struct CoinGrant {
    /// UUID; that of the entry in the wallet.
    id: ID,
    /// The user who received the coins.
    user: User,
    /// Number of coins granted.
    amount: Coins,
    /// The stated purpose of the grant.
    note: String,
    /// Time of the action.
    created_at: DateTime,
}

/// Input of `grantCoins`.
#[derive(InputObject)]
pub(super) struct GrantCoinsInput {
    /// Id of the user who receives the coins.
    user_id: ID,
    /// Number of coins, 1 to 2147483647.
    amount: Coins,
    /// Why, 1 to 200 characters; the entry's description.
    note: String,
}

/// Input of `topUpWallet`.
#[derive(InputObject)]
pub(super) struct TopUpWalletInput {
    /// Number of coins, 1 to 2147483647.
    amount: Coins,
    /// The proof of the payment, 1 to 200 characters; good for one.
    receipt_id: Option<String>,
}

/// Queries about coins.
#[derive(Default)]
pub(super) struct WalletQuery;

#[Object]
impl WalletQuery {
    /// The platform's money. Administrators only.
    async fn platform(&self, ctx: &Context<'_>) -> Result<Platform> {
        wallet::read_ledger(ctx.app()?, ctx.user()?).await.map(Platform)
    }
}

/// What can be done with coins.
#[derive(Default)]
pub(super) struct WalletMutation;

#[Object]
impl WalletMutation {
    /// Grants coins to a user. Administrators only.
    async fn grant_coins(&self, ctx: &Context<'_>, input: GrantCoinsInput) -> Result<CoinGrant> {
        let GrantCoinsInput { user_id, amount: Coins(amount), note } = input;
        let grant = wallet::grant(ctx.app()?, ctx.user()?, &user_id, amount, &note).await?;
        Ok(CoinGrant {
            id: grant.id.into(),
            user: User::new(grant.user),
            amount: Coins(grant.amount),
            note: grant.note,
            created_at: grant.created_at.into(),
        })
    }

    /// Pays coins into the viewer's wallet, where the operator allows it: for development.
    async fn top_up_wallet(&self, ctx: &Context<'_>, input: TopUpWalletInput) -> Result<Wallet> {
        let TopUpWalletInput { amount: Coins(amount), receipt_id } = input;
        wallet::top_up(ctx.app()?, ctx.user()?, amount, receipt_id.as_deref()).await.map(Wallet)
    }
}
