//! Wallets and their statements.

use entity::{
    journal::{self, Kind},
    journal_line, ledger_account,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::account::Account;
use crate::{
    app::App,
    domain::{Cursor, PageRows, User, Window},
    error::Result,
};

/// A user's wallet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Wallet {
    /// Owner of the wallet.
    pub owner_id: String,
    /// Coins that can be spent.
    pub balance: i64,
    /// Coins that are held.
    pub held: i64,
    /// Number of entries in the statement.
    pub entries: i64,
}

/// An entry of a statement.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The change of the balance.
    pub line: journal_line::Model,
    /// The journal it belongs to.
    pub journal: journal::Model,
}

/// Type of an entry, from the owner's point of view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryType {
    /// A top-up by the owner.
    Topup,
    /// A grant by an administrator.
    Award,
    /// Fee for joining a community.
    CommunityJoin,
    /// Fee for a period of a membership.
    CommunitySubscription,
    /// Fee for an agent reply in a community.
    CommunityAgentCall,
    /// Fee for a period of a lounge subscription.
    LoungeSubscription,
    /// The owner's share of another user's payment.
    Earning,
    /// Return of held coins.
    Refund,
}

impl Entry {
    /// Returns the type of the entry: payer and payee see the same journal differently.
    pub fn entry_type(&self) -> EntryType {
        let paid = self.line.amount < 0;
        match self.journal.kind {
            Kind::Topup => EntryType::Topup,
            Kind::Award => EntryType::Award,
            Kind::Refund => EntryType::Refund,
            Kind::CommunityJoin if paid => EntryType::CommunityJoin,
            Kind::CommunitySubscription if paid => EntryType::CommunitySubscription,
            Kind::CommunityAgentCall if paid => EntryType::CommunityAgentCall,
            Kind::LoungeSubscription if paid => EntryType::LoungeSubscription,
            Kind::CommunityJoin
            | Kind::CommunitySubscription
            | Kind::CommunityAgentCall
            | Kind::LoungeSubscription => EntryType::Earning,
        }
    }

    /// Returns the position in the statement.
    pub fn cursor(&self) -> Cursor {
        Cursor { rank: Some(self.line.number), at: self.journal.created_at, id: self.journal.id }
    }
}

/// Returns the actor's wallet; an empty one if they never had coins.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn get_wallet(app: &App, actor: &User) -> Result<Wallet> {
    read(app.db.read(), &actor.id).await
}

/// Finds the entry of the actor's wallet for a movement.
///
/// # Errors
/// [`Error::Internal`](crate::error::Error::Internal).
pub async fn find_entry(app: &App, actor: &User, journal: Uuid) -> Result<Option<Entry>> {
    let row = journal_line::Entity::find()
        .filter(journal_line::Column::JournalId.eq(journal))
        .filter(journal_line::Column::AccountId.eq(Account::Available(&actor.id).id()))
        .find_also_related(journal::Entity)
        .one(app.db.read())
        .await?;
    Ok(row.and_then(|(line, journal)| Some(Entry { line, journal: journal? })))
}

/// Returns wallets by their owners; an empty one for an owner who never had coins.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_wallets(app: &App, owners: &[String]) -> Result<Vec<Wallet>> {
    read_all(app.db.read(), owners).await
}

pub(super) async fn read(db: &impl ConnectionTrait, owner: &str) -> Result<Wallet> {
    let wallet = read_all(db, &[owner.to_owned()]).await?.pop();
    Ok(wallet.unwrap_or_else(|| Wallet { owner_id: owner.to_owned(), balance: 0, held: 0, entries: 0 }))
}

async fn read_all(db: &impl ConnectionTrait, owners: &[String]) -> Result<Vec<Wallet>> {
    let accounts = owners.iter().flat_map(|owner| [Account::Available(owner), Account::Held(owner)]);
    let found = ledger_account::Entity::find()
        .filter(ledger_account::Column::Id.is_in(accounts.map(Account::id)))
        .all(db)
        .await?;
    let wallet = |owner: &String| {
        let account = |of: Account<'_>| found.iter().find(|account| account.id == of.id());
        let available = account(Account::Available(owner));
        Wallet {
            owner_id: owner.clone(),
            balance: available.map_or(0, |account| account.balance),
            held: account(Account::Held(owner)).map_or(0, |account| account.balance),
            entries: available.map_or(0, |account| account.lines),
        }
    };
    Ok(owners.iter().map(wallet).collect())
}

/// Lists the entries of a wallet, newest first; the amounts of all entries sum to the balance. Lines are
/// numbered without gaps per account, so counts and distant pages cost no more than the first page.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_entries(app: &App, wallet: &Wallet, window: Window) -> Result<PageRows<Entry>> {
    let account = Account::Available(&wallet.owner_id).id();
    let number = journal_line::Column::Number;
    let select = journal_line::Entity::find()
        .filter(journal_line::Column::AccountId.eq(account))
        .find_also_related(journal::Entity)
        .limit(window.limit() + 1);
    let select = match window {
        Window::Numbered { page, limit } => {
            let before = i64::try_from((page - 1).saturating_mul(limit)).unwrap_or(i64::MAX);
            select.filter(number.lte(wallet.entries.saturating_sub(before)))
        }
        Window::Forward { after: Some(cursor), .. } => select.filter(number.lt(cursor.rank)),
        Window::Backward { before: Some(cursor), .. } => select.filter(number.gt(cursor.rank)),
        Window::Forward { .. } | Window::Backward { .. } => select,
    };
    let select = match window {
        Window::Backward { .. } => select.order_by_asc(number),
        _ => select.order_by_desc(number),
    };
    let rows = select.all(app.db.read()).await?;
    let rows =
        rows.into_iter().filter_map(|(line, journal)| Some(Entry { line, journal: journal? })).collect();
    Ok(PageRows::new(rows, window, Some(wallet.entries.unsigned_abs())))
}
