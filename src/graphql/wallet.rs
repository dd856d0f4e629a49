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

/// What somebody has.
pub(super) struct Wallet(pub(super) wallet::Wallet);

/// What somebody has.
#[Object]
impl Wallet {
    /// Coins that can be spent. What is held is taken already.
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
        #[graphql(desc = "The first so many, 20 unless told, 50 at most.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many.")] last: Option<i32>,
        #[graphql(desc = "Ahead of this cursor.")] before: Option<String>,
        #[graphql(desc = "The page's number, from 1.")] page: Option<i32>,
        #[graphql(desc = "Rows a page, 20 unless told, 50 at most.")] limit: Option<i32>,
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
    /// UUID; the same for everybody whom the movement concerns.
    async fn id(&self) -> ID {
        self.0.journal.id.into()
    }

    /// What it is.
    #[graphql(name = "type")]
    async fn entry_type(&self) -> WalletEntryType {
        self.0.entry_type().into()
    }

    /// Coins that came in, or went out below zero; never 0.
    async fn amount(&self) -> Coins {
        Coins(self.0.line.amount)
    }

    /// The balance after it.
    async fn balance(&self) -> Coins {
        Coins(self.0.line.balance)
    }

    /// What it was for, in words.
    async fn description(&self) -> &str {
        &self.0.journal.note
    }

    /// What caused it.
    async fn cause(&self) -> WalletEntryCause {
        let cause_type = self.0.journal.cause_kind.into();
        WalletEntryCause { cause_type, id: ID(self.0.journal.cause_id.clone()) }
    }

    /// When.
    async fn created_at(&self) -> DateTime {
        self.0.journal.created_at.into()
    }
}

/// What a movement of coins is to the wallet's owner.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "EntryType")]
pub(super) enum WalletEntryType {
    /// They paid coins in.
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
    /// Their share of what somebody paid.
    Earning,
    /// What was held of theirs was given back.
    Refund,
}

/// What caused a movement of coins.
#[derive(SimpleObject)]
pub(super) struct WalletEntryCause {
    /// What kind of thing.
    #[graphql(name = "type")]
    cause_type: WalletCauseType,
    /// Its id.
    id: ID,
}

/// What kind of thing caused a movement of coins.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "CauseKind")]
pub(super) enum WalletCauseType {
    /// A command of the operator's.
    Operator,
    /// An administrator, by user id.
    Admin,
    /// The proof of a payment; an empty id where none was given.
    Receipt,
    /// A community.
    Community,
    /// A membership.
    Membership,
    /// An agent's answer.
    AgentReply,
    /// A lounge.
    Lounge,
}

/// The platform's money. For administrators.
pub(super) struct Platform(wallet::Ledger);

/// The platform's money. For administrators.
#[Object]
impl Platform {
    /// The platform's share of what was paid, in coins.
    async fn earnings(&self) -> Coins {
        Coins(self.0.earnings)
    }

    /// All coins there are.
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

/// All coins there are.
#[derive(SimpleObject)]
pub(super) struct Ledger {
    /// Coins that were ever granted and paid in.
    issued: Coins,
    /// Coins that people can spend.
    available: Coins,
    /// Coins that are held while something is being done.
    held: Coins,
    /// The platform's share of what was paid.
    earnings: Coins,
    /// Where the coins are, less what was issued: 0, or the ledger is broken.
    sum: Coins,
}

/// Coins that were granted.
#[derive(SimpleObject)]
pub(super) struct CoinGrant {
    /// UUID; that of the entry in the wallet.
    id: ID,
    /// Who has them now.
    user: User,
    /// How many.
    amount: Coins,
    /// Why.
    note: String,
    /// When.
    created_at: DateTime,
}

/// Coins to be granted.
#[derive(InputObject)]
pub(super) struct GrantCoinsInput {
    /// Who gets them.
    user_id: ID,
    /// How many, 1 to 2147483647.
    amount: Coins,
    /// Why, 1 to 200 characters; the entry's description.
    note: String,
}

/// Coins to be paid in.
#[derive(InputObject)]
pub(super) struct TopUpWalletInput {
    /// How many, 1 to 2147483647.
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
    /// Gives coins to somebody. Administrators only.
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
