//! Events of customer and team, without gaps, for as long as they have the right.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::{Shop, in_a_shop};
use crate::{
    agents::ok,
    support::{Caller, Events},
};

const QUEUE: &str =
    "subscription($c: ID!) { supportQueue(communityId: $c) { isSnapshot removedIds lateIds orderedIds
    chats { id status position assignee { name } customer { name } noteCount } } }";

impl Shop {
    /// Listens to the queue.
    pub(super) async fn watch(&self, who: &Caller) -> Events {
        let body = json!({ "query": QUEUE, "variables": { "c": self.community } });
        let request = who.request(Method::POST, "/graphql/stream").header("accept", "text/event-stream");
        Events::of(request.json(&body)).await
    }

    async fn dismiss(&self, who: &Caller) {
        let query = "mutation($c: ID!, $u: ID!) { removeMember(input: { communityId: $c, userId: $u }) { community { id } } }";
        ok(self.creator.graphql(query, json!({ "c": self.community, "u": who.id })).await);
    }
}

/// The next change of a queue.
pub(super) async fn change(queue: &mut Events) -> Value {
    queue.expect().await.json["data"]["supportQueue"].clone()
}

/// Returns the code with which a stream ends.
async fn end(stream: &mut Events) -> String {
    let mut last = String::new();
    while let Some(told) = stream.next().await {
        if !told.json.is_null() {
            last = told.json.to_string();
        }
        if told.event == "complete" {
            break;
        }
    }
    last
}

