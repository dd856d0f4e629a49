//! What a user has, and how it came to be.

use entity::{
    journal::{self, Kind},
    journal_line, ledger_account,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use super::account::Account;
use crate::{
    app::App,
    domain::{Cursor, Result, Slice, User, Window},
};

/// What a user has.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Wallet {
    /// Whose it is.
    pub owner_id: String,
    /// Whole coins that can be spent.
    pub balance: i64,
    /// Whole coins that are promised for what is being done.
    pub held: i64,
    /// How many entries its statement has.
    pub entries: i64,
}

/// One line of a statement.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it did to the balance.
    pub line: journal_line::Model,
    /// The movement it belongs to.
    pub journal: journal::Model,
}

/// What an entry is to whose statement it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryType {
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
    /// What they had promised was given back.
    Refund,
}

impl Entry {
    /// What it is to whose statement it stands in: who pays and who is paid see the same movement from two sides.
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

    /// Its place in the statement.
    pub fn cursor(&self) -> Cursor {
        Cursor { rank: Some(self.line.number), at: self.journal.created_at, id: self.journal.id }
    }
}

/// The actor's wallet; one without coins until there was one.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn get_wallet(app: &App, actor: &User) -> Result<Wallet> {
    read(app.db.read(), &actor.id).await
}

pub(super) async fn read(db: &impl ConnectionTrait, owner: &str) -> Result<Wallet> {
    let accounts = [Account::Available(owner), Account::Held(owner)];
    let found = ledger_account::Entity::find()
        .filter(ledger_account::Column::Id.is_in(accounts.map(Account::id)))
        .all(db)
        .await?;
    let mut wallet = Wallet { owner_id: owner.to_owned(), balance: 0, held: 0, entries: 0 };
    for account in found {
        match account.kind {
            ledger_account::Kind::Available => {
                wallet.balance = account.balance;
                wallet.entries = account.lines;
            }
            _ => wallet.held = account.balance,
        }
    }
    Ok(wallet)
}

/// A wallet's statement, newest first: the amounts of all entries sum to its balance. An account's lines are numbered
/// without gaps, so neither their number nor a page far down costs more than the first.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn list_entries(app: &App, wallet: &Wallet, window: Window) -> Result<Slice<Entry>> {
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
    Ok(Slice::new(rows, window, Some(wallet.entries.unsigned_abs())))
}
