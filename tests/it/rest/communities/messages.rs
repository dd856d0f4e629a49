//! `POST` and `GET /api/communities/{id}/messages`, and their rights.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{id_of, make};
use crate::{
    rest::{NOWHERE, assert_keys, assert_status, refused, text},
    support::{Answer, Caller, Events, on_both},
};

const ROW: [&str; 14] = [
    "id",
    "userId",
    "agentListingId",
    "content",
    "messageType",
    "createdAt",
    "userName",
    "userImage",
    "agentName",
    "ttsAudioUrl",
    "replyToId",
    "editedAt",
    "deletedAt",
    "isIncomplete",
];

async fn post(caller: &Caller, club: &str, content: &str) -> Answer {
    caller.post(&format!("{club}/messages"), json!({ "content": content })).await
}

async fn come_in(caller: &Caller, club: &str) {
    assert_status(&caller.post_empty(&format!("{club}/join")).await, 200);
}

async fn room(caller: &Caller, club: &str) -> String {
    let query = "query($c: ID!) { community(id: $c) { conversation { id } } }";
    let answer = caller.graphql(query, json!({ "c": id_of(club) })).await;
    text(&answer.json["data"]["community"]["conversation"], "id").to_owned()
}

on_both! {
    /// The documented answer, and the refusals in their order.
    async fn members_post_and_read(server: Server) {
        let (creator, member, stranger) =
            (server.member("Creator").await, server.member("Member").await, server.member("Stranger").await);
        let club = make(&creator, json!({ "name": "Talk" })).await;
        come_in(&member, &club).await;

        let posted = post(&member, &club, "Hello!").await;
        assert_status(&posted, 201);
        for (key, value) in [("userId", json!(member.id)), ("content", json!("Hello!")), ("messageType", json!("text"))] {
            assert_eq!(posted.json[key], value);
        }
        let list = creator.get(&format!("{club}/messages")).await;
        assert_status(&list, 200);
        assert_keys(&list.json, &["messages"]);
        let row = &list.json["messages"][0];
        let keys: Vec<&str> = row.as_object().expect("a row").keys().map(String::as_str).collect();
        for key in keys {
            assert!(ROW.contains(&key), "{key}");
        }
        for key in &ROW[..10] {
            assert!(row.get(*key).is_some(), "{key}");
        }
        assert_eq!((&row["userName"], &row["agentListingId"], &row["id"]), (&json!("Member"), &Value::Null, &posted.json["id"]));

        // The length is checked before the membership; the text is stored unchanged.
        for content in [String::new(), "   ".to_owned(), "x".repeat(5001)] {
            let answer = post(&stranger, &club, &content).await;
            assert_eq!(refused(&answer, 400, "INVALID"), "Message must be 1-5000 characters");
        }
        assert_status(&post(&member, &club, &"\u{6f22}".repeat(5000)).await, 201);
        assert_eq!(post(&member, &club, "  spaces  ").await.json["content"], "  spaces  ");
        let answer = post(&stranger, &club, "hi").await;
        assert_eq!(refused(&answer, 403, "FORBIDDEN"), "You must be a member to send messages");
        let answer = stranger.get(&format!("{club}/messages")).await;
        assert_eq!(refused(&answer, 403, "FORBIDDEN"), "You must be a member to view messages");
        let answer = post(&stranger, &format!("/api/communities/{NOWHERE}"), "hi").await;
        assert_eq!(refused(&answer, 403, "FORBIDDEN"), "You must be a member to send messages");
        refused(&member.post(&format!("{club}/messages"), json!({})).await, 422, "UNPROCESSABLE");
        refused(&member.post(&format!("{club}/messages"), json!({ "content": 5 })).await, 422, "UNPROCESSABLE");
        refused(&server.anon().get("/api/communities/nonsense/messages").await, 401, "UNAUTHENTICATED");
        for before in ["yesterday", "2026-13-01T00:00:00Z", ""] {
            refused(&member.get(&format!("{club}/messages?before={before}")).await, 400, "INVALID");
        }

        // Muted, and archived.
        let mute = "mutation($i: MuteMemberInput!) { muteMember(input: $i) { membership { id } } }";
        let input = json!({ "i": { "communityId": id_of(&club), "userId": member.id, "reason": "loud" } });
        let muted = creator.graphql(mute, input).await;
        assert!(muted.json["errors"].is_null(), "{}", muted.text);
        refused(&post(&member, &club, "hi").await, 403, "MUTED");
        assert_status(&member.get(&format!("{club}/messages")).await, 200);
        assert_status(&creator.delete(&club).await, 200);
        let answer = post(&creator, &club, "hi").await;
        assert_eq!(refused(&answer, 400, "INVALID"), "Community is not active");
        assert_status(&member.get(&format!("{club}/messages")).await, 200);
    }

    /// Three hundred concurrent messages: paging back by time finds each exactly once, with any page size.
    async fn walking_back_finds_each_once(server: Server) {
        let creator = server.member("Creator").await;
        let club = make(&creator, json!({ "name": "Busy" })).await;
        let mut posts = JoinSet::new();
        for writer in 0..20 {
            let (creator, club) = (creator.clone(), club.clone());
            posts.spawn(async move {
                let mut ids = Vec::new();
                for number in 0..15 {
                    let answer = post(&creator, &club, &format!("{writer}.{number}")).await;
                    assert_status(&answer, 201);
                    ids.push(text(&answer.json, "id").to_owned());
                }
                ids
            });
        }
        let written: BTreeSet<String> = posts.join_all().await.into_iter().flatten().collect();
        assert_eq!(written.len(), 300);
        let mut found = Vec::new();
        let mut before = String::new();
        loop {
            let query = if before.is_empty() { String::new() } else { format!("&before={before}") };
            let page = creator.get(&format!("{club}/messages?limit=7{query}")).await;
            assert_status(&page, 200);
            let rows = page.json["messages"].as_array().expect("rows");
            let times: Vec<&str> = rows.iter().map(|row| text(row, "createdAt")).collect();
            assert!(times.is_sorted_by(|a, b| a < b), "oldest first, no time twice: {times:?}");
            let Some(first) = times.first() else { break };
            // Both notations of the offset, and the plus that an unescaped query turns into a space.
            before = match found.len() % 3 {
                0 => (*first).to_owned(),
                1 => first.replace('Z', "%2B00:00"),
                _ => first.replace('Z', "+00:00"),
            };
            found.extend(rows.iter().map(|row| text(row, "id").to_owned()));
        }
        assert_eq!(found.len(), 300, "each once");
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), written);
    }

    /// A page of history with its authors and the right to read it takes one statement.
    async fn a_page_takes_one_statement(server: Server) {
        let creator = server.member("Creator").await;
        let club = make(&creator, json!({ "name": "Counted" })).await;
        for number in 0..60 {
            post(&creator, &club, &format!("message {number}")).await;
        }
        creator.get("/api/creator/api-keys/whoami").await;
        server.statements();
        assert_eq!(creator.get(&format!("{club}/messages")).await.json["messages"].as_array().map(Vec::len), Some(50));
        let statements = server.statements();
        assert_eq!(statements.len(), 1, "{statements:#?}");
        assert!(!statements[0].contains("search_text"), "{statements:#?}");
    }

    /// A removed member receives the removal and nothing after it; others continue, and new members receive
    /// events.
    async fn a_member_removed_hears_nothing_more(server: Server) {
        let (creator, member) = (server.member("Creator").await, server.member("Member").await);
        let club = make(&creator, json!({ "name": "Talk" })).await;
        come_in(&member, &club).await;
        let path = format!("/api/conversations/{}/events", room(&member, &club).await);
        let mut own = Events::open(&member, &path, None).await;
        let mut other = Events::open(&creator, &path, None).await;
        own.expect().await;
        other.expect().await;
        post(&member, &club, "one").await;
        let ban = "mutation($i: BanMemberInput!) { banMember(input: $i) { ban { reason } } }";
        let input = json!({ "i": { "communityId": id_of(&club), "userId": member.id, "reason": "spam" } });
        let banned = creator.graphql(ban, input).await;
        assert!(banned.json["errors"].is_null(), "{}", banned.text);
        post(&creator, &club, "two").await;

        assert_eq!(own.expect().await.json["message"]["content"], "one");
        let removed = own.expect().await;
        assert_eq!((&removed.json["memberChange"], &removed.json["user"]["name"]), (&json!("removed"), &json!("Member")), "{}", removed.json);
        assert_eq!(own.expect().await.json["code"], "FORBIDDEN");
        assert!(own.next().await.is_none(), "nothing behind it");
        for content in ["one", "", "two"] {
            let told = other.expect().await;
            assert_eq!(told.json["message"]["content"].as_str().unwrap_or_default(), content);
        }
        refused(&member.get(&path).await, 403, "FORBIDDEN");
    }

    /// A member who left and came back reads on from before they left: no event is missing.
    async fn a_member_who_came_back_resumes(server: Server) {
        let (creator, member) = (server.member("Creator").await, server.member("Member").await);
        let club = make(&creator, json!({ "name": "Talk" })).await;
        come_in(&member, &club).await;
        let path = format!("/api/conversations/{}/events", room(&member, &club).await);
        let before = Events::open(&member, &path, None).await.expect().await.id;
        assert_eq!(member.post_empty(&format!("{club}/leave")).await.status, 200);
        post(&creator, &club, "meanwhile").await;
        come_in(&member, &club).await;
        post(&creator, &club, "again").await;
        let mut events = Events::open(&member, &path, Some(&before)).await;
        let mut seen = Vec::new();
        for _ in 0..4 {
            let event = events.expect().await.json;
            let change = event["memberChange"].as_str().or(event["message"]["content"].as_str());
            seen.push(change.unwrap_or_else(|| panic!("a change or a message, not {event}")).to_owned());
        }
        assert_eq!(seen, ["left", "meanwhile", "joined", "again"]);
    }

    /// An empty `Last-Event-ID` is none; an unknown one, or one of the future, begins with a snapshot.
    async fn an_event_source_comes_back(server: Server) {
        let creator = server.member("Creator").await;
        let club = make(&creator, json!({ "name": "Talk" })).await;
        post(&creator, &club, "one").await;
        let path = format!("/api/conversations/{}/events", room(&creator, &club).await);
        for (sent, resync) in
            [("", false), (" ", false), ("999", true), ("-1", true), ("yesterday", true), ("9223372036854775807", true), ("x.1", true)]
        {
            let told = Events::open(&creator, &path, Some(sent)).await.expect().await;
            assert_eq!(told.json["resync"], resync, "{sent:?}: {}", told.json);
            assert!(!told.id.is_empty(), "{sent:?}");
        }
    }

    /// An expired membership ends the stream in that second.
    async fn an_expired_member_hears_nothing_more(server: Server) {
        let (creator, member) = (server.member("Creator").await, server.member("Member").await);
        let club = make(&creator, json!({ "name": "Paid", "monthlyFee": 5 })).await;
        server.give(&member, 5).await;
        come_in(&member, &club).await;
        let path = format!("/api/conversations/{}/events", room(&member, &club).await);
        let mut events = Events::open(&member, &path, None).await;
        events.expect().await;
        post(&member, &club, "hello").await;
        events.expect().await;
        // A new sign-in outlasts the month.
        server.app.clock.advance(std::time::Duration::from_secs(29 * 86_400));
        member.get("/api/creator/api-keys/whoami").await;
        server.app.clock.advance(std::time::Duration::from_secs(86_400));
        let last = events.expect().await;
        assert_eq!(last.json["code"], "MEMBERSHIP_EXPIRED", "{last:?}");
        assert!(events.next().await.is_none());
        let answer = post(&member, &club, "hi").await;
        assert_eq!(refused(&answer, 403, "MEMBERSHIP_EXPIRED"), "Membership expired");
        refused(&member.get(&format!("{club}/messages")).await, 403, "MEMBERSHIP_EXPIRED");
    }

    /// A display name for this club only: in its messages, history and log, the account's name appears
    /// nowhere.
    async fn a_display_name_hides_the_account(server: Server) {
        let (creator, member) = (server.member("Creator").await, server.member("Member").await);
        let club = make(&creator, json!({ "name": "Masks" })).await;
        come_in(&member, &club).await;
        let path = format!("/api/conversations/{}/events", room(&creator, &club).await);
        let mut events = Events::open(&creator, &path, None).await;
        events.expect().await;
        let rename = "mutation($i: UpdateMembershipInput!) { updateMembership(input: $i) { membership { id } } }";
        let input = json!({ "i": { "communityId": id_of(&club), "displayName": "Fox" } });
        let renamed = member.graphql(rename, input).await;
        assert!(renamed.json["errors"].is_null(), "{}", renamed.text);
        post(&member, &club, "who am I?").await;
        assert_eq!(events.expect().await.json["user"]["name"], "Fox");
        assert_eq!(events.expect().await.json["message"]["userName"], "Fox");
        let list = creator.get(&format!("{club}/messages")).await;
        assert_eq!(list.json["messages"][0]["userName"], "Fox");
        assert!(!list.text.contains("Member"), "{}", list.text);
    }
}
