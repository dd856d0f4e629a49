//! Mentions of agents in messages.

use serde_json::json;

use super::{FEE, PAID, Room, UNPAID, in_a_room, ok, said, write};

const SAY: &str =
    "mutation($c: ID!, $t: String!) { postMessage(input: { communityId: $c, content: $t }) { message {
    id agentReply { id fee } } } }";

in_a_room! {
    /// With mentions enabled, a mention is a question; otherwise it is text.
    async fn a_call_is_a_question(room: Room) {
        let say = async |text: &str| {
            let said = room.asker.graphql(SAY, json!({ "c": room.community, "t": text })).await;
            ok(said)["postMessage"]["message"]["agentReply"].clone()
        };
        assert!(say("@Guide hello").await.is_null(), "nobody switched it on");
        let on = json!({ "agentMentions": true });
        assert_eq!(room.asker.put(&room.path, on.clone()).await.status, 403);
        assert_eq!(room.creator.put(&room.path, on).await.status, 200);
        let query = "query($id: ID!) { community(id: $id) { canMentionAgents agentCallFee } }";
        let seen = ok(room.asker.graphql(query, json!({ "id": room.community })).await)["community"].clone();
        assert_eq!(seen, json!({ "canMentionAgents": true, "agentCallFee": FEE }));
        assert!(say("Guide, mail me@guide.example").await.is_null());
        assert_eq!(room.coins().await, UNPAID);
        let asked = say("Tell me, @guide: when is it open?").await;
        assert_eq!(asked["fee"], FEE);
        let id = asked["id"].as_str().expect("an answer");
        assert_eq!(said(&room.follow(&room.asker, id, 0).await), "Hello");
        assert_eq!(room.coins().await, PAID);
        let last = room.history().await.pop().expect("a message");
        assert_eq!((&last["agentName"], &last["content"]), (&json!("Guide"), &json!("Hello")));
    }

    /// A mention of an archived agent does not call another whose name begins alike.
    async fn a_call_of_one_that_is_gone_is_refused(room: Room) {
        room.creator.put(&room.path, json!({ "agentMentions": true })).await;
        let dog = write(&room.creator, json!({ "agentName": "Guide Dog" })).await;
        room.creator.post(&format!("{}/agents", room.path), json!({ "listingId": dog })).await;
        let archive = "mutation($id: ID!) { archiveAgentListing(input: { agentListingId: $id }) { agentListing { id } } }";
        ok(room.creator.graphql(archive, json!({ "id": dog })).await);
        let call = "mutation($c: ID!) { postMessage(input: { communityId: $c, content: \"@Guide Dog, sit\" }) { message {
            agentReply { id } agentRefusal { code message } } } }";
        let said = ok(room.asker.graphql(call, json!({ "c": room.community })).await)["postMessage"]["message"].clone();
        let why = json!({ "code": "NOT_FOUND", "message": "Agent listing not found or not active" });
        assert_eq!(said, json!({ "agentReply": null, "agentRefusal": why }));
        assert_eq!(room.coins().await, UNPAID);
    }

    /// Text that only looks like a mention is neither asked nor paid; mentions in other scripts are.
    async fn text_that_is_no_mention_is_free(room: Room) {
        room.creator.put(&room.path, json!({ "agentMentions": true })).await;
        let say = async |text: &str| {
            let said = room.asker.graphql(SAY, json!({ "c": room.community, "t": text })).await;
            ok(said)["postMessage"]["message"]["agentReply"].clone()
        };
        for text in [
            "https://blog.example/@Guide/post-7",
            "?bar=@Guide",
            "`@Guide`",
            "```\n@Guide\n```",
            "> @Guide said so",
            "@guide_bot",
            "@guide-dog",
            "@guide/core",
            "me@guide.example",
            "@Guide@host",
            "\\@Guide",
            "[@Guide](https://blog.example)",
        ] {
            assert!(say(text).await.is_null(), "{text}");
        }
        assert_eq!(room.coins().await, UNPAID);
        assert!(room.model.requests().is_empty());
        for text in ["@Guideさん", "@Guide님", "导游@Guide你好", "＠Guide"] {
            let asked = say(text).await;
            assert_eq!(asked["fee"], FEE, "{text}");
            room.follow(&room.asker, asked["id"].as_str().expect("an answer"), 0).await;
        }
    }

    /// A mention of a removed agent does not call another whose name begins alike.
    async fn a_call_of_one_that_was_removed_is_refused(room: Room) {
        room.creator.put(&room.path, json!({ "agentMentions": true })).await;
        let dog = write(&room.creator, json!({ "agentName": "Guide Dog" })).await;
        room.creator.post(&format!("{}/agents", room.path), json!({ "listingId": dog })).await;
        let remove = room.creator.delete(&format!("{}/agents/{dog}", room.path)).await;
        assert!(remove.status < 300, "{}", remove.text);
        let call = "mutation($c: ID!, $t: String!) { postMessage(input: { communityId: $c, content: $t }) { message {
            agentReply { id } agentRefusal { code message } } } }";
        let say = async |text: &str| {
            let said = room.asker.graphql(call, json!({ "c": room.community, "t": text })).await;
            ok(said)["postMessage"]["message"].clone()
        };
        let why = json!({ "code": "INVALID", "message": "Agent is not in this community" });
        assert_eq!(say("@Guide Dog, sit").await, json!({ "agentReply": null, "agentRefusal": why }));
        assert_eq!(room.coins().await, UNPAID);
        assert!(say("@Guide dogs are nice").await["agentRefusal"].is_null());
    }

    /// A message of a user who cannot pay is posted without a reply.
    async fn a_call_without_coins_is_only_text(room: Room) {
        room.creator.put(&room.path, json!({ "agentMentions": true })).await;
        let poor = room.server.member("Poor").await;
        poor.post_empty(&format!("{}/join", room.path)).await;
        let call = "mutation($c: ID!) { postMessage(input: { communityId: $c, content: \"@guide hello\" }) { message {
            agentReply { id } agentRefusal { code message } } } }";
        let said = ok(poor.graphql(call, json!({ "c": room.community })).await)["postMessage"]["message"].clone();
        let why = json!({ "code": "INSUFFICIENT_BALANCE", "message": "Insufficient balance for agent call" });
        assert_eq!(said, json!({ "agentReply": null, "agentRefusal": why }));
        let said = poor.post(&format!("{}/messages", room.path), json!({ "content": "@guide please" })).await;
        assert_eq!(said.status, 201, "{}", said.text);
        assert!(room.replies().await.is_empty());
        assert_eq!(room.history().await.len(), 2);
        assert_eq!(room.coins().await, UNPAID);
        let own = room.creator.graphql(call, json!({ "c": room.community })).await;
        assert!(ok(own)["postMessage"]["message"]["agentRefusal"].is_null(), "whoever runs the community asks for nothing");
    }
}
