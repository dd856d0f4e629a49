//! Fees of joining, and their shares.

use entity::journal::Kind;
use serde_json::json;

use super::{act, id_of, join, make, members, read};
use crate::{
    rest::{assert_status, refused},
    support::on_both,
};

on_both! {
    /// Both fees at once, each with the creator's share; with a coin too few, nothing changes.
    async fn joining_pays_both_fees(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let path = make(&alice, json!({ "name": "Club", "joinFee": 10, "monthlyFee": 5 })).await;
        server.give(&bob, 14).await;
        let poor = join(&bob, &path).await;
        assert_eq!(refused(&poor, 402, "INSUFFICIENT_BALANCE"), "Insufficient balance");
        assert_eq!((server.balance(&bob).await, server.balance(&alice).await), (14, 0));
        assert_eq!((server.earnings().await, server.paid(Kind::CommunityJoin).await), (0, 0));
        assert_eq!(read(&bob, &path).await["memberCount"], 1);
        assert_eq!(members(&bob, &path).await.len(), 1);

        server.give(&bob, 1).await;
        assert_status(&join(&bob, &path).await, 200);
        assert_eq!((server.balance(&bob).await, server.balance(&alice).await), (0, 7 + 3));
        assert_eq!(server.earnings().await, 3 + 2);
        refused(&join(&bob, &path).await, 409, "ALREADY_MEMBER");
        assert_eq!(server.paid(Kind::CommunityJoin).await, 1);
        assert_eq!(server.paid(Kind::CommunitySubscription).await, 1);
        assert_eq!(read(&bob, &path).await["memberCount"], 2);
    }

    /// Nothing is refunded, and rejoining costs the same again.
    async fn leaving_gives_nothing_back(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let path = make(&alice, json!({ "name": "Club", "joinFee": 10, "monthlyFee": 5 })).await;
        server.give(&bob, 29).await;
        assert_status(&join(&bob, &path).await, 200);
        assert_status(&bob.post_empty(&format!("{path}/leave")).await, 200);
        assert_eq!(server.balance(&bob).await, 14);
        refused(&join(&bob, &path).await, 402, "INSUFFICIENT_BALANCE");
        server.give(&bob, 1).await;
        assert_status(&join(&bob, &path).await, 200);
        assert_eq!((server.balance(&bob).await, server.balance(&alice).await), (0, 20));
    }

    /// Of twenty concurrent joins, one is accepted and pays, the others are refused.
    async fn parallel_joins_pay_once(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let path = make(&alice, json!({ "name": "Club", "joinFee": 10, "monthlyFee": 5 })).await;
        server.give(&bob, 1000).await;
        let joins = futures_util::future::join_all((0..20).map(|_| join(&bob, &path))).await;
        assert_eq!(joins.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(joins.iter().filter(|answer| answer.status == 409).count(), 19);
        assert_eq!((server.balance(&bob).await, server.balance(&alice).await), (985, 10));
        assert_eq!(server.paid(Kind::CommunityJoin).await, 1);
        assert_eq!(read(&alice, &path).await["memberCount"], 2);
    }

    /// A repeated request with a key is the same join.
    async fn a_retried_join_pays_once(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let path = make(&alice, json!({ "name": "Club", "joinFee": 10 })).await;
        server.give(&bob, 100).await;
        for _ in 0..3 {
            let request = bob.request(reqwest::Method::POST, &format!("{path}/join"));
            assert_status(&bob.send(request.header("Idempotency-Key", "join-once")).await, 200);
        }
        assert_eq!((server.balance(&bob).await, server.paid(Kind::CommunityJoin).await), (90, 1));
        refused(&join(&bob, &path).await, 409, "ALREADY_MEMBER");
    }

    /// A user who saw another price is asked again and not charged.
    async fn a_changed_price_is_refused(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let path = make(&alice, json!({ "name": "Club", "joinFee": 10, "monthlyFee": 5 })).await;
        server.give(&bob, 100).await;
        let verb = format!("{path}/join");
        for expected in [0, 10, 14, 16] {
            let answer = bob.post(&verb, json!({ "expectedTotal": expected })).await;
            let sentence = refused(&answer, 409, "PRICE_CHANGED");
            assert!(sentence.contains("15 coins now") && sentence.contains(&expected.to_string()), "{sentence}");
        }
        refused(&bob.post(&verb, json!({ "expectedTotal": 1.5 })).await, 422, "UNPROCESSABLE");
        assert_eq!(server.balance(&bob).await, 100);
        assert_status(&bob.post(&verb, json!({ "expectedTotal": 15 })).await, 200);
        assert_eq!(server.balance(&bob).await, 85);
        let again = bob.post(&verb, json!({ "expectedTotal": 1 })).await;
        refused(&again, 409, "ALREADY_MEMBER");
    }

    /// 404, 400, 403, 409, 402: each before the next.
    async fn refusals_have_an_order(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let path = make(&alice, json!({ "name": "Club", "joinFee": 10 })).await;
        refused(&join(&bob, &path).await, 402, "INSUFFICIENT_BALANCE");
        act(&alice, &path, "banMember", "BanMemberInput", json!({ "userId": bob.id })).await.expect("bans");
        let banned = join(&bob, &path).await;
        assert_eq!(refused(&banned, 403, "MEMBER_BANNED"), "You are banned from this community");
        assert_status(&alice.delete(&path).await, 200);
        for who in [&bob, &alice] {
            assert_eq!(refused(&join(who, &path).await, 400, "INVALID"), "Community is not active");
        }
        assert_eq!(server.paid(Kind::CommunityJoin).await, 0);
    }

    /// The largest fees add up without overflow.
    async fn the_largest_fees_add_up(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let most = 2_147_483_647_i64;
        let path = make(&alice, json!({ "name": "Club", "joinFee": most, "monthlyFee": most })).await;
        server.give(&bob, most).await;
        refused(&join(&bob, &path).await, 402, "INSUFFICIENT_BALANCE");
        server.give(&bob, most).await;
        assert_status(&join(&bob, &path).await, 200);
        let share = most * 7 / 10;
        assert_eq!((server.balance(&alice).await, server.balance(&bob).await), (2 * share, 0));
        assert_eq!(server.earnings().await, 2 * (most - share));
    }

    /// The creator's revenue of the last 30 days, for the command line.
    async fn creators_see_what_they_earned(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let path = make(&alice, json!({ "name": "Club", "joinFee": 10, "monthlyFee": 5 })).await;
        server.app.clock.advance(std::time::Duration::from_secs(1));
        make(&alice, json!({ "name": "Other" })).await;
        server.give(&bob, 30).await;
        assert_status(&join(&bob, &path).await, 200);
        server.app.clock.advance(std::time::Duration::from_secs(20 * 86_400));
        assert_status(&bob.post_empty(&format!("{path}/leave")).await, 200);
        assert_status(&join(&bob, &path).await, 200);
        alice.get("/api/creator/api-keys/whoami").await;
        server.statements();
        let own = alice.get("/api/creator/community").await;
        let statements = server.statements();
        assert!(statements.len() <= 2, "{statements:#?}");
        let wanted = json!({ "communities": [
            { "id": own.json["communities"][0]["id"], "name": "Other", "memberCount": 1, "monthlyRevenue": 0, "status": "active" },
            { "id": id_of(&path), "name": "Club", "memberCount": 2, "monthlyRevenue": 20, "status": "active" },
        ] });
        assert_eq!(own.json, wanted);
        server.app.clock.advance(std::time::Duration::from_secs(11 * 86_400));
        let own = alice.get("/api/creator/community").await;
        assert_eq!(own.json["communities"][1]["monthlyRevenue"], 10, "what is older than 30 days is not counted");
        let query = "query($id: ID!) { community(id: $id) { monthlyRevenue } }";
        let seen = bob.graphql(query, json!({ "id": id_of(&path) })).await;
        assert_eq!(seen.json["data"]["community"], json!({ "monthlyRevenue": null }));
        refused(&server.anon().get("/api/creator/community").await, 401, "UNAUTHENTICATED");
    }
}
