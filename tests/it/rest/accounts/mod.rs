//! The accounts chapter: sign-up, sign-in, sign-out, sessions, keys and bans.

mod bans;
mod limits;

use std::time::Duration;

use plaza::domain::accounts::{find_user_by_email, set_ban};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{NOWHERE, assert_keys, assert_status, make_space, refused, text};
use crate::support::{Answer, Caller, Server, on_both};

const USER: [&str; 7] = ["id", "name", "email", "emailVerified", "image", "createdAt", "updatedAt"];
const SESSION: [&str; 8] =
    ["id", "userId", "token", "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent"];
const KEY: [&str; 5] = ["id", "name", "prefix", "lastUsedAt", "createdAt"];
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const GET_SESSION: &str = "/api/auth/get-session";

fn account(name: &str) -> Value {
    json!({ "email": format!("{name}@example.com"), "password": "a long password" })
}

async fn sign_in(server: &Server, name: &str) -> Answer {
    server.anon().post("/api/auth/sign-in/email", account(name)).await
}

/// A request with only the session cookie.
fn by_cookie(server: &Server, token: &str, method: Method, path: &str) -> RequestBuilder {
    let cookie = format!("theme=dark; better-auth.session_token={token}; other=1");
    server.anon().request(method, path).header("cookie", cookie)
}

async fn get_by_cookie(server: &Server, token: &str, path: &str) -> Answer {
    server.anon().send(by_cookie(server, token, Method::GET, path)).await
}

/// Checks the answer to an anonymous caller: 401 and the body `null`.
#[track_caller]
fn assert_signed_out(answer: &Answer) {
    assert_eq!((answer.status, answer.text.as_str()), (401, "null"));
}

fn cookie_of(answer: &Answer) -> Option<&str> {
    answer.headers.get("set-cookie").map(|cookie| cookie.to_str().expect("text"))
}

async fn make_key(caller: &Caller, name: &str) -> Value {
    let answer = caller.post("/api/creator/api-keys", json!({ "name": name })).await;
    assert_status(&answer, 201);
    answer.json
}

