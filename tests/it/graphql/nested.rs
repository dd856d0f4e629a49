//! Nested lists: each parent has its own part, and all parents take as many statements as one.

use std::time::Duration;

use serde_json::{Value, json};

use super::conversations::{chat, post};
use crate::support::{Caller, Server, on_both};

/// All fields that are lists, or need a right, within a list.
const EVERYTHING: &str = "query($n: Int!) {
    communities(first: 10) { nodes {
        members(first: $n) { totalCount pageInfo { hasNextPage } nodes { role user { id name } } }
        last: members(last: 1) { nodes { user { id } } }
        second: members(page: 2, limit: 1) { totalPages nodes { user { id } } }
        bans(first: $n) { totalCount nodes { user { id name } reason } }
        conversation { messages(last: $n) { totalCount nodes { content author { name } } } }
    } }
    spaces(first: 10) { nodes { sessions(first: $n) { totalCount nodes { id conversation { title session { id } } } } } }
    viewer {
        conversations(first: 10) { nodes { messages(first: $n) { nodes { content } } session { id } } }
        agentListings(first: 10) { nodes { knowledge { title } } }
    }
}";

async fn ask(caller: &Caller, query: &str, variables: Value) -> Value {
    let answer = caller.graphql(query, variables).await;
    assert!(answer.json["errors"].is_null(), "{}", answer.text);
    answer.json["data"].clone()
}

/// Creates clubs with members, a banned user and messages, spaces with sessions, and agents.
async fn furnish(server: &Server, owner: &Caller, guests: &[Caller], numbers: std::ops::Range<usize>) {
    for number in numbers {
        server.app.clock.advance(Duration::from_secs(60));
        let club = owner.post("/api/communities", json!({ "name": format!("Club {number}") })).await;
        let club = club.json["id"].as_str().expect("an id").to_owned();
        for guest in guests {
            server.app.clock.advance(Duration::from_secs(1));
            assert_eq!(guest.post_empty(&format!("/api/communities/{club}/join")).await.status, 200);
        }
        let input =
            json!({ "i": { "communityId": club, "userId": guests[2].id, "reason": number.to_string() } });
        ask(owner, "mutation($i: BanMemberInput!) { banMember(input: $i) { ban { id } } }", input).await;
        let found =
            ask(owner, "query($c: ID!) { community(id: $c) { conversation { id } } }", json!({ "c": club }));
        let room = found.await["community"]["conversation"]["id"].as_str().expect("an id").to_owned();
        for word in ["one", "two", "three"] {
            post(owner, &room, &format!("{word} in {number}")).await;
        }
        chat(owner).await;
        let agent = json!({ "i": { "agentName": format!("Agent {number}"), "systemPrompt": "You help.",
            "knowledge": [{ "title": format!("Text {number}"), "text": "Something." }] } });
        ask(owner, "mutation($i: CreateAgentListingInput!) { createAgentListing(input: $i) { agentListing { id } } }", agent)
            .await;
    }
}

