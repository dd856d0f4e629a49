//! Limits on attempts, by account and address.

use super::*;

on_both! {
    /// Ten attempts on one account, then a pause, even for the right password.
    async fn attempts_on_one_account_are_limited(server: Server) {
        server.member("Alice").await;
        server.app.clock.advance(Duration::from_secs(60));
        let mut wrong = account("alice");
        wrong["password"] = json!("another password");
        for _ in 0..10 {
            refused(&server.anon().post("/api/auth/sign-in/email", wrong.clone()).await, 401, "UNAUTHENTICATED");
        }
        let limited = sign_in(&server, "ALICE").await;
        let sentence = refused(&limited, 429, "RATE_LIMITED");
        assert_eq!(limited.json["message"], sentence);
        let wait: u64 = limited.headers["retry-after"].to_str().expect("text").parse().expect("seconds");
        assert!((1..=60).contains(&wait), "{wait}");
        refused(&server.anon().post("/api/auth/sign-in/email", account("bob")).await, 401, "UNAUTHENTICATED");
        server.app.clock.advance(Duration::from_secs(wait));
        assert_status(&sign_in(&server, "alice").await, 200);
    }
}

/// Thirty attempts from one address on any accounts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attempts_from_one_address_are_limited() {
    let server = Server::on_sqlite().await;
    for number in 0..30 {
        refused(&sign_in(&server, &format!("nobody{number}")).await, 401, "UNAUTHENTICATED");
    }
    let limited = sign_in(&server, "somebody").await;
    refused(&limited, 429, "RATE_LIMITED");
    assert!(limited.headers.contains_key("retry-after"));
    assert_status(&server.anon().get("/api/spaces").await, 200);
}

/// All requests of one address are counted, with the same form of refusal.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_from_one_address_are_limited() {
    let server = Server::with(|settings| settings.requests_per_minute = 3).await;
    for _ in 0..3 {
        assert_status(&server.anon().get("/api/spaces").await, 200);
    }
    for path in ["/api/spaces", "/api/creator/spaces"] {
        let limited = server.anon().get(path).await;
        refused(&limited, 429, "RATE_LIMITED");
        assert!(limited.headers.contains_key("retry-after"), "before 401");
    }
    refused(&server.anon().get("/api/nothing").await, 404, "NOT_FOUND");
    server.app.clock.advance(Duration::from_secs(60));
    assert_status(&server.anon().get("/api/spaces").await, 200);
}
