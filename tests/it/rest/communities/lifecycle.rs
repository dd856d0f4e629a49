//! Memberships over time: 30 days, renewal, cancellation, expiry.

use std::time::Duration;

use entity::{journal::Kind, user};
use plaza::{domain::communities, error::Code};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{act, id_of, join, make, members, read};
use crate::{
    rest::{assert_status, refused},
    support::{Caller, Server, on_both},
};

const DAY: Duration = Duration::from_secs(86_400);
const HOUR: Duration = Duration::from_secs(3_600);

/// Returns a member's row in the list of members.
async fn status(server: &Server, path: &str, who: &Caller) -> String {
    let list = members(&server.anon(), path).await;
    let row = list.iter().find(|row| row["userId"] == who.id).expect("a member");
    row["subscriptionStatus"].as_str().expect("a status").to_owned()
}

/// Returns the caller's membership.
async fn own(who: &Caller, path: &str) -> Value {
    let query = "query($id: ID!) { community(id: $id) { viewerMembership {
        subscriptionStatus paidUntil hasAutoRenewal agreedFee joinedAt } } }";
    let answer = who.graphql(query, json!({ "id": id_of(path) })).await;
    answer.json["data"]["community"]["viewerMembership"].clone()
}

async fn renew_by_itself(who: &Caller, path: &str, on: bool) -> Result<Value, String> {
    act(who, path, "updateMembership", "UpdateMembershipInput", json!({ "hasAutoRenewal": on })).await
}

/// Renews due memberships, here and on another server at once.
async fn renew(server: &Server) {
    let (one, other) = tokio::join!(communities::renew_due(&server.app), communities::renew_due(&server.app));
    one.expect("renews");
    other.expect("renews");
}

/// Returns the reason why a user may not post.
async fn silenced(server: &Server, path: &str, who: &Caller) -> Option<Code> {
    let (db, id) = (server.app.db.read(), id_of(path).parse().expect("an id"));
    let user = user::Entity::find_by_id(&who.id).one(db).await.expect("reads").expect("is there");
    let refusal = "You must be a member to send messages";
    communities::get_member_state(&server.app, db, &user, id, refusal).await.err().map(|error| error.code())
}

/// A user with an API key, because a sign-in would expire before a membership.
async fn patient(server: &Server, name: &str) -> Caller {
    let who = server.member(name).await;
    let key = who.post("/api/creator/api-keys", json!({ "name": "patience" })).await;
    let mut patient = server.bearer(key.json["key"].as_str().expect("a key"));
    patient.id = who.id;
    patient
}

/// A club of 10 coins and 5 a month with one member, who has this many coins left.
async fn club(server: &Server, coins: i64) -> (Caller, Caller, String) {
    let (alice, bob) = (patient(server, "Alice").await, patient(server, "Bob").await);
    let path = make(&alice, json!({ "name": "Club", "joinFee": 10, "monthlyFee": 5 })).await;
    server.give(&bob, 15 + coins).await;
    assert_status(&join(&bob, &path).await, 200);
    (alice, bob, path)
}