on_both! {
    /// The answers that the `better-auth` client expects, and the cookie.
    async fn signing_up_in_and_out(server: Server) {
        let mut new = account("Alice");
        new["name"] = json!("Alice");
        let up = server.anon().post("/api/auth/sign-up/email", new.clone()).await;
        assert_status(&up, 200);
        assert_keys(&up.json, &["token", "user", "session"]);
        let inn = server.anon().post("/api/auth/sign-in/email", account("alice")).await;
        assert_status(&inn, 200);
        assert_keys(&inn.json, &["token", "user", "session", "redirect", "url"]);
        assert_eq!((&inn.json["redirect"], &inn.json["url"]), (&json!(false), &json!(null)));
        assert_ne!(up.json["token"], inn.json["token"]);
        for answer in [&up, &inn] {
            let token = text(&answer.json, "token");
            assert!(token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
            assert_keys(&answer.json["user"], &USER);
            assert_keys(&answer.json["session"], &SESSION);
            assert_eq!(answer.json["session"]["token"], token);
            assert_eq!(answer.json["session"]["userId"], answer.json["user"]["id"]);
            let wanted = format!("better-auth.session_token={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000");
            assert_eq!(cookie_of(answer), Some(wanted.as_str()));
        }
        let user = &up.json["user"];
        assert_eq!((&user["name"], &user["email"]), (&json!("Alice"), &json!("Alice@example.com")));
        assert_eq!((&user["emailVerified"], &user["image"]), (&json!(false), &json!(null)));
        assert_eq!(user, &inn.json["user"]);

        let token = text(&inn.json, "token");
        let by_bearer = server.bearer(token).get(GET_SESSION).await;
        let by_cookie_too = get_by_cookie(&server, token, GET_SESSION).await;
        assert_status(&by_bearer, 200);
        assert_keys(&by_bearer.json, &["session", "user"]);
        assert_keys(&by_bearer.json["session"], &SESSION);
        assert_eq!(&by_bearer.json["user"], user);
        assert_eq!(by_bearer.json["session"]["token"], token);
        assert_eq!(by_bearer.json, by_cookie_too.json);

        let out = server.anon().send(by_cookie(&server, token, Method::POST, "/api/auth/sign-out")).await;
        assert_eq!((out.status, &out.json), (200, &json!({ "success": true })));
        let cleared = cookie_of(&out).expect("a cookie");
        assert!(cleared.starts_with("better-auth.session_token=;") && cleared.contains("Max-Age=0"), "{cleared}");
        assert!(cleared.contains("Path=/"), "{cleared}");
        assert_signed_out(&server.bearer(token).get(GET_SESSION).await);
        assert_signed_out(&get_by_cookie(&server, token, GET_SESSION).await);
        assert_status(&server.bearer(text(&up.json, "token")).get(GET_SESSION).await, 200);
        let again = server.bearer(token).post_empty("/api/auth/sign-out").await;
        assert_eq!((again.status, &again.json), (200, &json!({ "success": true })));
        assert_signed_out(&server.anon().get(GET_SESSION).await);
    }

    /// Refused sign-ups.
    async fn signing_up_is_refused(server: Server) {
        server.member("Taken").await;
        let good = json!({ "email": "new@example.com", "password": "a long password", "name": "New" });
        for (field, value) in [
            ("email", json!("no at sign")), ("email", json!("a@b")), ("email", json!("@example.com")), ("email", json!("")),
            ("password", json!("1234567")), ("password", json!("p".repeat(129))), ("name", json!("")),
            ("name", json!("n".repeat(101))), ("image", json!("javascript:alert(1)")), ("image", json!("not a url")),
        ] {
            let mut body = good.clone();
            body[field] = value.clone();
            let answer = server.anon().post("/api/auth/sign-up/email", body).await;
            let sentence = refused(&answer, 400, "INVALID");
            assert_eq!(answer.json["message"], sentence);
            assert_eq!(answer.json["field"], field, "{value}");
            assert_eq!(cookie_of(&answer), None);
        }
        let mut taken = good.clone();
        taken["email"] = json!("TAKEN@Example.com");
        let answer = server.anon().post("/api/auth/sign-up/email", taken).await;
        refused(&answer, 409, "CONFLICT");
        for field in ["email", "password", "name"] {
            let mut body = good.clone();
            body.as_object_mut().expect("an object").remove(field);
            let answer = server.anon().post("/api/auth/sign-up/email", body).await;
            refused(&answer, 422, "UNPROCESSABLE");
            assert_eq!(answer.json["field"], field);
        }
        assert_status(&server.anon().post("/api/auth/sign-up/email", good).await, 200);
    }

    /// The answers do not reveal which addresses have accounts.
    async fn unknown_and_wrong_look_the_same(server: Server) {
        server.member("Alice").await;
        let mut wrong = account("alice");
        wrong["password"] = json!("another password");
        let mut long = account("alice");
        long["password"] = json!("p".repeat(200));
        let unknown = server.anon().post("/api/auth/sign-in/email", account("nobody")).await;
        let sentence = refused(&unknown, 401, "UNAUTHENTICATED");
        assert_eq!(sentence, "Invalid email or password");
        assert_eq!(unknown.json["message"], sentence);
        for body in [wrong, long] {
            let answer = server.anon().post("/api/auth/sign-in/email", body).await;
            assert_eq!((answer.status, &answer.text), (401, &unknown.text));
            assert_eq!(cookie_of(&answer), None);
        }
        assert_status(&sign_in(&server, "ALICE").await, 200);
    }

    /// A valid bearer token wins over the cookie, an invalid one is ignored, and an invalid key is refused.
    async fn bearer_before_cookie(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let both = async |bearer: &str, path: &str| {
            let request = by_cookie(&server, &bob.token, Method::GET, path).bearer_auth(bearer);
            server.anon().send(request).await
        };
        let key = make_key(&alice, "mine").await;
        let whoami = "/api/creator/api-keys/whoami";
        assert_eq!(get_by_cookie(&server, &bob.token, whoami).await.json["id"], bob.id);
        assert_eq!(both(&alice.token, whoami).await.json["id"], alice.id);
        assert_eq!(both(text(&key, "key"), whoami).await.json["id"], alice.id);
        for ignored in ["unknown", &"0".repeat(64), ""] {
            assert_eq!(both(ignored, whoami).await.json["id"], bob.id, "{ignored:?}");
        }
        for bad in ["ari_cli_", "ari_cli_00000000000000000000000000000000"] {
            for path in [whoami, "/api/spaces", "/api/spaces?page=2", "/api/v1/spaces"] {
                refused(&both(bad, path).await, 401, "UNAUTHENTICATED");
                refused(&server.bearer(bad).get(path).await, 401, "UNAUTHENTICATED");
            }
            let graphql = server.bearer(bad).graphql("{ spaces { totalCount } }", json!({})).await;
            assert_eq!(graphql.status, 401, "{}", graphql.text);
        }
        let as_cookie = get_by_cookie(&server, text(&key, "key"), whoami).await;
        refused(&as_cookie, 401, "UNAUTHENTICATED");
    }

    /// Creating, listing, using and revoking keys.
    async fn api_keys(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        assert_eq!(alice.get("/api/creator/api-keys").await.json, json!({ "keys": [] }));
        let made = make_key(&alice, "laptop").await;
        assert_keys(&made, &[&KEY[..], &["key"]].concat());
        let secret = text(&made, "key");
        let hex = secret.strip_prefix("ari_cli_").expect("the prefix");
        assert!(hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()), "{secret}");
        assert!(secret.starts_with(text(&made, "prefix")));
        assert_eq!((&made["name"], &made["lastUsedAt"]), (&json!("laptop"), &json!(null)));
        server.app.clock.advance(Duration::from_secs(1));
        make_key(&alice, "phone").await;

        let caller = server.bearer(secret);
        let who = caller.get("/api/creator/api-keys/whoami").await;
        let wanted = json!({ "id": alice.id, "userId": alice.id, "name": "Alice", "email": "alice@example.com",
            "image": null, "isAdmin": false });
        assert_eq!((who.status, &who.json), (200, &wanted));
        assert_status(&caller.post("/api/spaces", json!({ "name": "By key" })).await, 201);
        assert_eq!(caller.get("/api/creator/spaces").await.json["total"], 1);
        assert_eq!(caller.graphql("{ viewer { userId } }", json!({})).await.json["data"]["viewer"]["userId"], alice.id);

        let list = alice.get("/api/creator/api-keys").await;
        assert_status(&list, 200);
        assert!(!list.text.contains(secret), "the secret is shown once");
        let keys = list.json["keys"].as_array().expect("keys");
        assert_eq!(keys.iter().map(|key| text(key, "name")).collect::<Vec<_>>(), ["phone", "laptop"]);
        for key in keys {
            assert_keys(key, &KEY);
        }
        assert!(keys[0]["lastUsedAt"].is_null() && keys[1]["lastUsedAt"].is_string(), "{}", list.text);

        let path = format!("/api/creator/api-keys/{}", text(&made, "id"));
        refused(&bob.delete(&path).await, 404, "NOT_FOUND");
        refused(&bob.delete(&format!("/api/creator/api-keys/{NOWHERE}")).await, 404, "NOT_FOUND");
        assert_eq!(bob.get("/api/creator/api-keys").await.json, json!({ "keys": [] }));
        assert_status(&caller.get("/api/spaces").await, 200);
        let revoked = alice.delete(&path).await;
        assert_eq!((revoked.status, &revoked.json), (200, &json!({ "success": true })));
        refused(&caller.get("/api/spaces").await, 401, "UNAUTHENTICATED");
        refused(&alice.delete(&path).await, 404, "NOT_FOUND");
        for name in [String::new(), " ".to_owned(), "n".repeat(101)] {
            refused(&alice.post("/api/creator/api-keys", json!({ "name": name })).await, 400, "INVALID");
        }
        refused(&alice.post("/api/creator/api-keys", json!({})).await, 422, "UNPROCESSABLE");
    }

    /// A revoked sign-in ends at once, others continue.
    async fn revoking_a_session_takes_effect_at_once(server: Server) {
        let alice = server.member("Alice").await;
        let bob = server.member("Bob").await;
        let other = sign_in(&server, "alice").await;
        let second = server.bearer(text(&other.json, "token"));
        assert_status(&second.get(GET_SESSION).await, 200);
        let revoke = "mutation($id: ID!) { revokeSession(input: { loginSessionId: $id }) { viewer { id } } }";
        let id = json!({ "id": other.json["session"]["id"] });
        let foreign = bob.graphql(revoke, id.clone()).await;
        assert_eq!(foreign.json["errors"][0]["extensions"]["code"], "NOT_FOUND", "{}", foreign.text);
        assert_status(&second.get(GET_SESSION).await, 200);
        let done = alice.graphql(revoke, id).await;
        assert!(done.json["errors"].is_null(), "{}", done.text);
        assert_signed_out(&second.get(GET_SESSION).await);
        refused(&second.get("/api/creator/spaces").await, 401, "UNAUTHENTICATED");
        assert_status(&alice.get(GET_SESSION).await, 200);
    }

    /// A used sign-in never expires; its cookie is sent again only when its life is extended.
    async fn sessions_slide(server: Server) {
        let token = server.member("Alice").await.token;
        let first = get_by_cookie(&server, &token, GET_SESSION).await;
        assert_eq!(cookie_of(&first), None);
        server.app.clock.advance(DAY / 2);
        let soon = get_by_cookie(&server, &token, GET_SESSION).await;
        assert_eq!((cookie_of(&soon), &soon.json), (None, &first.json), "not yet");

        server.app.clock.advance(DAY * 2);
        let moved = get_by_cookie(&server, &token, "/api/creator/spaces").await;
        let wanted = format!("better-auth.session_token={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000");
        assert_eq!(cookie_of(&moved), Some(wanted.as_str()));
        server.app.clock.advance(Duration::from_secs(60));
        let after = get_by_cookie(&server, &token, GET_SESSION).await;
        assert_eq!(cookie_of(&after), None, "once");
        let expires = |answer: &Answer| text(&answer.json["session"], "expiresAt").to_owned();
        assert!(expires(&after) > expires(&first), "{} {}", expires(&after), expires(&first));
        for _ in 0..3 {
            server.app.clock.advance(DAY * 29);
            assert_status(&get_by_cookie(&server, &token, GET_SESSION).await, 200);
        }
    }

    /// An unused sign-in ends after 30 days, in cookie and token.
    async fn sessions_expire(server: Server) {
        let alice = server.member("Alice").await;
        let key = make_key(&alice, "stays").await;
        assert_status(&alice.get(GET_SESSION).await, 200);
        server.app.clock.advance(DAY * 31);
        assert_signed_out(&alice.get(GET_SESSION).await);
        assert_signed_out(&get_by_cookie(&server, &alice.token, GET_SESSION).await);
        refused(&alice.get("/api/creator/spaces").await, 401, "UNAUTHENTICATED");
        let public = alice.get("/api/spaces").await;
        assert_status(&public, 200);
        assert_eq!(alice.graphql("{ viewer { id } }", json!({})).await.json, json!({ "data": { "viewer": null } }));
        assert_status(&server.bearer(text(&key, "key")).get("/api/creator/spaces").await, 200);
    }

    /// A cached sign-in does not outlive its session by a second.
    async fn a_cached_session_expires_on_time(server: Server) {
        let alice = server.member("Alice").await;
        // A sign-in older than a day is extended: use it in its last second, without an extension the day
        // before.
        server.app.clock.advance(DAY / 2);
        assert_status(&alice.get(GET_SESSION).await, 200);
        server.app.clock.advance(DAY * 30 - DAY / 2);
        assert_signed_out(&alice.get(GET_SESSION).await);
    }

    /// A foreign page cannot act with a visitor's cookie.
    async fn foreign_pages_are_refused(server: Server) {
        let alice = server.member("Alice").await;
        let send = async |path: &str, body: Value, headers: &[(&str, &str)]| {
            let mut request = by_cookie(&server, &alice.token, Method::POST, path).json(&body);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            server.anon().send(request).await
        };
        let space = json!({ "name": "x" });
        let graphql = json!({ "query": "mutation { createSpace(input: { name: \"x\" }) { space { id } } }" });
        let port = server.url.rsplit_once(':').expect("a port").1;
        let near = format!("http://127.0.0.1.evil.example:{port}");
        for origin in ["https://evil.example", "null", "http://127.0.0.1", &near, ""] {
            refused(&send("/api/spaces", space.clone(), &[("origin", origin)]).await, 403, "FORBIDDEN");
            refused(&send("/api/auth/sign-out", json!({}), &[("origin", origin)]).await, 403, "FORBIDDEN");
            let answer = send("/graphql", graphql.clone(), &[("origin", origin)]).await;
            assert_eq!(answer.json["errors"][0]["extensions"]["code"], "FORBIDDEN", "{origin}: {}", answer.text);
        }
        let cross = send("/api/spaces", space.clone(), &[("sec-fetch-site", "cross-site")]).await;
        refused(&cross, 403, "FORBIDDEN");
        assert_eq!(alice.get("/api/spaces").await.json["total"], 0);

        assert_status(&send("/api/spaces", space.clone(), &[("origin", &server.url)]).await, 201);
        assert_status(&send("/api/spaces", space.clone(), &[]).await, 201);
        let own = send("/graphql", graphql, &[("origin", &server.url)]).await;
        assert!(own.json["errors"].is_null(), "{}", own.text);
        let read = by_cookie(&server, &alice.token, Method::GET, "/api/spaces").header("origin", "https://evil.example");
        assert_status(&server.anon().send(read).await, 200);
        // A stream could be read by the page that opened it.
        assert_status(&alice.post("/api/communities", json!({ "name": "Club" })).await, 201);
        let rooms = alice.get("/api/conversations").await;
        let events = format!("/api/conversations/{}/events", rooms.json["conversations"][0]["id"].as_str().expect("an id"));
        for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
            let stream = by_cookie(&server, &alice.token, Method::GET, &events).header(name, value);
            assert_status(&server.anon().send(stream).await, 403);
        }
        let bearer = alice.request(Method::POST, "/api/spaces").header("origin", "https://evil.example").json(&space);
        assert_status(&alice.send(bearer).await, 201);
    }
}

/// With https, the cookie is `Secure`; a listed page may act.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_shape_cookies_and_origins() {
    let server = Server::with(|settings| {
        settings.public_url = "https://plaza.example".to_owned();
        settings.allowed_origins = vec!["https://app.example".to_owned()];
    })
    .await;
    let alice = server.member("Alice").await;
    let answer = sign_in(&server, "alice").await;
    let cookie = cookie_of(&answer).expect("a cookie");
    assert!(cookie.ends_with("; Secure"), "{cookie}");
    for (origin, status) in
        [("https://app.example", 201), ("https://plaza.example", 201), ("https://app.example.evil", 403)]
    {
        let request = by_cookie(&server, &alice.token, Method::POST, "/api/spaces").header("origin", origin);
        let answer = server.anon().send(request.json(&json!({ "name": "x" }))).await;
        assert_eq!(answer.status, status, "{origin}: {}", answer.text);
    }
}
