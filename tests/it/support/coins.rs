//! Coins of a test's users.

use entity::{
    journal::{self, Kind},
    ledger_account, user,
};
use plaza::domain::wallet;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{Caller, Server};

impl Server {
    /// Grants coins to a user.
    pub async fn give(&self, who: &Caller, coins: i64) {
        let user = user::Entity::find_by_id(&who.id).one(self.app.db.read()).await.expect("reads");
        wallet::issue(&self.app, &user.expect("is there"), coins, "for a test").await.expect("issues");
    }

    /// Returns a user's available coins.
    pub async fn balance(&self, who: &Caller) -> i64 {
        self.account(ledger_account::Kind::Available, Some(&who.id)).await
    }

    /// Returns the platform's share of all payments.
    pub async fn earnings(&self) -> i64 {
        self.account(ledger_account::Kind::Earnings, None).await
    }

    /// Returns the number of these payments, by all users; checks that the sum of all accounts is zero.
    pub async fn paid(&self, kind: Kind) -> u64 {
        let db = self.app.db.read();
        let accounts = ledger_account::Entity::find().all(db).await.expect("reads");
        assert_eq!(accounts.iter().map(|account| account.balance).sum::<i64>(), 0);
        journal::Entity::find().filter(journal::Column::Kind.eq(kind)).count(db).await.expect("counts")
    }

    async fn account(&self, kind: ledger_account::Kind, owner: Option<&str>) -> i64 {
        let select = ledger_account::Entity::find().filter(ledger_account::Column::Kind.eq(kind));
        let select = match owner {
            Some(owner) => select.filter(ledger_account::Column::OwnerId.eq(owner)),
            None => select,
        };
        let account = select.one(self.app.db.read()).await.expect("reads");
        account.map_or(0, |account| account.balance)
    }
}
