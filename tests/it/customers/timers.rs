//! Deadlines, by the application's clock.

use std::time::Duration;

use entity::conversation;
use plaza::domain::support;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Shop, events::change, in_a_shop};
use crate::agents::ok;

impl Shop {
    /// Advances the clock and processes due timers.
    async fn pass(&self, seconds: u64) {
        self.server.app.clock.advance(Duration::from_secs(seconds));
        support::run_due(&self.server.app).await.expect("looks after them");
    }

    async fn queue(&self) -> Vec<Value> {
        let query = "query($c: ID!) { supportQueue(communityId: $c) {
            status position waitingSince lateSince unansweredSince customer { name } assignee { name } } }";
        let data = ok(self.ann.graphql(query, json!({ "c": self.community })).await);
        data["supportQueue"].as_array().expect("a queue").clone()
    }
}

in_a_shop! {
    /// An assignee who does not answer loses the customer to the position of the waiting time.
    async fn a_silent_assignee_loses_the_customer(shop: "human_only") {
        shop.set(json!({ "answerWithinSeconds": 60 })).await;
        let first = shop.begin(&shop.customer).await;
        shop.tell(&shop.customer, &first, "Hello?").await;
        shop.server.app.clock.advance(Duration::from_secs(10));
        let second = shop.server.member("Second").await;
        shop.begin(&second).await;
        shop.accept(&shop.ann, &first).await;
        let mut subscriber = shop.subscribe(&shop.customer, &first).await;
        shop.pass(59).await;
        assert_eq!(shop.status(&first).await, "HUMAN_ACTIVE");
        shop.pass(1).await;
        let word = "-: Your contact is away. Another team member will take over.";
        assert_eq!(subscriber.take(2).await, ["waiting_human", word]);
        let queue = shop.queue().await;
        assert_eq!((&queue[0]["customer"]["name"], &queue[0]["position"]), (&json!("Customer"), &json!(1)));
        // An assignee who answers keeps the customer until the next question.
        shop.accept(&shop.ben, &first).await;
        shop.tell(&shop.ben, &first, "Hello!").await;
        shop.pass(3600).await;
        assert_eq!(shop.status(&first).await, "HUMAN_ACTIVE");
        shop.tell(&shop.customer, &first, "And?").await;
        shop.pass(30).await;
        shop.tell(&shop.customer, &first, "Hello?").await;
        shop.pass(30).await;
        assert_eq!(shop.status(&first).await, "WAITING_HUMAN");
    }

    /// Without a limit, the assignee keeps the customer.
    async fn without_a_limit_nobody_loses_anybody(shop: "human_only") {
        shop.set(json!({ "answerWithinSeconds": null })).await;
        let chat = shop.begin(&shop.customer).await;
        shop.tell(&shop.customer, &chat, "Hello?").await;
        shop.accept(&shop.ann, &chat).await;
        shop.pass(20 * 86400).await;
        assert_eq!(shop.status(&chat).await, "HUMAN_ACTIVE");
    }

    /// A missed response deadline is reported once and counted.
    async fn late_answers_are_reported(shop: "human_only") {
        let targets = json!({ "firstResponseWithinSeconds": 60, "nextResponseWithinSeconds": 30,
            "answerWithinSeconds": null });
        shop.set(targets).await;
        let chat = shop.begin(&shop.customer).await;
        shop.pass(600).await;
        assert_eq!(shop.queue().await[0]["lateSince"], Value::Null, "nothing was asked yet");
        shop.tell(&shop.customer, &chat, "Hello?").await;
        shop.pass(59).await;
        assert_eq!(shop.queue().await[0]["lateSince"], Value::Null);
        shop.pass(1).await;
        assert!(shop.queue().await[0]["lateSince"].is_string());
        let customers = shop.support_of(&shop.customer, &chat, "lateSince noteCount unansweredSince").await;
        assert_eq!((&customers["lateSince"], &customers["noteCount"]), (&Value::Null, &Value::Null));
        shop.pass(30).await;
        shop.tell(&shop.ann, &chat, "Hello!").await;
        assert_eq!(shop.queue().await[0]["lateSince"], Value::Null);
        for (wait, is_late) in [(10, false), (40, true)] {
            shop.tell(&shop.customer, &chat, "And?").await;
            shop.pass(wait).await;
            assert_eq!(shop.queue().await[0]["lateSince"].is_string(), is_late, "after {wait} seconds");
            shop.tell(&shop.ann, &chat, "Well,").await;
        }
        let episode = shop.support_of(&shop.customer, &chat, "currentEpisode { firstResponseSeconds nextResponseSeconds }").await;
        assert_eq!(episode["currentEpisode"], json!({ "firstResponseSeconds": 90.0, "nextResponseSeconds": 25.0 }));
        let figures = "query($c: ID!) { supportStatistics(communityId: $c) { late firstResponseP50Seconds } }";
        let figures = ok(shop.creator.graphql(figures, json!({ "c": shop.community })).await);
        assert_eq!(figures["supportStatistics"], json!({ "late": 2, "firstResponseP50Seconds": 90.0 }));
    }

    /// A late answer is counted and reported, even if it was given before the timers ran.
    async fn late_answers_are_told_although_they_were_given(shop: "human_only") {
        shop.set(json!({ "firstResponseWithinSeconds": 60, "answerWithinSeconds": null })).await;
        let chat = shop.begin(&shop.customer).await;
        let mut queue = shop.watch(&shop.ben).await;
        assert_eq!(change(&mut queue).await["lateIds"], json!([]));
        let query = "query($c: ID!) { conversation(id: $c) { support { id } } }";
        let id = ok(shop.ann.graphql(query, json!({ "c": chat })).await)["conversation"]["support"]["id"].clone();
        // The server's own rounds wait for the clock; here it passes while they are held up by nothing but their turn.
        shop.tell(&shop.customer, &chat, "Hello?").await;
        shop.server.app.clock.advance(Duration::from_secs(90));
        shop.tell(&shop.ann, &chat, "Hello!").await;
        let mut late = Vec::new();
        while late.is_empty() {
            late = change(&mut queue).await["lateIds"].as_array().expect("ids").clone();
        }
        assert_eq!(late, [id]);
        let figures = "query($c: ID!) { supportStatistics(communityId: $c) { late } }";
        let figures = ok(shop.creator.graphql(figures, json!({ "c": shop.community })).await);
        assert_eq!(figures["supportStatistics"]["late"], 1);
        assert_eq!(shop.queue().await[0]["lateSince"], Value::Null, "it was answered");
        shop.pass(600).await;
        let figures = "query($c: ID!) { supportStatistics(communityId: $c) { late } }";
        let figures = ok(shop.creator.graphql(figures, json!({ "c": shop.community })).await);
        assert_eq!(figures["supportStatistics"]["late"], 1, "it is counted once");
    }

    /// The server processes deadlines by itself.
    async fn the_background_looks_after_them(shop: "human_only") {
        shop.set(json!({ "answerWithinSeconds": 60 })).await;
        let chat = shop.begin(&shop.customer).await;
        shop.tell(&shop.customer, &chat, "Hello?").await;
        let mut rounds = shop.server.background.support_timers.clone();
        rounds.mark_unchanged();
        shop.accept(&shop.ann, &chat).await;
        rounds.changed().await.expect("a round, as something is due");
        let mut subscriber = shop.subscribe(&shop.customer, &chat).await;
        shop.server.app.clock.advance(Duration::from_secs(60));
        assert_eq!(subscriber.next().await, "waiting_human");
    }

    /// A former team member loses all customers at once.
    async fn leaving_the_team_releases_the_customers(shop: "human_only") {
        let chat = shop.begin(&shop.customer).await;
        shop.accept(&shop.ann, &chat).await;
        let mut subscriber = shop.subscribe(&shop.customer, &chat).await;
        assert_eq!(shop.ann.post_empty(&format!("{}/leave", shop.path)).await.status, 200);
        let word = "-: Your contact is away. Another team member will take over.";
        assert_eq!(subscriber.take(2).await, ["waiting_human", word]);
    }

    /// A customer who cannot be released because of an internal error does not block others.
    async fn a_fault_holds_up_no_other(shop: "human_only") {
        let second = shop.server.member("Second").await;
        let (broken, chat) = (shop.begin(&shop.customer).await, shop.begin(&second).await);
        shop.accept(&shop.ann, &broken).await;
        shop.accept(&shop.ann, &chat).await;
        // No event can have a later time.
        conversation::Entity::update_many()
            .col_expr(conversation::Column::LastMicros, Expr::value(i64::MAX - 10))
            .filter(conversation::Column::Id.eq(broken.parse::<Uuid>().expect("an id")))
            .exec(shop.server.app.db.write())
            .await
            .expect("writes");
        let mut subscriber = shop.subscribe(&second, &chat).await;
        assert_eq!(shop.ann.post_empty(&format!("{}/leave", shop.path)).await.status, 200);
        let word = "-: Your contact is away. Another team member will take over.";
        assert_eq!(subscriber.take(2).await, ["waiting_human", word]);
        assert_eq!(shop.status(&broken).await, "HUMAN_ACTIVE");
    }

    /// Outside business hours, customers receive the away message once an episode.
    async fn the_away_message_is_sent_outside_business_hours(shop: "hybrid") {
        // The tests' clock begins at noon of a Thursday in UTC.
        let hours = json!([{ "day": "THURSDAY", "opens": "09:00", "closes": "18:00" }]);
        shop.set(json!({ "hours": hours, "utcOffsetMinutes": 480, "awayMessage": "We are back in the morning." })).await;
        let chat = shop.begin(&shop.customer).await;
        let mut subscriber = shop.subscribe(&shop.customer, &chat).await;
        // The agent is always available.
        shop.tell(&shop.customer, &chat, "Hello?").await;
        assert_eq!(subscriber.take(2).await, ["Customer: Hello?", "Guide: Hello"]);
        shop.transfer(&shop.customer).await;
        assert_eq!(subscriber.take(2).await, ["waiting_human", "-: We are back in the morning."]);
        shop.tell(&shop.customer, &chat, "Anybody?").await;
        shop.tell(&shop.customer, &chat, "Really?").await;
        assert_eq!(subscriber.take(2).await, ["Customer: Anybody?", "Customer: Really?"]);
        shop.resolve(&shop.customer, &chat).await;
        shop.serve("human_only").await;
        shop.set(json!({ "utcOffsetMinutes": 0 })).await;
        shop.tell(&shop.customer, &chat, "Again").await;
        assert_eq!(subscriber.take(3).await, ["resolved", "Customer: Again", "waiting_human"]);
        shop.set(json!({ "utcOffsetMinutes": 480 })).await;
        shop.tell(&shop.customer, &chat, "Now it is night").await;
        assert_eq!(subscriber.take(2).await, ["Customer: Now it is night", "-: We are back in the morning."]);
    }

    /// Business hours follow the time zone, may cross midnight, and may have several shifts a day.
    async fn hours_know_their_time_zone(shop: "hybrid") {
        // Noon of a Thursday in UTC is seven in the morning in New York and nine in the evening in Tokyo.
        let read = "query($c: ID!) { community(id: $c) { ... on OfficialAccount { isSupportOpen supportTimeZone
            supportHours { day opens closes } } } }";
        let open = async |hours: Value, zone: Value| {
            shop.set(json!({ "hours": hours, "timeZone": zone, "utcOffsetMinutes": 60 })).await;
            let seen = ok(shop.customer.graphql(read, json!({ "c": shop.community })).await)["community"].clone();
            assert_eq!((&seen["supportTimeZone"], &seen["supportHours"]), (&zone, &hours));
            seen["isSupportOpen"].as_bool().expect("a boolean")
        };
        let shift = |day: &str, opens: &str, closes: &str| json!({ "day": day, "opens": opens, "closes": closes });
        let noon = json!([shift("THURSDAY", "13:00", "14:00")]);
        assert!(open(noon.clone(), Value::Null).await, "an hour ahead");
        assert!(!open(noon, json!("America/New_York")).await);
        let split = json!([shift("THURSDAY", "05:00", "06:00"), shift("THURSDAY", "07:00", "08:00")]);
        assert!(open(split, json!("America/New_York")).await);
        let night = json!([shift("WEDNESDAY", "22:00", "07:30")]);
        assert!(open(night.clone(), json!("America/New_York")).await, "since yesterday");
        assert!(!open(night, json!("Asia/Tokyo")).await);
        assert!(open(json!([shift("THURSDAY", "20:00", "00:00")]), json!("Asia/Tokyo")).await, "until midnight");
    }

    /// Daily statistics follow the time zone.
    async fn figures_are_of_the_days_of_the_place(shop: "human_only") {
        // Noon of 5 March in UTC is two in the morning of 6 March on Kiritimati.
        shop.begin(&shop.customer).await;
        let read = "query($c: ID!) { supportStatistics(communityId: $c) { episodes
            days { date episodes resolved resolvedByAi } } }";
        for (zone, date) in [(Value::Null, "2026-03-05"), (json!("Pacific/Kiritimati"), "2026-03-06")] {
            shop.set(json!({ "timeZone": zone })).await;
            let seen = ok(shop.creator.graphql(read, json!({ "c": shop.community })).await)["supportStatistics"].clone();
            let days = seen["days"].as_array().expect("days");
            assert_eq!((days.len(), &seen["episodes"]), (30, &json!(1)));
            assert_eq!(days[29], json!({ "date": date, "episodes": 1, "resolved": 0, "resolvedByAi": 0 }));
            assert_eq!(days[28]["episodes"], 0);
        }
    }
}
