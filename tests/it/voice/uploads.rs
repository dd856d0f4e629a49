//! GraphQL requests with files: the multipart request specification, limits and rights.

use plaza::config::Settings;
use reqwest::{
    Method, RequestBuilder,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use super::{Room, SEND, ok, operations, refused, rest_form, text, upload, words, writing};
use crate::support::{Answer, Caller, Server, openai::FakeOpenAi, sound::wav};

async fn room(change: impl FnOnce(&mut Settings)) -> Room {
    let writer = FakeOpenAi::start([]).await;
    let server = Server::reaching(writing(&writer), change).await;
    Room::open(server, writer).await
}

fn variables(room: &Room, audio: Value) -> Value {
    json!({ "input": { "conversationId": room.conversation, "audio": audio } })
}

/// A form of these parts; parts with a file name are files.
fn form(parts: &[(&str, Option<&str>, Vec<u8>)]) -> Form {
    parts.iter().fold(Form::new(), |form, (name, file, content)| {
        let part = Part::bytes(content.clone());
        form.part(
            (*name).to_owned(),
            match file {
                Some(file) => part.file_name((*file).to_owned()),
                None => part,
            },
        )
    })
}

async fn send(who: &Caller, form: Form) -> Answer {
    who.send(upload(who).multipart(form)).await
}

/// A batch, one file in two places, a file as a whole variable, and parts in any order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_go_where_the_map_says() {
    let room = room(|_| {}).await;
    for text in ["one", "two", "three"] {
        room.writer.respond_with(words(text));
    }
    let ask = json!({ "query": SEND, "variables": variables(&room, Value::Null) });
    let batch = form(&[
        ("a", Some("a.wav"), wav(100)),
        (
            "map",
            None,
            json!({ "a": ["0.variables.input.audio", "1.variables.input.audio"] }).to_string().into(),
        ),
        ("operations", None, json!([ask, ask]).to_string().into()),
    ]);
    let answer = send(&room.member, batch).await;
    let said = |number: usize| answer.json[number]["data"]["sendVoiceMessage"]["message"]["content"].clone();
    assert_eq!((said(0), said(1)), (json!("one"), json!("two")), "{}", answer.text);
    let query = "mutation($id: ID!, $audio: Upload!) {
      sendVoiceMessage(input: { conversationId: $id, audio: $audio }) { message { content } }
    }";
    let given = json!({ "id": room.conversation, "audio": null });
    let answer = send(&room.member, operations(query, given, &[("variables.audio", wav(100))])).await;
    assert_eq!(ok(&answer)["sendVoiceMessage"]["message"]["content"], "three");
}

/// Only form parts are files: not values in JSON, documents or messages.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_written_is_a_file() {
    let room = room(|_| {}).await;
    let wrong = ("INVALID".to_owned(), "\"input.audio\" must be a file of a multipart request".to_owned());
    for audio in
        [json!("#__graphql_file__:0"), json!([82, 73]), json!("RIFF"), json!({ "file": 1 }), json!(0)]
    {
        let answer = room.member.graphql(SEND, variables(&room, audio.clone())).await;
        assert_eq!(refused(&answer), wrong, "{audio}");
        let sent = operations(SEND, variables(&room, audio), &[]);
        assert_eq!(refused(&send(&room.member, sent).await), wrong);
    }
    let missing = room.member.graphql(SEND, variables(&room, Value::Null)).await;
    assert_eq!(refused(&missing), ("INVALID".to_owned(), "\"input.audio\" is required".to_owned()));
    let literal = format!(
        "mutation {{ sendVoiceMessage(input: {{ conversationId: \"{}\", audio: \"#__graphql_file__:0\" }}) {{ message {{ id }} }} }}",
        room.conversation
    );
    let literal = room.member.graphql(&literal, json!({})).await;
    assert_eq!(refused(&literal).0, "GRAPHQL_VALIDATION_FAILED");
    // A file is neither text nor JSON.
    let query = "mutation($input: PostMessageInput!) { postMessage(input: $input) { message { id } } }";
    let given = json!({ "input": { "communityId": room.path.rsplit('/').next(), "content": null } });
    let answer =
        send(&room.member, operations(query, given, &[("variables.input.content", b"x".to_vec())])).await;
    assert_eq!(refused(&answer), ("INVALID".to_owned(), "\"input.content\" must be a string".to_owned()));
    let query = "mutation($input: CreateSpaceInput!) { createSpace(input: $input) { space { id } } }";
    let given = json!({ "input": { "name": "x", "definition": { "a": null } } });
    let path = "variables.input.definition.a";
    let answer = send(&room.member, operations(query, given, &[(path, b"x".to_vec())])).await;
    assert_eq!(
        refused(&answer),
        ("INVALID".to_owned(), "\"input.definition\" must not be a file".to_owned())
    );
    assert!(room.writer.requests().is_empty());
}

