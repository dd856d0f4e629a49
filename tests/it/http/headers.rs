//! Headers of answers, and lenient or refused values of REST requests.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{Answer, Caller, Events, Server, on_both};

async fn raw(caller: &Caller, kind: &str, body: impl Into<reqwest::Body>) -> Answer {
    caller.send(caller.request(Method::POST, "/api/spaces").header("content-type", kind).body(body)).await
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().expect("text"))
}

on_both! {
    /// A scalar for a declared list is an error in a body, and a list of one in a query.
    async fn a_list_is_a_list(server: Server) {
        let alice = server.member("Alice").await;
        for tags in [json!("x"), json!(1), json!({ "a": 1 })] {
            let answer = alice.post("/api/spaces", json!({ "name": "One", "tags": tags })).await;
            assert_eq!((answer.status, &answer.json["field"]), (422, &json!("tags")), "{}", answer.text);
        }
        for tags in [json!(["x"]), json!([]), Value::Null] {
            let answer = alice.post("/api/spaces", json!({ "name": "One", "tags": tags })).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
        }
    }

    /// A form is refused with a hint at JSON; a byte order mark is ignored.
    async fn bodies_are_json(server: Server) {
        let alice = server.member("Alice").await;
        for kind in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            let refused = raw(&alice, kind, "name=One").await;
            assert_eq!(refused.status, 415);
            assert!(refused.json["error"].as_str().expect("a sentence").contains("JSON object"), "{}", refused.text);
        }
        assert_eq!(raw(&alice, "application/json", "\u{feff}{\"name\":\"One\"}").await.status, 201);
        let graphql = alice.request(Method::POST, "/graphql").header("content-type", "application/json");
        let graphql = alice.send(graphql.body("\u{feff}{\"query\":\"{ __typename }\"}")).await;
        assert_eq!((graphql.status, &graphql.json["data"]["__typename"]), (200, &json!("Query")), "{}", graphql.text);
    }

    /// A search text has at most 200 characters on every path.
    async fn searches_are_short(server: Server) {
        let admin = server.admin("Admin").await;
        let (fits, long) = ("é".repeat(200), "é".repeat(201));
        for path in ["/api/spaces?search=", "/api/communities?search="] {
            assert_eq!(admin.get(&format!("{path}{fits}")).await.status, 200);
            let refused = admin.get(&format!("{path}{long}")).await;
            assert_eq!((refused.status, &refused.json["field"]), (400, &json!("search")), "{}", refused.text);
        }
        for query in [
            "query($s: String!) { spaces(search: $s) { totalCount } }",
            "query($s: String!) { communities(search: $s) { totalCount } }",
            "query($s: String!) { agentListings(search: $s) { totalCount } }",
            "query($s: String!) { users(search: $s) { totalCount } }",
        ] {
            let fine = admin.graphql(query, json!({ "s": fits })).await;
            assert!(fine.json["errors"].is_null(), "{query}: {}", fine.text);
            let refused = admin.graphql(query, json!({ "s": long })).await;
            assert_eq!(refused.json["errors"][0]["extensions"]["code"], "INVALID", "{query}: {}", refused.text);
        }
        let club = admin.post("/api/communities", json!({ "name": "Club" })).await;
        let query = "query($id: ID!, $s: String!) { community(id: $id) { conversation { search(text: $s) { id } } } }";
        let found = |text: String| json!({ "id": club.json["id"], "s": text });
        let fine = admin.graphql(query, found(fits)).await;
        assert!(fine.json["errors"].is_null(), "{}", fine.text);
        let refused = admin.graphql(query, found(long)).await;
        assert_eq!(refused.json["errors"][0]["extensions"]["code"], "INVALID", "{}", refused.text);
    }

    /// Path, query and headers are bounded, and refusals quote little of the request.
    async fn values_are_bounded(server: Server) {
        let alice = server.member("Alice").await;
        let (long, many) = ("x".repeat(9000), "a=1&".repeat(300));
        for path in [
            format!("/api/spaces/{long}"),
            format!("/api/spaces?category={long}"),
            format!("/api/spaces?{long}=1"),
            format!("/api/spaces?{many}"),
            format!("/api/communities/{}/messages?before={}", "0".repeat(36), &long[..8000]),
        ] {
            let refused = alice.get(&path).await;
            assert_eq!((refused.status, &refused.json["code"]), (400, &json!("INVALID")), "{path:.60}");
            assert!(refused.text.len() < 1500, "{path:.60}: {} bytes", refused.text.len());
        }
    }

    /// An event source reconnects with any `Last-Event-ID`.
    async fn an_event_source_comes_back(server: Server) {
        let alice = server.member("Alice").await;
        let club = alice.post("/api/communities", json!({ "name": "Club" })).await;
        let path = format!("/api/communities/{}", club.json["id"].as_str().expect("an id"));
        for content in ["one", "two"] {
            assert_eq!(alice.post(&format!("{path}/messages"), json!({ "content": content })).await.status, 201);
        }
        let query = "subscription($id: ID!) { conversationEvents(communityId: $id) { \
                     __typename ... on ConversationSnapshot { isResync } } }";
        let query = query.split_whitespace().collect::<Vec<_>>().join(" ");
        let variables = json!({ "id": club.json["id"] }).to_string();
        let by_get = || {
            let mut members = form_urlencoded::Serializer::new(String::new());
            members.append_pair("query", &query).append_pair("variables", &variables);
            let path = format!("/graphql/stream?{}", members.finish());
            alice.request(Method::GET, &path).header("accept", "text/event-stream")
        };
        let by_post = || {
            let request = alice.request(Method::POST, "/graphql").header("accept", "text/event-stream");
            request.json(&json!({ "query": query, "variables": { "id": club.json["id"] } }))
        };
        let requests: [&dyn Fn() -> RequestBuilder; 2] = [&by_get, &by_post];
        for request in requests {
            for (sent, resync) in
                [("", false), (" ", false), ("999", true), ("-1", true), ("yesterday", true), ("9223372036854775807", true)]
            {
                let mut events = Events::of(request().header("last-event-id", sent)).await;
                let told = events.expect().await.json;
                let told = &told["data"]["conversationEvents"];
                assert_eq!(told["__typename"], "ConversationSnapshot", "{sent:?}");
                assert_eq!(told["isResync"], resync, "{sent:?}");
            }
        }
    }
}

