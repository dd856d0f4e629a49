//! Balance, transactions and top-up for clients of the original service.

use entity::journal::{CauseKind, Kind};
use plaza::{
    config::Switch,
    domain::wallet::{self, Cause, Charge, Fee, Hold},
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{assert_keys, assert_status, refused, text};
use crate::support::{Caller, Server, on_both};

const CAUSE: Cause<'_> = Cause { kind: CauseKind::Community, id: "chess" };

async fn person(server: &Server, who: &Caller) -> entity::user::Model {
    let found = entity::user::Entity::find_by_id(&who.id).one(server.app.db.read()).await;
    found.expect("reads").expect("is there")
}

async fn issue(server: &Server, who: &Caller, coins: i64) {
    wallet::issue(&server.app, &person(server, who).await, coins, "for a test").await.expect("issues");
}

async fn pay(server: &Server, payer: &Caller, payee: &Caller, join: i64, monthly: i64) {
    let fees = [
        Fee { kind: Kind::CommunityJoin, amount: join },
        Fee { kind: Kind::CommunitySubscription, amount: monthly },
    ];
    let (payer, payee, refusal) = (payer.id.as_str(), payee.id.as_str(), "Insufficient balance");
    let charge = Charge { payer, payee, fees: &fees, refusal, cause: CAUSE, what: "Chess", once: None };
    let tx = server.app.db.begin().await.expect("begins");
    wallet::charge(&server.app, &tx, charge).await.expect("covered");
    tx.commit().await.expect("commits");
}

async fn balance(who: &Caller) -> Value {
    let answer = who.get("/api/wallet/balance").await;
    assert_status(&answer, 200);
    assert_keys(&answer.json, &["balance"]);
    answer.json["balance"].clone()
}

/// Returns all transactions, page by page, newest first.
async fn transactions(who: &Caller, limit: usize) -> Vec<Value> {
    let mut all = Vec::new();
    for page in 1.. {
        let answer = who.get(&format!("/api/wallet/transactions?page={page}&limit={limit}")).await;
        assert_status(&answer, 200);
        assert_keys(&answer.json, &["transactions", "total"]);
        let rows = answer.json["transactions"].as_array().expect("a list").clone();
        if rows.is_empty() {
            assert_eq!(answer.json["total"], all.len());
            return all;
        }
        all.extend(rows);
    }
    unreachable!("the pages end")
}

on_both! {
    async fn a_new_wallet_is_empty(server: Server) {
        let alice = server.member("Alice").await;
        assert_eq!(balance(&alice).await, 0);
        let none = alice.get("/api/wallet/transactions").await;
        assert_eq!(none.json, json!({ "transactions": [], "total": 0 }));
        for path in ["/api/wallet/balance", "/api/wallet/transactions", "/api/v1/wallet/balance"] {
            assert_eq!(refused(&server.anon().get(path).await, 401, "UNAUTHENTICATED"), "Unauthorized");
        }
        refused(&server.anon().post("/api/wallet/topup", json!({ "amount": "x" })).await, 401, "UNAUTHENTICATED");
    }

    /// Payer and creator see one movement from two sides, and each statement explains its balance.
    async fn statements_explain_balances(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        issue(&server, &alice, 100).await;
        server.app.clock.advance(std::time::Duration::from_secs(60));
        pay(&server, &alice, &bob, 10, 5).await;
        let fee = Fee { kind: Kind::CommunityAgentCall, amount: 8 };
        let (payer, payee, refusal) = (alice.id.as_str(), bob.id.as_str(), "no");
        let promise = Hold { payer, payee, fee, refusal, cause: CAUSE, what: "Chess" };
        for capture in [false, true] {
            let tx = server.app.db.begin().await.expect("begins");
            let hold = wallet::hold(&server.app, &tx, promise).await.expect("covered").expect("held");
            tx.commit().await.expect("commits");
            let held = alice.graphql("{ viewer { wallet { balance held } } }", json!({})).await;
            assert_eq!(held.json["data"]["viewer"]["wallet"], json!({ "balance": 77, "held": 8 }));
            let tx = server.app.db.begin().await.expect("begins");
            if capture {
                wallet::capture(&server.app, &tx, hold).await.expect("captures");
            } else {
                wallet::void(&server.app, &tx, hold).await.expect("voids");
            }
            tx.commit().await.expect("commits");
        }
        let brief = |rows: &[Value]| -> Vec<(String, i64, String)> {
            let brief = rows.iter().map(|row| {
                assert_keys(row, &["id", "type", "amount", "description", "createdAt"]);
                let amount = row["amount"].as_i64().expect("an integer");
                (text(row, "type").to_owned(), amount, text(row, "description").to_owned())
            });
            brief.collect()
        };
        let row = |kind: &str, amount: i64, description: &str| (kind.to_owned(), amount, description.to_owned());
        let of_alice = transactions(&alice, 2).await;
        assert_eq!(brief(&of_alice), [
            row("community_agent_call", -8, "Agent call: Chess"),
            row("refund", 8, "Given back: Chess"),
            row("community_agent_call", -8, "Agent call: Chess"),
            row("community_subscription", -5, "Monthly fee: Chess"),
            row("community_join", -10, "Join fee: Chess"),
            row("award", 100, "for a test"),
        ]);
        let of_bob = transactions(&bob, 50).await;
        assert_eq!(brief(&of_bob), [
            row("earning", 5, "Agent call: Chess"),
            row("earning", 3, "Monthly fee: Chess"),
            row("earning", 7, "Join fee: Chess"),
        ]);
        for (who, rows, is) in [(&alice, &of_alice, 77), (&bob, &of_bob, 15)] {
            assert_eq!(rows.iter().map(|row| row["amount"].as_i64().expect("an integer")).sum::<i64>(), is);
            assert_eq!(balance(who).await, is);
        }
        assert_eq!(of_alice[4]["id"], of_bob[2]["id"], "one movement");
        assert_eq!(of_alice[0]["createdAt"].as_str().expect("a time").len(), "2026-03-05T12:00:00.123456Z".len());
    }

    /// A statement is paged by cursor in both directions, in the order of balance changes, whatever the clock
    /// is.
    async fn a_statement_is_walked_by_cursor(server: Server) {
        let alice = server.member("Alice").await;
        for coins in 1..=7 {
            issue(&server, &alice, coins).await;
        }
        let query = "query($first: Int, $after: String, $last: Int, $before: String) { viewer { wallet { entries(first: $first, after: $after,
            last: $last, before: $before) { totalCount nodes { amount balance kind cause { kind objectId } }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }";
        let ask = async |variables: Value| {
            let answer = alice.graphql(query, variables).await;
            let entries = answer.json["data"]["viewer"]["wallet"]["entries"].clone();
            assert_eq!(entries["totalCount"], 7, "{}", answer.text);
            let amounts: Vec<i64> =
                entries["nodes"].as_array().expect("a list").iter().map(|node| node["amount"].as_i64().expect("coins")).collect();
            (amounts, entries)
        };
        let (amounts, first) = ask(json!({ "first": 3 })).await;
        assert_eq!(amounts, [7, 6, 5]);
        assert_eq!(first["nodes"][0], json!({ "amount": 7, "balance": 28, "kind": "AWARD", "cause": { "kind": "OPERATOR", "objectId": "command" } }));
        let (amounts, second) = ask(json!({ "first": 3, "after": first["pageInfo"]["endCursor"] })).await;
        assert_eq!((amounts, &second["pageInfo"]["hasNextPage"]), (vec![4, 3, 2], &json!(true)));
        let (amounts, last) = ask(json!({ "first": 3, "after": second["pageInfo"]["endCursor"] })).await;
        assert_eq!((amounts, &last["pageInfo"]["hasNextPage"]), (vec![1], &json!(false)));
        let (amounts, _) = ask(json!({ "last": 2, "before": second["pageInfo"]["startCursor"] })).await;
        assert_eq!(amounts, [6, 5]);
        // A cursor of another order is refused.
        alice.post("/api/spaces", json!({ "name": "Chess" })).await;
        let spaces = alice.graphql("{ viewer { spaces { pageInfo { endCursor } } } }", json!({})).await;
        let foreign = &spaces.json["data"]["viewer"]["spaces"]["pageInfo"]["endCursor"];
        let refused = alice.graphql(query, json!({ "first": 3, "after": foreign })).await;
        assert_eq!(refused.json["errors"][0]["message"], "after is not a cursor of this list", "{}", refused.text);
    }

    async fn a_page_of_transactions_is_two_statements(server: Server) {
        let alice = server.member("Alice").await;
        for coins in 1..=30 {
            issue(&server, &alice, coins).await;
        }
        alice.get("/api/wallet/balance").await;
        server.statements();
        let page = alice.get("/api/wallet/transactions?page=2&limit=10").await;
        assert_eq!(page.json["transactions"][0]["amount"], 20, "{}", page.text);
        let statements = server.statements();
        assert_eq!(statements.len(), 2, "{statements:#?}");
        assert!(statements.iter().all(|sql| !sql.to_lowercase().contains("count(")), "the total is known");
        // Clamped like every list; beyond the end it is empty.
        for (query, rows) in [("page=0&limit=0", 1), ("limit=1000", 30), ("page=2147483647&limit=50", 0)] {
            let answer = alice.get(&format!("/api/wallet/transactions?{query}")).await;
            assert_eq!(answer.json["transactions"].as_array().expect("a list").len(), rows, "{}", answer.text);
            assert_eq!(answer.json["total"], 30);
        }
        refused(&alice.get("/api/wallet/transactions?page=two").await, 400, "INVALID");
    }

    async fn administrators_grant_and_see_the_ledger(server: Server) {
        let (admin, alice, bob) = (server.member("Admin").await, server.member("Alice").await, server.member("Bob").await);
        let grant = "mutation($who: ID!, $amount: Coins!) { grantCoins(input: { userId: $who, amount: $amount, note: \"A gift\" })
            { walletEntryId user { id name } amount note createdAt } }";
        let see = "{ platform { earnings ledger { issued available held earnings sum } } }";
        for (query, variables) in [(grant, json!({ "who": alice.id, "amount": 5 })), (see, json!({}))] {
            let refused = alice.graphql(query, variables).await;
            let error = &refused.json["errors"][0];
            assert_eq!((&error["extensions"]["code"], &error["message"]), (&json!("FORBIDDEN"), &json!("Admin only")));
        }
        plaza::domain::accounts::promote(&server.app, &person(&server, &admin).await).await.expect("promotes");
        let granted = admin.graphql(grant, json!({ "who": alice.id, "amount": 100 })).await;
        let granted = &granted.json["data"]["grantCoins"];
        assert_eq!((&granted["amount"], &granted["user"]["name"]), (&json!(100), &json!("Alice")), "{granted}");
        for (amount, message) in [
            (json!(0), "amount must be 1-2147483647 coins"),
            (json!(1.5), "\"amount\" must be a whole number"),
            (json!("5"), "\"amount\" must be a whole number"),
        ] {
            let refused = admin.graphql(grant, json!({ "who": alice.id, "amount": amount })).await;
            assert_eq!(refused.json["errors"][0]["message"], message, "{}", refused.text);
            assert_eq!(refused.json["errors"][0]["extensions"]["field"], "amount");
        }
        pay(&server, &alice, &bob, 10, 0).await;
        let seen = admin.graphql(see, json!({})).await;
        let ledger = json!({ "issued": 100, "available": 97, "held": 0, "earnings": 3, "sum": 0 });
        assert_eq!(seen.json["data"]["platform"], json!({ "earnings": 3, "ledger": ledger }), "{}", seen.text);
    }

    async fn topping_up_is_off(server: Server) {
        let alice = server.member("Alice").await;
        let answer = alice.post("/api/wallet/topup", json!({ "amount": 100 })).await;
        assert_eq!(refused(&answer, 403, "FORBIDDEN"), "Top-up is disabled");
        assert_eq!(balance(&alice).await, 0);
    }
}

