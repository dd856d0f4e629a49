//! Wallets, grants of coins and the ledger.

use std::collections::HashMap;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use entity::journal::CauseKind;

use super::{
    Coins, DateTime,
    context::ContextExt,
    dataloader::Loader,
    node::NodeId,
    paging::{Connection, Node},
    payloads::{GrantCoinsPayload, TopUpWalletPayload},
    users::User,
};
use crate::{
    app::App,
    domain::{
        self, Cursor, Page,
        wallet::{self, Entry, EntryType},
    },
    error::{Error, Result},
};

/// The coins of an account and their movements.
pub(super) struct Wallet {
    owner: domain::User,
    loaded: Option<wallet::Wallet>,
}

impl Wallet {
    /// The wallet of a user, loaded when a field needs it.
    pub(super) fn of(owner: &domain::User) -> Self {
        Self { owner: owner.clone(), loaded: None }
    }

    async fn read(&self, ctx: &Context<'_>) -> Result<wallet::Wallet> {
        if let Some(loaded) = &self.loaded {
            return Ok(loaded.clone());
        }
        let found = ctx.load::<Wallets>(self.owner.id.clone()).await?;
        found.ok_or(Error::NotFound("Wallet"))
    }
}

/// Loads wallets by owner.
struct Wallets;

impl Loader for Wallets {
    type Key = String;
    type Value = wallet::Wallet;

    async fn load(app: &App, owners: &[String]) -> Result<HashMap<String, wallet::Wallet>> {
        let rows = wallet::list_wallets(app, owners).await?;
        Ok(rows.into_iter().map(|row| (row.owner_id.clone(), row)).collect())
    }
}

/// The coins of an account and their movements.
#[Object]
impl Wallet {
    /// Unique id of the object, different from the id of its owner.
    pub(super) async fn id(&self) -> ID {
        NodeId::Wallet(self.owner.id.clone()).encode()
    }

    /// Spendable coins. Held coins are already deducted.
    async fn balance(&self, ctx: &Context<'_>) -> Result<Coins> {
        Ok(Coins(self.read(ctx).await?.balance))
    }

    /// Coins reserved for running operations, such as an agent's answer.
    async fn held(&self, ctx: &Context<'_>) -> Result<Coins> {
        Ok(Coins(self.read(ctx).await?.held))
    }

    /// Movements of coins, newest first; their amounts sum to the balance. Pages by cursor or by page number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first n items (default 20, maximum 50).")] first: Option<i32>,
        #[graphql(desc = "Returns the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last n items (maximum 50).")] last: Option<i32>,
        #[graphql(desc = "Returns the items before this cursor.")] before: Option<String>,
        #[graphql(desc = "Page number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Items per page (default 20, maximum 50).")] limit: Option<i32>,
    ) -> Result<Connection<WalletEntry>> {
        let window = Page { first, after, last, before, page, limit }.ranked_window(WalletEntry::NAME)?;
        let slice = wallet::list_entries(ctx.app()?, &self.read(ctx).await?, window).await?;
        Ok(Connection(slice.map(WalletEntry)))
    }
}

/// One movement of coins, as the wallet's owner sees it.
pub(super) struct WalletEntry(pub(super) Entry);

impl Node for WalletEntry {
    const NAME: &'static str = "WalletEntry";

    fn cursor(&self) -> Cursor {
        self.0.cursor()
    }
}

/// One movement of coins, as the wallet's owner sees it.
#[Object]
impl WalletEntry {
    /// Id of the movement (UUID), the same in the wallet of each party.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.journal.id.into()
    }

    /// Whether the movement is a top-up, an award, a fee, an earning or a refund.
    async fn kind(&self) -> WalletEntryKind {
        self.0.entry_type().into()
    }

    /// Coins received, or spent when negative; never 0.
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
        let kind = self.0.journal.cause_kind.into();
        WalletEntryCause { kind, object_id: ID(self.0.journal.cause_id.clone()) }
    }

    /// Time of the movement.
    async fn created_at(&self) -> DateTime {
        self.0.journal.created_at.into()
    }
}