/// Pages of other origins can read the headers that clients need; pages and answers have their security
/// headers.
#[tokio::test]
async fn answers_carry_safety_headers() {
    let server = Server::with(|settings| {
        settings.public_url = "https://chat.example".to_owned();
        settings.allowed_origins = vec!["https://other.example".to_owned()];
    })
    .await;
    let anon = server.anon();
    let exposed = anon.get_with("/api/spaces", "origin", "https://other.example").await;
    let exposed = header(&exposed, "access-control-expose-headers").to_lowercase();
    for name in ["retry-after", "location", "idempotency-key", "etag", "x-request-id"] {
        assert!(exposed.split(',').any(|exposed| exposed.trim() == name), "{name}: {exposed}");
    }
    for path in ["/", "/chat", "/playground", "/api/docs"] {
        let page = anon.get(path).await;
        let policy = header(&page, "content-security-policy");
        for rule in ["base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "object-src 'none'"] {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
    }
    let chat = anon.get("/chat").await;
    let policy = header(&chat, "content-security-policy");
    assert!(policy.contains("frame-src https:;"), "{policy}");
    for path in ["/", "/api/spaces", "/api/nothing", "/livez", "/graphql?query={__typename}"] {
        let answer = anon.get(path).await;
        assert_eq!(header(&answer, "strict-transport-security"), "max-age=31536000", "{path}");
        assert_eq!(header(&answer, "referrer-policy"), "same-origin", "{path}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{path}");
    }
    let plain = Server::on_sqlite().await;
    assert_eq!(header(&plain.anon().get("/").await, "strict-transport-security"), "");
}

/// A browser that opens an unknown path gets a page, every other client JSON.
#[tokio::test]
async fn browsers_get_a_page_for_unknown_paths() {
    let server = Server::on_sqlite().await;
    let anon = server.anon();
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let page = anon.get_with("/nothing", "accept", browser).await;
    assert_eq!(page.status, 404);
    assert!(header(&page, "content-type").starts_with("text/html"), "{}", page.text);
    assert!(header(&page, "content-security-policy").contains("default-src 'self'"));
    for (path, accepted) in [("/nothing", "application/json"), ("/nothing", "*/*"), ("/api/nothing", browser)]
    {
        let answer = anon.get_with(path, "accept", accepted).await;
        assert_eq!(answer.status, 404, "{path} {accepted}");
        assert!(header(&answer, "content-type").starts_with("application/json"), "{path} {accepted}");
    }
}

/// The sign-in page learns of users with a public password from a server of the demo data only.
#[tokio::test]
async fn no_demo_people_without_the_demo() {
    let answer = Server::on_sqlite().await.anon().get("/chat/demo.json").await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "[]"));
}

