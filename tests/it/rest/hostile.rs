//! Hostile requests: each is refused with 4xx and JSON, and the server continues to answer.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use reqwest::Method;
use serde_json::{Value, json};

use super::{NOWHERE, assert_status, make_session, refused, update_session};
use crate::support::{Answer, Caller, Server, on_both};

async fn raw(
    caller: &Caller,
    method: Method,
    path: &str,
    kind: &str,
    body: impl Into<reqwest::Body>,
) -> Answer {
    caller.send(caller.request(method, path).header("content-type", kind).body(body)).await
}

/// Checks that the server still creates and finds spaces.
async fn assert_alive(caller: &Caller) {
    assert_status(&caller.get("/livez").await, 200);
    assert_status(&caller.post("/api/spaces", json!({ "name": "Alive" })).await, 201);
    assert_status(&caller.get("/api/spaces").await, 200);
}

on_both! {
    /// Invalid ids in every place that accepts one.
    async fn bad_ids_are_refused(server: Server) {
        let alice = server.member("Alice").await;
        let (space, _) = make_session(&alice, json!({ "name": "One" })).await;
        let long = "a".repeat(3000);
        for id in ["1", "not-a-uuid", "null", "%27%20OR%201=1--", "..%2f..%2fetc", "%00", "%ff", "019b0000-0000-7000-8000-00000000000g", &long] {
            for (method, path) in [
                (Method::GET, format!("/api/spaces/{id}")),
                (Method::PUT, format!("/api/spaces/{id}")),
                (Method::DELETE, format!("/api/spaces/{id}")),
                (Method::GET, format!("/api/spaces/{id}/sessions")),
                (Method::POST, format!("/api/spaces/{id}/sessions")),
                (Method::POST, format!("/api/spaces/{id}/sessions/{NOWHERE}/join")),
                (Method::POST, format!("{space}/sessions/{id}/join")),
                (Method::POST, format!("{space}/sessions/{id}/leave")),
                (Method::DELETE, format!("/api/creator/api-keys/{id}")),
            ] {
                let mut request = alice.request(method.clone(), &path);
                if method == Method::PUT {
                    request = request.json(&json!({ "name": "x" }));
                }
                let answer = alice.send(request).await;
                assert_eq!(answer.status, 400, "{method} {path}: {}", answer.text);
                refused(&answer, 400, "INVALID");
                assert!(answer.json["field"].is_string(), "{}", answer.text);
            }
        }
        assert_alive(&alice).await;
    }

    /// NUL is refused everywhere, because PostgreSQL cannot store it.
    async fn nul_is_refused(server: Server) {
        let alice = server.member("Alice").await;
        let (_, session) = make_session(&alice, json!({ "name": "One" })).await;
        for query in ["search=%00", "search=a%00b", "category=%00"] {
            refused(&alice.get(&format!("/api/spaces?{query}")).await, 400, "INVALID");
        }
        for body in [
            json!({ "name": "a\0b" }),
            json!({ "name": "n", "description": "\0" }),
            json!({ "name": "n", "category": "\0" }),
            json!({ "name": "n", "tags": ["\0"] }),
            json!({ "name": "n", "definition": { "deep": [{ "a": "\0" }] } }),
            json!({ "name": "n", "definition": { "k\0": 1 } }),
        ] {
            refused(&alice.post("/api/spaces", body).await, 400, "INVALID");
        }
        refused(&alice.post(&format!("{session}/join"), json!({ "role": "\0" })).await, 400, "INVALID");
        refused(&alice.post("/api/creator/api-keys", json!({ "name": "\0" })).await, 400, "INVALID");
        for key in ["email", "password", "name"] {
            let mut body = json!({ "email": "nul@example.com", "password": "a long password", "name": "Nul" });
            body[key] = json!("nul\0@example.com");
            refused(&server.anon().post("/api/auth/sign-up/email", body).await, 400, "INVALID");
        }
        let update = update_session(&alice, &session, json!({ "state": { "a": "\0" } })).await;
        assert_eq!(update.json["errors"][0]["extensions"]["code"], "INVALID", "{}", update.text);
        let search = alice.graphql("query($s: String) { spaces(search: $s) { nodes { id } } }", json!({ "s": "\0" })).await;
        assert_eq!(search.json["errors"][0]["extensions"]["code"], "INVALID", "{}", search.text);
        assert_alive(&alice).await;
    }

    /// Values of another type are 422 and named.
    async fn wrong_types_are_named(server: Server) {
        let alice = server.member("Alice").await;
        let (space, session) = make_session(&alice, json!({ "name": "One" })).await;
        for (field, value) in [
            ("name", json!(5)),
            ("name", json!(["x"])),
            ("name", json!({})),
            ("name", json!(true)),
            ("description", json!(1)),
            ("category", json!(false)),
            ("tags", json!([1])),
            ("tags", json!({ "a": 1 })),
            ("tags", json!([null])),
            ("isPublic", json!("yes")),
            ("isPublic", json!(1)),
        ] {
            let mut body = json!({ "name": "x" });
            body[field] = value;
            for answer in [alice.post("/api/spaces", body.clone()).await, alice.put(&space, body.clone()).await] {
                assert_eq!(answer.status, 422, "{body}: {}", answer.text);
                refused(&answer, 422, "UNPROCESSABLE");
                let named = answer.json["field"].as_str().expect("a field");
                assert!(named.starts_with(field), "{body}: {}", answer.text);
            }
        }
        for (field, value) in [("controlMode", json!("robot")), ("controlMode", json!(1)), ("role", json!(1)), ("agentId", json!(1))] {
            let answer = alice.post(&format!("{session}/join"), json!({ (field): value })).await;
            refused(&answer, 422, "UNPROCESSABLE");
            assert_eq!(answer.json["field"], field, "{}", answer.text);
        }
        for body in ["[]", "5", "\"text\"", "true", "null", "[{\"name\":\"x\"}]"] {
            let answer = raw(&alice, Method::POST, "/api/spaces", "application/json", body).await;
            refused(&answer, 422, "UNPROCESSABLE");
        }
        for field in ["email", "password"] {
            let mut body = json!({ "email": "a@example.com", "password": "a long password" });
            body[field] = json!(5);
            let answer = server.anon().post("/api/auth/sign-in/email", body).await;
            refused(&answer, 422, "UNPROCESSABLE");
            assert_eq!(answer.json["field"], field);
            assert_eq!(answer.json["message"], answer.json["error"]);
        }
        assert_alive(&alice).await;
    }

    /// Invalid or too deeply nested JSON.
    async fn malformed_json_is_refused(server: Server) {
        let alice = server.member("Alice").await;
        let deep = |depth: usize| format!("{{\"name\":\"x\",\"definition\":{}1{}}}", "{\"a\":".repeat(depth), "}".repeat(depth));
        let arrays = format!("{{\"name\":\"x\",\"definition\":{}", "[".repeat(100_000));
        let closed = format!("{{\"name\":\"x\",\"definition\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        for body in [
            "{", "}", "{]", "{\"name\":}", "{\"name\":\"x\",}", "{'name':'x'}", "name=x", "{\"name\":\"x\"} x",
            "{\"name\":\"\u{1}\"}", "{\"name\":NaN}", "{\"name\":\"\\ud800\"}", &deep(200), &deep(100_000), &arrays, &closed,
        ] {
            let answer = raw(&alice, Method::POST, "/api/spaces", "application/json", body.to_owned()).await;
            assert_eq!(answer.status, 400, "{:.60}: {}", body, answer.text);
            refused(&answer, 400, "INVALID");
        }
        let invalid = raw(&alice, Method::POST, "/api/spaces", "application/json", vec![b'{', b'"', 0xff, b'"']).await;
        refused(&invalid, 400, "INVALID");
        let fine = raw(&alice, Method::POST, "/api/spaces", "application/json", deep(40)).await;
        assert_status(&fine, 201);
        let graphql = raw(&alice, Method::POST, "/graphql", "application/json", closed.clone()).await;
        assert!((400..500).contains(&graphql.status), "{}", graphql.status);
        assert!(graphql.json["errors"][0]["message"].is_string(), "{}", graphql.text);
        assert_alive(&alice).await;
    }

    /// A body that is not JSON, where JSON is required.
    async fn other_media_types_are_refused(server: Server) {
        let alice = server.member("Alice").await;
        for kind in ["text/plain", "text/html", "application/xml", "application/octet-stream", "multipart/form-data; boundary=x", "application/jsonx"] {
            let answer = raw(&alice, Method::POST, "/api/spaces", kind, "{\"name\":\"x\"}").await;
            refused(&answer, 415, "UNSUPPORTED_MEDIA_TYPE");
        }
        let none = alice.send(alice.request(Method::POST, "/api/spaces").body("{\"name\":\"x\"}")).await;
        refused(&none, 415, "UNSUPPORTED_MEDIA_TYPE");
        assert_eq!(alice.get("/api/spaces").await.json["total"], 0);
        assert_alive(&alice).await;
    }

    /// Unknown members, a huge query, and values that would be numbers elsewhere.
    async fn odd_queries_are_answered(server: Server) {
        let alice = server.member("Alice").await;
        let long = format!("search={}", "a".repeat(5000));
        for query in ["search=%ff", "page=1&page=2", "&&==", "search[]=a", "%00=1", &long, "page=2147483647&limit=50"] {
            let answer = alice.get(&format!("/api/spaces?{query}")).await;
            assert!(answer.status < 500, "{query}: {}", answer.text);
            if answer.status != 200 {
                refused(&answer, 400, "INVALID");
            }
        }
        for (query, status) in [("search=%ff", 400), ("search=%ef%bf%bd%c3", 400), ("search=%ef%bf%bd", 200), ("search=%c3%a9", 200)] {
            let answer = alice.get(&format!("/api/spaces?{query}")).await;
            assert_eq!(answer.status, status, "{query}: {}", answer.text);
            assert!(status == 200 || answer.json["field"] == "search", "{query}: {}", answer.text);
        }
        for page in ["2147483648", "9223372036854775807", "99999999999999999999"] {
            let answer = alice.get(&format!("/api/spaces?page={page}&limit=50")).await;
            assert!((200..500).contains(&answer.status), "{page}: {}", answer.text);
        }
        assert_alive(&alice).await;
    }
}

