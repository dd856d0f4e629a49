//! Requests: paths, queries, bodies and forms.

use super::*;

#[tokio::test]
async fn reads_the_query_by_type() {
    let page = get("/api/rooms?page=3&per_page=500&flag=1&kind=hybrid&tags=a&tags=b&unknown=x").await;
    assert!(
        page.text.ends_with(r#""page":3,"limit":50,"flag":true,"kind":"hybrid","tags":["a","b"]}"#),
        "{}",
        page.text
    );
    assert!(get("/api/rooms?limit=-99999999999999999999").await.text.contains(r#""limit":1,"#));
    is(
        &get("/api/rooms?page=x").await,
        400,
        r#"{"error":"Invalid value for \"page\": must be an integer","code":"INVALID","field":"page"}"#,
    );
    for bad in ["limit=ten", "limit=", "page=99999999999", "flag=maybe", "kind=none", "tags=%00", "page=1.5"]
    {
        let bad = get(&format!("/api/rooms?{bad}")).await;
        assert_eq!(bad.status, 400, "{}", bad.text);
    }
    is(&get("/api/header").await, 400, r#"{"error":"Missing \"x-key\"","code":"INVALID","field":"x-key"}"#);
    is(&send("GET", "/api/header", &[("X-Key", "k")], "").await, 200, r#"{"header":"k"}"#);
    assert_eq!(get("/api/rooms/%ff").await.status, 400);
    assert_eq!(get("/api/rooms/%2").await.status, 400);
    assert_eq!(get("/api/rooms/%00").await.status, 400);
}

#[tokio::test]
async fn reads_the_body_by_type() {
    is(
        &post("/api/rooms", r#"{"name":"n","kind":"hybrid","x":1}"#).await,
        201,
        r#"{"id":"7","name":"n","kind":"hybrid"}"#,
    );
    is(
        &post("/api/rooms", r#"{"name":"n","kind":null,"fee":-5.0,"inner":{"kind":"Hybrid"}}"#).await,
        201,
        r#"{"id":"0","name":"n","kind":"hybrid"}"#,
    );
    is(
        &post("/api/rooms", "{}").await,
        422,
        r#"{"error":"Missing \"name\"","code":"UNPROCESSABLE","field":"name"}"#,
    );
    assert_eq!(post("/api/rooms", "").await.status, 422);
    is(
        &post("/api/rooms", r#"{"name":"n","fee":true}"#).await,
        422,
        r#"{"error":"Invalid value for \"fee\": must be an integer","code":"UNPROCESSABLE","field":"fee"}"#,
    );
    for bad in [
        r#"{"name":1}"#,
        r#"{"name":"n","fee":1.5}"#,
        r#"{"name":"n","fee":9999999999}"#,
        r#"{"name":"n","kind":"no"}"#,
        "[]",
        "null",
        "7",
    ] {
        let bad = post("/api/rooms", bad).await;
        assert_eq!(bad.status, 422, "{}", bad.text);
    }
    let bad = post("/api/rooms", r#"{"a":}"#).await;
    is(
        &bad,
        400,
        r#"{"error":"Body is not valid JSON: expected value at line 1 column 6","code":"INVALID"}"#,
    );
    for bad in [
        r#"{"name":"a\u0000"}"#.to_owned(),
        format!("{}1", "{\"a\":".repeat(5000)),
        "\u{0}".into(),
        r#"{"name":"\ud800"}"#.into(),
    ] {
        assert_eq!(post("/api/rooms", &bad).await.status, 400);
    }
    let form = [("role", "user"), ("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(send("POST", "/api/rooms", &form, "name=a&fee=2").await.status, 415);
    assert_eq!(send("POST", "/api/rooms", &[("role", "user")], "{}").await.status, 415);
    let large = send("POST", "/api/rooms", &[("role", "user")], vec![b' '; 11 << 20]).await;
    assert_eq!(large.status, 413);
    let big = send("POST", "/api/rooms", &[("role", "user"), ("content-type", "text/plain")], "hi").await;
    assert_eq!(big.status, 415);
}

/// Posts a form with these parts: name, name of the file for a file, and content.
async fn post_form(parts: &[(&str, Option<&str>, &str)]) -> TestResponse {
    let part = |(name, file, content): &(&str, Option<&str>, &str)| {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n")
    };
    let body = parts.iter().map(part).collect::<String>() + "--x--\r\n";
    let headers = [("role", "user"), ("content-type", "multipart/form-data; boundary=x")];
    send("POST", "/api/rooms/r1/picture", &headers, body).await
}

#[tokio::test]
async fn files_come_in_forms() {
    let picture = ("picture", Some("a.png"), "12345");
    is(&post_form(&[picture]).await, 200, r#"{"name":"5 None []"}"#);
    let all = [
        ("caption", None, "a b"),
        picture,
        ("more", Some("b"), "1"),
        ("more", Some("c"), "22"),
        ("other", None, "?"),
    ];
    is(&post_form(&all).await, 200, r#"{"name":"5 Some(\"a b\") [1, 2]"}"#);
    // One file for a list is a list of one; a text is not a file, a file not a text.
    is(&post_form(&[picture, ("more", Some("b"), "1")]).await, 200, r#"{"name":"5 None [1]"}"#);
    let missing = r#"{"error":"Missing \"picture\"","code":"UNPROCESSABLE","field":"picture"}"#;
    is(&post_form(&[("caption", None, "x")]).await, 422, missing);
    for parts in [
        &[("picture", None, "text")][..],
        &[("picture", None, "#__graphql_file__:0")],
        &[picture, ("caption", Some("a"), "x")],
        &[picture, picture],
    ] {
        assert_eq!(post_form(parts).await.status, 422, "{parts:?}");
    }
    let long = "x".repeat(101);
    for parts in [&[("picture", Some("a"), long.as_str())][..], &[picture, picture, picture, picture]] {
        assert_eq!(post_form(parts).await.status, 413);
    }
    assert_eq!(post_form(&[picture, ("caption", None, "a\0b")]).await.status, 400);
    let json = [("role", "user"), ("content-type", "application/json")];
    assert_eq!(send("POST", "/api/rooms/r1/picture", &json, r#"{"picture":"x"}"#).await.status, 415);
    is(&send("POST", "/api/rooms/r1/picture", &json[..1], "").await, 422, missing);
    // A route without a file accepts no form.
    let form = [("role", "user"), ("content-type", "multipart/form-data; boundary=x")];
    assert_eq!(send("POST", "/api/rooms", &form, "--x--\r\n").await.status, 415);
    assert_eq!(send("POST", "/api/rooms/r1/picture", &[form[1]], "--x--\r\n").await.status, 401);
}

#[tokio::test]
async fn params_have_aliases_and_defaults() {
    let put = |method: &'static str, body: &'static str| {
        send(
            method,
            "/api/v1/rooms/r1",
            &[("role", "user"), ("content-type", "application/problem+json")],
            body,
        )
    };
    let expected = r#"{"success":true,"rename":{"name":"Some(\"n\") Some(\"z\") Some(3)"}}"#;
    is(&put("PUT", r#"{"name":"n","agent_id":"z","agent":"no"}"#).await, 200, expected);
    is(&put("PATCH", r#"{"name":"n","agentId":"z","agent_id":"y","fee":3}"#).await, 200, expected);
    let put = put("PUT", r#"{"agentId":"z"}"#).await;
    assert_eq!(put.status, 422);
}