in_a_shop! {
    /// Both receive the same events in order, and resume at their positions.
    async fn customer_and_team_hear_the_same(shop: "human_only") {
        let chat = shop.begin(&shop.customer).await;
        let (mut hers, mut theirs) =
            (shop.subscribe(&shop.customer, &chat).await, shop.subscribe(&shop.ann, &chat).await);
        shop.tell(&shop.customer, &chat, "Hello?").await;
        shop.accept(&shop.ann, &chat).await;
        shop.tell(&shop.ann, &chat, "Hello!").await;
        shop.resolve(&shop.customer, &chat).await;
        let all = ["Customer: Hello?", "human_active", "Ann: Hello!", "resolved"];
        assert_eq!(hers.take(4).await, all);
        assert_eq!(theirs.take(4).await, all);
        // After the first event, which began the chat, all events are delivered again with their status at
        // that time.
        let mut again = Events::open(&shop.ben, &format!("/api/conversations/{chat}/events"), Some("1")).await;
        let told = [again.expect().await.json, again.expect().await.json];
        assert_eq!(told[1]["status"], "human_active");
        assert!(told[1]["support"]["status"].is_string());
        assert_eq!(told[1]["user"]["name"], "Ann");
    }

    /// The queue: first all of it, then changes.
    async fn the_queue_is_live(shop: "human_only") {
        let first = shop.begin(&shop.customer).await;
        let mut queue = shop.watch(&shop.ann).await;
        let whole = change(&mut queue).await;
        assert_eq!(whole["isSnapshot"], true);
        let id = whole["chats"][0]["id"].clone();
        assert_eq!(whole["chats"][0], json!({ "id": id, "status": "WAITING_HUMAN", "position": 1, "assignee": null,
            "customer": { "name": "Customer" }, "noteCount": 0 }));
        let other = shop.server.member("Second").await;
        shop.begin(&other).await;
        let new = change(&mut queue).await;
        assert_eq!((&new["isSnapshot"], &new["chats"][0]["position"]), (&json!(false), &json!(2)));
        assert_eq!(new["orderedIds"], json!([id, new["chats"][0]["id"]]));
        shop.accept(&shop.ben, &first).await;
        let taken = change(&mut queue).await;
        assert_eq!(taken["chats"].as_array().expect("chats").len(), 1);
        assert_eq!(taken["chats"][0]["assignee"]["name"], "Ben");
        assert_eq!(taken["orderedIds"], json!([new["chats"][0]["id"], id]));
        let note = "mutation($c: ID!) { addSupportNote(input: { conversationId: $c, text: \"Angry\" }) { supportNote { id } } }";
        ok(shop.ben.graphql(note, json!({ "c": first })).await);
        assert_eq!(change(&mut queue).await["chats"][0]["noteCount"], 1);
    }

    /// A former team member receives nothing more of queue and chats, nor does a banned customer.
    async fn streams_end_with_the_right(shop: "human_only") {
        let chat = shop.begin(&shop.customer).await;
        let mut queue = shop.watch(&shop.ann).await;
        change(&mut queue).await;
        let events = format!("/api/conversations/{chat}/events");
        let mut staff = Events::open(&shop.ann, &events, None).await;
        let mut customer = Events::open(&shop.customer, &events, None).await;
        staff.expect().await;
        customer.expect().await;
        shop.dismiss(&shop.ann).await;
        assert!(end(&mut queue).await.contains("FORBIDDEN"));
        assert!(end(&mut staff).await.contains("NOT_FOUND"));
        let ban = "mutation($c: ID!, $u: ID!) { banMember(input: { communityId: $c, userId: $u }) { ban { id } } }";
        ok(shop.creator.graphql(ban, json!({ "c": shop.community, "u": shop.customer.id })).await);
        assert!(end(&mut customer).await.contains("MEMBER_BANNED"));
        // A lost role ends it, too.
        let mut queue = shop.watch(&shop.ben).await;
        change(&mut queue).await;
        let role = "mutation($c: ID!, $u: ID!) {
            setMemberRole(input: { communityId: $c, userId: $u, role: MEMBER }) { membership { id } } }";
        ok(shop.creator.graphql(role, json!({ "c": shop.community, "u": shop.ben.id })).await);
        assert!(end(&mut queue).await.contains("FORBIDDEN"));
        // A stranger receives nothing at all.
        let stranger = shop.server.member("Stranger").await;
        assert_eq!(stranger.get(&events).await.status, 404);
        shop.server.app.clock.advance(Duration::from_secs(60));
    }

    /// A waiting customer is notified of a better position and of the assignee.
    async fn the_place_is_live(shop: "human_only") {
        let first = shop.begin(&shop.customer).await;
        let other = shop.server.member("Second").await;
        let second = shop.begin(&other).await;
        let query = "subscription($c: ID!) { supportQueuePosition(conversationId: $c) { status position waitingSince } }";
        let watch = async |who: &Caller| {
            let body = json!({ "query": query, "variables": { "c": second } });
            let request = who.request(Method::POST, "/graphql/stream").header("accept", "text/event-stream");
            Events::of(request.json(&body)).await
        };
        let place = async |events: &mut Events| events.expect().await.json["data"]["supportQueuePosition"].clone();
        let mut hers = watch(&other).await;
        let told = place(&mut hers).await;
        assert_eq!((&told["status"], &told["position"]), (&json!("WAITING_HUMAN"), &json!(2)));
        assert!(told["waitingSince"].is_string());
        // Customers behind her change nothing for her.
        let third = shop.server.member("Third").await;
        shop.begin(&third).await;
        shop.accept(&shop.ann, &first).await;
        assert_eq!(place(&mut hers).await["position"], 1);
        shop.accept(&shop.ben, &second).await;
        let served = json!({ "status": "HUMAN_ACTIVE", "position": null, "waitingSince": null });
        assert_eq!(place(&mut hers).await, served);
        // Other users and banned users are not notified.
        assert!(end(&mut watch(&shop.customer).await).await.contains("NOT_FOUND"));
        let ban = "mutation($c: ID!, $u: ID!) { banMember(input: { communityId: $c, userId: $u }) { ban { id } } }";
        ok(shop.creator.graphql(ban, json!({ "c": shop.community, "u": other.id })).await);
        assert!(end(&mut hers).await.contains("MEMBER_BANNED"));
    }

    /// The inbox of the assignee contains the chat until it is transferred.
    async fn the_inbox_follows_the_customer(shop: "human_only") {
        let chat = shop.begin(&shop.customer).await;
        let query = "subscription { inbox { isSnapshot removedIds conversations { id support { status } } } }";
        let request = shop.ann.request(Method::POST, "/graphql/stream").header("accept", "text/event-stream");
        let mut inbox = Events::of(request.json(&json!({ "query": query }))).await;
        assert_eq!(inbox.expect().await.json["data"]["inbox"]["isSnapshot"], true);
        shop.accept(&shop.ann, &chat).await;
        let come = inbox.expect().await.json["data"]["inbox"].clone();
        assert_eq!(come["conversations"][0], json!({ "id": chat, "support": { "status": "HUMAN_ACTIVE" } }));
        let hand = "mutation($c: ID!, $u: ID) { transferSupportChat(input: { conversationId: $c, userId: $u }) { supportChat { id } } }";
        ok(shop.ann.graphql(hand, json!({ "c": chat, "u": shop.ben.id })).await);
        assert_eq!(inbox.expect().await.json["data"]["inbox"]["removedIds"], json!([chat]));
    }
}