/// Kinds of movements of coins, from the point of view of the wallet's owner.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "EntryType")]
pub(super) enum WalletEntryKind {
    /// The owner bought coins.
    Topup,
    /// An administrator granted coins.
    Award,
    /// The owner paid for joining a community.
    CommunityJoin,
    /// The owner paid for a period of a membership.
    CommunitySubscription,
    /// The owner paid for a question to an agent.
    CommunityAgentCall,
    /// The owner paid for a period of a lounge subscription.
    LoungeSubscription,
    /// The owner's share of a fee that another user paid.
    Earning,
    /// A held amount was returned.
    Refund,
}

/// The object that caused a movement of coins.
#[derive(SimpleObject)]
pub(super) struct WalletEntryCause {
    /// Whether the cause is an administrator, a payment, a fee or another kind of object.
    kind: WalletCauseKind,
    /// Id of the object; `kind` names its kind.
    object_id: ID,
}

/// Kinds of objects that caused a movement of coins.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "CauseKind")]
pub(super) enum WalletCauseKind {
    /// A command of the operator.
    Operator,
    /// An administrator; the id is that of the user.
    Admin,
    /// A payment; the id is that of its receipt, empty when none was given.
    Receipt,
    /// A fee of a community.
    Community,
    /// A fee or renewal of a membership.
    Membership,
    /// A question to an agent; the id is that of the answer.
    AgentReply,
    /// A subscription to a lounge.
    Lounge,
}

/// The platform's earnings and the state of the ledger. Administrators only.
pub(super) struct Platform(wallet::Ledger);

/// The platform's earnings and the state of the ledger. Administrators only.
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
    /// Total coins ever granted or paid in.
    issued: Coins,
    /// Coins that users can spend.
    available: Coins,
    /// Coins reserved for running operations.
    held: Coins,
    /// The platform's share of all fees, in coins.
    earnings: Coins,
    /// Coins in all accounts minus coins issued; any value other than 0 means that the ledger is damaged.
    sum: Coins,
}

/// Input of `grantCoins`.
#[derive(InputObject)]
pub(super) struct GrantCoinsInput {
    /// Id of the user who receives the coins.
    user_id: ID,
    /// Number of coins, 1 to 2147483647.
    amount: Coins,
    /// Reason for the grant, 1 to 200 characters; becomes the description of the wallet entry.
    note: String,
}

/// Input of `topUpWallet`.
#[derive(InputObject)]
pub(super) struct TopUpWalletInput {
    /// Number of coins, 1 to 2147483647.
    amount: Coins,
    /// Identifier of the payment's receipt, 1 to 200 characters; each receipt is accepted once.
    receipt_id: Option<String>,
}

/// Queries about the platform's coins.
#[derive(Default)]
pub(super) struct WalletQuery;

#[Object]
impl WalletQuery {
    /// Returns the platform's earnings and the state of the ledger. Administrators only.
    async fn platform(&self, ctx: &Context<'_>) -> Result<Platform> {
        wallet::read_ledger(ctx.app()?, ctx.user()?).await.map(Platform)
    }
}

/// Mutations of wallets.
#[derive(Default)]
pub(super) struct WalletMutation;

#[Object]
impl WalletMutation {
    /// Grants coins to a user. Administrators only.
    async fn grant_coins(&self, ctx: &Context<'_>, input: GrantCoinsInput) -> Result<GrantCoinsPayload> {
        let GrantCoinsInput { user_id, amount: Coins(amount), note } = input;
        let grant = wallet::grant(ctx.app()?, ctx.user()?, &user_id, amount, &note).await?;
        Ok(GrantCoinsPayload {
            wallet_entry_id: grant.id.into(),
            user: User::new(grant.user),
            amount: Coins(grant.amount),
            note: grant.note,
            created_at: grant.created_at.into(),
        })
    }

    /// Pays coins into the viewer's wallet. Available only when the operator allows it, for development.
    async fn top_up_wallet(&self, ctx: &Context<'_>, input: TopUpWalletInput) -> Result<TopUpWalletPayload> {
        let TopUpWalletInput { amount: Coins(amount), receipt_id } = input;
        let user = ctx.user()?;
        let wallet = wallet::top_up(ctx.app()?, user, amount, receipt_id.as_deref()).await?;
        Ok(TopUpWalletPayload { wallet: Wallet { owner: user.clone(), loaded: Some(wallet) } })
    }
}
