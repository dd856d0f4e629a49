//! Concurrent requests: the member count equals the rows, and every payment has its membership.

use entity::{community, journal::Kind, membership};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use super::{act, id_of, join, make};
use crate::support::{Answer, Caller, Server, on_both};

/// Returns the stored count and the number of rows.
async fn counts(server: &Server, path: &str) -> (i64, u64) {
    let (db, id) = (server.app.db.read(), id_of(path).parse::<uuid::Uuid>().expect("an id"));
    let community = community::Entity::find_by_id(id).one(db).await.expect("reads").expect("is there");
    let rows = membership::Entity::find().filter(membership::Column::CommunityId.eq(id)).count(db).await;
    (community.member_count, rows.expect("counts"))
}

async fn is_member(server: &Server, path: &str, who: &Caller) -> bool {
    let id = id_of(path).parse().expect("an id");
    let found = plaza::domain::communities::find_membership(server.app.db.read(), id, &who.id).await;
    found.expect("reads").is_some()
}

async fn leave(who: &Caller, path: &str) -> Answer {
    who.post_empty(&format!("{path}/leave")).await
}

async fn people(server: &Server, count: usize, coins: i64) -> Vec<Caller> {
    let mut people = Vec::new();
    for number in 0..count {
        let who = server.member(&format!("Person{number}")).await;
        server.give(&who, coins).await;
        people.push(who);
    }
    people
}