on_both! {
    /// A membership without a monthly fee does not expire, nor does the creator's.
    async fn free_memberships_do_not_end(server: Server) {
        let (alice, bob) = (patient(&server, "Alice").await, patient(&server, "Bob").await);
        let path = make(&alice, json!({ "name": "Club", "joinFee": 10 })).await;
        server.give(&bob, 10).await;
        assert_status(&join(&bob, &path).await, 200);
        server.app.clock.advance(DAY * 400);
        renew(&server).await;
        assert_eq!((status(&server, &path, &bob).await, status(&server, &path, &alice).await), ("active".into(), "active".into()));
        assert_eq!(own(&patient(&server, "Eve").await, &path).await, Value::Null);
        for verb in ["cancelMembership", "resumeMembership"] {
            let input = if verb.starts_with('c') { "CancelMembershipInput" } else { "ResumeMembershipInput" };
            assert_eq!(act(&bob, &path, verb, input, json!({})).await, Err("CONFLICT".into()));
        }
        assert_eq!(renew_by_itself(&bob, &path, true).await, Err("CONFLICT".into()));
        assert!(renew_by_itself(&bob, &path, false).await.is_ok());
    }

    /// After 30 days it has expired, but the user stays a member; joining again costs the monthly fee only.
    async fn it_ends_after_thirty_days_and_is_renewed(server: Server) {
        let (alice, bob, path) = club(&server, 5).await;
        let joined = own(&bob, &path).await;
        server.app.clock.advance(DAY * 30 - Duration::from_micros(1));
        assert_eq!(status(&server, &path, &bob).await, "active");
        assert_eq!(silenced(&server, &path, &bob).await, None);
        refused(&join(&bob, &path).await, 409, "ALREADY_MEMBER");
        server.app.clock.advance(Duration::from_micros(1));
        renew(&server).await;
        assert_eq!(status(&server, &path, &bob).await, "expired");
        assert_eq!(silenced(&server, &path, &bob).await, Some(Code::MembershipExpired));
        assert_eq!(read(&alice, &path).await["memberCount"], 2, "expired ones count");
        assert_eq!(server.paid(Kind::CommunitySubscription).await, 1, "nobody asked for more");
        for (verb, input) in
            [("cancelMembership", "CancelMembershipInput"), ("resumeMembership", "ResumeMembershipInput")]
        {
            assert_eq!(act(&bob, &path, verb, input, json!({})).await, Err("MEMBERSHIP_EXPIRED".into()));
        }
        assert_eq!(renew_by_itself(&bob, &path, true).await, Err("MEMBERSHIP_EXPIRED".into()));

        server.app.clock.advance(DAY * 3);
        let wrong = bob.post(&format!("{path}/join"), json!({ "expectedTotal": 15 })).await;
        refused(&wrong, 409, "PRICE_CHANGED");
        let joins = futures_util::future::join_all((0..10).map(|_| join(&bob, &path))).await;
        assert_eq!(joins.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(joins.iter().filter(|answer| answer.status == 409).count(), 9);
        assert_eq!((server.balance(&bob).await, server.paid(Kind::CommunityJoin).await), (0, 1));
        assert_eq!(server.balance(&alice).await, 7 + 3 + 3);
        assert_eq!(status(&server, &path, &bob).await, "active");
        let renewed = own(&bob, &path).await;
        assert_eq!(renewed["joinedAt"], joined["joinedAt"]);
        assert_eq!(read(&alice, &path).await["memberCount"], 2);
        server.app.clock.advance(DAY * 30);
        assert_eq!(status(&server, &path, &bob).await, "expired");
        refused(&join(&bob, &path).await, 402, "INSUFFICIENT_BALANCE");
        assert_status(&bob.post_empty(&format!("{path}/leave")).await, 200);
    }

    /// If the monthly fee is removed, renewing is free and permanent.
    async fn renewing_what_became_free(server: Server) {
        let (alice, bob, path) = club(&server, 0).await;
        server.app.clock.advance(DAY * 31);
        assert_status(&alice.put(&path, json!({ "monthlyFee": 0 })).await, 200);
        assert_status(&join(&bob, &path).await, 200);
        server.app.clock.advance(DAY * 100);
        assert_eq!(status(&server, &path, &bob).await, "active");
        assert_eq!(own(&bob, &path).await["paidUntil"], Value::Null);
    }

    /// A cancelled membership ends with the paid time, unless the cancellation is revoked.
    async fn cancelling(server: Server) {
        let (_, bob, path) = club(&server, 100).await;
        renew_by_itself(&bob, &path, true).await.expect("renews itself");
        act(&bob, &path, "cancelMembership", "CancelMembershipInput", json!({})).await.expect("cancels");
        assert_eq!(status(&server, &path, &bob).await, "cancelled");
        assert_eq!(own(&bob, &path).await["hasAutoRenewal"], false);
        assert_eq!(silenced(&server, &path, &bob).await, None, "what is paid is paid");
        refused(&join(&bob, &path).await, 409, "ALREADY_MEMBER");
        act(&bob, &path, "resumeMembership", "ResumeMembershipInput", json!({})).await.expect("resumes");
        assert_eq!(status(&server, &path, &bob).await, "active");
        act(&bob, &path, "cancelMembership", "CancelMembershipInput", json!({})).await.expect("cancels");
        server.app.clock.advance(DAY * 30);
        renew(&server).await;
        assert_eq!(status(&server, &path, &bob).await, "expired");
        assert_eq!(server.balance(&bob).await, 100);
        assert_status(&join(&bob, &path).await, 200);
        assert_eq!((status(&server, &path, &bob).await, server.balance(&bob).await), ("active".into(), 95));
        act(&bob, &path, "cancelMembership", "CancelMembershipInput", json!({})).await.expect("cancels");
        renew_by_itself(&bob, &path, true).await.expect("takes it back");
        assert_eq!(status(&server, &path, &bob).await, "active");
        let eve = patient(&server, "Eve").await;
        let stranger = act(&eve, &path, "cancelMembership", "CancelMembershipInput", json!({})).await;
        assert_eq!(stranger, Err("NOT_FOUND".into()));
    }

    /// Each period is paid once, with any number of servers, one period after the other.
    async fn renewing_by_itself(server: Server) {
        let (alice, bob, path) = club(&server, 12).await;
        assert_eq!(own(&bob, &path).await["hasAutoRenewal"], false, "only who asks for it");
        renew_by_itself(&bob, &path, true).await.expect("renews itself");
        let before = own(&bob, &path).await;
        assert_eq!((&before["hasAutoRenewal"], &before["agreedFee"]), (&json!(true), &json!(5)));
        server.app.clock.advance(DAY * 30 - Duration::from_micros(1));
        renew(&server).await;
        assert_eq!(server.balance(&bob).await, 12);
        server.app.clock.advance(HOUR);
        for _ in 0..3 {
            renew(&server).await;
        }
        assert_eq!((server.balance(&bob).await, server.paid(Kind::CommunitySubscription).await), (7, 2));
        assert_eq!(server.balance(&alice).await, 7 + 3 + 3);
        let after = own(&bob, &path).await;
        let time = |value: &Value| value["paidUntil"].as_str().expect("a time").parse::<chrono::DateTime<chrono::Utc>>().expect("a time");
        assert_eq!(time(&after) - time(&before), chrono::TimeDelta::days(30), "nothing is lost or won");
        server.app.clock.advance(DAY * 30);
        renew(&server).await;
        assert_eq!((server.balance(&bob).await, server.paid(Kind::CommunitySubscription).await), (2, 3));
        renew_by_itself(&bob, &path, false).await.expect("stops");
        server.app.clock.advance(DAY * 30);
        renew(&server).await;
        assert_eq!((server.balance(&bob).await, status(&server, &path, &bob).await), (2, "expired".into()));
    }

    /// A server that was down renews within the grace period.
    async fn the_days_of_grace(server: Server) {
        let (_, bob, path) = club(&server, 4).await;
        renew_by_itself(&bob, &path, true).await.expect("renews itself");
        server.app.clock.advance(DAY * 30);
        renew(&server).await;
        assert_eq!(status(&server, &path, &bob).await, "active");
        assert_eq!((server.balance(&bob).await, server.paid(Kind::CommunitySubscription).await), (4, 1));
        server.app.clock.advance(DAY * 2);
        renew(&server).await;
        assert_eq!(status(&server, &path, &bob).await, "active", "two days over, and still good");
        server.give(&bob, 1).await;
        server.app.clock.advance(HOUR * 6);
        renew(&server).await;
        assert_eq!((server.balance(&bob).await, server.paid(Kind::CommunitySubscription).await), (0, 2));
        server.app.clock.advance(DAY * 27);
        renew(&server).await;
        assert_eq!(status(&server, &path, &bob).await, "active", "the period began where the last one ended");
        server.app.clock.advance(DAY * 4);
        renew(&server).await;
        assert_eq!(status(&server, &path, &bob).await, "expired", "grace is over");
        server.give(&bob, 100).await;
        server.app.clock.advance(DAY);
        renew(&server).await;
        assert_eq!(server.balance(&bob).await, 100, "and nobody is charged after it");
        let after = own(&bob, &path).await;
        assert_eq!((&after["hasAutoRenewal"], &after["subscriptionStatus"]), (&json!(false), &json!("EXPIRED")));
        assert_status(&join(&bob, &path).await, 200);
        assert_eq!(server.balance(&bob).await, 95);
    }

    /// In the grace period, joining pays and continues the last period.
    async fn joining_within_grace_renews(server: Server) {
        let (_, bob, path) = club(&server, 0).await;
        renew_by_itself(&bob, &path, true).await.expect("renews itself");
        let before = own(&bob, &path).await["paidUntil"].clone();
        server.app.clock.advance(DAY * 31);
        renew(&server).await;
        refused(&join(&bob, &path).await, 402, "INSUFFICIENT_BALANCE");
        server.give(&bob, 10).await;
        assert_status(&join(&bob, &path).await, 200);
        refused(&join(&bob, &path).await, 409, "ALREADY_MEMBER");
        renew(&server).await;
        assert_eq!(server.balance(&bob).await, 5);
        assert_ne!(own(&bob, &path).await["paidUntil"], before);
        server.app.clock.advance(DAY * 29);
        renew(&server).await;
        assert_eq!(server.balance(&bob).await, 0, "thirty days after the first period's end");
    }

    /// A raised price is not paid; a lower one is.
    async fn a_raised_price_ends_it(server: Server) {
        let (alice, bob, path) = club(&server, 100).await;
        renew_by_itself(&bob, &path, true).await.expect("renews itself");
        assert_status(&alice.put(&path, json!({ "monthlyFee": 2 })).await, 200);
        server.app.clock.advance(DAY * 30);
        renew(&server).await;
        assert_eq!(server.balance(&bob).await, 98);
        assert_status(&alice.put(&path, json!({ "monthlyFee": 6 })).await, 200);
        server.app.clock.advance(DAY * 30);
        renew(&server).await;
        assert_eq!((server.balance(&bob).await, status(&server, &path, &bob).await), (98, "expired".into()));
        assert_status(&bob.post(&format!("{path}/join"), json!({ "expectedTotal": 6 })).await, 200);
        renew_by_itself(&bob, &path, true).await.expect("renews itself");
        server.app.clock.advance(DAY * 30);
        renew(&server).await;
        assert_eq!(server.balance(&bob).await, 86);
    }

    /// No member pays for an archived community or while banned.
    async fn archiving_and_banned_accounts_end_it(server: Server) {
        let (alice, bob, path) = club(&server, 100).await;
        let other = make(&alice, json!({ "name": "Other", "monthlyFee": 5 })).await;
        assert_status(&join(&bob, &other).await, 200);
        for path in [&path, &other] {
            renew_by_itself(&bob, path, true).await.expect("renews itself");
        }
        assert_status(&alice.delete(&path).await, 200);
        assert_eq!(own(&bob, &path).await["hasAutoRenewal"], false);
        assert_eq!(renew_by_itself(&bob, &path, true).await, Err("INVALID".into()));
        let user = user::Entity::find_by_id(&bob.id).one(server.app.db.read()).await.expect("reads");
        let user = user.expect("is there");
        plaza::domain::accounts::set_ban(&server.app, &user, Some("spam".to_owned())).await.expect("bans");
        server.app.clock.advance(DAY * 30);
        renew(&server).await;
        assert_eq!(server.balance(&bob).await, 95);
        assert_eq!(status(&server, &other, &bob).await, "expired");
    }

    /// Staff pay nothing; earlier paid time counts again afterwards.
    async fn the_team_does_not_pay(server: Server) {
        let (alice, bob, path) = club(&server, 100).await;
        renew_by_itself(&bob, &path, true).await.expect("renews itself");
        let role = json!({ "userId": bob.id, "role": "CS_AGENT" });
        act(&alice, &path, "setMemberRole", "SetMemberRoleInput", role).await.expect("sets");
        assert_eq!(renew_by_itself(&bob, &path, true).await, Err("CONFLICT".into()));
        server.app.clock.advance(DAY * 60);
        renew(&server).await;
        assert_eq!((status(&server, &path, &bob).await, server.balance(&bob).await), ("active".into(), 100));
        let role = json!({ "userId": bob.id, "role": "MEMBER" });
        act(&alice, &path, "setMemberRole", "SetMemberRoleInput", role).await.expect("sets");
        assert_eq!(status(&server, &path, &bob).await, "expired");
    }

    /// The server renews by itself, and shutdown waits for no round.
    async fn the_background_renews(server: Server) {
        let (_, bob, path) = club(&server, 5).await;
        let mut rounds = server.background.renewals.clone();
        rounds.wait_for(|ended| *ended > 0).await.expect("the first round");
        renew_by_itself(&bob, &path, true).await.expect("renews itself");
        server.app.clock.advance(DAY * 30);
        // Either round may find it: one may have read before the due time.
        while server.balance(&bob).await != 0 {
            rounds.changed().await.expect("a round");
        }
        assert_eq!(status(&server, &path, &bob).await, "active");
        let settings = plaza::config::Settings::default();
        plaza::jobs::Jobs::start(&server.app, &settings).stop().await;
    }
}
