//! `Idempotency-Key`: a repeated request has one effect.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Caller, Server, on_both};

const KEY: &str = "Idempotency-Key";
const CREATE: &str = "mutation($name: String!) { createSpace(input: { name: $name }) { space { id name createdAt owner { name } } } }";

async fn post(caller: &Caller, path: &str, key: &str, body: Value) -> Answer {
    caller.send(caller.request(Method::POST, path).header(KEY, key).json(&body)).await
}

async fn graphql(caller: &Caller, key: &str, query: &str, variables: Value) -> Answer {
    post(caller, "/graphql", key, json!({ "query": query, "variables": variables })).await
}

async fn spaces_of(caller: &Caller) -> u64 {
    let answer = caller.graphql("{ viewer { spaces { totalCount } } }", json!({})).await;
    answer.json["data"]["viewer"]["spaces"]["totalCount"].as_u64().expect("a number")
}

/// Returns the code of a refusal, from GraphQL or REST.
fn code(answer: &Answer) -> &str {
    let graphql = &answer.json["errors"][0]["extensions"]["code"];
    answer.json["code"].as_str().or(graphql.as_str()).unwrap_or_default()
}

on_both! {
    async fn the_same_request_happens_once(server: Server) {
        let alice = server.member("Alice").await;
        let first = post(&alice, "/api/spaces", "one", json!({ "name": "Chess" })).await;
        server.app.clock.advance(std::time::Duration::from_secs(60));
        // The alias and the order of members do not change the request.
        for path in ["/api/spaces", "/api/v1/spaces"] {
            let again = post(&alice, path, "one", json!({ "unknown": 1, "name": "Chess" })).await;
            assert_eq!((again.status, &again.text), (201, &first.text));
        }
        let first = graphql(&alice, "two", CREATE, json!({ "name": "Go" })).await;
        let again = graphql(&alice, "two", CREATE, json!({ "name": "Go" })).await;
        assert_eq!(first.json["data"]["createSpace"]["space"]["owner"]["name"], "Alice", "{}", first.text);
        assert_eq!(again.text, first.text);
        assert_eq!(spaces_of(&alice).await, 2);
    }

    async fn another_request_under_the_key_is_refused(server: Server) {
        let alice = server.member("Alice").await;
        let id = post(&alice, "/api/spaces", "one", json!({ "name": "Chess" })).await.json["id"].clone();
        let id = id.as_str().expect("an id");
        graphql(&alice, "two", CREATE, json!({ "name": "Go" })).await;
        let other_body = post(&alice, "/api/spaces", "one", json!({ "name": "Go" })).await;
        let other_path = post(&alice, &format!("/api/spaces/{id}/sessions"), "one", json!({})).await;
        for refused in [other_body, other_path] {
            assert_eq!((refused.status, code(&refused)), (422, "IDEMPOTENCY_MISMATCH"), "{}", refused.text);
        }
        let other_variables = graphql(&alice, "two", CREATE, json!({ "name": "Chess" })).await;
        let other_text = graphql(&alice, "two", &CREATE.replace("createdAt", ""), json!({ "name": "Go" })).await;
        let other_door = graphql(&alice, "one", CREATE, json!({ "name": "Chess" })).await;
        for refused in [other_variables, other_text, other_door] {
            assert_eq!(code(&refused), "IDEMPOTENCY_MISMATCH", "{}", refused.text);
        }
        // Keys belong to their sender.
        let bob = server.member("Bob").await;
        assert_eq!(post(&bob, "/api/spaces", "one", json!({ "name": "Bob's" })).await.status, 201);
        assert_eq!((spaces_of(&alice).await, spaces_of(&bob).await), (2, 1));
    }

    /// Concurrent repetitions wait for the first request and get its answer.
    async fn twenty_at_once_make_one(server: Server) {
        let alice = server.member("Alice").await;
        let posts = (0..20).map(|_| post(&alice, "/api/spaces", "one", json!({ "name": "Chess" })));
        let answers = futures_util::future::join_all(posts).await;
        assert!(answers.iter().all(|answer| answer.status == 201 && answer.text == answers[0].text));
        let sent = (0..20).map(|_| graphql(&alice, "two", CREATE, json!({ "name": "Go" })));
        let answers = futures_util::future::join_all(sent).await;
        assert!(answers[0].json["data"]["createSpace"]["space"]["id"].is_string(), "{}", answers[0].text);
        assert!(answers.iter().all(|answer| answer.text == answers[0].text));
        assert_eq!(spaces_of(&alice).await, 2);
    }

    /// The status distinguishes a first join from a second; a repetition of the first has its status.
    async fn a_retry_is_not_a_second_time(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let id = alice.post("/api/spaces", json!({ "name": "Chess" })).await.json["id"].clone();
        let sessions = format!("/api/spaces/{}/sessions", id.as_str().expect("an id"));
        let session = alice.post_empty(&sessions).await.json["id"].clone();
        let join = format!("{sessions}/{}/join", session.as_str().expect("an id"));
        let keyed = |key| bob.send(bob.request(Method::POST, &join).header(KEY, key));
        assert_eq!(keyed("one").await.status, 201);
        assert_eq!(keyed("one").await.status, 201, "the same join");
        assert_eq!(keyed("two").await.status, 200, "another one");
        let space = format!("/api/spaces/{}", id.as_str().expect("an id"));
        let delete = || alice.send(alice.request(Method::DELETE, &space).header(KEY, "gone"));
        assert_eq!((delete().await.status, delete().await.status), (204, 204));
        assert_eq!(alice.delete(&space).await.status, 404);
    }

    /// A failed request stores nothing, so its key can be used again, also for a corrected request.
    async fn a_refused_request_leaves_no_key(server: Server) {
        let alice = server.member("Alice").await;
        let wrong = post(&alice, "/api/spaces", "one", json!({ "name": "" })).await;
        assert_eq!(wrong.status, 400);
        assert_eq!(post(&alice, "/api/spaces", "one", json!({ "name": "Chess" })).await.status, 201);
    }

    /// Each field keeps its own result: a refused one is tried again, the others are not.
    async fn each_field_of_a_request_is_kept_by_itself(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let theirs = bob.post("/api/spaces", json!({ "name": "Bob's", "isPublic": false })).await.json["id"].clone();
        let query = "mutation($id: ID!) { a: createSpace(input: { name: \"A\" }) { space { id } }
            b: openSpaceSession(input: { spaceId: $id }) { spaceSession { id } }
            c: createSpace(input: { name: \"C\" }) { space { id } } }";
        let send = || graphql(&alice, "one", query, json!({ "id": theirs }));
        for _ in 0..2 {
            let refused = send().await;
            assert_eq!(code(&refused), "NOT_FOUND", "{}", refused.text);
        }
        assert_eq!(spaces_of(&alice).await, 2, "a and c, once each: the refusal of b keeps them");
        let invite = "mutation($id: ID!, $who: ID!) { inviteToSpace(input: { spaceId: $id, userId: $who }) { space { id } } }";
        bob.graphql(invite, json!({ "id": theirs, "who": alice.id })).await;
        let (done, again) = (send().await, send().await);
        assert!(done.json["data"]["c"]["space"]["id"].is_string(), "{}", done.text);
        assert_eq!(done.text, again.text);
        assert_eq!(spaces_of(&alice).await, 2, "a and c, once each");
    }

    async fn a_day_later_the_key_is_free(server: Server) {
        let alice = server.member("Alice").await;
        let body = json!({ "name": "Chess" });
        let first = post(&alice, "/api/spaces", "one", body.clone()).await;
        server.app.clock.advance(std::time::Duration::from_secs(24 * 3600));
        plaza::domain::unit_of_work::prune(&server.app).await.expect("prunes");
        assert_eq!(post(&alice, "/api/spaces", "one", body.clone()).await.text, first.text, "to the second");
        server.app.clock.advance(std::time::Duration::from_secs(1));
        plaza::domain::unit_of_work::prune(&server.app).await.expect("prunes");
        assert_ne!(post(&alice, "/api/spaces", "one", body).await.text, first.text);
    }

    /// Deleting an account removes the stored results of its requests.
    async fn deleting_an_account_drops_its_keys(server: Server) {
        use sea_orm::{EntityTrait, PaginatorTrait};
        let alice = server.member("Alice").await;
        graphql(&alice, "one", "mutation { updateProfile(input: { name: \"Alicia\" }) { viewer { name } } }", json!({})).await;
        let count = || entity::idempotency_key::Entity::find().count(server.app.db.read());
        assert_eq!(count().await.expect("counts"), 1);
        let gone = alice.graphql("mutation { deleteAccount(input: { password: \"a long password\" }) { deletedId } }", json!({})).await;
        assert_eq!(gone.json["data"]["deleteAccount"]["deletedId"], alice.id, "{}", gone.text);
        assert_eq!(count().await.expect("counts"), 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_has_a_shape() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    for key in ["", "a b", "caf\u{e9}", &"k".repeat(256)] {
        let rest = post(&alice, "/api/spaces", key, json!({ "name": "Chess" })).await;
        let other = graphql(&alice, key, CREATE, json!({ "name": "Chess" })).await;
        for refused in [rest, other] {
            assert_eq!((refused.status, code(&refused)), (400, "INVALID"), "{}", refused.text);
            assert!(refused.text.contains("Idempotency-Key must be 1-255 visible ASCII characters"));
            assert!(refused.text.contains(r#""field":"Idempotency-Key""#), "{}", refused.text);
        }
    }
    let twice = alice.request(Method::POST, "/api/spaces").header(KEY, "a").header(KEY, "b");
    let twice = alice.send(twice.json(&json!({ "name": "Chess" }))).await;
    assert_eq!((twice.status, &twice.json["error"]), (400, &json!("Idempotency-Key must be sent once")));
    let batch = json!([{ "query": CREATE, "variables": { "name": "Chess" } }]);
    assert_eq!(post(&alice, "/graphql", "one", batch).await.status, 400);
    assert_eq!(spaces_of(&alice).await, 0);
    // The key of a query is ignored, because queries change nothing.
    assert_eq!(alice.send(alice.request(Method::GET, "/api/spaces").header(KEY, "a b")).await.status, 200);
    assert_eq!(graphql(&alice, "a b", "{ __typename }", json!({})).await.status, 200);
    let long = post(&alice, "/api/spaces", &"k".repeat(255), json!({ "name": "Chess" })).await;
    assert_eq!(long.status, 201, "{}", long.text);
}

/// Results are stored with the key, so operations with secrets accept no key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_are_not_kept() {
    let server = Server::on_sqlite().await;
    let (anon, alice) = (server.anon(), server.member("Alice").await);
    let account = json!({ "email": "bob@example.com", "password": "a long password", "name": "Bob" });
    let mut answers = vec![
        post(&anon, "/api/auth/sign-up/email", "one", account.clone()).await,
        post(&anon, "/api/auth/sign-in/email", "one", account.clone()).await,
        post(&alice, "/api/creator/api-keys", "one", json!({ "name": "robot" })).await,
    ];
    for query in [
        "mutation { signUp(input: { email: \"b@example.com\", password: \"a long password\", name: \"B\" }) { token } }",
        "mutation { signIn(input: { email: \"alice@example.com\", password: \"a long password\" }) { token } }",
        "mutation { createSpace(input: { name: \"x\" }) { space { id } } createApiKey(input: { name: \"robot\" }) { key } }",
        "mutation { changePassword(input: { currentPassword: \"a long password\", newPassword: \"another password\" }) { viewer { id } } }",
        "mutation { deleteAccount(input: { password: \"a long password\" }) { deletedId } }",
    ] {
        answers.push(graphql(&alice, "one", query, json!({})).await);
    }
    for answer in answers {
        assert_eq!((answer.status, code(&answer)), (400, "INVALID"), "{}", answer.text);
        assert!(answer.text.contains("contains a secret"), "{}", answer.text);
    }
    assert_eq!(spaces_of(&alice).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anonymous_requests_have_no_idempotency_keys() {
    let server = Server::on_sqlite().await;
    let anon = server.anon();
    assert_eq!(post(&anon, "/api/spaces", "one", json!({ "name": "Chess" })).await.status, 401);
    assert_eq!(code(&graphql(&anon, "one", CREATE, json!({ "name": "Chess" })).await), "UNAUTHENTICATED");
    assert_eq!(
        graphql(&anon, "one", "mutation { signOut { deletedId } }", json!({})).await.json["data"],
        json!({ "signOut": { "deletedId": null } })
    );
    // The second sign-out with the key comes from an anonymous caller.
    let alice = server.member("Alice").await;
    for is_signed_in in [true, false] {
        let out = graphql(&alice, "one", "mutation { signOut { deletedId } }", json!({})).await;
        assert_eq!(out.json["data"]["signOut"]["deletedId"].is_string(), is_signed_in, "{}", out.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn openapi_names_the_header_where_it_is_taken() {
    let openapi = plaza::http::openapi(&plaza::config::Settings::default()).expect("the documents are sound");
    let takes = |path: &str, method: &str| {
        let operation = &openapi["paths"][path][method];
        let named =
            operation["parameters"].as_array().is_some_and(|list| list.iter().any(|one| one["name"] == KEY));
        let refused = operation["responses"]["422"]["x-error-codes"].as_array();
        let refused = refused.is_some_and(|codes| codes.contains(&json!("IDEMPOTENCY_MISMATCH")));
        assert_eq!(named, refused, "{method} {path}");
        named
    };
    assert!(
        takes("/api/spaces", "post")
            && takes("/api/spaces/{id}", "put")
            && takes("/api/spaces/{id}", "delete")
    );
    assert!(!takes("/api/spaces", "get") && !takes("/api/creator/api-keys", "post"));
    assert!(!takes("/api/auth/sign-in/email", "post") && !takes("/api/auth/sign-out", "post"));
}