/// Over https there are two cookies, and the `__Host-` cookie wins.
#[tokio::test]
async fn a_planted_cookie_does_not_win() {
    let server = Server::with(|settings| settings.public_url = "https://chat.example".to_owned()).await;
    let (alice, mallory) = (server.member("Alice").await, server.member("Mallory").await);
    let body = json!({ "email": "alice@example.com", "password": "a long password" });
    let signed_in = server.anon().post("/api/auth/sign-in/email", body).await;
    let set = signed_in.headers.get_all("set-cookie").iter().map(|line| line.to_str().expect("text"));
    let set: Vec<_> = set.filter(|line| line.contains("session_token=")).collect();
    assert_eq!(set.len(), 2);
    assert!(
        set[0].starts_with("better-auth.session_token=")
            && set[1].starts_with("__Host-better-auth.session_token=")
    );
    assert!(set.iter().all(|line| line.contains("; Secure") && line.contains("; Path=/;")), "{set:?}");
    let who = async |cookies: String| {
        server.anon().get_with("/api/auth/get-session", "cookie", &cookies).await.json["user"]["id"].clone()
    };
    let (own, planted) = (&alice.token, &mallory.token);
    let both = format!("better-auth.session_token={planted}; __Host-better-auth.session_token={own}");
    assert_eq!(who(both).await, alice.id);
    assert_eq!(who(format!("better-auth.session_token={own}")).await, alice.id, "the legacy name stays good");
    assert_eq!(
        who(format!("better-auth.session_token={planted}; __Host-better-auth.session_token=gone")).await,
        Value::Null
    );
}

/// Scheme, host and port of a page are compared with the target of the request.
#[tokio::test]
async fn a_page_of_another_scheme_is_foreign() {
    let server = Server::with(|settings| {
        settings.public_url = "https://chat.example".to_owned();
        settings.trusted_proxies = 1;
    })
    .await;
    let alice = server.member("Alice").await;
    let cookie = format!("better-auth.session_token={}", alice.token);
    let send = async |host: &str, origin: &str, scheme: &str| {
        let request = server.anon().request(Method::POST, "/api/spaces").json(&json!({ "name": "One" }));
        let request = request.header("cookie", &cookie).header("host", host).header("origin", origin);
        server.anon().send(request.header("x-forwarded-proto", scheme)).await.status
    };
    for (host, origin, scheme, wanted) in [
        ("chat.example", "https://chat.example", "https", 201),
        ("chat.example", "https://chat.example:443", "https", 201),
        ("chat.example", "https://chat.example", "http", 201),
        ("chat.example", "http://chat.example", "http", 403),
        ("chat.example", "http://chat.example", "https", 403),
        ("alias.example", "https://alias.example", "https", 201),
        ("alias.example", "https://alias.example", "http", 403),
        ("alias.example", "http://alias.example", "http", 201),
        ("alias.example", "http://alias.example", "https", 403),
        ("127.0.0.1:8080", "http://127.0.0.1:8080", "http", 201),
        ("127.0.0.1:8080", "http://127.0.0.1:8081", "http", 403),
        ("chat.example", "null", "https", 403),
    ] {
        assert_eq!(send(host, origin, scheme).await, wanted, "{host} {origin} {scheme}");
    }
}
