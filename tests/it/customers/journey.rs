//! From the first question to the rating: by REST and by GraphQL.

use serde_json::{Value, json};

use super::in_a_shop;
use crate::{
    agents::ok,
    support::{Caller, changed},
};

/// A mutation with the members of its input.
async fn act(who: &Caller, verb: &str, input: &str, members: Value, fields: &str) -> Value {
    let changed = changed(verb);
    let query =
        format!("mutation($input: {input}!) {{ {verb}(input: $input) {{ {changed} {{ {fields} }} }} }}");
    ok(who.graphql(&query, json!({ "input": members })).await)[verb][changed].clone()
}

in_a_shop! {
    /// The agent helps, the customer wants more, a person takes over and resolves. GraphQL is used where REST
    /// has no path.
    async fn over_rest(shop: "hybrid") {
        let path = &shop.path;
        let started = shop.customer.post_empty(&format!("{path}/start-chat")).await;
        assert_eq!((started.status, &started.json["status"]), (201, &json!("ai_active")));
        let chat = started.json["conversationId"].as_str().expect("an id").to_owned();
        let mut subscriber = shop.subscribe(&shop.customer, &chat).await;
        shop.tell(&shop.customer, &chat, "Where is my parcel?").await;
        assert_eq!(subscriber.take(2).await, ["Customer: Where is my parcel?", "Guide: Hello"]);
        shop.transfer(&shop.customer).await;
        let queue = shop.ann.get(&format!("{path}/cs-queue")).await.json["queue"].clone();
        assert_eq!((&queue[0]["conversationId"], &queue[0]["status"]), (&json!(chat), &json!("waiting_human")));
        shop.accept(&shop.ann, &chat).await;
        shop.tell(&shop.ann, &chat, "It arrives today.").await;
        shop.tell(&shop.customer, &chat, "Thank you!").await;
        shop.resolve(&shop.ann, &chat).await;
        let status = shop.customer.get(&format!("{path}/cs-status?conversationId={chat}")).await;
        assert_eq!(status.json, json!({ "status": "resolved" }));
        let heard = subscriber.take(5).await;
        let all = ["waiting_human", "human_active", "Ann: It arrives today.", "Customer: Thank you!", "resolved"];
        assert_eq!(heard, all);
        let list = shop.customer.get("/api/conversations").await.json["conversations"].clone();
        assert_eq!((&list[0]["status"], &list[0]["lastMessage"]["content"]), (&json!("resolved"), &json!("Thank you!")));
        let input = json!({ "conversationId": chat, "rating": 5 });
        let rated = act(&shop.customer, "rateSupportChat", "RateSupportChatInput", input,
            "episode currentEpisode { rating resolvedBy }").await;
        assert_eq!(rated, json!({ "episode": 1, "currentEpisode": { "rating": 5, "resolvedBy": "PERSON" } }));
        assert_eq!(shop.coins().await, [100, 0, 0]);
    }

    async fn over_graphql(shop: "hybrid") {
        let community = json!({ "communityId": shop.community });
        let started = act(&shop.customer, "startSupportChat", "StartSupportChatInput", community.clone(),
            "status conversationId conversation { id kind title }").await;
        let chat = started["conversationId"].clone();
        let expected = json!({ "status": "AI_ACTIVE", "conversationId": chat,
            "conversation": { "id": chat, "kind": "SUPPORT", "title": "Shop" } });
        assert_eq!(started, expected);
        let mut subscriber = shop.subscribe(&shop.customer, chat.as_str().expect("an id")).await;
        let question = json!({ "conversationId": chat, "content": "Where is my parcel?", "clientKey": "q1" });
        for _ in 0..2 {
            let said = act(&shop.customer, "postMessage", "PostMessageInput", question.clone(), "number").await;
            assert_eq!(said["number"], 1, "sent twice, said once");
        }
        assert_eq!(subscriber.take(2).await, ["Customer: Where is my parcel?", "Guide: Hello"]);
        let asked = act(&shop.customer, "requestHuman", "RequestHumanInput", community.clone(),
            "status position waitingSince").await;
        assert_eq!((&asked["status"], &asked["position"]), (&json!("WAITING_HUMAN"), &json!(1)));
        assert!(asked["waitingSince"].is_string());
        let both = json!({ "communityId": shop.community, "conversationId": chat });
        let taken = act(&shop.ben, "acceptTransfer", "AcceptTransferInput", both.clone(), "status assignee { name }").await;
        assert_eq!(taken, json!({ "status": "HUMAN_ACTIVE", "assignee": { "name": "Ben" } }));
        let note = json!({ "conversationId": chat, "text": "A regular" });
        act(&shop.ben, "addSupportNote", "AddSupportNoteInput", note, "id").await;
        let on = json!({ "conversationId": chat, "userId": shop.ann.id });
        act(&shop.ben, "transferSupportChat", "TransferSupportChatInput", on, "id").await;
        let answer = json!({ "conversationId": chat, "content": "It arrives today." });
        act(&shop.ann, "postMessage", "PostMessageInput", answer, "id").await;
        let done = act(&shop.customer, "resolveSupportChat", "ResolveSupportChatInput", both, "status").await;
        assert_eq!(done["status"], "RESOLVED");
        let heard = subscriber.take(5).await;
        let all = ["waiting_human", "human_active", "human_active", "Ann: It arrives today.", "resolved"];
        assert_eq!(heard, all);
        let rating = json!({ "conversationId": chat, "rating": 4, "comment": "Quick" });
        let rated = act(&shop.customer, "rateSupportChat", "RateSupportChatInput", rating,
            "currentEpisode { rating comment resolvedBy }").await;
        let expected = json!({ "rating": 4, "comment": "Quick", "resolvedBy": "CUSTOMER" });
        assert_eq!(rated["currentEpisode"], expected);
        let figures = "query($c: ID!) { supportStatistics(communityId: $c) { resolved rating ratings } }";
        let figures = ok(shop.creator.graphql(figures, json!({ "c": shop.community })).await);
        assert_eq!(figures["supportStatistics"], json!({ "resolved": 1, "rating": 4.0, "ratings": 1 }));
        assert_eq!(shop.coins().await, [100, 0, 0]);
    }
}
