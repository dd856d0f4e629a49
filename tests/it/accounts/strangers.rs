//! Wrong passwords slow down strangers, not the owner.

use reqwest::{Method, header::SET_COOKIE};

use super::*;
use crate::support::{on_both, within};

const WRONG: &str = "a wrong password";

/// Returns the device's cookie, as a browser sends it.
fn device(answer: &Answer) -> Option<String> {
    let cookies = answer.headers.get_all(SET_COOKIE).iter().map(|cookie| cookie.to_str().expect("text"));
    let cookie = cookies.into_iter().find(|cookie| cookie.contains("plaza.device="))?;
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"),
        "{cookie}"
    );
    Some(cookie.split(';').next().expect("a pair").to_owned())
}

async fn by_device(server: &Server, device: &str, password: &str) -> Answer {
    let body = json!({ "email": "ann@example.com", "password": password });
    let anon = server.anon();
    let request = anon.request(Method::POST, "/api/auth/sign-in/email").header("cookie", device).json(&body);
    anon.send(request).await
}

/// Uses up the attempts of strangers from this address.
async fn exhaust(server: &Server) {
    server.app.clock.advance(std::time::Duration::from_secs(60));
    within("a refusal", async { while sign_in(server, "ann@example.com", WRONG).await.status == 401 {} })
        .await;
    assert_eq!(code(&sign_in(server, "ann@example.com", PASSWORD).await), "RATE_LIMITED");
}

on_both! {
    /// Known devices and signed-in callers are counted separately.
    async fn strangers_do_not_lock_the_owner_out(server: Server) {
        let ann = server.member("Ann").await;
        let known = device(&ok_answer(sign_in(&server, "ann@example.com", PASSWORD).await)).expect("a device");
        let bob = server.member("Bob").await;
        let bobs = device(&ok_answer(sign_in(&server, "bob@example.com", PASSWORD).await)).expect("a device");
        exhaust(&server).await;
        let answer = by_device(&server, &known, PASSWORD).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(device(&answer), None, "the device has its token");
        // A device of another account and a made-up device count as strangers.
        for other in [bobs, format!("plaza.device={}", "0".repeat(64)), "plaza.device=x".to_owned()] {
            assert_eq!(code(&by_device(&server, &other, PASSWORD).await), "RATE_LIMITED", "{other}");
        }
        let body = json!({ "email": "ann@example.com", "password": PASSWORD });
        assert_eq!(ann.post("/api/auth/sign-in/email", body.clone()).await.status, 200);
        assert_eq!(code(&bob.post("/api/auth/sign-in/email", body).await), "RATE_LIMITED");
        let change = "mutation { changePassword(input: { currentPassword: \"a long password\", newPassword: \"another password\" }) { viewer { id } } }";
        ok(ann.graphql(change, json!({})).await);
        // A password change forgets all devices but its own.
        assert_eq!(code(&by_device(&server, &known, "another password").await), "RATE_LIMITED");
    }

    /// A device with too many attempts must wait and does not affect others.
    async fn a_known_device_is_limited_by_itself(server: Server) {
        server.member("Ann").await;
        let one = device(&ok_answer(sign_in(&server, "ann@example.com", PASSWORD).await)).expect("a device");
        let two = device(&ok_answer(sign_in(&server, "ann@example.com", PASSWORD).await)).expect("a device");
        server.app.clock.advance(std::time::Duration::from_secs(60));
        for _ in 0..10 {
            assert_eq!(code(&by_device(&server, &one, WRONG).await), "UNAUTHENTICATED");
        }
        let limited = by_device(&server, &one, PASSWORD).await;
        assert_eq!(code(&limited), "RATE_LIMITED");
        assert!(limited.headers.contains_key("retry-after"));
        assert_eq!(by_device(&server, &two, PASSWORD).await.status, 200);
        assert_eq!(sign_in(&server, "ann@example.com", PASSWORD).await.status, 200);
    }

    /// Values that are too long for an address or password are refused before they are stored or hashed.
    async fn lengths_come_first(server: Server) {
        for (email, password, field) in [
            ("a".repeat(9_000), PASSWORD.to_owned(), "email"),
            (format!("{}@example.com", "a".repeat(243)), PASSWORD.to_owned(), "email"),
            ("ann@example.com".to_owned(), "p".repeat(9_000), "password"),
        ] {
            let answer = sign_in(&server, &email, &password).await;
            assert_eq!((answer.status, code(&answer), &answer.json["field"]), (400, "INVALID", &json!(field)));
        }
    }

    /// An API key cannot create API keys.
    async fn a_key_makes_no_key(server: Server) {
        let ann = server.member("Ann").await;
        let key = by_key(&server, &ann).await;
        let refused = key.post("/api/creator/api-keys", json!({ "name": "more" })).await;
        assert_eq!((refused.status, code(&refused)), (403, "FORBIDDEN"));
        let more = "mutation { createApiKey(input: { name: \"more\" }) { key } }";
        assert_eq!(code(&key.graphql(more, json!({})).await), "FORBIDDEN");
        let listed = ok(key.get("/api/creator/api-keys").await);
        assert_eq!(listed["keys"].as_array().map(Vec::len), Some(1));
        assert!(listed["keys"][0].get("key").is_none());
    }
}

#[track_caller]
fn ok_answer(answer: Answer) -> Answer {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}