on_both! {
    /// Each user joins and leaves three times, all concurrently: exactly the accepted joins are paid.
    async fn joins_against_leaves(server: Server) {
        let alice = server.member("Alice").await;
        let path = make(&alice, json!({ "name": "Club", "joinFee": 10 })).await;
        let people = people(&server, 6, 1000).await;
        let joined = join_all(people.iter().map(async |who| {
            let mut joined = 0_i64;
            for _ in 0..3 {
                let answers = tokio::join!(join(who, &path), leave(who, &path), join(who, &path));
                for answer in [&answers.0, &answers.2] {
                    assert!(matches!(answer.status, 200 | 409), "{}", answer.text);
                    joined += i64::from(answer.status == 200);
                }
                assert!(matches!(answers.1.status, 200 | 404), "{}", answers.1.text);
            }
            joined
        }))
        .await;
        for (who, joined) in people.iter().zip(&joined) {
            assert_eq!(server.balance(who).await, 1000 - 10 * joined);
        }
        let all: i64 = joined.iter().sum();
        assert_eq!(server.paid(Kind::CommunityJoin).await, u64::try_from(all).expect("a count"));
        assert_eq!(server.balance(&alice).await, 7 * all);
        let (count, rows) = counts(&server, &path).await;
        assert_eq!(u64::try_from(count).expect("a count"), rows);
    }

    /// A user who is banned during a join is out in the end, and joined at most once.
    async fn joins_against_bans(server: Server) {
        let alice = server.member("Alice").await;
        let path = make(&alice, json!({ "name": "Club", "joinFee": 10 })).await;
        let people = people(&server, 6, 1000).await;
        join_all(people.iter().map(async |who| {
            let ban = act(&alice, &path, "banMember", "BanMemberInput", json!({ "userId": who.id }));
            let (first, ban, second) = tokio::join!(join(who, &path), ban, join(who, &path));
            ban.expect("bans");
            for answer in [&first, &second] {
                assert!(matches!(answer.status, 200 | 403 | 409), "{}", answer.text);
            }
            assert!(first.status != 200 || second.status != 200);
            assert_eq!(join(who, &path).await.status, 403);
            let came = i64::from(first.status == 200 || second.status == 200);
            assert_eq!(server.balance(who).await, 1000 - 10 * came);
            assert!(!is_member(&server, &path, who).await);
        }))
        .await;
        assert_eq!(counts(&server, &path).await, (1, 1));
    }

    /// All users pay a valid price, and with an expected price exactly that one.
    async fn joins_against_a_changed_fee(server: Server) {
        let alice = server.member("Alice").await;
        let path = make(&alice, json!({ "name": "Club", "joinFee": 10 })).await;
        let people = people(&server, 12, 1000).await;
        let joins = people.iter().enumerate().map(async |(number, who)| {
            let body = if number % 2 == 0 { json!({ "expectedTotal": 10 }) } else { json!({}) };
            let answer = who.post(&format!("{path}/join"), body).await;
            let paid = 1000 - server.balance(who).await;
            match answer.status {
                200 if number % 2 == 0 => assert_eq!(paid, 10),
                200 => assert!(paid == 10 || paid == 20, "{paid}"),
                _ => {
                    assert_eq!((answer.json["code"].as_str(), paid), (Some("PRICE_CHANGED"), 0), "{}", answer.text);
                }
            }
            assert_eq!(is_member(&server, &path, who).await, answer.status == 200);
        });
        let change = alice.put(&path, json!({ "joinFee": 20 }));
        let (_, change) = tokio::join!(join_all(joins), change);
        assert_eq!(change.status, 200, "{}", change.text);
        let (count, rows) = counts(&server, &path).await;
        assert_eq!(u64::try_from(count).expect("a count"), rows);
    }

    /// Joins before the archiving are paid; later ones are refused.
    async fn joins_against_archiving(server: Server) {
        let alice = server.member("Alice").await;
        let path = make(&alice, json!({ "name": "Club", "joinFee": 10 })).await;
        let people = people(&server, 12, 1000).await;
        let joins = people.iter().map(async |who| {
            let answer = join(who, &path).await;
            assert!(matches!(answer.status, 200 | 400), "{}", answer.text);
            let came = answer.status == 200;
            assert_eq!(server.balance(who).await, if came { 990 } else { 1000 });
            assert_eq!(is_member(&server, &path, who).await, came);
            u64::from(came)
        });
        let (came, gone) = tokio::join!(join_all(joins), alice.delete(&path));
        assert_eq!(gone.status, 200, "{}", gone.text);
        let came: u64 = came.iter().sum();
        assert_eq!(server.paid(Kind::CommunityJoin).await, came);
        let (count, rows) = counts(&server, &path).await;
        assert_eq!((u64::try_from(count).expect("a count"), rows), (came + 1, came + 1));
    }

    /// A user who deletes the account during a join is no member in the end.
    async fn joins_against_a_deleted_account(server: Server) {
        let alice = server.member("Alice").await;
        let path = make(&alice, json!({ "name": "Club" })).await;
        let people = people(&server, 6, 1).await;
        join_all(people.iter().map(async |who| {
            let gone = who.graphql(
                "mutation { deleteAccount(input: { password: \"a long password\" }) { deletedId } }",
                json!({}),
            );
            let (first, gone, second) = tokio::join!(join(who, &path), gone, join(who, &path));
            for answer in [&first, &second] {
                assert!(matches!(answer.status, 200 | 401 | 409), "{}", answer.text);
            }
            assert_eq!(gone.json["data"]["deleteAccount"]["deletedId"], who.id, "{}", gone.text);
            assert!(!is_member(&server, &path, who).await);
        }))
        .await;
        assert_eq!(counts(&server, &path).await, (1, 1));
    }

    /// Concurrent ownership transfers leave one creator, the one that the community names.
    async fn there_is_always_one_creator(server: Server) {
        let alice = server.member("Alice").await;
        let path = make(&alice, json!({ "name": "Club" })).await;
        let people = people(&server, 5, 1).await;
        for who in &people {
            assert_eq!(join(who, &path).await.status, 200);
        }
        let transfers = people.iter().map(|who| {
            act(&alice, &path, "transferOwnership", "TransferOwnershipInput", json!({ "userId": who.id }))
        });
        let leaves = people.iter().map(|who| leave(who, &path));
        let (transfers, _) = tokio::join!(join_all(transfers), join_all(leaves));
        assert!(transfers.iter().filter(|outcome| outcome.is_ok()).count() <= 1);
        let (db, id) = (server.app.db.read(), id_of(&path).parse::<uuid::Uuid>().expect("an id"));
        let community = community::Entity::find_by_id(id).one(db).await.expect("reads").expect("is there");
        let creators = membership::Entity::find()
            .filter(membership::Column::CommunityId.eq(id))
            .filter(membership::Column::Role.eq(membership::Role::Creator))
            .all(db)
            .await
            .expect("reads");
        assert_eq!(creators.len(), 1);
        assert_eq!(creators[0].user_id, community.creator_id);
        let (count, rows) = counts(&server, &path).await;
        assert_eq!(u64::try_from(count).expect("a count"), rows);
    }
}
