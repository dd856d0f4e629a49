//! Reports: reporters, readers, decisions, and stored texts.

use std::fmt::Write;

use entity::report;
use futures_util::future::join_all;
use reqwest::Method;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

use super::{code, community, done, join, say, set_role};
use crate::support::{Answer, Caller, Events, on_both};

const CREATE: &str = "mutation($input: CreateReportInput!) { createReport(input: $input) { report {
    id status outcome reason note content reportedName reporter { id name } reported { id name } messageId
    closedBy { name } closingNote } } }";
const CLOSE: &str =
    "mutation($r: ID!) { closeReport(input: { reportId: $r, outcome: UPHELD, note: \"warned\" }) { report {
    status outcome closingNote closedBy { name } } } }";
const LIST: &str = "query($c: ID, $s: ID, $status: ReportStatus) {
    reports(communityId: $c, spaceId: $s, status: $status) { totalCount nodes {
        id content reporter { id name } reported { id name } reportedName note } } }";

async fn report(who: &Caller, input: Value) -> Answer {
    who.graphql(CREATE, json!({ "input": input })).await
}

async fn made(who: &Caller, input: Value) -> Value {
    done(who, CREATE, json!({ "input": input })).await["createReport"]["report"].clone()
}

/// Returns the number of reports that a user sees, or the refusal's code.
async fn sees(who: &Caller, place: &Value) -> String {
    let answer = who.graphql(LIST, place.clone()).await;
    match code(&answer) {
        "ok" => answer.json["data"]["reports"]["totalCount"].to_string(),
        refused => refused.to_owned(),
    }
}

/// Creates a private space and a session with another participant; returns the ids of space and session.
async fn session(owner: &Caller, guests: &[&Caller]) -> (String, String) {
    let space = owner.post("/api/spaces", json!({ "name": "Table" })).await.json["id"].clone();
    let space = space.as_str().expect("an id").to_owned();
    let opened = owner.post_empty(&format!("/api/spaces/{space}/sessions")).await.json["id"].clone();
    let session = opened.as_str().expect("an id").to_owned();
    for guest in guests {
        let joined = guest.post_empty(&format!("/api/spaces/{space}/sessions/{session}/join")).await;
        assert_eq!(joined.status, 201, "{}", joined.text);
    }
    (space, session)
}

const VIEWERS: [&str; 8] =
    ["nobody", "stranger", "member", "reporter", "reported", "moderator", "creator", "admin"];

/// The reported user; then, for each reader, the visible reports and the answer to closing.
const TABLE: &str = "
          nobody          stranger        member          reporter        reported        moderator       creator         admin
member    UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       1               1               1
 close    UNAUTHENTICATED NOT_FOUND       NOT_FOUND       NOT_FOUND       NOT_FOUND       ok              ok              ok
moderator UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       0               0               1               1
 close    UNAUTHENTICATED NOT_FOUND       NOT_FOUND       NOT_FOUND       NOT_FOUND       NOT_FOUND       ok              ok
creator   UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       0               0               0               1
 close    UNAUTHENTICATED NOT_FOUND       NOT_FOUND       NOT_FOUND       NOT_FOUND       NOT_FOUND       NOT_FOUND       ok
";

const SESSION: &str = "
          nobody          stranger        reporter        reported        owner           admin
guest     UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       1               1
 close    UNAUTHENTICATED NOT_FOUND       NOT_FOUND       NOT_FOUND       ok              ok
owner     UNAUTHENTICATED FORBIDDEN       FORBIDDEN       0               0               1
 close    UNAUTHENTICATED NOT_FOUND       NOT_FOUND       NOT_FOUND       NOT_FOUND       ok
";

fn head(viewers: &[&str]) -> String {
    let mut line = format!("\n{:<10}", "");
    for viewer in viewers {
        let _ = write!(line, "{viewer:<16}");
    }
    format!("{}\n", line.trim_end())
}