/// Every malformed form is 400 with a message.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forms_that_are_wrong() {
    let room = room(|_| {}).await;
    let asked =
        || json!({ "query": SEND, "variables": variables(&room, Value::Null) }).to_string().into_bytes();
    let map = |map: Value| ("map", None, map.to_string().into_bytes());
    let file = || ("0", Some("x"), wav(10));
    let operations = || ("operations", None, asked());
    let good = json!({ "0": ["variables.input.audio"] });
    let many: Vec<_> = (0..40).map(|_| "variables.input.audio").collect();
    for (parts, reason) in [
        (vec![map(good.clone()), file()], "The form has no \"operations\""),
        (vec![operations(), file()], "The form has no \"map\""),
        (vec![operations(), map(json!([])), file()], "map must be a JSON object of lists of paths"),
        (
            vec![operations(), map(json!({ "0": "variables.input.audio" })), file()],
            "map must be a JSON object",
        ),
        (vec![operations(), map(good.clone())], "map names the file \"0\", which was not sent"),
        (vec![operations(), map(good.clone()), ("0", None, wav(10))], "is not UTF-8"),
        (vec![operations(), map(good.clone()), ("0", None, b"text".to_vec())], "which was not sent"),
        (
            vec![operations(), map(json!({ "0": ["variables.input.other"] })), file()],
            "but operations has no null there",
        ),
        (vec![operations(), map(json!({ "0": ["variables.input.conversationId"] })), file()], "has no null"),
        (vec![operations(), map(json!({ "0": ["query"] })), file()], "has no null"),
        (vec![operations(), map(json!({ "0": ["0.variables.input.audio"] })), file()], "has no null"),
        (vec![operations(), map(json!({ "0": [""] })), file()], "has no null"),
        (vec![operations(), map(json!({ "0": many })), file()], "map has more than 32 paths"),
        (vec![("operations", None, b"{".to_vec()), map(good.clone()), file()], "The body is not valid JSON"),
        (vec![("operations", None, b"{}".to_vec()), map(good.clone()), file()], "query is missing"),
        // A place has at most one file.
        (
            vec![
                operations(),
                map(json!({ "0": ["variables.input.audio", "variables.input.audio"] })),
                file(),
            ],
            "has no null",
        ),
    ] {
        let answer = send(&room.member, form(&parts)).await;
        assert_eq!(answer.status, 400, "{reason}: {}", answer.text);
        let (code, message) = refused(&answer);
        assert!(code == "INVALID" && message.contains(reason), "{reason}: {message}");
    }
    for (kind, body) in [
        ("multipart/form-data", "--x--\r\n"),
        ("multipart/form-data; boundary=x", "no form"),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{",
        ),
    ] {
        let request = upload(&room.member).header("content-type", kind).body(body);
        assert_eq!(room.member.send(request).await.status, 400, "{kind} {body}");
    }
    let other = upload(&room.member).header("content-type", "multipart/mixed; boundary=x").body("--x--");
    assert_eq!(room.member.send(other).await.status, 415);
}

/// A file, the number of files and the whole form have limits, in GraphQL and REST.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forms_have_limits() {
    let room = room(|settings| {
        settings.max_file_bytes = 10_000;
        settings.max_files = 2;
        settings.max_body_bytes = 30_000;
    })
    .await;
    room.writer.respond_with(words("small enough"));
    room.writer.respond_with(words("small enough"));
    let path = "variables.input.audio";
    let sized = |bytes: usize| {
        let mut audio = wav(0);
        audio.resize(bytes, 7);
        audio
    };
    let by_graphql = |audio: Vec<u8>| operations(SEND, variables(&room, Value::Null), &[(path, audio)]);
    let rest = format!("/api/conversations/{}/voice", room.conversation);
    let by_rest = |form: Form| room.member.send(room.member.request(Method::POST, &rest).multipart(form));
    assert_eq!(send(&room.member, by_graphql(sized(10_000))).await.status, 200);
    assert_eq!(by_rest(rest_form(sized(10_000))).await.status, 201);
    for answer in [
        send(&room.member, by_graphql(sized(10_001))).await,
        send(&room.member, by_graphql(sized(31_000))).await,
        by_rest(rest_form(sized(10_001))).await,
        by_rest(rest_form(sized(31_000))).await,
        by_rest(
            rest_form(sized(1000))
                .part("b", Part::bytes(sized(10)).file_name("b"))
                .part("c", Part::bytes(sized(10)).file_name("c")),
        )
        .await,
        by_rest((0..50).fold(rest_form(sized(1000)), |form, number| form.text(number.to_string(), "x")))
            .await,
    ] {
        assert_eq!(
            (answer.status, refused(&answer).0.as_str()),
            (413, "PAYLOAD_TOO_LARGE"),
            "{}",
            answer.text
        );
    }
}

