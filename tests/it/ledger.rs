//! The ledger: grants, payments, holds, refunds, and the database's constraints.

use std::collections::HashMap;

use entity::{
    journal::{self, CauseKind, Kind},
    journal_line, ledger_account, user,
};
use plaza::{
    app::App,
    domain::wallet::{self, Cause, Charge, Fee, Hold},
    error::{Error, Result},
};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use uuid::Uuid;

use crate::support::{Server, on_both};

const CAUSE: Cause<'_> = Cause { kind: CauseKind::Community, id: "chess" };

/// A user of this name with this many coins.
async fn with_coins(server: &Server, name: &str, coins: i64) -> String {
    let id = server.member(name).await.id;
    if coins > 0 {
        wallet::issue(&server.app, &person(server, &id).await, coins, "for a test").await.expect("issues");
    }
    id
}

async fn person(server: &Server, id: &str) -> user::Model {
    user::Entity::find_by_id(id).one(server.app.db.read()).await.expect("reads").expect("is there")
}

fn fees(join: i64, monthly: i64) -> [Fee; 2] {
    [
        Fee { kind: Kind::CommunityJoin, amount: join },
        Fee { kind: Kind::CommunitySubscription, amount: monthly },
    ]
}

fn charge<'a>(payer: &'a str, payee: &'a str, fees: &'a [Fee]) -> Charge<'a> {
    let refusal = "Insufficient balance";
    Charge { payer, payee, fees, refusal, cause: CAUSE, what: "Chess", once: None }
}

fn promise<'a>(payer: &'a str, payee: &'a str, amount: i64) -> Hold<'a> {
    let fee = Fee { kind: Kind::CommunityAgentCall, amount };
    Hold { payer, payee, fee, refusal: "Insufficient balance for agent call", cause: CAUSE, what: "Chess" }
}

/// Charges in a separate transaction, which is committed even if the charge is refused.
async fn pay(server: &Server, what: Charge<'_>) -> Result<()> {
    let tx = server.app.db.begin().await?;
    let outcome = wallet::charge(&server.app, &tx, what).await;
    tx.commit().await?;
    outcome
}

async fn take(server: &Server, what: Hold<'_>) -> Result<Option<Uuid>> {
    let tx = server.app.db.begin().await?;
    let outcome = wallet::hold(&server.app, &tx, what).await;
    tx.commit().await?;
    outcome
}

async fn settle(server: &Server, hold: Uuid, capture: bool) -> Result<()> {
    let tx = server.app.db.begin().await?;
    if capture {
        wallet::capture(&server.app, &tx, hold).await?;
    } else {
        wallet::void(&server.app, &tx, hold).await?;
    }
    Ok(tx.commit().await?)
}

/// Adds up all lines and compares the sums with the stored balances.
pub struct Books {
    balances: HashMap<(ledger_account::Kind, Option<String>), i64>,
    journals: usize,
}

impl Books {
    pub async fn audit(app: &App) -> Self {
        let db = app.db.read();
        let accounts = ledger_account::Entity::find().all(db).await.expect("reads");
        let journals = journal::Entity::find().all(db).await.expect("reads");
        let lines = journal_line::Entity::find()
            .order_by_asc(journal_line::Column::AccountId)
            .order_by_asc(journal_line::Column::Number)
            .all(db)
            .await
            .expect("reads");
        for journal in &journals {
            let own: Vec<_> = lines.iter().filter(|line| line.journal_id == journal.id).collect();
            assert!(own.len() >= 2, "a journal has two sides");
            assert_eq!(own.iter().map(|line| line.amount).sum::<i64>(), 0, "{journal:?}");
        }
        for account in &accounts {
            let (mut number, mut balance) = (0, 0);
            for line in lines.iter().filter(|line| line.account_id == account.id) {
                number += 1;
                balance += line.amount;
                assert_eq!((line.number, line.balance), (number, balance), "{account:?}");
            }
            assert_eq!((account.lines, account.balance), (number, balance), "{account:?}");
            assert!(account.balance >= 0 || account.kind == ledger_account::Kind::Issued, "{account:?}");
        }
        assert_eq!(accounts.iter().map(|account| account.balance).sum::<i64>(), 0);
        let balances =
            accounts.into_iter().map(|account| ((account.kind, account.owner_id), account.balance));
        Self { balances: balances.collect(), journals: journals.len() }
    }

    pub fn available(&self, who: &str) -> i64 {
        self.of(ledger_account::Kind::Available, Some(who))
    }

