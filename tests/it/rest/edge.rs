//! Rules for every route: prefixes, methods, entity tags, authentication.

use reqwest::Method;
use serde_json::json;

use super::{NOWHERE, assert_status, make_session, make_space, refused, text};
use crate::support::on_both;

/// Every protected route of the accounts and spaces chapters.
fn protected() -> Vec<(Method, String)> {
    let mut routes = Vec::new();
    for id in [NOWHERE, "not-a-uuid"] {
        let session = format!("/api/spaces/{id}/sessions/{id}");
        routes.extend([
            (Method::GET, format!("/api/spaces/{id}")),
            (Method::PUT, format!("/api/spaces/{id}")),
            (Method::PATCH, format!("/api/spaces/{id}")),
            (Method::DELETE, format!("/api/spaces/{id}")),
            (Method::GET, format!("/api/spaces/{id}/sessions")),
            (Method::POST, format!("/api/spaces/{id}/sessions")),
            (Method::POST, format!("{session}/join")),
            (Method::POST, format!("{session}/leave")),
            (Method::DELETE, format!("/api/creator/api-keys/{id}")),
        ]);
    }
    for path in
        ["/api/creator/spaces", "/api/spaces/owned", "/api/creator/api-keys", "/api/creator/api-keys/whoami"]
    {
        routes.push((Method::GET, path.to_owned()));
    }
    routes.push((Method::POST, "/api/spaces".to_owned()));
    routes.push((Method::POST, "/api/creator/api-keys".to_owned()));
    routes
}

