//! Rights on the team's tools over GraphQL: one table.

use std::fmt::Write;

use serde_json::{Value, json};

use super::in_a_shop;
use crate::{agents::ok, support::Caller};

/// Tried actions: `$c` is the community, `$v` a conversation assigned to Ann, `$a` a canned answer, `$b` Ben.
const ACTIONS: [(&str, &str); 13] = [
    ("see the chat", "{ conversation(id: $v) { support { status } } }"),
    ("note", "addSupportNote(input: { conversationId: $v, text: \"x\" }) { supportNote { id } }"),
    ("read notes", "{ supportNotes(conversationId: $v) { id } }"),
    ("hand on", "transferSupportChat(input: { conversationId: $v, userId: $b }) { supportChat { id } }"),
    ("hand back", "transferSupportChat(input: { conversationId: $v }) { supportChat { id } }"),
    ("rate", "rateSupportChat(input: { conversationId: $v, rating: 5 }) { supportChat { id } }"),
    ("read prepared", "{ cannedAnswers(communityId: $c) { id } }"),
    (
        "prepare",
        "createCannedAnswer(input: { communityId: $c, title: \"x\", text: \"x\" }) { cannedAnswer { id } }",
    ),
    (
        "change prepared",
        "updateCannedAnswer(input: { cannedAnswerId: $a, text: \"y\" }) { cannedAnswer { id } }",
    ),
    ("drop prepared", "deleteCannedAnswer(input: { cannedAnswerId: $a }) { deletedId }"),
    ("read settings", "{ supportSettings(communityId: $c) { callFee } }"),
    ("set", "updateSupportSettings(input: { communityId: $c, callFee: 1 }) { supportSettings { callFee } }"),
    ("figures", "{ supportStatistics(communityId: $c) { episodes } }"),
];

const TABLE: &str = "
                nobody          stranger        customer        ben             ann             moderator       creator
see the chat    UNAUTHENTICATED hidden          ok              ok              ok              ok              ok
note            UNAUTHENTICATED NOT_FOUND       NOT_FOUND       ok              ok              ok              ok
read notes      UNAUTHENTICATED NOT_FOUND       NOT_FOUND       ok              ok              ok              ok
hand on         UNAUTHENTICATED NOT_FOUND       NOT_FOUND       FORBIDDEN       ok              ok              ok
hand back       UNAUTHENTICATED NOT_FOUND       NOT_FOUND       FORBIDDEN       ok              ok              ok
rate            UNAUTHENTICATED NOT_FOUND       CONFLICT        NOT_FOUND       NOT_FOUND       NOT_FOUND       NOT_FOUND
read prepared   UNAUTHENTICATED FORBIDDEN       FORBIDDEN       ok              ok              ok              ok
prepare         UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       ok              ok
change prepared UNAUTHENTICATED NOT_FOUND       NOT_FOUND       FORBIDDEN       FORBIDDEN       ok              ok
drop prepared   UNAUTHENTICATED NOT_FOUND       NOT_FOUND       FORBIDDEN       FORBIDDEN       ok              ok
read settings   UNAUTHENTICATED FORBIDDEN       FORBIDDEN       ok              ok              ok              ok
set             UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       ok
figures         UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       ok
";