    fn held(&self, who: &str) -> i64 {
        self.of(ledger_account::Kind::Held, Some(who))
    }

    fn earnings(&self) -> i64 {
        self.of(ledger_account::Kind::Earnings, None)
    }

    fn of(&self, kind: ledger_account::Kind, owner: Option<&str>) -> i64 {
        self.balances.get(&(kind, owner.map(str::to_owned))).copied().unwrap_or_default()
    }
}

on_both! {
    async fn each_fee_is_shared_by_itself(server: Server) {
        let (alice, bob) = (with_coins(&server, "Alice", 15).await, with_coins(&server, "Bob", 0).await);
        server.statements();
        pay(&server, charge(&alice, &bob, &fees(10, 5))).await.expect("covered");
        let statements = server.statements();
        let of_ledger = statements.iter().filter(|sql| !sql.starts_with("BEGIN") && !sql.starts_with("COMMIT"));
        assert_eq!(of_ledger.count(), 4, "lock, journals, balances, lines: {statements:#?}");
        let books = Books::audit(&server.app).await;
        assert_eq!((books.available(&alice), books.available(&bob), books.earnings()), (0, 10, 5));
        assert_eq!(books.journals, 3, "the grant and one a fee");
        assert_eq!(books.of(ledger_account::Kind::Issued, None), -15);
    }

    /// The caller may continue the transaction, as a renewal with too few coins does.
    async fn an_uncovered_payment_changes_nothing(server: Server) {
        let (alice, bob) = (with_coins(&server, "Alice", 14).await, with_coins(&server, "Bob", 0).await);
        let refused = pay(&server, charge(&alice, &bob, &fees(10, 5))).await.expect_err("a coin is missing");
        assert!(matches!(refused, Error::InsufficientBalance("Insufficient balance")), "{refused:?}");
        let refused = take(&server, promise(&bob, &alice, 1)).await.expect_err("no coins");
        assert!(matches!(refused, Error::InsufficientBalance("Insufficient balance for agent call")));
        let books = Books::audit(&server.app).await;
        assert_eq!((books.available(&alice), books.journals), (14, 1));
        let negative = pay(&server, charge(&alice, &bob, &fees(-1, 0))).await.expect_err("no fee");
        assert!(matches!(negative, Error::Internal(_)), "{negative:?}");
        let huge = fees(i64::MAX / 100, i64::MAX / 100 * 99);
        pay(&server, charge(&alice, &bob, &huge)).await.expect_err("more than there is");
        assert_eq!(Books::audit(&server.app).await.journals, 1);
    }

    async fn paying_oneself_or_nothing_moves_nothing(server: Server) {
        let (alice, bob) = (with_coins(&server, "Alice", 3).await, with_coins(&server, "Bob", 0).await);
        pay(&server, charge(&alice, &alice, &fees(100, 100))).await.expect("nothing to pay");
        pay(&server, charge(&bob, &alice, &fees(0, 0))).await.expect("nothing to pay");
        assert_eq!(take(&server, promise(&alice, &alice, 5)).await.expect("nothing to hold"), None);
        assert_eq!(take(&server, promise(&alice, &bob, 0)).await.expect("nothing to hold"), None);
        assert_eq!(Books::audit(&server.app).await.journals, 1);
        // One coin cannot be divided: the platform receives it.
        pay(&server, charge(&alice, &bob, &fees(1, 0))).await.expect("covered");
        let books = Books::audit(&server.app).await;
        assert_eq!((books.available(&bob), books.earnings(), books.journals), (0, 1, 2));
    }

    async fn twenty_charges_at_once_take_what_is_there(server: Server) {
        let (alice, bob) = (with_coins(&server, "Alice", 95).await, with_coins(&server, "Bob", 0).await);
        let ten = fees(10, 0);
        let charges = (0..20).map(|_| pay(&server, charge(&alice, &bob, &ten)));
        let outcomes = futures_util::future::join_all(charges).await;
        let refused = outcomes.iter().filter(|outcome| matches!(outcome, Err(Error::InsufficientBalance(_))));
        let paid = outcomes.iter().filter(|outcome| outcome.is_ok());
        assert_eq!((paid.count(), refused.count()), (9, 11), "{outcomes:#?}");
        let books = Books::audit(&server.app).await;
        assert_eq!((books.available(&alice), books.available(&bob), books.earnings()), (5, 63, 27));
    }

    /// Mutual payments of two accounts, and of two new ones, do not deadlock.
    async fn payments_across_do_not_lock_one_another_out(server: Server) {
        let (alice, bob) = (with_coins(&server, "Alice", 1000).await, with_coins(&server, "Bob", 1000).await);
        let (carol, dave) = (with_coins(&server, "Carol", 0).await, with_coins(&server, "Dave", 0).await);
        let ten = fees(7, 3);
        let pairs = [(&alice, &bob), (&bob, &alice), (&alice, &carol), (&bob, &carol), (&alice, &dave), (&bob, &dave)];
        let charges = (0..30).map(|turn| {
            let (payer, payee) = pairs[turn % pairs.len()];
            pay(&server, charge(payer, payee, &ten))
        });
        for outcome in futures_util::future::join_all(charges).await {
            outcome.expect("covered");
        }
        let books = Books::audit(&server.app).await;
        assert_eq!(books.journals, 2 + 60);
        assert_eq!((books.available(&carol), books.available(&dave)), (60, 60));
        assert_eq!(books.earnings(), 120);
    }

    async fn a_hold_is_captured_or_voided_once(server: Server) {
        let (alice, bob) = (with_coins(&server, "Alice", 20).await, with_coins(&server, "Bob", 0).await);
        let first = take(&server, promise(&alice, &bob, 9)).await.expect("covered").expect("held");
        let second = take(&server, promise(&alice, &bob, 11)).await.expect("covered").expect("held");
        let books = Books::audit(&server.app).await;
        assert_eq!((books.available(&alice), books.held(&alice), books.available(&bob)), (0, 20, 0));
        take(&server, promise(&alice, &bob, 1)).await.expect_err("what is held is taken");

        settle(&server, first, true).await.expect("captures");
        settle(&server, second, false).await.expect("voids");
        let books = Books::audit(&server.app).await;
        assert_eq!((books.available(&alice), books.held(&alice), books.available(&bob)), (11, 0, 6));
        assert_eq!(books.earnings(), 3);

        for (hold, how) in [(first, "paid"), (second, "given back")] {
            for capture in [true, false] {
                let refused = settle(&server, hold, capture).await.expect_err("it has ended");
                assert_eq!(refused.to_string(), format!("The hold is already {how}"));
            }
        }
        let nowhere = settle(&server, Uuid::nil(), true).await.expect_err("no such hold");
        assert!(matches!(nowhere, Error::NotFound("Hold")), "{nowhere:?}");
        assert_eq!(Books::audit(&server.app).await.journals, 5);
    }

    async fn a_hold_that_many_end_at_once_ends_once(server: Server) {
        let (alice, bob) = (with_coins(&server, "Alice", 10).await, with_coins(&server, "Bob", 0).await);
        let hold = take(&server, promise(&alice, &bob, 10)).await.expect("covered").expect("held");
        let ends = (0..20).map(|turn| settle(&server, hold, turn % 2 == 0));
        let outcomes = futures_util::future::join_all(ends).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        let books = Books::audit(&server.app).await;
        assert_eq!(books.held(&alice), 0);
        assert!(matches!((books.available(&alice), books.available(&bob)), (10, 0) | (0, 7)));
    }

    async fn a_keyed_payment_happens_once(server: Server) {
        let (alice, bob) = (with_coins(&server, "Alice", 100).await, with_coins(&server, "Bob", 0).await);
        let both = fees(10, 5);
        let period = Charge { once: Some("membership 1 period 2"), ..charge(&alice, &bob, &both) };
        let outcomes = futures_util::future::join_all((0..10).map(|_| pay(&server, period))).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        let refused = outcomes.iter().filter(|outcome| matches!(outcome, Err(Error::Conflict(_))));
        assert_eq!(refused.count(), 9);
        assert_eq!(Books::audit(&server.app).await.available(&alice), 85);
    }

    async fn an_administrator_grants_coins(server: Server) {
        let (admin, alice) = (server.member("Admin").await.id, server.member("Alice").await.id);
        let mut actor = person(&server, &admin).await;
        let refused = wallet::grant(&server.app, &actor, &alice, 5, "gift").await.expect_err("no administrator");
        assert!(matches!(refused, Error::Forbidden("Admin only")));
        plaza::domain::accounts::promote(&server.app, &actor).await.expect("promotes");
        actor = person(&server, &admin).await;
        for (amount, note) in [(0, "gift"), (-1, "gift"), (2_147_483_648, "gift"), (5, " "), (5, &"n".repeat(201))] {
            let refused = wallet::grant(&server.app, &actor, &alice, amount, note).await.expect_err("breaks a rule");
            assert!(matches!(refused, Error::Invalid { .. }), "{refused:?}");
        }
        let nobody = wallet::grant(&server.app, &actor, "nobody", 5, "gift").await.expect_err("nobody");
        assert!(matches!(nobody, Error::NotFound("User")));
        let grant = wallet::grant(&server.app, &actor, &alice, 2_147_483_647, " gift ").await.expect("grants");
        assert_eq!((grant.amount, grant.note.as_str(), grant.user.id.as_str()), (2_147_483_647, "gift", &*alice));
        assert_eq!(Books::audit(&server.app).await.available(&alice), 2_147_483_647);
    }

    /// The check finds every kind of fault and names the first case.
    async fn the_check_finds_what_is_wrong(server: Server) {
        let (alice, bob) = (with_coins(&server, "Alice", 30).await, with_coins(&server, "Bob", 0).await);
        pay(&server, charge(&alice, &bob, &fees(10, 0))).await.expect("covered");
        let hold = take(&server, promise(&alice, &bob, 5)).await.expect("covered").expect("held");
        let sound = wallet::check(&server.app).await.expect("checks");
        assert_eq!((sound.faults, sound.journals, sound.accounts), (Vec::new(), 3, 5));
        let uuid = |id: Uuid| match server.app.db.backend() {
            sea_orm::DatabaseBackend::Postgres => format!("'{id}'"),
            _ => format!("X'{}'", id.simple()),
        };
        let orphan = Uuid::from_u128(7);
        let line = "INSERT INTO journal_lines (account_id, number, journal_id, amount, balance)";
        for (statement, undo, faults) in [
            (
                "UPDATE ledger_accounts SET balance = balance + 1 WHERE kind = 'available' AND balance = 15".to_owned(),
                "UPDATE ledger_accounts SET balance = balance - 1 WHERE kind = 'available' AND balance = 16",
                vec![
                    format!("the account available of {alice} differs from the sum or the number of its lines"),
                    "the sum of all accounts is not zero".to_owned(),
                ],
            ),
            (
                format!("UPDATE holds SET amount = 6 WHERE id = {}", uuid(hold)),
                "UPDATE holds SET amount = 5",
                vec![format!("the user {alice} has held coins that differ from its open holds")],
            ),
            // Lines are append-only, so this case is the last.
            (
                format!(
                    "INSERT INTO journals (id, kind, cause_kind, cause_id, note, created_at)
                     VALUES ({}, 'award', 'operator', 'nobody', 'none', '2000-01-01T00:00:00+00:00')",
                    uuid(orphan)
                ),
                "",
                vec![format!("the journal {orphan} does not have two lines or more that sum to zero")],
            ),
            (
                format!("{line} SELECT id, 9, {}, 1, 1 FROM ledger_accounts WHERE kind = 'earnings'", uuid(orphan)),
                "",
                vec![
                    format!("the journal {orphan} does not have two lines or more that sum to zero"),
                    format!("the journal {orphan} has a line that does not continue the previous line of its account"),
                    "the account earnings of the platform differs from the sum or the number of its lines".to_owned(),
                ],
            ),
        ] {
            server.app.db.write().execute_unprepared(&statement).await.expect(&statement);
            assert_eq!(wallet::check(&server.app).await.expect("checks").faults, faults, "{statement}");
            if !undo.is_empty() {
                server.app.db.write().execute_unprepared(undo).await.expect(undo);
                assert_eq!(wallet::check(&server.app).await.expect("checks").faults, Vec::<String>::new());
            }
        }
    }

    /// The database refuses changes that the program never makes.
    async fn the_database_keeps_what_was_written(server: Server) {
        let (alice, bob) = (with_coins(&server, "Alice", 15).await, with_coins(&server, "Bob", 0).await);
        pay(&server, charge(&alice, &bob, &fees(10, 0))).await.expect("covered");
        for statement in [
            "UPDATE journals SET note = 'changed'",
            "DELETE FROM journals",
            "UPDATE journal_lines SET amount = amount + 1",
            "DELETE FROM journal_lines",
            "UPDATE ledger_accounts SET balance = -1 WHERE kind = 'available'",
            "UPDATE ledger_accounts SET balance = 9223372036854775807 WHERE kind = 'available'",
            "UPDATE ledger_accounts SET balance = balance + 9223372036854775807 WHERE kind = 'available'",
        ] {
            server.app.db.write().execute_unprepared(statement).await.expect_err(statement);
        }
        assert_eq!(Books::audit(&server.app).await.available(&alice), 5);
    }
}
