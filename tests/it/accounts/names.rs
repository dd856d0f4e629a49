//! Names, addresses, messages and emoji that are invisible or look like others.

use super::*;
use crate::support::on_both;

const BLANK: [&str; 8] = [
    "\u{200b}",
    "\u{3164}",
    "\u{2800}\u{2800}",
    "\u{fe0f}",
    "\u{e0061}\u{e007f}",
    "\u{2060} \u{feff}",
    "\u{202e}",
    "\u{ad}\u{34f}",
];
const MISLEADING: [&str; 8] = [
    "two\nlines",
    "a\u{2028}b",
    "a\u{85}b",
    "a\u{7}b",
    "\u{202e}nimda",
    "a\u{200f}b",
    "ad\u{200b}min",
    "ad\u{e0001}min",
];

async fn sign_up(server: &Server, email: &str, name: &str) -> Answer {
    server.app.clock.advance(std::time::Duration::from_secs(10));
    let body = json!({ "email": email, "password": PASSWORD, "name": name });
    server.anon().post("/api/auth/sign-up/email", body).await
}

on_both! {
    /// On every path that accepts a name.
    async fn names_show_what_they_are(server: Server) {
        let ann = server.member("Ann").await;
        let (_, session, _) = space(&ann).await;
        let club = text(&ok(ann.post("/api/communities", json!({ "name": "Club" })).await)["id"]);
        for name in BLANK.into_iter().chain(MISLEADING) {
            for refused in [
                sign_up(&server, "new@example.com", name).await,
                ann.post("/api/spaces", json!({ "name": name })).await,
                ann.post("/api/communities", json!({ "name": name })).await,
                ann.post("/api/lounge", json!({ "name": name })).await,
                ann.put(&format!("/api/communities/{club}"), json!({ "name": name })).await,
                ann.post("/api/creator/api-keys", json!({ "name": name })).await,
                ann.graphql("mutation($n: String!) { updateProfile(input: { name: $n }) { viewer { id } } }", json!({ "n": name })).await,
                ann.graphql("mutation($n: String!) { createAgentListing(input: { agentName: $n }) { agentListing { id } } }", json!({ "n": name })).await,
                ann.graphql(
                    "mutation($n: String!, $c: ID!) { updateMembership(input: { communityId: $c, displayName: $n }) { membership { id } } }",
                    json!({ "n": name, "c": club }),
                ).await,
                ann.graphql(
                    "mutation($n: String!, $s: ID!) { joinSpaceSession(input: { sessionId: $s, role: $n }) { isNew } }",
                    json!({ "n": name, "s": session }),
                ).await,
            ] {
                assert_eq!(code(&refused), "INVALID", "{name:?}: {}", refused.text);
            }
        }
        let refused = ann.post("/api/spaces", json!({ "name": "ad\u{200b}min" })).await;
        assert_eq!(refused.json["error"], "name must not contain invisible characters");
        // Composed, trimmed, and otherwise unchanged.
        let made = ok(ann.post("/api/spaces", json!({ "name": "  Cafe\u{301} می\u{200c}خواهم 👩‍👩‍👧 " })).await);
        assert_eq!(made["name"], "Caf\u{e9} می\u{200c}خواهم 👩‍👩‍👧");
    }

    async fn messages_that_show_nothing_are_empty(server: Server) {
        let ann = server.member("Ann").await;
        let (_, _, chat) = space(&ann).await;
        let post = "mutation($c: ID!, $t: String!) { postMessage(input: { conversationId: $c, content: $t }) { message { id } } }";
        let first = ok(ann.graphql(post, json!({ "c": chat, "t": "first" })).await);
        let id = &first["data"]["postMessage"]["message"]["id"];
        let edit = "mutation($m: ID!, $t: String!) { editMessage(input: { messageId: $m, content: $t }) { message { id } } }";
        for content in BLANK {
            for refused in [
                ann.post(&format!("/api/conversations/{chat}/messages"), json!({ "content": content })).await,
                ann.graphql(post, json!({ "c": chat, "t": content })).await,
                ann.graphql(edit, json!({ "m": id, "t": content })).await,
            ] {
                assert_eq!(code(&refused), "INVALID", "{content:?}: {}", refused.text);
            }
        }
        // Line breaks and directions in a message are kept.
        ok(ann.graphql(post, json!({ "c": chat, "t": "two\nlines \u{200f}\u{200b}" })).await);
    }

    /// No address may look like another: by case, compatibility forms, look-alikes of other scripts, or
    /// invisible characters.
    async fn addresses_do_not_pass_for_others(server: Server) {
        server.member("Admin").await;
        for taken in ["ADMIN@example.com", "аdmin@example.com", "ａdmin@example.com", "admin@exаmple.com", " admin@example.com "] {
            let refused = sign_up(&server, taken, "Admin").await;
            assert_eq!((refused.status, code(&refused)), (409, "CONFLICT"), "{taken:?}");
        }
        for wrong in ["ad\u{200b}min@example.com", "ad\u{200d}min@example.com", "admin\u{202e}@example.com", "admin@example..com", "ad min@example.com"] {
            let refused = sign_up(&server, wrong, "Admin").await;
            assert_eq!((refused.status, code(&refused)), (400, "INVALID"), "{wrong:?}");
        }
        for other in ["adm1n@example.com", "ad.min@example.com", "admin@example.org", "jos\u{e9}@example.com"] {
            ok(sign_up(&server, other, "Other").await);
        }
        // Both spellings of a domain are equal.
        ok(sign_up(&server, "eva@B\u{dc}CHER.example", "Eva").await);
        assert_eq!(sign_up(&server, "eva@xn--bcher-kva.example", "Eva").await.status, 409);
        assert_eq!(sign_in(&server, "Eva@xn--bcher-kva.EXAMPLE", PASSWORD).await.status, 200);
        assert_eq!(sign_in(&server, "аdmin@example.com", PASSWORD).await.status, 401, "who looks alike is not signed in");
    }

    async fn a_reaction_is_one_emoji_in_one_spelling(server: Server) {
        let ann = server.member("Ann").await;
        let (_, _, chat) = space(&ann).await;
        let post = "mutation($c: ID!) { postMessage(input: { conversationId: $c, content: \"hello\" }) { message { id } } }";
        let id = ok(ann.graphql(post, json!({ "c": chat })).await)["data"]["postMessage"]["message"]["id"].clone();
        let add = "mutation($m: ID!, $e: String!) { addReaction(input: { messageId: $m, emoji: $e }) { message { reactions { emoji count } } } }";
        let remove = "mutation($m: ID!, $e: String!) { removeReaction(input: { messageId: $m, emoji: $e }) { message { reactions { emoji count } } } }";
        for spelling in ["❤", "❤\u{fe0f}", "❤\u{fe0e}"] {
            let put = ok(ann.graphql(add, json!({ "m": id, "e": spelling })).await);
            assert_eq!(put["data"]["addReaction"]["message"]["reactions"], json!([{ "emoji": "❤\u{fe0f}", "count": 1 }]));
        }
        let gone = ok(ann.graphql(remove, json!({ "m": id, "e": "❤" })).await);
        assert_eq!(gone["data"]["removeReaction"]["message"]["reactions"], json!([]));
        for other in ["👍👍", "ok", "\u{3164}", "\u{fe0f}", "🇨", "👍\u{200d}", "1", "é"] {
            assert_eq!(code(&ann.graphql(add, json!({ "m": id, "e": other })).await), "INVALID", "{other:?}");
        }
    }
}
