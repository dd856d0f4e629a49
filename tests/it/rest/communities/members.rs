//! Joining, leaving and the list of members.

use serde_json::{Value, json};

use super::{DETAIL, done, id_of, join, make, members, names, read};
use crate::{
    rest::{NOWHERE, assert_keys, assert_status, refused},
    support::{Server, on_both},
};

on_both! {
    /// Joining and leaving, with and without a body, each repeated.
    async fn joining_and_leaving(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let path = make(&alice, json!({ "name": "Club" })).await;
        let joined = join(&bob, &path).await;
        assert_eq!((joined.status, joined.json), (200, done()));
        assert_eq!(read(&bob, &path).await["memberCount"], 2);
        for who in [&bob, &alice] {
            assert_eq!(refused(&join(who, &path).await, 409, "ALREADY_MEMBER"), "Already a member");
        }
        let left = bob.post_empty(&format!("{path}/leave")).await;
        assert_eq!((left.status, left.json), (200, done()));
        assert_eq!(read(&bob, &path).await["memberCount"], 1);
        assert_eq!(refused(&bob.post_empty(&format!("{path}/leave")).await, 404, "NOT_FOUND"), "Not a member");
        assert_status(&bob.post(&format!("{path}/join"), json!({})).await, 200);
        assert_status(&bob.post(&format!("{path}/leave"), json!({})).await, 200);
        assert_eq!(
            refused(&alice.post_empty(&format!("{path}/leave")).await, 400, "INVALID"),
            "Creator cannot leave. Archive the community instead."
        );
        let nowhere = format!("/api/communities/{NOWHERE}");
        assert_eq!(refused(&join(&bob, &nowhere).await, 404, "NOT_FOUND"), "Community not found");
        assert_eq!(refused(&bob.post_empty(&format!("{nowhere}/leave")).await, 404, "NOT_FOUND"), "Not a member");
        for verb in ["join", "leave"] {
            refused(&server.anon().post_empty(&format!("{path}/{verb}")).await, 401, "UNAUTHENTICATED");
        }
    }

    /// The creator, moderators, then others in the order of joining; all of them, unless a part is requested.
    async fn members_are_listed(server: Server) {
        let alice = server.member("Alice").await;
        let path = make(&alice, json!({ "name": "Club" })).await;
        let mut people = Vec::new();
        for name in ["Bob", "Carol", "Dave", "Erin"] {
            let who = server.member(name).await;
            assert_status(&join(&who, &path).await, 200);
            people.push(who);
        }
        let role = "mutation($c: ID!, $u: ID!, $r: MemberRole!) {
            setMemberRole(input: { communityId: $c, userId: $u, role: $r }) { membership { id } } }";
        for (who, role_name) in [(2, "MODERATOR"), (3, "CS_AGENT")] {
            let variables = json!({ "c": id_of(&path), "u": people[who].id, "r": role_name });
            let answer = alice.graphql(role, variables).await;
            assert!(answer.json["errors"].is_null(), "{}", answer.text);
        }
        let anon = server.anon();
        let list = members(&anon, &path).await;
        assert_keys(
            &list[0],
            &["id", "userId", "role", "joinedAt", "subscriptionStatus", "userName", "userImage", "displayName"],
        );
        let people_of = |list: &[Value]| -> Vec<String> {
            list.iter().map(|row| format!("{} {}", row["userName"], row["role"]).replace('"', "")).collect()
        };
        assert_eq!(
            people_of(&list),
            ["Alice creator", "Dave moderator", "Bob member", "Carol member", "Erin cs_agent"]
        );
        assert!(list.iter().all(|row| row["subscriptionStatus"] == "active" && row["userImage"].is_null()));
        for (query, found) in [
            ("role=cs_agent", &["Erin cs_agent"][..]),
            ("role=MEMBER", &["Bob member", "Carol member"]),
            ("limit=2", &["Alice creator", "Dave moderator"]),
            ("limit=2&offset=3", &["Carol member", "Erin cs_agent"]),
            ("offset=4", &["Erin cs_agent"]),
            ("role=member&limit=1&offset=1", &["Carol member"]),
        ] {
            let answer = anon.get(&format!("{path}/members?{query}")).await;
            assert_eq!(people_of(answer.json["members"].as_array().expect("members")), found, "{query}");
        }
        refused(&anon.get(&format!("{path}/members?role=boss")).await, 400, "INVALID");
        let nowhere = anon.get(&format!("/api/communities/{NOWHERE}/members")).await;
        assert_eq!((nowhere.status, nowhere.json), (200, json!({ "members": [] })));
    }

    /// The list is complete, because clients look for themselves in it.
    async fn members_are_not_paged(server: Server) {
        let alice = server.member("Alice").await;
        let path = make(&alice, json!({ "name": "Club" })).await;
        for number in 0..60 {
            let who = server.member(&format!("Member{number}")).await;
            assert_status(&join(&who, &path).await, 200);
        }
        server.statements();
        assert_eq!(members(&server.anon(), &path).await.len(), 61);
        let statements = server.statements();
        assert!(statements.len() <= 2, "{statements:#?}");
        assert_eq!(read(&alice, &path).await["memberCount"], 61);
    }

    /// The caller's communities, including own ones, last joined first; only active ones.
    async fn joined_communities_are_listed(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let mut paths = Vec::new();
        for name in ["One", "Two", "Three"] {
            paths.push(make(&alice, json!({ "name": name })).await);
        }
        let own = make(&bob, json!({ "name": "Own" })).await;
        for path in [&paths[2], &paths[0], &paths[1]] {
            server.app.clock.advance(std::time::Duration::from_secs(1));
            assert_status(&join(&bob, path).await, 200);
        }
        let joined = bob.get("/api/communities/joined").await;
        assert_eq!(names(&joined), ["Two", "One", "Three", "Own"]);
        assert_keys(&joined.json, &["communities"]);
        assert_keys(&joined.json["communities"][0], &DETAIL);
        assert_status(&alice.delete(&paths[0]).await, 200);
        assert_status(&bob.delete(&own).await, 200);
        assert_status(&bob.post_empty(&format!("{}/leave", paths[2])).await, 200);
        assert_eq!(names(&bob.get("/api/communities/joined").await), ["Two"]);
    }

    /// Of twenty concurrent joins or leaves of one user, one counts.
    async fn parallel_joins_and_leaves_count_once(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let path = make(&alice, json!({ "name": "Club" })).await;
        let joins = futures_util::future::join_all((0..20).map(|_| join(&bob, &path))).await;
        assert_eq!(joins.iter().filter(|answer| answer.status == 200).count(), 1);
        for answer in joins.iter().filter(|answer| answer.status != 200) {
            refused(answer, 409, "ALREADY_MEMBER");
        }
        assert_eq!(read(&alice, &path).await["memberCount"], 2);
        let leave = format!("{path}/leave");
        let leaves = futures_util::future::join_all((0..20).map(|_| bob.post_empty(&leave))).await;
        assert_eq!(leaves.iter().filter(|answer| answer.status == 200).count(), 1);
        for answer in leaves.iter().filter(|answer| answer.status != 200) {
            refused(answer, 404, "NOT_FOUND");
        }
        assert_eq!(read(&alice, &path).await["memberCount"], 1);
        assert_eq!(members(&alice, &path).await.len(), 1);
    }
}

/// The list without a limit ends where the answer does, and the next part starts there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_list_ends_where_the_answer_does() {
    let sqlite = Server::with(|settings| settings.response_bytes = 8192).await;
    let postgres = Server::on_postgres_with(|settings| settings.response_bytes = 8192).await;
    for server in [Some(sqlite), postgres].into_iter().flatten() {
        let alice = server.member("Alice").await;
        let path = make(&alice, json!({ "name": "Club" })).await;
        for number in 0..40 {
            assert_status(&join(&server.member(&format!("Member{number}")).await, &path).await, 200);
        }
        let first = members(&server.anon(), &path).await.len();
        assert!((25..41).contains(&first), "{first}");
        let rest = server.anon().get(&format!("{path}/members?offset={first}")).await;
        assert_status(&rest, 200);
        assert_eq!(rest.json["members"].as_array().expect("members").len(), 41 - first);
    }
}