on_both! {
    /// Many parents take as many statements as two, and each gets its own rows in the list's order.
    async fn many_parents_cost_no_more(server: Server) {
        let owner = server.member("Owner").await;
        let guests = [server.member("Ann").await, server.member("Ben").await, server.member("Cid").await];
        let count = async || {
            server.statements();
            let data = ask(&owner, EVERYTHING, json!({ "n": 2 })).await;
            (data, server.statements())
        };
        furnish(&server, &owner, &guests, 0..2).await;
        let (_, few) = count().await;
        furnish(&server, &owner, &guests, 2..7).await;
        let (data, many) = count().await;
        // Fields of one kind in two branches of the document may share a statement, or not.
        assert!(many.len() <= few.len() + 2, "{} {many:#?}", few.len());

        let clubs = data["communities"]["nodes"].as_array().expect("a list");
        assert_eq!(clubs.len(), 7);
        let mut reasons = Vec::new();
        for club in clubs {
            let names: Vec<_> = club["members"]["nodes"].as_array().expect("a list").iter()
                .map(|row| (row["role"].as_str().expect("a role"), row["user"]["name"].as_str().expect("a name")))
                .collect();
            assert_eq!(names, [("CREATOR", "Owner"), ("MEMBER", "Ann")]);
            assert_eq!((&club["members"]["totalCount"], &club["members"]["pageInfo"]["hasNextPage"]),
                (&json!(3), &json!(true)));
            assert_eq!(club["last"]["nodes"], json!([{ "user": { "id": guests[1].id } }]));
            assert_eq!(club["second"], json!({ "totalPages": 3, "nodes": [{ "user": { "id": guests[0].id } }] }));
            assert_eq!((&club["bans"]["totalCount"], &club["bans"]["nodes"][0]["user"]["name"]),
                (&json!(1), &json!("Cid")));
            let number = club["bans"]["nodes"][0]["reason"].as_str().expect("a reason").to_owned();
            let messages = &club["conversation"]["messages"];
            assert_eq!(messages["totalCount"], 3);
            let said: Vec<_> = messages["nodes"].as_array().expect("a list").iter().map(|row| &row["content"]).collect();
            assert_eq!(said, [&json!(format!("two in {number}")), &json!(format!("three in {number}"))]);
            reasons.push(number);
        }
        reasons.sort();
        assert_eq!(reasons, ["0", "1", "2", "3", "4", "5", "6"]);
        for space in data["spaces"]["nodes"].as_array().expect("a list") {
            let session = &space["sessions"]["nodes"][0];
            assert_eq!(space["sessions"]["totalCount"], 1);
            assert_eq!(session["conversation"], json!({ "title": "Chess", "session": { "id": session["id"] } }));
        }
        let listings = data["viewer"]["agentListings"]["nodes"].as_array().expect("a list");
        assert!(listings.iter().all(|listing| listing["knowledge"].as_array().map(Vec::len) == Some(1)), "{listings:?}");
    }

    /// A right is checked for each parent of a list, as for a single object.
    async fn rights_hold_for_each_parent(server: Server) {
        let owner = server.member("Owner").await;
        let guests = [server.member("Ann").await, server.member("Ben").await, server.member("Cid").await];
        furnish(&server, &owner, &guests, 0..2).await;
        let query = "{ communities(first: 50) { nodes { conversation { messages(last: 1) { nodes { content } } } } } }";
        let inside = ask(&guests[0], query, json!({})).await;
        assert!(inside["communities"]["nodes"][1]["conversation"]["messages"]["nodes"][0]["content"].is_string());
        for outsider in [&guests[2], &server.anon()] {
            let seen = ask(outsider, query, json!({})).await;
            assert_eq!(seen["communities"]["nodes"], json!([{ "conversation": null }, { "conversation": null }]));
        }
        let bans = "{ communities(first: 50) { nodes { bans { nodes { id } } } } }";
        let refused = guests[0].graphql(bans, json!({})).await;
        assert_eq!(refused.json["errors"][0]["extensions"]["code"], "FORBIDDEN", "{}", refused.text);
        let refused = server.anon().graphql(bans, json!({})).await;
        assert_eq!(refused.json["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{}", refused.text);
    }

    /// An inbox with more conversations than one event holds arrives in several events, the newest first.
    async fn a_large_inbox_comes_in_parts(server: Server) {
        let owner = server.member("Owner").await;
        let space = owner.post("/api/spaces", json!({ "name": "Chess" })).await.json["id"].clone();
        let space = space.as_str().expect("an id").to_owned();
        for _ in 0..130 {
            server.app.clock.advance(Duration::from_secs(60));
            let opened = owner.post_empty(&format!("/api/spaces/{space}/sessions")).await;
            assert_eq!(opened.status, 201, "{}", opened.text);
        }
        let query = "query($after: String) { viewer { conversations(first: 50, after: $after) {
            nodes { id messages(last: 1) { totalCount } } pageInfo { endCursor hasNextPage } } } }";
        let (mut all, mut after) = (Vec::<Value>::new(), Value::Null);
        loop {
            let page = ask(&owner, query, json!({ "after": after })).await["viewer"]["conversations"].clone();
            all.extend(page["nodes"].as_array().expect("a list").iter().map(|row| row["id"].clone()));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(all.len(), 130);
        let mut socket = server.socket().by(&owner).await;
        socket.subscribe("1", "subscription { inbox { isSnapshot removedIds conversations { id } } }", json!({})).await;
        let mut told = Vec::new();
        for whole in [true, false] {
            let event = socket.hear().await["payload"]["data"]["inbox"].clone();
            assert_eq!((&event["isSnapshot"], &event["removedIds"]), (&json!(whole), &json!([])));
            told.push(event["conversations"].as_array().expect("a list").len());
            let rows = event["conversations"].as_array().expect("a list").iter().map(|row| row["id"].clone());
            let from = if whole { 0 } else { 100 };
            assert_eq!(rows.collect::<Vec<_>>(), all[from..from + told.last().expect("one")]);
        }
        assert_eq!(told, [100, 30]);
    }
}