on_both! {
    /// Those who see to reports hear of new ones and of closed ones at once, and no longer than they may.
    async fn reports_are_live(server: Server) {
        let (creator, moderator) = (server.member("Creator").await, server.member("Moderator").await);
        let (member, reporter) = (server.member("Member").await, server.member("Reporter").await);
        let c = community(&creator, json!({ "name": "Club" })).await;
        for who in [&moderator, &member, &reporter] {
            join(who, &c).await;
        }
        set_role(&creator, &c, &moderator, "MODERATOR").await;
        let input = |who: &Caller| json!({ "communityId": c, "userId": who.id, "reason": "SPAM" });
        let first = made(&reporter, input(&member)).await["id"].clone();
        let document = "subscription($c: ID) { reportEvents(communityId: $c) { isSnapshot removedIds reports { id } } }";
        let listen = async |who: &Caller| {
            let body = json!({ "query": document, "variables": { "c": c } });
            let request = who.request(Method::POST, "/graphql/stream").header("accept", "text/event-stream");
            Events::of(request.json(&body)).await
        };
        let told = async |events: &mut Events| events.expect().await.json["data"]["reportEvents"].clone();
        let mut theirs = listen(&moderator).await;
        let whole = json!({ "isSnapshot": true, "removedIds": [], "reports": [{ "id": first }] });
        assert_eq!(told(&mut theirs).await, whole);
        let mut creators = listen(&creator).await;
        assert_eq!(told(&mut creators).await, whole);
        // One on a moderator is the creator's matter only.
        let second = made(&reporter, input(&moderator)).await["id"].clone();
        let new = json!({ "isSnapshot": false, "removedIds": [], "reports": [{ "id": second }] });
        assert_eq!(told(&mut creators).await, new);
        done(&creator, CLOSE, json!({ "r": first })).await;
        let gone = json!({ "isSnapshot": false, "removedIds": [first], "reports": [] });
        assert_eq!(told(&mut creators).await, gone);
        assert_eq!(told(&mut theirs).await, gone);
        set_role(&creator, &c, &moderator, "MEMBER").await;
        let last = theirs.expect().await;
        assert!(last.json.to_string().contains("FORBIDDEN"), "{}", last.json);
        let refused = moderator.graphql(LIST, json!({ "c": c })).await;
        assert_eq!(code(&refused), "FORBIDDEN");
    }

    /// Each who looks begins with a report of their own.
    async fn moderators_see_and_close_reports(server: Server) {
        let anon = server.anon();
        let (creator, moderator) = (server.member("Creator").await, server.member("Moderator").await);
        let (second, member) = (server.member("Second").await, server.member("Member").await);
        let (other, reporter) = (server.member("Other").await, server.member("Reporter").await);
        let (stranger, admin) = (server.member("Stranger").await, server.admin("Admin").await);
        let mut table = head(&VIEWERS);
        for subject in ["member", "moderator", "creator"] {
            let (mut list, mut close) = (format!("{subject:<10}"), format!("{:<10}", " close"));
            for viewer in VIEWERS {
                let c = community(&creator, json!({ "name": "Club" })).await;
                for who in [&moderator, &second, &member, &other, &reporter] {
                    join(who, &c).await;
                }
                for who in [&moderator, &second] {
                    set_role(&creator, &c, who, "MODERATOR").await;
                }
                let reported = match subject {
                    "member" => &member,
                    "moderator" => &second,
                    _ => &creator,
                };
                let input = json!({ "communityId": c, "userId": reported.id, "reason": "HARASSMENT" });
                let id = made(&reporter, input).await["id"].clone();
                let who = match viewer {
                    "nobody" => &anon,
                    "stranger" => &stranger,
                    "member" => &other,
                    "reporter" => &reporter,
                    "reported" => reported,
                    "moderator" => &moderator,
                    "creator" => &creator,
                    _ => &admin,
                };
                let _ = write!(list, "{:<16}", sees(who, &json!({ "c": c })).await);
                let _ = write!(close, "{:<16}", code(&who.graphql(CLOSE, json!({ "r": id })).await));
            }
            let _ = write!(table, "{}\n{}\n", list.trim_end(), close.trim_end());
        }
        assert_eq!(table, TABLE, "\n{table}");
        for who in [&creator, &moderator, &reporter] {
            assert_eq!(sees(who, &json!({})).await, "FORBIDDEN", "all of them are for administrators");
        }
        assert_eq!(sees(&admin, &json!({})).await, "24");
    }

    /// The owner of a space moderates its sessions; reports on the owner go to administrators.
    async fn who_sees_those_of_a_space(server: Server) {
        let (owner, guest) = (server.member("Owner").await, server.member("Guest").await);
        let (reporter, stranger) = (server.member("Reporter").await, server.member("Stranger").await);
        let (anon, admin) = (server.anon(), server.admin("Admin").await);
        let viewers = ["nobody", "stranger", "reporter", "reported", "owner", "admin"];
        let mut table = head(&viewers);
        for subject in ["guest", "owner"] {
            let (mut list, mut close) = (format!("{subject:<10}"), format!("{:<10}", " close"));
            for viewer in viewers {
                let (space, session) = session(&owner, &[&guest, &reporter]).await;
                let reported = if subject == "guest" { &guest } else { &owner };
                let input = json!({ "sessionId": session, "userId": reported.id, "reason": "SCAM" });
                let id = made(&reporter, input).await["id"].clone();
                let who = match viewer {
                    "nobody" => &anon,
                    "stranger" => &stranger,
                    "reporter" => &reporter,
                    "reported" => reported,
                    "owner" => &owner,
                    _ => &admin,
                };
                let _ = write!(list, "{:<16}", sees(who, &json!({ "s": space })).await);
                let _ = write!(close, "{:<16}", code(&who.graphql(CLOSE, json!({ "r": id })).await));
            }
            let _ = write!(table, "{}\n{}\n", list.trim_end(), close.trim_end());
        }
        assert_eq!(table, SESSION, "\n{table}");
    }

    /// The text and the names of the time of the report are kept.
    async fn what_is_reported_is_kept(server: Server) {
        let (creator, member) = (server.member("Creator").await, server.member("Member").await);
        let reporter = server.member("Reporter").await;
        let c = community(&creator, json!({ "name": "Club" })).await;
        for (who, name) in [(&member, "Trouble"), (&reporter, "Witness")] {
            join(who, &c).await;
            let named = "mutation($c: ID!, $n: String!) {
                updateMembership(input: { communityId: $c, displayName: $n }) { membership { id } } }";
            done(who, named, json!({ "c": c, "n": name })).await;
        }
        let message = say(&member, &c, "you are all fools").await;
        let input = json!({ "messageId": message, "reason": "HARASSMENT", "note": "he means us" });
        let own = made(&reporter, input).await;
        let expected = json!({ "id": own["id"], "status": "OPEN", "outcome": null, "reason": "HARASSMENT",
            "note": "he means us", "content": "you are all fools", "reportedName": "Trouble",
            "reporter": { "id": reporter.id, "name": "Witness" }, "reported": { "id": member.id, "name": "Trouble" },
            "messageId": message, "closedBy": null, "closingNote": null });
        assert_eq!(own, expected);
        let edit = "mutation($m: ID!) { editMessage(input: { messageId: $m, content: \"you are all friends\" }) { message { id } } }";
        done(&member, edit, json!({ "m": message })).await;
        done(&member, "mutation($m: ID!) { deleteMessage(input: { messageId: $m }) { message { id } } }", json!({ "m": message })).await;
        let seen = done(&creator, LIST, json!({ "c": c, "status": "OPEN" })).await["reports"]["nodes"][0].clone();
        assert_eq!((&seen["content"], &seen["reporter"]["name"]), (&json!("you are all fools"), &json!("Witness")));

        let closed = done(&creator, CLOSE, json!({ "r": own["id"] })).await["closeReport"]["report"].clone();
        let expected = json!({ "status": "CLOSED", "outcome": "UPHELD", "closingNote": "warned",
            "closedBy": { "name": "Creator" } });
        assert_eq!(closed, expected);
        assert_eq!(code(&creator.graphql(CLOSE, json!({ "r": own["id"] })).await), "CONFLICT");
        let query = "{ ownReports { nodes { id status outcome closingNote closedBy { name } } } }";
        let mine = done(&reporter, query, json!({})).await["ownReports"]["nodes"].clone();
        let expected = json!([{ "id": own["id"], "status": "CLOSED", "outcome": "UPHELD", "closingNote": null,
            "closedBy": null }]);
        assert_eq!(mine, expected, "who reported learns what came of it, not from whom");
        assert_eq!(done(&member, query, json!({})).await["ownReports"]["nodes"], json!([]));
        assert_eq!(sees(&creator, &json!({ "c": c, "status": "OPEN" })).await, "0");
        assert_eq!(sees(&creator, &json!({ "c": c, "status": "CLOSED" })).await, "1");

        // Deleting an account removes its names.
        for who in [&member, &reporter] {
            let end = "mutation { deleteAccount(input: { password: \"a long password\" }) { deletedId } }";
            done(who, end, json!({})).await;
        }
        let left = done(&creator, LIST, json!({ "c": c })).await["reports"]["nodes"][0].clone();
        let nobody = json!("Deleted user");
        assert_eq!((&left["reporter"]["name"], &left["reported"]["name"]), (&nobody, &nobody));
    }

    /// Reports that are refused, by target and reporter.
    async fn making_one_is_refused(server: Server) {
        let (creator, member) = (server.member("Creator").await, server.member("Member").await);
        let (reporter, stranger) = (server.member("Reporter").await, server.member("Stranger").await);
        let c = community(&creator, json!({ "name": "Club" })).await;
        join(&member, &c).await;
        join(&reporter, &c).await;
        let (kept, gone) = (say(&member, &c, "kept").await, say(&member, &c, "removedIds").await);
        done(&member, "mutation($m: ID!) { deleteMessage(input: { messageId: $m }) { message { id } } }", json!({ "m": gone })).await;
        let nowhere = "019b0000-0000-7000-8000-000000000000";
        let anon = server.anon();
        let long = "n".repeat(1001);
        for (who, input, refusal) in [
            (&anon, json!({ "messageId": kept, "reason": "SPAM" }), "UNAUTHENTICATED"),
            (&stranger, json!({ "messageId": kept, "reason": "SPAM" }), "FORBIDDEN"),
            (&stranger, json!({ "communityId": c, "userId": member.id, "reason": "SPAM" }), "FORBIDDEN"),
            (&reporter, json!({ "messageId": nowhere, "reason": "SPAM" }), "NOT_FOUND"),
            (&reporter, json!({ "messageId": gone, "reason": "SPAM" }), "CONFLICT"),
            (&reporter, json!({ "communityId": c, "userId": stranger.id, "reason": "SPAM" }), "NOT_FOUND"),
            (&reporter, json!({ "communityId": c, "userId": "nobody", "reason": "SPAM" }), "NOT_FOUND"),
            (&reporter, json!({ "communityId": nowhere, "userId": member.id, "reason": "SPAM" }), "FORBIDDEN"),
            (&reporter, json!({ "communityId": c, "userId": reporter.id, "reason": "SPAM" }), "INVALID"),
            (&member, json!({ "messageId": kept, "reason": "SPAM" }), "INVALID"),
            (&reporter, json!({ "userId": member.id, "reason": "SPAM" }), "INVALID"),
            (&reporter, json!({ "reason": "SPAM" }), "INVALID"),
            (&reporter, json!({ "messageId": kept, "userId": member.id, "reason": "SPAM" }), "INVALID"),
            (&reporter, json!({ "messageId": kept, "communityId": c, "reason": "SPAM" }), "INVALID"),
            (&reporter, json!({ "messageId": "nonsense", "reason": "SPAM" }), "INVALID"),
            (&reporter, json!({ "messageId": kept, "reason": "OTHER", "note": long }), "INVALID"),
        ] {
            let answer = report(who, input.clone()).await;
            assert_eq!(code(&answer), refusal, "{input} {}", answer.text);
        }
        // The refusal names what was sent.
        report(&reporter, json!({ "communityId": c, "userId": reporter.id, "reason": "SPAM" })).await.names_invalid("userId");
        report(&member, json!({ "messageId": kept, "reason": "SPAM" })).await.names_invalid("messageId");
        let found = report::Entity::find().all(server.app.db.read()).await.expect("reads");
        assert!(found.is_empty(), "{found:?}");
    }

    /// One open report for each reporter and target, also with concurrent requests; after closing, another is
    /// allowed.
    async fn one_of_each_is_open(server: Server) {
        let (creator, member) = (server.member("Creator").await, server.member("Member").await);
        let (reporter, second) = (server.member("Reporter").await, server.member("Second").await);
        let c = community(&creator, json!({ "name": "Club" })).await;
        for who in [&member, &reporter, &second] {
            join(who, &c).await;
        }
        let message = say(&member, &c, "hm").await;
        let on_message = json!({ "messageId": message, "reason": "SPAM" });
        let on_person = json!({ "communityId": c, "userId": member.id, "reason": "SPAM" });
        for input in [&on_message, &on_person] {
            let answers = join_all((0..6).map(|_| report(&reporter, input.clone()))).await;
            let count = |wanted| answers.iter().filter(|answer| code(answer) == wanted).count();
            assert_eq!((count("ok"), count("CONFLICT")), (1, 5));
            assert_eq!(code(&report(&second, input.clone()).await), "ok", "another's is another");
        }
        let row = report::Entity::find().one(server.app.db.read()).await.expect("reads").expect("one");
        let twice = report::Model { id: uuid::Uuid::from_u128(7), ..row };
        let twice = twice.into_active_model().reset_all().insert(server.app.db.write()).await;
        twice.expect_err("one is open");
        assert_eq!(sees(&creator, &json!({ "c": c })).await, "4");
        let first = made_by(&creator, &c, &reporter).await;
        let closes = join_all((0..4).map(|_| creator.graphql(CLOSE, json!({ "r": first })))).await;
        let count = |wanted| closes.iter().filter(|answer| code(answer) == wanted).count();
        assert_eq!((count("ok"), count("CONFLICT")), (1, 3), "closed once");
        for input in [&on_message, &on_person] {
            report(&reporter, input.clone()).await;
        }
        assert_eq!(sees(&creator, &json!({ "c": c })).await, "5");
    }

    /// A user who becomes a moderator after being reported does not see the report either.
    async fn moderators_cannot_close_reports_on_themselves(server: Server) {
        let (creator, member) = (server.member("Creator").await, server.member("Member").await);
        let reporter = server.member("Reporter").await;
        let c = community(&creator, json!({ "name": "Club" })).await;
        join(&member, &c).await;
        join(&reporter, &c).await;
        let input = json!({ "communityId": c, "userId": member.id, "reason": "OTHER" });
        let id = made(&reporter, input).await["id"].clone();
        set_role(&creator, &c, &member, "MODERATOR").await;
        assert_eq!(sees(&member, &json!({ "c": c })).await, "0");
        assert_eq!(code(&member.graphql(CLOSE, json!({ "r": id })).await), "NOT_FOUND");
        assert_eq!(sees(&creator, &json!({ "c": c })).await, "1");
    }

    /// A constant number of statements; by cursor, newest first.
    async fn a_desk_is_read_in_a_few_statements(server: Server) {
        let (creator, member) = (server.member("Creator").await, server.member("Member").await);
        let reporter = server.member("Reporter").await;
        let c = community(&creator, json!({ "name": "Club" })).await;
        join(&member, &c).await;
        join(&reporter, &c).await;
        for number in 0..7 {
            server.app.clock.advance(std::time::Duration::from_secs(1));
            let message = say(&member, &c, &format!("number {number}")).await;
            made(&reporter, json!({ "messageId": message, "reason": "SPAM" })).await;
        }
        let page = "query($c: ID!, $a: String) { reports(communityId: $c, first: 5, after: $a) {
            nodes { content reporter { name } reported { name } community { name } } pageInfo { endCursor } } }";
        // The rights are confirmed again as the clock moves on, which may drop the cached identity: this caches it anew.
        done(&creator, page, json!({ "c": c })).await;
        server.statements();
        let first = done(&creator, page, json!({ "c": c })).await["reports"].clone();
        let statements = server.statements();
        assert_eq!(statements.len(), 3, "right, reports, communities: {statements:#?}");
        assert_eq!(first["nodes"][0]["content"], "number 6");
        let rest = done(&creator, page, json!({ "c": c, "a": first["pageInfo"]["endCursor"] })).await["reports"].clone();
        let texts: Vec<_> = rest["nodes"].as_array().expect("rows").iter().map(|row| row["content"].clone()).collect();
        assert_eq!(texts, ["number 1", "number 0"]);
    }

    /// Deleting a space deletes its sessions but keeps the reports.
    async fn reports_outlast_a_space(server: Server) {
        let (owner, guest) = (server.member("Owner").await, server.member("Guest").await);
        let admin = server.admin("Admin").await;
        let (space, session) = session(&owner, &[&guest]).await;
        let post = "mutation($s: ID!) { postMessage(input: { sessionId: $s, content: \"pay me\" }) { message { id } } }";
        let message = done(&owner, post, json!({ "s": session })).await["postMessage"]["message"]["id"].clone();
        let id = made(&guest, json!({ "messageId": message, "reason": "SCAM" })).await["id"].clone();
        assert_eq!(owner.delete(&format!("/api/spaces/{space}")).await.status, 204);
        let seen = done(&admin, LIST, json!({})).await["reports"]["nodes"].clone();
        assert_eq!((&seen[0]["id"], &seen[0]["content"]), (&id, &json!("pay me")));
        assert_eq!(code(&admin.graphql(CLOSE, json!({ "r": id })).await), "ok");
    }
}

/// Returns the last report on a user, as the creator of the community sees it.
async fn made_by(creator: &Caller, community: &str, reporter: &Caller) -> Value {
    let list = done(creator, LIST, json!({ "c": community })).await["reports"]["nodes"].clone();
    let rows = list.as_array().expect("rows");
    rows.iter().find(|row| row["reporter"]["id"] == reporter.id.as_str()).expect("one")["id"].clone()
}