async fn topping_up(server: Server) {
    let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
    let top_up = async |who: &Caller, body: Value| who.post("/api/wallet/topup", body).await;
    let answer = top_up(&alice, json!({ "amount": 100 })).await;
    assert_eq!((answer.status, &answer.json), (200, &json!({ "balance": 100 })));
    let body = json!({ "amount": 50, "receiptId": "r-1" });
    let sent = (0..10).map(|_| top_up(&alice, body.clone()));
    for answer in futures_util::future::join_all(sent).await {
        assert_eq!((answer.status, &answer.json), (200, &json!({ "balance": 150 })), "once: {}", answer.text);
    }
    let row = transactions(&alice, 50).await.remove(0);
    assert_eq!((text(&row, "type"), &row["amount"]), ("topup", &json!(50)));
    for (who, body) in [(&bob, body), (&alice, json!({ "amount": 60, "receiptId": "r-1" }))] {
        let message = "This receipt was used for another payment";
        assert_eq!(refused(&top_up(who, body).await, 409, "CONFLICT"), message);
    }
    for amount in [json!(0), json!(-5), json!(2_147_483_648_i64)] {
        refused(&top_up(&alice, json!({ "amount": amount })).await, 400, "INVALID");
    }
    for body in [json!({}), json!({ "amount": 1.5 }), json!({ "amount": "5" })] {
        refused(&top_up(&alice, body).await, 422, "UNPROCESSABLE");
    }
    refused(&top_up(&alice, json!({ "amount": 5, "receiptId": "" })).await, 400, "INVALID");
    assert_eq!((balance(&alice).await, balance(&bob).await), (json!(150), json!(0)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn topping_up_on_sqlite() {
    topping_up(Server::with(|settings| settings.topup = Switch::On).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn topping_up_on_postgres() {
    let Some(server) = Server::on_postgres_with(|settings| settings.topup = Switch::On).await else { return };
    topping_up(server).await;
}
