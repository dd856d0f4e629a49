//! Communities over GraphQL: features without a REST path.

use std::time::Duration;

use chrono::TimeDelta;
use plaza::{domain::communities, error::Code};
use serde_json::{Value, json};

use crate::support::{Answer, Caller, Server, changed, on_both};

#[track_caller]
fn data(answer: &Answer) -> &Value {
    assert!(answer.json["errors"].is_null(), "{}", answer.text);
    &answer.json["data"]
}

fn code(answer: &Answer) -> &str {
    answer.json["errors"][0]["extensions"]["code"].as_str().unwrap_or("none")
}

/// Creates a community; returns its id.
async fn make(caller: &Caller, body: Value) -> String {
    let answer = caller.post("/api/communities", body).await;
    answer.json["id"].as_str().expect("an id").to_owned()
}

async fn join(caller: &Caller, id: &str) -> Answer {
    caller.post_empty(&format!("/api/communities/{id}/join")).await
}

/// Runs a mutation with one input.
async fn act(caller: &Caller, verb: &str, input: &str, selection: &str, body: Value) -> Answer {
    let changed = changed(verb);
    let query = format!("mutation($input: {input}!) {{ {verb}(input: $input) {{ {changed} {selection} }} }}");
    caller.graphql(&query, json!({ "input": body })).await
}

/// Returns the reason why a user may not post.
async fn silenced(server: &Server, id: &str, who: &Caller) -> Option<Code> {
    use sea_orm::EntityTrait;
    let user = entity::user::Entity::find_by_id(&who.id).one(server.app.db.read()).await;
    let user = user.expect("reads").expect("is there");
    let id = id.parse().expect("an id");
    let speaker =
        communities::get_member_state(&server.app, server.app.db.read(), &user, id, "Members only").await;
    speaker.err().map(|error| error.code())
}