/// Returns the answer to a request of which only the head was sent.
fn head_only(server: &Server, lines: &str) -> (u16, Value) {
    let address = server.url.strip_prefix("http://").expect("http");
    let mut stream = TcpStream::connect(address).expect("connects");
    write!(stream, "{lines}\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).expect("a status").parse().expect("a number");
    (status, serde_json::from_str(body).unwrap_or_default())
}

/// A body over 1 MiB is refused before authentication, announced or not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_bodies_are_refused() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    for path in ["/api/spaces", "/api/v1/spaces", "/api/auth/sign-up/email"] {
        let lines =
            format!("POST {path} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 11534336");
        let (status, json) = head_only(&server, &lines);
        assert_eq!((status, &json["code"]), (413, &json!("PAYLOAD_TOO_LARGE")), "{path}: {json}");
    }
    assert_alive(&alice).await;
}

/// A body just below the limit is read and validated.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_below_the_limit_are_read() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    let name = "n".repeat(1024 * 1024 - 100);
    let answer = alice.post("/api/spaces", json!({ "name": name })).await;
    assert_eq!(refused(&answer, 400, "INVALID"), "Name must be 1-100 characters");
    assert_alive(&alice).await;
}

/// A client that sends all of 11 MiB reads the 413, not a broken connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_large_body_is_answered() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    let body = format!("{{\"name\":\"{}\"}}", "n".repeat(11 * 1024 * 1024));
    let answer = raw(&alice, Method::POST, "/api/spaces", "application/json", body).await;
    refused(&answer, 413, "PAYLOAD_TOO_LARGE");
    assert_alive(&alice).await;
}

/// "A non-JSON body where one is read is 415."
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_is_refused() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    let answer =
        raw(&alice, Method::POST, "/api/spaces", "application/x-www-form-urlencoded", "name=x").await;
    refused(&answer, 415, "UNSUPPORTED_MEDIA_TYPE");
}

/// An announced size is refused at once on `/graphql` and REST, without waiting for the body.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_announced_large_body_is_refused_by_graphql() {
    let server = Server::with(|settings| settings.request_timeout = 2).await;
    let lines = "POST /graphql HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 11534336";
    let (status, json) = head_only(&server, lines);
    assert_eq!(status, 413, "{json}");
    assert_eq!(json["errors"][0]["extensions"]["code"], "PAYLOAD_TOO_LARGE", "{json}");
}

/// The request with its complete body.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_large_body_is_answered_by_graphql() {
    let server = Server::on_sqlite().await;
    let body = format!("{{\"query\":\"{}\"}}", "n".repeat(11 * 1024 * 1024));
    let answer = raw(&server.anon(), Method::POST, "/graphql", "application/json", body).await;
    assert_status(&answer, 413);
    assert_eq!(answer.json["errors"][0]["extensions"]["code"], "PAYLOAD_TOO_LARGE", "{}", answer.text);
}