in_a_shop! {
    /// A banned customer neither ends nor rates the chat, and does not learn how it goes on.
    async fn a_banned_customer_has_no_part_in_the_chat(shop: "human_only") {
        let chat = shop.begin(&shop.customer).await;
        shop.tell(&shop.customer, &chat, "Help").await;
        let place = json!({ "c": shop.community, "v": chat, "u": shop.customer.id });
        shop.accept(&shop.ann, &chat).await;
        let resolve = "mutation($c: ID!, $v: ID!) { resolveSupportChat(input: { communityId: $c, conversationId: $v }) { supportChat { status } } }";
        let rate = "mutation($v: ID!) { rateSupportChat(input: { conversationId: $v, rating: 1 }) { supportChat { status } } }";
        let ban = "mutation($c: ID!, $u: ID!) { banMember(input: { communityId: $c, userId: $u }) { ban { user { id } } } }";
        ok(shop.creator.graphql(ban, place.clone()).await);
        for query in [resolve, rate] {
            let refused = shop.customer.graphql(query, place.clone()).await;
            assert_eq!(refused.json["errors"][0]["extensions"]["code"], "MEMBER_BANNED", "{}", refused.text);
        }
        let refused = shop.customer.post(&format!("{}/resolve", shop.path), json!({ "conversationId": chat })).await;
        assert_eq!((refused.status, refused.json["code"].as_str()), (403, Some("MEMBER_BANNED")), "{}", refused.text);
        let own = "query($c: ID!) { community(id: $c) { ... on OfficialAccount { viewerSupportChat { id } } } }";
        let found = ok(shop.customer.graphql(own, json!({ "c": shop.community })).await);
        assert_eq!(found["community"]["viewerSupportChat"], json!(null));
        ok(shop.ann.graphql(resolve, place).await);
    }

    async fn roles_and_actions(shop: "human_only") {
        let (anon, stranger) = (shop.server.anon(), shop.server.member("Stranger").await);
        let roles: [(&str, &Caller); 7] = [
            ("nobody", &anon),
            ("stranger", &stranger),
            ("customer", &shop.customer),
            ("ben", &shop.ben),
            ("ann", &shop.ann),
            ("moderator", &shop.moderator),
            ("creator", &shop.creator),
        ];
        let mut table = format!("\n{:<16}", "");
        for (role, _) in roles {
            let _ = write!(table, "{role:<16}");
        }
        table = format!("{}\n", table.trim_end());
        let chat = shop.begin(&shop.customer).await;
        let create = "mutation($c: ID!, $t: String!) {
            createCannedAnswer(input: { communityId: $c, title: $t, text: \"x\" }) { cannedAnswer { id } } }";
        for (action, body) in ACTIONS {
            let mut line = format!("{action:<16}");
            for (role, who) in roles {
                // Each role finds the same state: a chat assigned to Ann, and a canned answer.
                let back = json!({ "c": chat });
                let hand = "mutation($c: ID!) { transferSupportChat(input: { conversationId: $c }) { supportChat { id } } }";
                shop.creator.graphql(hand, back).await;
                shop.accept(&shop.ann, &chat).await;
                let title = json!({ "c": shop.community, "t": format!("{action} as {role}") });
                let canned = ok(shop.creator.graphql(create, title).await)["createCannedAnswer"]["cannedAnswer"]["id"].clone();
                let variables = json!({ "c": shop.community, "v": chat, "a": canned, "b": shop.ben.id });
                let used: Vec<String> = ["c", "v", "a", "b"]
                    .into_iter()
                    .filter(|name| body.contains(&format!("${name}")))
                    .map(|name| format!("${name}: ID!"))
                    .collect();
                let operation = if body.starts_with('{') { "query" } else { "mutation" };
                let body = if operation == "query" { body.to_owned() } else { format!("{{ {body} }}") };
                let answer = who.graphql(&format!("{operation}({}) {body}", used.join(", ")), variables).await;
                let outcome = match answer.json["errors"][0]["extensions"]["code"].as_str() {
                    Some(code) => code,
                    None if answer.json["data"].as_object().expect("data").values().all(Value::is_null) => {
                        "hidden"
                    }
                    None => "ok",
                };
                if action == "prepare" && outcome == "ok" {
                    let drop = "mutation($i: ID!) { deleteCannedAnswer(input: { cannedAnswerId: $i }) { deletedId } }";
                    let made = answer.json["data"]["createCannedAnswer"]["cannedAnswer"]["id"].clone();
                    ok(shop.creator.graphql(drop, json!({ "i": made })).await);
                }
                let _ = write!(line, "{outcome:<16}");
            }
            table += line.trim_end();
            table.push('\n');
        }
        assert_eq!(table, TABLE, "\n{table}");
    }
}