on_both! {
    /// Each kind is a type that implements one interface.
    async fn kinds_are_types(server: Server) {
        let alice = server.member("Alice").await;
        for (name, kind) in [("A", "club"), ("B", "official")] {
            server.app.clock.advance(Duration::from_secs(1));
            make(&alice, json!({ "name": name, "type": kind })).await;
        }
        let query = "{ communities(sort: NEWEST) { nodes {
            __typename name kind ... on Club { status } ... on OfficialAccount { csMode creator { name } } } } }";
        let answer = server.anon().graphql(query, json!({})).await;
        let wanted = json!([
            { "__typename": "OfficialAccount", "name": "B", "kind": "OFFICIAL", "csMode": "AI_ONLY", "creator": { "name": "Alice" } },
            { "__typename": "Club", "name": "A", "kind": "CLUB", "status": "ACTIVE" },
        ]);
        assert_eq!(data(&answer)["communities"]["nodes"], wanted);
        let wrong = server.anon().graphql("{ communities(kind: GUILD) { nodes { id } } }", json!({})).await;
        assert_eq!(code(&wrong), "GRAPHQL_VALIDATION_FAILED");
        let lounge = act(&alice, "createCommunity", "CreateCommunityInput", "{ id }",
            json!({ "name": "L", "kind": "LOUNGE" })).await;
        assert_eq!(code(&lounge), "INVALID");
        let negative = act(&alice, "createCommunity", "CreateCommunityInput", "{ id }",
            json!({ "name": "N", "joinFee": -1 })).await;
        assert_eq!((code(&negative), negative.json["errors"][0]["message"].as_str()), ("INVALID", Some("Join fee cannot be negative")));
    }

    /// Cursors forwards and backwards return each community once, in both orders.
    async fn walking_by_cursor(server: Server) {
        let alice = server.member("Alice").await;
        let mut ids = Vec::new();
        for number in 0..7 {
            server.app.clock.advance(Duration::from_secs(1));
            ids.push(make(&alice, json!({ "name": format!("{number}") })).await);
        }
        for (guest, places) in [("Bob", &[1, 4][..]), ("Carol", &[4, 2])] {
            let guest = server.member(guest).await;
            for place in places {
                assert_eq!(join(&guest, &ids[*place]).await.status, 200);
            }
        }
        let anon = server.anon();
        for (sort, wanted) in [("MEMBERS", "4210356"), ("NEWEST", "6543210")] {
            let wanted: Vec<String> = if sort == "MEMBERS" {
                // Three, two, two, then the newest first.
                ["4", "2", "1", "6", "5", "3", "0"].map(str::to_owned).to_vec()
            } else {
                wanted.chars().map(String::from).collect()
            };
            let forward = "query($s: CommunitySort, $a: String) { communities(sort: $s, first: 3, after: $a) {
                nodes { name } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount } }";
            let (mut seen, mut after) = (Vec::new(), Value::Null);
            loop {
                let answer = anon.graphql(forward, json!({ "s": sort, "a": after })).await;
                let page = &data(&answer)["communities"];
                assert_eq!(page["totalCount"], 7);
                seen.extend(page["nodes"].as_array().expect("nodes").iter().map(|node| node["name"].as_str().expect("a name").to_owned()));
                after = page["pageInfo"]["endCursor"].clone();
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
            }
            assert_eq!(seen, wanted, "{sort}");
            let backward = "query($s: CommunitySort, $b: String) { communities(sort: $s, last: 3, before: $b) {
                edges { cursor node { name } } pageInfo { hasPreviousPage startCursor } } }";
            let (mut seen, mut before) = (Vec::new(), Value::Null);
            loop {
                let answer = anon.graphql(backward, json!({ "s": sort, "b": before })).await;
                let page = &data(&answer)["communities"];
                let names: Vec<String> = page["edges"].as_array().expect("edges").iter()
                    .map(|edge| edge["node"]["name"].as_str().expect("a name").to_owned()).collect();
                seen.splice(0..0, names);
                before = page["pageInfo"]["startCursor"].clone();
                if page["pageInfo"]["hasPreviousPage"] == false {
                    break;
                }
            }
            assert_eq!(seen, wanted, "{sort} backwards");
        }
        let foreign = anon.graphql("{ communities(after: \"1.00000000000000000000000000000001\") { nodes { id } } }", json!({})).await;
        assert_eq!(code(&foreign), "INVALID");
    }

    /// Members by cursor, in the order of roles; also of one role only.
    async fn members_by_cursor(server: Server) {
        let alice = server.member("Alice").await;
        let id = make(&alice, json!({ "name": "Club" })).await;
        let mut people = Vec::new();
        for name in ["Bob", "Carol", "Dave", "Erin"] {
            let who = server.member(name).await;
            assert_eq!(join(&who, &id).await.status, 200);
            people.push(who);
        }
        for (who, role) in [(3, "MODERATOR"), (0, "CS_AGENT")] {
            let body = json!({ "communityId": id, "userId": people[who].id, "role": role });
            data(&act(&alice, "setMemberRole", "SetMemberRoleInput", "{ role }", body).await);
        }
        let query = "query($id: ID!, $r: MemberRole, $a: String) { community(id: $id) { members(role: $r, first: 2, after: $a) {
            nodes { displayName role } pageInfo { endCursor } totalCount } } }";
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        for _ in 0..3 {
            let answer = server.anon().graphql(query, json!({ "id": id, "a": after })).await;
            let page = &data(&answer)["community"]["members"];
            assert_eq!(page["totalCount"], 5);
            seen.extend(page["nodes"].as_array().expect("nodes").iter().map(|node| node["displayName"].as_str().expect("a name").to_owned()));
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(seen, ["Alice", "Erin", "Bob", "Carol", "Dave"]);
        let answer = server.anon().graphql(query, json!({ "id": id, "r": "MEMBER" })).await;
        let page = &data(&answer)["community"]["members"];
        assert_eq!((&page["nodes"][0]["displayName"], &page["totalCount"]), (&json!("Carol"), &json!(2)));
    }

    /// The viewer's memberships and own communities.
    async fn the_viewers_own(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let mut ids = Vec::new();
        for name in ["One", "Two", "Three"] {
            server.app.clock.advance(Duration::from_secs(1));
            ids.push(make(&alice, json!({ "name": name })).await);
        }
        for id in [&ids[2], &ids[0]] {
            server.app.clock.advance(Duration::from_secs(1));
            assert_eq!(join(&bob, id).await.status, 200);
        }
        assert_eq!(alice.delete(&format!("/api/communities/{}", ids[0])).await.status, 200);
        let query = "{ viewer {
            memberships { nodes { role community { name status viewerMembership { role } } user { name } } totalCount }
            createdCommunities(limit: 2) { nodes { name } totalCount totalPages } } }";
        server.statements();
        let own = bob.graphql(query, json!({})).await;
        let statements = server.statements();
        assert!(statements.len() <= 6, "{statements:#?}");
        let viewer = &data(&own)["viewer"];
        let seen: Vec<_> = viewer["memberships"]["nodes"].as_array().expect("nodes").iter()
            .map(|node| (node["community"]["name"].as_str().expect("a name"), node["community"]["status"].as_str().expect("one"))).collect();
        assert_eq!(seen, [("One", "ARCHIVED"), ("Three", "ACTIVE")], "closed ones too");
        assert_eq!(viewer["memberships"]["nodes"][0]["community"]["viewerMembership"]["role"], "MEMBER");
        assert_eq!(viewer["memberships"]["nodes"][0]["user"]["name"], "Bob");
        assert_eq!(viewer["createdCommunities"]["totalCount"], 0);
        let own = alice.graphql(query, json!({})).await;
        let created = &data(&own)["viewer"]["createdCommunities"];
        assert_eq!((&created["totalCount"], &created["totalPages"], &created["nodes"][0]["name"]), (&json!(3), &json!(2), &json!("Three")));
    }

    /// A user with a display name is not shown by the account's name in the community, in GraphQL and REST;
    /// elsewhere it is.
    async fn a_name_of_its_own(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        bob.graphql("mutation { updateProfile(input: { image: \"https://example.com/bob.png\" }) { viewer { id } } }", json!({})).await;
        let (id, other) = (make(&alice, json!({ "name": "Club" })).await, make(&alice, json!({ "name": "Other" })).await);
        for id in [&id, &other] {
            assert_eq!(join(&bob, id).await.status, 200);
        }
        let name = async |name: Value| {
            let body = json!({ "communityId": id, "displayName": name });
            act(&bob, "updateMembership", "UpdateMembershipInput", "{ displayName user { id name image } }", body).await
        };
        let shown = async |id: &str| {
            let list = server.anon().get(&format!("/api/communities/{id}/members")).await;
            let row = list.json["members"][1].clone();
            let query = "query($id: ID!) { community(id: $id) { members { nodes { displayName user { id name image } } } } }";
            let by_graphql = server.anon().graphql(query, json!({ "id": id })).await;
            let node = data(&by_graphql)["community"]["members"]["nodes"][1].clone();
            assert_eq!((&node["user"]["name"], &node["user"]["image"]), (&row["userName"], &row["userImage"]));
            assert_eq!(node["displayName"], row["displayName"]);
            (row["userName"].clone(), row["userImage"].clone())
        };
        let own = (json!("Bob"), json!("https://example.com/bob.png"));
        assert_eq!(shown(&id).await, own);
        let named = name(json!("  The Owl ")).await;
        assert_eq!(data(&named)["updateMembership"]["membership"], json!({ "displayName": "The Owl",
            "user": { "id": bob.id, "name": "The Owl", "image": null } }));
        assert_eq!(shown(&id).await, (json!("The Owl"), Value::Null));
        assert_eq!(shown(&other).await, own);
        for bad in [json!(""), json!("x".repeat(51))] {
            assert_eq!(code(&name(bad).await), "INVALID");
        }
        data(&name(Value::Null).await);
        assert_eq!(shown(&id).await, own);
        let stranger = server.member("Eve").await;
        let body = json!({ "communityId": id, "displayName": "Ghost" });
        assert_eq!(code(&act(&stranger, "updateMembership", "UpdateMembershipInput", "{ id }", body).await), "NOT_FOUND");
    }

    /// Only the member sees the paid time and the renewal.
    async fn fees_paid_are_private(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let id = make(&alice, json!({ "name": "Club", "monthlyFee": 5 })).await;
        server.give(&bob, 5).await;
        assert_eq!(join(&bob, &id).await.status, 200);
        let query = "query($id: ID!) { community(id: $id) { members { nodes { paidUntil hasAutoRenewal agreedFee subscriptionStatus } } } }";
        for who in [&alice, &server.anon()] {
            let answer = who.graphql(query, json!({ "id": id })).await;
            let wanted = json!({ "paidUntil": null, "hasAutoRenewal": null, "agreedFee": null, "subscriptionStatus": "ACTIVE" });
            assert_eq!(data(&answer)["community"]["members"]["nodes"][1], wanted);
        }
        let answer = bob.graphql(query, json!({ "id": id })).await;
        let own = &data(&answer)["community"]["members"]["nodes"][1];
        assert!(own["paidUntil"].is_string() && own["hasAutoRenewal"] == false, "{own}");
    }

    /// Null removes a value; an absent member keeps it.
    async fn null_clears(server: Server) {
        let alice = server.member("Alice").await;
        let all = json!({ "name": "Club", "description": "d", "category": "rpg", "tags": ["t"],
            "avatarUrl": "https://example.com/a.png", "coverImageUrl": "https://example.com/c.png" });
        let id = make(&alice, all).await;
        let selection = "{ name description category tags avatarUrl coverImageUrl }";
        let kept = act(&alice, "updateCommunity", "UpdateCommunityInput", selection, json!({ "communityId": id, "name": "New" })).await;
        assert_eq!(data(&kept)["updateCommunity"]["community"]["category"], "rpg");
        let nulls = json!({ "communityId": id, "description": null, "category": null, "tags": null, "avatarUrl": null, "coverImageUrl": null });
        let cleared = act(&alice, "updateCommunity", "UpdateCommunityInput", selection, nulls).await;
        let wanted = json!({ "name": "New", "description": null, "category": null, "tags": null, "avatarUrl": null, "coverImageUrl": null });
        assert_eq!(data(&cleared)["updateCommunity"]["community"], wanted);
        assert_eq!(server.anon().get("/api/communities?category=rpg").await.json["total"], 0);
    }

    /// A ban excludes members and others until it expires or is lifted; the list shows active bans.
    async fn bans_keep_out(server: Server) {
        let (alice, bob, eve) = (server.member("Alice").await, server.member("Bob").await, server.member("Eve").await);
        let id = make(&alice, json!({ "name": "Club" })).await;
        assert_eq!(join(&bob, &id).await.status, 200);
        let ban = async |who: &str, until: Value, reason: Value| {
            let body = json!({ "communityId": id, "userId": who, "until": until, "reason": reason });
            act(&alice, "banMember", "BanMemberInput", "{ user { name } by { name } reason until }", body).await
        };
        let at = |hours: i64| {
            let at = server.app.clock.now() + TimeDelta::hours(hours);
            json!(at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string())
        };
        let until = at(2);
        let made = ban(&bob.id, until.clone(), json!("spam")).await;
        assert_eq!(data(&made)["banMember"]["ban"], json!({ "user": { "name": "Bob" }, "by": { "name": "Alice" },
            "reason": "spam", "until": until }));
        let row = alice.get(&format!("/api/communities/{id}")).await;
        assert_eq!(row.json["memberCount"], 1);
        assert_eq!(join(&bob, &id).await.json["code"], "MEMBER_BANNED");
        server.app.clock.advance(Duration::from_secs(1));
        data(&ban(&eve.id, Value::Null, Value::Null).await);
        assert_eq!(join(&eve, &id).await.json["code"], "MEMBER_BANNED");
        for (who, until, reason) in [
            (bob.id.as_str(), at(0), Value::Null),
            (&bob.id, at(-1), Value::Null),
            (&bob.id, Value::Null, json!("r".repeat(501))),
        ] {
            assert_eq!(code(&ban(who, until, reason).await), "INVALID");
        }
        assert_eq!(code(&ban("nobody", Value::Null, Value::Null).await), "NOT_FOUND");

        let list = "query($id: ID!) { community(id: $id) { bans { nodes { user { name } until } totalCount } } }";
        let answer = alice.graphql(list, json!({ "id": id })).await;
        let bans = &data(&answer)["community"]["bans"];
        assert_eq!((&bans["nodes"][0]["user"]["name"], &bans["totalCount"]), (&json!("Eve"), &json!(2)));
        server.app.clock.advance(Duration::from_secs(2 * 3600));
        let answer = alice.graphql(list, json!({ "id": id })).await;
        assert_eq!(data(&answer)["community"]["bans"]["totalCount"], 1, "what is over is not shown");
        assert_eq!(join(&bob, &id).await.status, 200);
        assert_eq!(join(&eve, &id).await.status, 403);
        let lift = json!({ "communityId": id, "userId": eve.id });
        data(&act(&alice, "unbanMember", "UnbanMemberInput", "{ id }", lift.clone()).await);
        let again = act(&alice, "unbanMember", "UnbanMemberInput", "{ id }", lift).await;
        assert_eq!(code(&again), "NOT_FOUND");
        assert_eq!(join(&eve, &id).await.status, 200);
    }

    /// A mute outlasts leaving and rejoining, and is visible to the user and moderators.
    async fn mutes_silence(server: Server) {
        let (alice, bob, eve) = (server.member("Alice").await, server.member("Bob").await, server.member("Eve").await);
        let id = make(&alice, json!({ "name": "Club" })).await;
        for who in [&bob, &eve] {
            assert_eq!(join(who, &id).await.status, 200);
        }
        assert_eq!(silenced(&server, &id, &bob).await, None);
        let until = server.app.clock.now() + TimeDelta::hours(2);
        let body = json!({ "communityId": id, "userId": bob.id, "until": until.to_rfc3339(), "reason": "loud" });
        let muted = act(&alice, "muteMember", "MuteMemberInput", "{ mute { reason } user { name } }", body).await;
        assert_eq!(data(&muted)["muteMember"]["membership"], json!({ "mute": { "reason": "loud" }, "user": { "name": "Bob" } }));
        assert_eq!(silenced(&server, &id, &bob).await, Some(Code::Muted));
        // A new name would be written into the room; the present one changes nothing.
        for (name, refusal) in [(json!("Loud"), Some("MUTED")), (Value::Null, None)] {
            let body = json!({ "communityId": id, "displayName": name });
            let answer = act(&bob, "updateMembership", "UpdateMembershipInput", "{ id }", body).await;
            assert_eq!(answer.json["errors"][0]["extensions"]["code"].as_str(), refusal, "{}", answer.text);
        }
        bob.post_empty(&format!("/api/communities/{id}/leave")).await;
        assert_eq!(silenced(&server, &id, &bob).await, Some(Code::Forbidden));
        assert_eq!(join(&bob, &id).await.status, 200);
        assert_eq!(silenced(&server, &id, &bob).await, Some(Code::Muted));

        let query = "query($id: ID!) { community(id: $id) { members { nodes { user { name } mute { reason until } } } } }";
        let seen = async |who: &Caller| {
            server.statements();
            let answer = who.graphql(query, json!({ "id": id })).await;
            let statements = server.statements();
            assert!(statements.len() <= 5, "{statements:#?}");
            let nodes = data(&answer)["community"]["members"]["nodes"].clone();
            nodes.as_array().expect("nodes").iter().filter(|node| !node["mute"].is_null()).count()
        };
        assert_eq!((seen(&alice).await, seen(&bob).await, seen(&eve).await, seen(&server.anon()).await), (1, 1, 0, 0));
        server.app.clock.advance(Duration::from_secs(2 * 3600));
        assert_eq!((silenced(&server, &id, &bob).await, seen(&alice).await), (None, 0));
        let forever = json!({ "communityId": id, "userId": bob.id });
        data(&act(&alice, "muteMember", "MuteMemberInput", "{ id }", forever.clone()).await);
        server.app.clock.advance(Duration::from_secs(86_400));
        assert_eq!(silenced(&server, &id, &bob).await, Some(Code::Muted));
        data(&act(&alice, "unmuteMember", "UnmuteMemberInput", "{ id }", forever.clone()).await);
        assert_eq!(silenced(&server, &id, &bob).await, None);
        assert_eq!(code(&act(&alice, "unmuteMember", "UnmuteMemberInput", "{ id }", forever).await), "NOT_FOUND");
    }

    /// After a transfer, the new creator is paid; the former one becomes a moderator.
    async fn handing_over(server: Server) {
        let (alice, bob, eve) = (server.member("Alice").await, server.member("Bob").await, server.member("Eve").await);
        let id = make(&alice, json!({ "name": "Club", "joinFee": 10, "monthlyFee": 10 })).await;
        for who in [&bob, &eve] {
            server.give(who, 20).await;
        }
        assert_eq!(join(&bob, &id).await.status, 200);
        let hand = async |from: &Caller, to: &str| {
            let body = json!({ "communityId": id, "userId": to });
            act(from, "transferOwnership", "TransferOwnershipInput", "{ creator { name } memberCount }", body).await
        };
        assert_eq!(code(&hand(&alice, &eve.id).await), "NOT_FOUND");
        assert_eq!(code(&hand(&alice, &alice.id).await), "INVALID");
        assert_eq!(data(&hand(&alice, &bob.id).await)["transferOwnership"]["community"],
            json!({ "creator": { "name": "Bob" }, "memberCount": 2 }));
        assert_eq!(code(&hand(&alice, &bob.id).await), "FORBIDDEN");
        let list = server.anon().get(&format!("/api/communities/{id}/members")).await;
        assert_eq!((&list.json["members"][0]["userName"], &list.json["members"][0]["role"]), (&json!("Bob"), &json!("creator")));
        assert_eq!(list.json["members"][1]["role"], "moderator");
        let before = server.balance(&alice).await;
        assert_eq!(join(&eve, &id).await.status, 200);
        assert_eq!((server.balance(&alice).await, server.balance(&bob).await), (before, 14));
        assert_eq!(alice.delete(&format!("/api/communities/{id}")).await.status, 404);
        assert_eq!(alice.post_empty(&format!("/api/communities/{id}/leave")).await.status, 200);
        assert_eq!(alice.get("/api/communities/my").await.json["communities"], json!([]));
    }

    /// Deleting an account ends its memberships and archives its communities.
    async fn deleting_an_account(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let (own, other) = (make(&alice, json!({ "name": "Own", "category": "rpg" })).await, make(&bob, json!({ "name": "Other" })).await);
        assert_eq!(join(&bob, &own).await.status, 200);
        assert_eq!(join(&alice, &other).await.status, 200);
        let query = "mutation { deleteAccount(input: { password: \"a long password\" }) { deletedId } }";
        data(&alice.graphql(query, json!({})).await);
        let closed = bob.get(&format!("/api/communities/{own}")).await;
        assert_eq!((&closed.json["status"], &closed.json["memberCount"]), (&json!("archived"), &json!(2)));
        let members = bob.get(&format!("/api/communities/{own}/members")).await;
        assert_eq!(members.json["members"][0]["userName"], "Deleted user");
        let left = bob.get(&format!("/api/communities/{other}")).await;
        assert_eq!((&left.json["status"], &left.json["memberCount"]), (&json!("active"), &json!(1)));
        assert_eq!(server.anon().get("/api/communities").await.json["total"], 1);
    }
}