/// A foreign page can send a form with its visitor's cookie without preflight: such a form is refused, in
/// GraphQL and REST.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn foreign_pages_send_no_forms() {
    let room = room(|settings| settings.allowed_origins = vec!["https://friend.example".to_owned()]).await;
    let anon = room.server.anon();
    let cookie = format!("better-auth.session_token={}", room.member.token);
    let own = room.server.url.clone();
    let rest = format!("/api/conversations/{}/voice", room.conversation);
    let by_graphql =
        |audio: Vec<u8>| operations(SEND, variables(&room, Value::Null), &[("variables.input.audio", audio)]);
    let mut table = String::new();
    for (what, headers) in [
        ("cookie", vec![]),
        ("cookie, foreign origin", vec![("origin", "https://evil.example")]),
        (
            "cookie, foreign site without origin",
            vec![("sec-fetch-site", "cross-site"), ("graphql-require-preflight", "1")],
        ),
        (
            "cookie, foreign origin, asked",
            vec![("origin", "https://evil.example"), ("graphql-require-preflight", "1")],
        ),
        ("cookie, own origin", vec![("origin", own.as_str())]),
        ("cookie, asked with nothing", vec![("graphql-require-preflight", "")]),
        ("cookie, asked", vec![("graphql-require-preflight", "1")]),
        ("cookie, own origin, asked", vec![("origin", own.as_str()), ("apollo-require-preflight", "true")]),
        (
            "cookie, listed origin, asked",
            vec![("origin", "https://friend.example"), ("x-apollo-operation-name", "Send")],
        ),
    ] {
        let with = |request: RequestBuilder| {
            let request = request.header("cookie", &cookie);
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
        };
        if what.ends_with(", asked") && !what.contains("foreign") {
            room.writer.respond_with(words("by GraphQL"));
            room.writer.respond_with(words("by REST"));
        }
        let graphql =
            anon.send(with(anon.request(Method::POST, "/graphql")).multipart(by_graphql(wav(10)))).await;
        let rest = anon.send(with(anon.request(Method::POST, &rest)).multipart(rest_form(wav(10)))).await;
        table += &format!("{what}: {} {}\n", graphql.status, rest.status);
    }
    let wanted = "\
        cookie: 403 403\n\
        cookie, foreign origin: 403 403\n\
        cookie, foreign site without origin: 403 403\n\
        cookie, foreign origin, asked: 403 403\n\
        cookie, own origin: 403 403\n\
        cookie, asked with nothing: 403 403\n\
        cookie, asked: 200 201\n\
        cookie, own origin, asked: 200 201\n\
        cookie, listed origin, asked: 200 201\n";
    assert_eq!(table, wanted);
    // Without a cookie the caller is anonymous, but a form could sign the visitor in to another account.
    let sign_in =
        "mutation { signIn(input: { email: \"a@example.com\", password: \"a long password\" }) { token } }";
    let answer = anon
        .send(anon.request(Method::POST, "/graphql").multipart(operations(sign_in, json!({}), &[])))
        .await;
    assert_eq!((answer.status, refused(&answer).0.as_str()), (403, "FORBIDDEN"), "{}", answer.text);
    // No page sends a bearer token without preflight.
    room.writer.respond_with(words("by bearer"));
    let bearer = room.member.request(Method::POST, "/graphql").multipart(by_graphql(wav(10)));
    assert_eq!(room.member.send(bearer).await.status, 200);
    assert_eq!(text(&room.history().await.last().expect("a message")["content"]), "by bearer");
}
