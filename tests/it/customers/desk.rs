//! The team's tools: canned answers, settings, ratings and statistics.

use std::time::Duration;

use serde_json::{Value, json};

use super::in_a_shop;
use crate::{
    agents::{code, ok},
    support::Caller,
};

const CREATE: &str = "mutation($c: ID!, $t: String!, $x: String!) {
    createCannedAnswer(input: { communityId: $c, title: $t, text: $x }) { cannedAnswer { id title text } } }";
const LIST: &str = "query($c: ID!) { cannedAnswers(communityId: $c) { title text } }";
const RATE: &str = "mutation($c: ID!, $r: Int!, $e: Int, $x: String) { rateSupportChat(input: {
    conversationId: $c, rating: $r, episode: $e, comment: $x }) { supportChat { episodes { rating comment } } } }";

async fn rate(who: &Caller, chat: &str, rating: i32, episode: Option<i32>) -> Result<Value, String> {
    let variables = json!({ "c": chat, "r": rating, "e": episode, "x": "Thanks" });
    let answer = who.graphql(RATE, variables).await;
    match answer.json["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => Err(code.to_owned()),
        None => Ok(answer.json["data"]["rateSupportChat"]["supportChat"]["episodes"].clone()),
    }
}

in_a_shop! {
    async fn prepared_answers(shop: "ai_only") {
        let create = async |who: &Caller, title: &str| {
            who.graphql(CREATE, json!({ "c": shop.community, "t": title, "x": "We open at nine." })).await
        };
        let made = ok(create(&shop.moderator, "Opening hours").await)["createCannedAnswer"]["cannedAnswer"].clone();
        ok(create(&shop.creator, "address").await);
        assert_eq!(code(&create(&shop.creator, "OPENING hours").await), "CONFLICT");
        assert_eq!(code(&create(&shop.creator, " ").await), "INVALID");
        assert_eq!(code(&create(&shop.ann, "Mine").await), "FORBIDDEN");
        assert_eq!(code(&create(&shop.customer, "Mine").await), "FORBIDDEN");
        let list = ok(shop.ann.graphql(LIST, json!({ "c": shop.community })).await)["cannedAnswers"].clone();
        let titles: Vec<&Value> = list.as_array().expect("a list").iter().map(|canned| &canned["title"]).collect();
        assert_eq!(titles, ["address", "Opening hours"]);
        assert_eq!(code(&shop.customer.graphql(LIST, json!({ "c": shop.community })).await), "FORBIDDEN");
        let update = "mutation($i: ID!, $t: String) { updateCannedAnswer(input: { cannedAnswerId: $i, title: $t }) { cannedAnswer { title text } } }";
        let id = made["id"].clone();
        assert_eq!(code(&shop.ann.graphql(update, json!({ "i": id, "t": "x" })).await), "FORBIDDEN");
        assert_eq!(code(&shop.customer.graphql(update, json!({ "i": id, "t": "x" })).await), "NOT_FOUND");
        assert_eq!(code(&shop.creator.graphql(update, json!({ "i": id, "t": "Address" })).await), "CONFLICT");
        let changed = ok(shop.creator.graphql(update, json!({ "i": id, "t": "Hours" })).await);
        assert_eq!(changed["updateCannedAnswer"]["cannedAnswer"], json!({ "title": "Hours", "text": "We open at nine." }));
        let delete = "mutation($i: ID!) { deleteCannedAnswer(input: { cannedAnswerId: $i }) { deletedId } }";
        assert_eq!(code(&shop.ann.graphql(delete, json!({ "i": id })).await), "FORBIDDEN");
        ok(shop.moderator.graphql(delete, json!({ "i": id })).await);
        assert_eq!(code(&shop.moderator.graphql(delete, json!({ "i": id })).await), "NOT_FOUND");
    }

    async fn settings_are_the_creators(shop: "ai_only") {
        let read = "query($c: ID!) { supportSettings(communityId: $c) { callFee capacity answerWithinSeconds
            firstResponseWithinSeconds utcOffsetMinutes hours { day opens closes } awayMessage } }";
        let before = ok(shop.ann.graphql(read, json!({ "c": shop.community })).await)["supportSettings"].clone();
        let expected = json!({ "callFee": 0, "capacity": null, "answerWithinSeconds": 900,
            "firstResponseWithinSeconds": null, "utcOffsetMinutes": 0, "hours": null, "awayMessage": null });
        assert_eq!(before, expected);
        assert_eq!(code(&shop.customer.graphql(read, json!({ "c": shop.community })).await), "FORBIDDEN");
        let hours = json!([{ "day": "MONDAY", "opens": "00:00", "closes": "24:00" }]);
        shop.set(json!({ "callFee": 3, "capacity": 4, "hours": hours, "awayMessage": "Away" })).await;
        shop.set(json!({ "answerWithinSeconds": null })).await;
        let after = ok(shop.ann.graphql(read, json!({ "c": shop.community })).await)["supportSettings"].clone();
        let expected = json!({ "callFee": 3, "capacity": 4, "answerWithinSeconds": null,
            "firstResponseWithinSeconds": null, "utcOffsetMinutes": 0, "hours": hours, "awayMessage": "Away" });
        assert_eq!(after, expected);
        let write = "mutation($input: UpdateSupportSettingsInput!) { updateSupportSettings(input: $input) { supportSettings { callFee } } }";
        let refused = async |who: &Caller, mut input: Value| {
            input["communityId"] = json!(shop.community);
            code(&who.graphql(write, json!({ "input": input })).await).to_owned()
        };
        for input in [
            json!({ "callFee": -1 }),
            json!({ "capacity": 0 }),
            json!({ "answerWithinSeconds": 0 }),
            json!({ "firstResponseWithinSeconds": 604801 }),
            json!({ "utcOffsetMinutes": 900 }),
            json!({ "hours": [{ "day": "MONDAY", "opens": "18:00", "closes": "18:00" }] }),
            json!({ "hours": [{ "day": "MONDAY", "opens": "24:00", "closes": "09:00" }] }),
            json!({ "hours": [{ "day": "MONDAY", "opens": "18:00", "closes": "24:30" }] }),
            json!({ "timeZone": "Berlin" }),
            json!({ "timeZone": "" }),
            json!({ "timeZone": "+02:00" }),
            json!({ "hours": [{ "day": "MONDAY", "opens": "9:00", "closes": "10:00" }] }),
            json!({ "awayMessage": "x".repeat(1001) }),
        ] {
            assert_eq!(refused(&shop.creator, input.clone()).await, "INVALID", "{input}");
        }
        for who in [&shop.moderator, &shop.ann, &shop.customer] {
            assert_eq!(refused(who, json!({ "callFee": 1 })).await, "FORBIDDEN");
        }
    }

    /// A rating once an episode, by the customer, after the resolution.
    async fn ratings(shop: "human_only") {
        let chat = shop.begin(&shop.customer).await;
        assert_eq!(rate(&shop.customer, &chat, 5, None).await, Err("CONFLICT".into()), "it is not resolved");
        shop.resolve(&shop.customer, &chat).await;
        assert_eq!(rate(&shop.ann, &chat, 5, None).await, Err("NOT_FOUND".into()));
        for wrong in [0, 6, -1] {
            assert_eq!(rate(&shop.customer, &chat, wrong, None).await, Err("INVALID".into()));
        }
        let rated = rate(&shop.customer, &chat, 4, None).await.expect("rates");
        assert_eq!(rated, json!([{ "rating": 4, "comment": "Thanks" }]));
        assert_eq!(rate(&shop.customer, &chat, 5, None).await, Err("CONFLICT".into()), "once");
        shop.begin(&shop.customer).await;
        shop.resolve(&shop.customer, &chat).await;
        shop.begin(&shop.customer).await;
        assert_eq!(rate(&shop.customer, &chat, 2, None).await, Err("CONFLICT".into()), "the third is open");
        let rated = rate(&shop.customer, &chat, 1, Some(2)).await.expect("rates");
        assert_eq!(rated[1]["rating"], 1);
        assert_eq!(rate(&shop.customer, &chat, 1, Some(9)).await, Err("NOT_FOUND".into()));
    }

    /// Public information before the first question.
    async fn everybody_sees_when_people_are_there(shop: "human_only") {
        let query = "query($c: ID!) { community(id: $c) { ... on OfficialAccount { supportCallFee isSupportOpen
            supportUtcOffsetMinutes supportHours { day opens } viewerSupportChat { status } } } }";
        let see = async |who: &Caller| ok(who.graphql(query, json!({ "c": shop.community })).await)["community"].clone();
        let anon = shop.server.anon();
        let expected = json!({ "supportCallFee": 0, "isSupportOpen": true, "supportUtcOffsetMinutes": 0,
            "supportHours": null, "viewerSupportChat": null });
        assert_eq!(see(&anon).await, expected);
        // The tests' clock begins at noon of a Thursday in UTC.
        let hours = json!([{ "day": "THURSDAY", "opens": "06:00", "closes": "08:00" }]);
        shop.set(json!({ "hours": hours, "utcOffsetMinutes": -300, "callFee": 2 })).await;
        shop.begin(&shop.customer).await;
        let expected = json!({ "supportCallFee": 2, "isSupportOpen": true, "supportUtcOffsetMinutes": -300,
            "supportHours": [{ "day": "THURSDAY", "opens": "06:00" }], "viewerSupportChat": { "status": "WAITING_HUMAN" } });
        assert_eq!(see(&shop.customer).await, expected);
        shop.server.app.clock.advance(Duration::from_secs(3600));
        assert_eq!(see(&shop.ann).await["isSupportOpen"], false);
        assert_eq!(see(&shop.ann).await["viewerSupportChat"], Value::Null);
    }

    /// Actions of the team on others are in the audit log.
    async fn the_audit_log_has_it(shop: "human_only") {
        let chat = shop.begin(&shop.customer).await;
        shop.accept(&shop.ann, &chat).await;
        let hand = "mutation($c: ID!, $u: ID) { transferSupportChat(input: { conversationId: $c, userId: $u }) { supportChat { id } } }";
        shop.server.app.clock.advance(Duration::from_secs(1));
        ok(shop.moderator.graphql(hand, json!({ "c": chat, "u": shop.ben.id })).await);
        shop.server.app.clock.advance(Duration::from_secs(1));
        shop.resolve(&shop.moderator, &chat).await;
        shop.server.app.clock.advance(Duration::from_secs(1));
        shop.set(json!({ "capacity": 3 })).await;
        shop.set(json!({ "capacity": 3 })).await;
        let query = "query($c: ID) { auditEvents(communityId: $c, first: 3) { nodes { action details } } }";
        let log = ok(shop.creator.graphql(query, json!({ "c": shop.community })).await)["auditEvents"]["nodes"].clone();
        assert_eq!(log[0]["action"], "SUPPORT_SETTINGS_CHANGED");
        assert_eq!(log[0]["details"]["capacity"], json!({ "from": null, "to": 3 }));
        assert_eq!(log[1]["action"], "CUSTOMER_RESOLVED");
        assert_eq!(log[2]["action"], "CUSTOMER_HANDED_ON");
        assert_eq!(log[2]["details"], json!({ "from": shop.ann.id, "to": shop.ben.id }));
    }

    async fn figures(shop: "human_only") {
        for (wait, rating) in [(10, 5), (20, 4), (60, 3)] {
            let customer = shop.server.member(&format!("Waits{wait}")).await;
            let chat = shop.begin(&customer).await;
            shop.tell(&customer, &chat, "Hello?").await;
            shop.server.app.clock.advance(Duration::from_secs(wait));
            shop.tell(&shop.ann, &chat, "Hello!").await;
            shop.resolve(&shop.ann, &chat).await;
            rate(&customer, &chat, rating, None).await.expect("rates");
        }
        shop.serve("hybrid").await;
        let chat = shop.begin(&shop.customer).await;
        let mut subscriber = shop.subscribe(&shop.customer, &chat).await;
        shop.tell(&shop.customer, &chat, "Where?").await;
        assert_eq!(subscriber.take(2).await, ["Customer: Where?", "Guide: Hello"]);
        shop.resolve(&shop.customer, &chat).await;
        shop.begin(&shop.customer).await;
        shop.transfer(&shop.customer).await;
        let query = "query($c: ID!) { supportStatistics(communityId: $c) { waitingNow servedNow episodes resolved
            resolvedByAi firstResponseP50Seconds firstResponseP90Seconds late rating ratings } }";
        let seen = ok(shop.creator.graphql(query, json!({ "c": shop.community })).await)["supportStatistics"].clone();
        let expected = json!({ "waitingNow": 1, "servedNow": 0, "episodes": 5, "resolved": 4, "resolvedByAi": 1,
            "firstResponseP50Seconds": 20.0, "firstResponseP90Seconds": 60.0, "late": 0, "rating": 4.0, "ratings": 3 });
        assert_eq!(seen, expected);
        for who in [&shop.moderator, &shop.ann, &shop.customer] {
            assert_eq!(code(&who.graphql(query, json!({ "c": shop.community })).await), "FORBIDDEN");
        }
    }
}