on_both! {
    /// 401 precedes all checks of path, query and body.
    async fn nobody_is_refused_first(server: Server) {
        let anon = server.anon();
        for (method, path) in protected() {
            for path in [path.clone(), path.replacen("/api/", "/api/v1/", 1)] {
                for body in [None, Some("{ not json"), Some("{\"name\": 5}")] {
                    let mut request = anon.request(method.clone(), &path);
                    if let Some(body) = body.filter(|_| method != Method::GET) {
                        request = request.header("content-type", "application/json").body(body);
                    }
                    let answer = anon.send(request).await;
                    let wanted = json!({ "error": "Unauthorized", "code": "UNAUTHENTICATED" });
                    assert_eq!((answer.status, &answer.json), (401, &wanted), "{method} {path} {body:?}");
                }
            }
        }
        let text = anon.request(Method::POST, "/api/spaces").body("name=x").header("content-type", "text/plain");
        refused(&anon.send(text).await, 401, "UNAUTHENTICATED");
    }

    /// `/api/v1` is equivalent to `/api`.
    async fn both_prefixes_are_served(server: Server) {
        let alice = server.member("Alice").await;
        let made = alice.post("/api/v1/spaces", json!({ "name": "One" })).await;
        assert_status(&made, 201);
        let id = text(&made.json, "id");
        let (old, new) = (alice.get(&format!("/api/spaces/{id}")).await, alice.get(&format!("/api/v1/spaces/{id}")).await);
        assert_status(&new, 200);
        assert_eq!(old.text, new.text);
        assert_eq!(alice.get("/api/v1/spaces").await.json["total"], 1);
        assert_status(&alice.get("/api/v1/auth/get-session").await, 200);
        assert_status(&alice.delete(&format!("/api/v1/spaces/{id}")).await, 204);
    }

    /// HEAD is GET without the body.
    async fn head_is_get_without_body(server: Server) {
        let alice = server.member("Alice").await;
        let id = text(&make_space(&alice, json!({ "name": "One" })).await, "id").to_owned();
        for path in ["/api/spaces".to_owned(), format!("/api/spaces/{id}"), format!("/api/spaces/{id}/sessions")] {
            let get = alice.get(&path).await;
            let head = alice.send(alice.request(Method::HEAD, &path)).await;
            assert_eq!((get.status, head.status, head.text.as_str()), (200, 200, ""), "{path}");
            for name in ["content-type", "etag", "content-length"] {
                assert_eq!(get.headers.get(name), head.headers.get(name), "{path} {name}");
            }
        }
        let head = server.anon().send(server.anon().request(Method::HEAD, &format!("/api/spaces/{id}"))).await;
        assert_eq!((head.status, head.text.as_str()), (401, ""));
    }

    /// An unchanged answer is not sent again.
    async fn an_entity_tag_saves_the_body(server: Server) {
        let alice = server.member("Alice").await;
        let id = text(&make_space(&alice, json!({ "name": "One" })).await, "id").to_owned();
        let (list, one) = ("/api/spaces".to_owned(), format!("/api/spaces/{id}"));
        let mut tags = Vec::new();
        for path in [&list, &one] {
            let answer = alice.get(path).await;
            let tag = answer.headers["etag"].to_str().expect("a tag").to_owned();
            assert!(tag.trim_start_matches("W/").starts_with('"') && tag.ends_with('"'), "{tag}");
            for sent in [tag.clone(), format!("\"other\", {tag}"), "*".to_owned(), format!("W/{}", tag.trim_start_matches("W/"))] {
                let request = alice.request(Method::GET, path).header("if-none-match", &sent);
                let again = alice.send(request).await;
                assert_eq!((again.status, again.text.as_str()), (304, ""), "{sent}");
                assert_eq!(again.headers["etag"], answer.headers["etag"]);
            }
            let head = alice.send(alice.request(Method::HEAD, path).header("if-none-match", &tag)).await;
            assert_status(&head, 304);
            let other = alice.send(alice.request(Method::GET, path).header("if-none-match", "\"other\"")).await;
            assert_eq!((other.status, &other.text), (200, &answer.text));
            tags.push(tag);
        }
        assert_status(&alice.put(&one, json!({ "name": "Two" })).await, 200);
        for (path, tag) in [&list, &one].iter().zip(&tags) {
            let changed = alice.send(alice.request(Method::GET, path).header("if-none-match", tag)).await;
            assert_status(&changed, 200);
            assert_ne!(changed.headers["etag"], tag.as_str());
        }
        let stranger = server.anon().request(Method::GET, &one).header("if-none-match", "*");
        refused(&server.anon().send(stranger).await, 401, "UNAUTHENTICATED");
    }

    /// An unknown route, and a method that a route does not have.
    async fn unknown_routes_and_methods(server: Server) {
        let alice = server.member("Alice").await;
        for caller in [&server.anon(), &alice] {
            for path in ["/api", "/api/nothing", "/api/v1/nothing", "/api/spaces/a/b/c/d/e", "/api/v2/spaces", "/api/v1/v1/spaces"] {
                refused(&caller.get(path).await, 404, "NOT_FOUND");
            }
            for (method, path, allowed) in [
                (Method::DELETE, "/api/spaces", &["GET", "HEAD", "POST"][..]),
                (Method::PUT, "/api/v1/spaces", &["GET", "HEAD", "POST"]),
                (Method::POST, &format!("/api/spaces/{NOWHERE}"), &["GET", "HEAD", "PUT", "PATCH", "DELETE"]),
                (Method::GET, &format!("/api/spaces/{NOWHERE}/sessions/{NOWHERE}/join"), &["POST"]),
                (Method::GET, "/api/auth/sign-up/email", &["POST"]),
                (Method::POST, "/api/auth/get-session", &["GET", "HEAD"]),
            ] {
                let answer = caller.send(caller.request(method.clone(), path)).await;
                refused(&answer, 405, "METHOD_NOT_ALLOWED");
                let allow = answer.headers["allow"].to_str().expect("text");
                let listed: Vec<&str> = allow.split(',').map(str::trim).filter(|name| *name != "OPTIONS").collect();
                for name in allowed {
                    assert!(listed.contains(name), "{method} {path}: {allow}");
                }
                assert_eq!(listed.len(), allowed.len(), "{method} {path}: {allow}");
            }
        }
    }

    /// OPTIONS that is no preflight lists the methods of a path, and is refused where there is none.
    async fn options_list_the_methods(server: Server) {
        let anon = server.anon();
        let answer = anon.send(anon.request(Method::OPTIONS, "/api/spaces")).await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
        assert_eq!(answer.headers["allow"], "GET, POST, HEAD");
        refused(&anon.send(anon.request(Method::OPTIONS, "/api/nothing")).await, 404, "NOT_FOUND");
        let graphql = anon.send(anon.request(Method::OPTIONS, "/graphql")).await;
        assert_eq!(graphql.status, 204);
        assert!(graphql.headers["allow"].to_str().expect("text").contains("POST"));
    }

    /// A body that is compressed or not in UTF-8 is 415 at both doors.
    async fn bodies_are_plain_utf8(server: Server) {
        let alice = server.member("Alice").await;
        for (encoding, kind) in [
            ("gzip", "application/json"),
            ("identity, br", "application/json"),
            ("identity", "application/json; charset=utf-16"),
            ("identity", "application/json; charset=iso-8859-1"),
        ] {
            for (path, body) in [("/api/spaces", r#"{"name":"A"}"#), ("/graphql", r#"{"query":"{__typename}"}"#)] {
                let request = alice.request(Method::POST, path).header("content-encoding", encoding);
                let answer = alice.send(request.header("content-type", kind).body(body)).await;
                assert_eq!(answer.status, 415, "{path} {encoding} {kind}: {}", answer.text);
            }
        }
        let plain = alice.request(Method::POST, "/api/spaces").header("content-encoding", "identity").json(&json!({ "name": "A" }));
        assert_status(&alice.send(plain).await, 201);
    }

    /// A POST without a body works where all members are optional, and so does `{}`.
    async fn bodies_may_be_absent(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let (space, session) = make_session(&alice, json!({ "name": "One" })).await;
        assert_status(&bob.post_empty(&format!("{session}/join")).await, 201);
        assert_status(&bob.post(&format!("{session}/join"), json!({})).await, 200);
        let nulls = json!({ "agentId": null, "role": null, "controlMode": null });
        assert_status(&bob.post(&format!("{session}/join"), nulls).await, 200);
        let typed = bob.request(Method::POST, &format!("{session}/join")).header("content-type", "application/json");
        assert_status(&bob.send(typed).await, 200);
        assert_status(&bob.post(&format!("{session}/leave"), json!({})).await, 204);
        assert_status(&bob.post_empty(&format!("{session}/leave")).await, 204);
        assert_status(&bob.post(&format!("{space}/sessions"), json!({})).await, 201);
        let charset = alice.request(Method::POST, "/api/spaces").header("content-type", "application/json; charset=utf-8");
        assert_status(&alice.send(charset.body("{\"name\":\"Typed\"}")).await, 201);
    }

    /// Every answer has an id; a valid id of the request is kept.
    async fn answers_carry_a_request_id(server: Server) {
        let anon = server.anon();
        let own = anon.get("/api/spaces").await;
        assert!(!own.headers["x-request-id"].is_empty());
        let sent = anon.send(anon.request(Method::GET, "/api/nothing").header("x-request-id", "abc-1")).await;
        assert_eq!(sent.headers["x-request-id"], "abc-1");
        let forged = anon.send(anon.request(Method::GET, "/api/spaces").header("x-request-id", "a b")).await;
        assert_ne!(forged.headers["x-request-id"], "a b");
    }
}
