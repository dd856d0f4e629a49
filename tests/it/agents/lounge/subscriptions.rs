//! Subscriptions to lounges.

use entity::journal::Kind;
use plaza::domain::lounges;

use super::*;

in_a_lounge! {
    /// 30 days without a limit, for a price that is shared; cancelled, it ends with the paid time.
    async fn a_subscription_has_no_limit(lounge: Lounge) {
        assert_eq!(code(&lounge.subscribe(98).await), "PRICE_CHANGED");
        assert_eq!(code(&lounge.subscribe(99).await), "INSUFFICIENT_BALANCE");
        lounge.server.give(&lounge.listener, 200).await;
        let paid = ok(lounge.subscribe(99).await)["subscribeToLounge"]["loungeSubscription"].clone();
        assert_eq!((&paid["status"], &paid["hasAutoRenewal"]), (&json!("ACTIVE"), &json!(false)));
        let coins = [
            lounge.server.balance(&lounge.listener).await,
            lounge.server.balance(&lounge.creator).await,
            lounge.server.earnings().await,
        ];
        assert_eq!(coins, [101, 69, 30]);
        assert_eq!(code(&lounge.subscribe(99).await), "CONFLICT");
        lounge.hear(150_000).await;
        assert_eq!(lounge.used().await, json!({ "usedSeconds": 0, "leftSeconds": null, "isUnlimited": true }));
        let wanted = json!({
            "memberCount": 2, "activeSubscriptions": 1, "totalConversations": 1, "todayUsageMinutes": 2,
        });
        assert_eq!(lounge.dashboard().await, wanted);
        let days = lounge.seen(&lounge.creator, "dashboard { days(last: 1) { subscriptions earnings } } monthlyRevenue").await;
        assert_eq!(days["dashboard"]["days"], json!([{ "subscriptions": 1, "earnings": 69 }]));
        assert_eq!(days["monthlyRevenue"], 69);
        assert_eq!(lounge.seen(&lounge.listener, "dashboard { memberCount }").await["dashboard"], Value::Null);
        let cancelled = lounge.turn("cancelLoungeSubscription", "CancelLoungeSubscriptionInput", json!({})).await;
        assert_eq!(ok(cancelled)["cancelLoungeSubscription"]["loungeSubscription"]["status"], "CANCELLED");
        assert_eq!(lounge.used().await["isUnlimited"], true, "what is paid stays");
        assert_eq!(ok(lounge.subscribe(99).await)["subscribeToLounge"]["loungeSubscription"]["status"], "ACTIVE");
        assert_eq!(lounge.server.balance(&lounge.listener).await, 101, "going on costs nothing");
        lounge.later(30).await;
        assert_eq!(lounge.status().await, "EXPIRED");
        assert_eq!(lounge.used().await["isUnlimited"], false);
        assert_eq!(lounge.dashboard().await["activeSubscriptions"], 0);
        ok(lounge.subscribe(99).await);
        assert_eq!(lounge.server.balance(&lounge.listener).await, 2);
        assert_eq!(lounge.server.paid(Kind::LoungeSubscription).await, 2);
    }

    /// Automatic renewal at no more than the agreed price, with three days of grace.
    async fn a_subscription_renews_itself(lounge: Lounge) {
        lounge.server.give(&lounge.listener, 200).await;
        ok(lounge.subscribe(99).await);
        let renew = async |on: bool| {
            let input = json!({ "hasAutoRenewal": on });
            lounge.turn("setLoungeAutoRenew", "SetLoungeAutoRenewInput", input).await
        };
        assert_eq!(ok(renew(true).await)["setLoungeAutoRenew"]["loungeSubscription"]["agreedPrice"], 99);
        let app = &lounge.server.app;
        let round = async || lounges::renew_due(app).await.expect("renews");
        round().await;
        assert_eq!(lounge.server.balance(&lounge.listener).await, 101, "nothing before its time");
        lounge.later(30).await;
        tokio::join!(round(), round());
        assert_eq!((lounge.server.balance(&lounge.listener).await, lounge.status().await), (2, json!("ACTIVE")));
        // The balance does not cover the next period: three days of grace, then the end.
        lounge.later(30).await;
        round().await;
        assert_eq!(lounge.status().await, json!("ACTIVE"));
        lounge.later(3).await;
        round().await;
        assert_eq!(lounge.status().await, json!("EXPIRED"));
        assert_eq!(code(&renew(true).await), "NOT_FOUND");
        // A raised price or closing the lounge ends the renewal.
        lounge.server.give(&lounge.listener, 500).await;
        ok(lounge.subscribe(99).await);
        ok(renew(true).await);
        lounge.change(json!({ "subscriptionPrice": 100 })).await;
        lounge.later(30).await;
        round().await;
        assert_eq!((lounge.server.balance(&lounge.listener).await, lounge.status().await), (403, json!("EXPIRED")));
        ok(lounge.subscribe(100).await);
        ok(renew(true).await);
        let closed = lounge.creator.delete(&format!("/api/communities/{}", lounge.id)).await;
        assert_eq!(closed.status, 200, "{}", closed.text);
        lounge.later(30).await;
        round().await;
        assert_eq!(lounge.server.balance(&lounge.listener).await, 303);
        assert_eq!(lounge.server.paid(Kind::LoungeSubscription).await, 4);
    }

    /// A subscription that is not offered cannot be bought, and the creator needs none.
    async fn invalid_subscriptions_are_refused(lounge: Lounge) {
        let subscribe = "mutation($id: ID!) { subscribeToLounge(input: { loungeId: $id }) { loungeSubscription { id } } }";
        let own = lounge.creator.graphql(subscribe, json!({ "id": lounge.id })).await;
        assert_eq!(code(&own), "CONFLICT");
        assert_eq!(lounge.seen(&lounge.creator, "allowance { isUnlimited }").await["allowance"]["isUnlimited"], true);
        lounge.change(json!({ "subscriptionPrice": 0 })).await;
        let none = lounge.listener.graphql(subscribe, json!({ "id": lounge.id })).await;
        assert_eq!(code(&none), "INVALID");
        let cancel = lounge.turn("cancelLoungeSubscription", "CancelLoungeSubscriptionInput", json!({})).await;
        assert_eq!(code(&cancel), "NOT_FOUND");
        // A subscriber becomes a member; banned users are refused.
        lounge.change(json!({ "subscriptionPrice": 10 })).await;
        let carol = lounge.server.member("Carol").await;
        lounge.server.give(&carol, 10).await;
        ok(carol.graphql(subscribe, json!({ "id": lounge.id })).await);
        assert_eq!(lounge.dashboard().await["memberCount"], 3);
    }

    /// Only members renew: the switch says what the renewal will do.
    async fn former_and_banned_members_do_not_renew(lounge: Lounge) {
        lounge.server.give(&lounge.listener, 200).await;
        ok(lounge.subscribe(99).await);
        let renew = async |on: bool| {
            let input = json!({ "hasAutoRenewal": on });
            lounge.turn("setLoungeAutoRenew", "SetLoungeAutoRenewInput", input).await
        };
        ok(renew(true).await);
        let left = lounge.listener.post_empty(&format!("/api/communities/{}/leave", lounge.id)).await;
        assert_eq!(left.status, 200, "{}", left.text);
        assert_eq!(code(&renew(true).await), "FORBIDDEN");
        let off = ok(renew(false).await)["setLoungeAutoRenew"]["loungeSubscription"]["hasAutoRenewal"].clone();
        assert_eq!(off, false);
        let ban = "mutation($input: BanMemberInput!) { banMember(input: $input) { ban { id } } }";
        let input = json!({ "communityId": lounge.id, "userId": lounge.listener.id });
        ok(lounge.creator.graphql(ban, json!({ "input": input })).await);
        assert_eq!(code(&renew(true).await), "MEMBER_BANNED");
        ok(renew(false).await);
    }

    /// The log contains the new price of a subscription, and earlier payments keep theirs.
    async fn a_new_price_is_written_down(lounge: Lounge) {
        lounge.change(json!({ "subscriptionPrice": 99, "freeMinutesPerDay": 7 })).await;
        lounge.change(json!({ "subscriptionPrice": 120 })).await;
        let log = "query($c: ID!) { auditEvents(communityId: $c, first: 9) { nodes { action actor { id } details } } }";
        let log = ok(lounge.creator.graphql(log, json!({ "c": lounge.id })).await);
        let changed = log["auditEvents"]["nodes"].as_array().expect("lines").iter();
        let changed: Vec<_> = changed.filter(|line| line["action"] == "FEES_CHANGED").collect();
        let details = json!({ "subscriptionPrice": { "from": 99, "to": 120 } });
        assert_eq!(changed, [&json!({ "action": "FEES_CHANGED", "actor": { "id": lounge.creator.id }, "details": details })]);
    }
}
