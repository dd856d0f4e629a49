//! Responses: bodies, statuses, refusals and streams.

use super::*;

#[tokio::test]
async fn lifts_prefixes_renames_and_lowers() {
    let row = r#"{"id":"r1","title":"line\n\"quoted\"\u0001","kind":"ai_only","kinds":["hybrid"],"definition":{"Kind":"AI_ONLY","a":[1,2.5,null]},"ownerId":"u1","ownerName":null}"#;
    let page = get("/api/rooms").await;
    is(&page, 200, &format!(r#"{{"rooms":[{row}],"page":1,"limit":20,"flag":null,"kind":null,"tags":[]}}"#));
    let bare = get("/api/bare").await;
    assert!(bare.text.starts_with("[{\"id\":\"r1\""), "{}", bare.text);
    assert!(bare.text.ends_with(r#""ownerId":null,"ownerName":null}]"#), "{}", bare.text);
    is(&get("/api/rooms/a%20b").await, 200, r#"{"id":"a b","owner":{"id":"u1","name":null}}"#);
}

#[tokio::test]
async fn statuses() {
    let gone = send("DELETE", "/api/rooms/r1", &[("role", "user")], "").await;
    is(&gone, 204, "");
    is(&send("POST", "/api/rooms/r/join", &[("role", "user")], "").await, 201, r#"{"room":{"id":"r"}}"#);
    is(&post("/api/rooms/r/join", r#"{"created":false}"#).await, 200, r#"{"room":{"id":"r"}}"#);
    is(&get("/api/rooms/none").await, 404, r#"{"error":"Room not found","code":"NOT_FOUND"}"#);
    is(&get("/api/maybe/none").await, 401, "null");
    is(&get("/api/empty/none").await, 200, r#"{"members":[]}"#);
    is(&post("/api/auth/out", "garbage").await, 200, r#"{"success":true}"#);
}

#[tokio::test]
async fn refusals_come_in_order() {
    is(&get("/api/nowhere").await, 404, r#"{"error":"Not found","code":"NOT_FOUND"}"#);
    let wrong = send("POST", "/api/rooms/x", &[("role", "limited")], "").await;
    is(&wrong, 405, r#"{"error":"Method not allowed","code":"METHOD_NOT_ALLOWED"}"#);
    assert_eq!(wrong.headers["allow"], "GET, PUT, DELETE, HEAD, PATCH");
    let large = vec![b' '; 11 << 20];
    assert_eq!(send("POST", "/api/rooms", &[("role", "limited")], large).await.status, 413);
    let limited = send("POST", "/api/rooms", &[("role", "limited")], "x").await;
    assert_eq!((limited.status, limited.headers["retry-after"].to_str().unwrap()), (429, "3"));
    is(
        &send("POST", "/api/rooms", &[], "x").await,
        401,
        r#"{"error":"Unauthorized","code":"UNAUTHENTICATED"}"#,
    );
    assert_eq!(send("GET", "/api/rooms", &[("role", "banned")], "").await.status, 403);
    assert_eq!(send("POST", "/api/auth/out", &[("role", "banned")], "").await.status, 200);
    assert_eq!(send("GET", "/api/admin", &[], "").await.status, 401);
    is(&get("/api/admin").await, 403, r#"{"error":"Admin only","code":"FORBIDDEN"}"#);
    is(&send("GET", "/api/admin", &[("role", "admin")], "").await, 200, "{}");
}

#[tokio::test]
async fn errors_keep_code_field_and_cookies() {
    let failed = get("/api/v1/auth/fail/RATE_LIMITED").await;
    is(&failed, 429, r#"{"error":"No","code":"RATE_LIMITED","field":"x","message":"No"}"#);
    assert_eq!(
        (failed.headers["set-cookie"].to_str().unwrap(), failed.headers["retry-after"].to_str().unwrap()),
        ("a=b", "9")
    );
    assert_eq!(get("/api/auth/fail/bare").await.status, 400);
    let odd = get("/api/auth/fail/ODD").await;
    assert_eq!(odd.status, 500);
    assert!(odd.text.contains("Internal error"));
}

#[tokio::test]
async fn answers_of_get_are_cached_by_tag() {
    let first = get("/api/rooms").await;
    let tag = first.headers["etag"].to_str().unwrap();
    assert_eq!(first.headers["cache-control"], "no-cache");
    assert_eq!(get("/api/rooms/r").await.headers["cache-control"], "private, no-cache");
    let again = send("GET", "/api/rooms", &[("if-none-match", tag)], "").await;
    is(&again, 304, "");
    assert_eq!(again.headers["etag"], tag);
    let head = send("HEAD", "/api/rooms", &[], "").await;
    is(&head, 200, "");
    assert_eq!(head.headers["content-length"], first.text.len().to_string().as_str());
    assert_eq!(send("HEAD", "/api/nowhere", &[], "").await.text, "");
}

#[tokio::test]
async fn a_mutation_feeds_a_stream() {
    let stream = post("/api/rooms/r9/ask", r#"{"flag":true}"#).await;
    assert_eq!(stream.headers["content-type"], "text/event-stream");
    is(
        &stream,
        200,
        "data: {\"type\":\"metaSome(true)\",\"id\":\"r9\",\"who\":42}\n\ndata: {\"type\":\"error\",\"message\":\"broken\"}\n\n",
    );
}
