//! Models behind the OpenAI protocol.

mod dialects;
mod odd;

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt;
use plaza::{
    adapters::{
        Adapters, Retry, client,
        model::{
            Delta, EMBEDDED, Model, ModelError, OpenAi, Outcome, Question, Speaker, Timeouts, Turn, Usage,
        },
    },
    config::Settings,
    security::secret::Secret,
};
use serde_json::json;
use tokio::sync::Notify;

use crate::support::openai::{DONE, FakeOpenAi, Step, answer, event, finish, piece, refusal, send, usage};

const KEY: &str = "sk-very-secret";

/// A timeout that is never reached.
const PATIENT: Timeouts = Timeouts { first_byte: Duration::from_secs(60), idle: Duration::from_secs(60) };
/// A timeout that the test waits for.
const SHORT: Duration = Duration::from_millis(100);
/// Returns timeouts with a long first-byte timeout or a long idle timeout.
const HASTY_FIRST: Timeouts = Timeouts { first_byte: SHORT, ..PATIENT };
const HASTY_LATER: Timeouts = Timeouts { idle: SHORT, ..PATIENT };

fn provider(fake: &FakeOpenAi, timeouts: Timeouts) -> OpenAi {
    at(&fake.url, timeouts)
}

fn at(url: &str, timeouts: Timeouts) -> OpenAi {
    let client = client(Duration::from_secs(5)).expect("a client");
    let retry = Retry { times: 2, wait: Duration::from_millis(1) };
    OpenAi::new(client, url.parse().expect("an address"), Secret::new(KEY), timeouts).retry(retry)
}

fn question() -> Question {
    Question {
        model: "gpt-test".to_owned(),
        instructions: "Be brief.".to_owned(),
        turns: vec![Turn {
            speaker: Speaker::Member { id: "u1".to_owned(), name: "Alice".to_owned() },
            text: "Hi".to_owned(),
        }],
        ..Question::default()
    }
}

/// Returns the text, outcome and usage of an answer with this script.
struct Heard {
    text: String,
    end: Result<Outcome, ModelError>,
    usage: Option<Usage>,
    fake: FakeOpenAi,
}

async fn hear(script: Vec<Step>) -> Heard {
    hear_all(vec![script], PATIENT).await
}

async fn hear_all(scripts: Vec<Vec<Step>>, timeouts: Timeouts) -> Heard {
    let fake = FakeOpenAi::start(scripts).await;
    let mut heard = Heard { text: String::new(), end: Ok(Outcome::Answered), usage: None, fake };
    let mut ended = false;
    match provider(&heard.fake, timeouts).start(question()).await {
        Err(error) => heard.end = Err(error),
        Ok(mut answer) => {
            while let Some(delta) = answer.next().await {
                assert!(!ended, "nothing follows the end");
                match delta {
                    Ok(Delta::Text(text)) => heard.text.push_str(&text),
                    Ok(Delta::Usage(usage)) => heard.usage = Some(usage),
                    Ok(Delta::Finished(outcome)) => (heard.end, ended) = (Ok(outcome), true),
                    Err(error) => (heard.end, ended) = (Err(error), true),
                }
            }
            assert!(ended, "an answer has an end");
        }
    }
    heard
}

#[tokio::test]
async fn an_answer_with_all_that_belongs_to_it() {
    let heard = hear(answer(&["Hel", "lo", "!"])).await;
    assert_eq!((heard.text.as_str(), heard.end), ("Hello!", Ok(Outcome::Answered)));
    let usage = heard.usage.expect("a usage");
    assert_eq!((usage.prompt_tokens, usage.completion_tokens), (Some(12), Some(3)));
    let host = heard.fake.url.trim_start_matches("http://").trim_end_matches("/v1");
    assert_eq!(usage.provider, format!("{host}/gpt-test-2"));

    let asked = &heard.fake.requests()[0];
    assert_eq!(asked.path, "/v1/chat/completions");
    assert_eq!(asked.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert_eq!(asked.body["model"], "gpt-test");
    assert_eq!(asked.body["stream"], true);
    assert_eq!(asked.body["stream_options"], json!({ "include_usage": true }));
    assert!(asked.body.get("max_tokens").is_none());
    let messages = asked.body["messages"].as_array().expect("messages");
    assert_eq!(messages.len(), 2);
    assert!(messages[0]["content"].as_str().expect("text").starts_with("Be brief.\n\n"));
    assert_eq!((messages[0]["role"].as_str(), messages[1]["role"].as_str()), (Some("system"), Some("user")));
    assert_eq!(messages[1]["name"], "member_1_Alice");
    let said = messages[1]["content"].as_str().expect("text");
    assert!(said.starts_with("[member 1 ") && said.ends_with(": Alice]\nHi"), "{said}");
}

#[tokio::test]
async fn what_is_sent_follows_the_settings() {
    let fake = FakeOpenAi::start([]).await;
    let provider = provider(&fake, PATIENT).max_tokens(100).named(false).cut("local/");
    for (most, model) in [(None, "local/llama"), (Some(20), "local/llama"), (Some(500), "llama")] {
        let question = Question { max_tokens: most, model: model.to_owned(), ..question() };
        drop(provider.start(question).await.expect("an answer"));
    }
    let asked = fake.requests();
    let limits: Vec<_> = asked.iter().map(|asked| asked.body["max_tokens"].as_u64()).collect();
    assert_eq!(limits, [Some(100), Some(20), Some(100)]);
    for asked in asked {
        assert_eq!(asked.body["model"], "llama");
        assert!(asked.body["messages"][1].get("name").is_none());
    }
}

#[tokio::test]
async fn text_streams_without_delay() {
    let gate = Arc::new(Notify::new());
    let mut script = vec![Step::Stream, send(piece("One")), Step::Wait(gate.clone())];
    script.extend(answer(&["two"]).split_off(1));
    let fake = FakeOpenAi::start([script]).await;
    let mut answer = provider(&fake, PATIENT).start(question()).await.expect("the first word");
    assert_eq!(answer.next().await, Some(Ok(Delta::Text("One".to_owned()))));
    // The provider continues only now.
    gate.notify_one();
    assert_eq!(answer.next().await, Some(Ok(Delta::Text("two".to_owned()))));
}

#[tokio::test]
async fn a_character_may_be_split_between_packets() {
    let text = "Grüße, 東京! 👩‍👩‍👧";
    let whole: String = [piece(text), finish("stop"), DONE.to_owned()].concat();
    // Unescaped, so that the bytes contain the characters.
    assert!(whole.contains("東京"));
    for size in [1, 2, 3, 5, 7] {
        let mut script = vec![Step::Stream];
        script.extend(whole.as_bytes().chunks(size).map(send));
        script.push(Step::End);
        let heard = hear(script).await;
        assert_eq!((heard.text.as_str(), heard.end), (text, Ok(Outcome::Answered)), "{size}");
    }
}

#[tokio::test]
async fn deviations_of_servers_are_accepted() {
    let crlf = [piece("a"), piece("b"), finish("stop"), DONE.to_owned()].concat().replace('\n', "\r\n");
    let dense = [piece("a"), piece("b"), finish("stop"), DONE.to_owned()].concat().replace("\n\n", "\n");
    let role = event(&json!({ "choices": [{ "delta": { "role": "assistant", "content": "" } }] }));
    let nulls = event(&json!({ "choices": null, "usage": null, "error": null, "model": null }));
    let bare = event(&json!({ "choices": [{ "delta": null, "finish_reason": null }] }));
    let null_text = event(&json!({ "choices": [{ "delta": { "content": null, "reasoning": "hm" } }] }));
    let parts = event(&json!({ "choices": [{ "delta": { "content": [{ "type": "thinking" }] } }] }));
    let ab = piece("a") + &piece("b");
    for (name, stream) in [
        ("carriage returns", crlf),
        ("no blank lines", dense),
        ("a first chunk with the role", role + &ab + &finish("stop") + DONE),
        ("nulls", nulls.clone() + &bare + &null_text + &parts + &ab + &nulls + &finish("stop") + DONE),
        ("comments", format!(": wait\n\n{ab}: still there\n\nevent: x\nid: 1\n\n{}{DONE}", finish("stop"))),
        (
            "an empty reason",
            event(&json!({ "choices": [{ "delta": { "content": "a" }, "finish_reason": "" }] }))
                + &piece("b")
                + &finish("stop"),
        ),
        ("no done", ab.clone() + &finish("stop")),
        ("no finish", ab.clone() + DONE),
        ("no last newline", ab.clone() + &finish("stop") + "data: [DONE]"),
        ("no newline at all behind the finish", (ab.clone() + &finish("stop")).trim_end().to_owned()),
        (
            "an event of several lines",
            ab.replace("\"choices\"", "\ndata: \"choices\"") + &finish("stop") + DONE,
        ),
    ] {
        let heard = hear(vec![Step::Stream, send(stream), Step::End]).await;
        assert_eq!((heard.text.as_str(), heard.end), ("ab", Ok(Outcome::Answered)), "{name}");
        assert!(heard.usage.expect("a usage").prompt_tokens.is_none(), "{name}");
        assert_eq!(heard.fake.requests().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn how_an_answer_ends() {
    for (reason, outcome) in [
        ("stop", Outcome::Answered),
        ("length", Outcome::CutShort),
        ("content_filter", Outcome::Withheld),
        ("SAFETY", Outcome::Withheld),
        ("end_turn", Outcome::Answered),
        ("stop_sequence", Outcome::Answered),
        ("STOP", Outcome::Answered),
    ] {
        let stream = piece("a") + &finish(reason) + &usage(1, 1) + DONE;
        let heard = hear(vec![Step::Stream, send(stream), Step::End]).await;
        assert_eq!(heard.end, Ok(outcome), "{reason}");
    }
    // Every other reason makes the answer incomplete.
    for reason in ["error", "model_length", "MAX_TOKENS", "insufficient_system_resource", "tool_calls", "x"] {
        let stream = piece("a") + &finish(reason) + &usage(1, 1) + DONE;
        let heard = hear(vec![Step::Stream, send(stream), Step::End]).await;
        assert_eq!(heard.text, "a");
        let failed = ModelError::Failed(format!("it ended with finish_reason {reason:?}"));
        assert_eq!((heard.end, heard.fake.requests().len()), (Err(failed), 1));
    }
    // An empty answer is an answer.
    let heard = hear(vec![Step::Stream, send(finish("stop") + DONE), Step::End]).await;
    assert_eq!((heard.text.as_str(), heard.end), ("", Ok(Outcome::Answered)));
    // Complete, then a broken connection.
    let heard = hear(vec![Step::Stream, send(piece("a") + &finish("stop")), Step::Cut]).await;
    assert_eq!((heard.text.as_str(), heard.end), ("a", Ok(Outcome::Answered)));
    // Complete, then silence.
    let script = vec![Step::Stream, send(piece("a") + &finish("stop")), Step::Hang];
    let heard = hear_all(vec![script], HASTY_LATER).await;
    assert_eq!((heard.text.as_str(), heard.end), ("a", Ok(Outcome::Answered)));
}

#[tokio::test]
async fn a_failure_before_the_first_word_is_tried_again() {
    for failing in [
        refusal(500, "overloaded"),
        refusal(503, "overloaded"),
        vec![Step::Cut],
        vec![Step::Stream, Step::Cut],
        vec![Step::Stream, send(": wait\n\n"), Step::Cut],
        vec![Step::Stream, Step::End],
        vec![Step::Stream, send("data: {\"choi"), Step::End],
    ] {
        let heard = hear_all(vec![failing.clone(), failing, answer(&["ok"])], PATIENT).await;
        assert_eq!((heard.text.as_str(), heard.end), ("ok", Ok(Outcome::Answered)));
        assert_eq!(heard.fake.requests().len(), 3);
    }
    let heard =
        hear_all(vec![refusal(500, "one"), refusal(502, "two"), refusal(500, "three")], PATIENT).await;
    assert_eq!(heard.end, Err(ModelError::Refused { status: 500, message: "three".to_owned() }));
    assert_eq!(heard.fake.requests().len(), 3);
}

#[tokio::test]
async fn permanent_failures_are_not_retried() {
    let failed = |message: &str| ModelError::Failed(message.to_owned());
    let refused = |status, message: &str| ModelError::Refused { status, message: message.to_owned() };
    let long = "x ".repeat(10_000);
    for (script, error) in [
        (refusal(401, &format!("Incorrect API key: {KEY}.")), refused(401, "Incorrect API key: [secret].")),
        (refusal(404, "no such\n  model"), refused(404, "no such model")),
        (refusal(429, "slow down"), refused(429, "slow down")),
        (
            vec![Step::Whole(400, "text/html", b"<h1>Bad\xff</h1>".to_vec())],
            refused(400, "<h1>Bad\u{fffd}</h1>"),
        ),
        (vec![Step::Whole(302, "text/plain", Vec::new())], refused(302, "")),
        (refusal(200, "no credit"), failed("no credit")),
        (
            vec![Step::Stream, send(event(&json!({ "error": { "message": "no credit" } }))), Step::End],
            failed("no credit"),
        ),
        (vec![Step::Stream, send(event(&json!({ "error": "no credit" }))), Step::End], failed("no credit")),
        (
            vec![Step::Stream, send(event(&json!({ "error": { "code": 1 } }))), Step::End],
            failed("an error without a message"),
        ),
    ] {
        let heard = hear_all(vec![script], PATIENT).await;
        assert_eq!((heard.text.as_str(), heard.end), ("", Err(error)));
        assert_eq!(heard.fake.requests().len(), 1);
    }
    let heard = hear(refusal(400, &long)).await;
    assert!(heard.end.is_err_and(|error| error.to_string().len() < 500));
}

#[tokio::test]
async fn protocol_violations_fail() {
    for script in [
        vec![Step::Whole(200, "application/json", b"{\"choices\":[]}".to_vec())],
        vec![Step::Stream, send("data: nonsense\n\n"), Step::End],
        vec![Step::Stream, send("data: {\"choices\": 5}\n\n"), Step::End],
        vec![Step::Stream, send("data: {\"choices\":\n\n"), Step::End],
        vec![Step::Stream, send(vec![b'x'; 1_100_000]), Step::Hang],
    ] {
        let heard = hear(script).await;
        assert!(matches!(heard.end, Err(ModelError::Malformed(_))), "{:?}", heard.end);
        assert_eq!(heard.fake.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_failure_after_the_first_text_keeps_the_text() {
    let fault = event(&json!({ "error": { "message": "it broke" } }));
    let unfinished = json!({ "choices": [{ "delta": { "content": "Half an" }, "finish_reason": "" }] });
    for script in [
        vec![Step::Stream, send(piece("Half an")), Step::Cut],
        vec![Step::Stream, send(piece("Half an")), Step::End],
        vec![Step::Stream, send(event(&unfinished)), Step::End],
        vec![Step::Stream, send(piece("Half an") + "data: {\"cho"), Step::End],
        vec![Step::Stream, send(piece("Half an")), send(fault.clone()), Step::Hang],
        // Also in one packet.
        vec![Step::Stream, send(piece("Half an") + &fault), Step::Hang],
    ] {
        let heard = hear(script).await;
        assert_eq!(heard.text, "Half an");
        assert!(matches!(heard.end, Err(ModelError::Broken(_) | ModelError::Failed(_))), "{:?}", heard.end);
        assert_eq!(heard.fake.requests().len(), 1, "never again once something was said");
    }
}

#[tokio::test]
async fn silence_has_its_limits() {
    let (first, idle) = (ModelError::FirstByteTimeout(SHORT), ModelError::IdleTimeout(SHORT));
    for (script, timeouts, text, error) in [
        (vec![Step::Hang], HASTY_FIRST, "", &first),
        (vec![Step::Stream, Step::Hang], HASTY_FIRST, "", &first),
        (vec![Step::Stream, send(": wait\n\n"), Step::Hang], HASTY_LATER, "", &idle),
        (vec![Step::Stream, send(piece("Half")), Step::Hang], HASTY_LATER, "Half", &idle),
    ] {
        let heard = hear_all(vec![script], timeouts).await;
        assert_eq!((heard.text.as_str(), heard.end.as_ref()), (text, Err(error)));
        heard.fake.hung_up().await;
        assert_eq!(heard.fake.requests().len(), 1);
    }
}

#[tokio::test]
async fn an_unreachable_server_fails() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/v1", taken.local_addr().expect("an address"));
    drop(taken);
    let error = at(&url, PATIENT).start(question()).await.err().expect("an error");
    assert!(matches!(error, ModelError::Unreachable(_)), "{error}");
    assert!(error.to_string().contains("refused"), "{error}");
}

#[tokio::test]
async fn dropping_the_stream_ends_the_request_at_the_provider() {
    let fake = FakeOpenAi::start([vec![Step::Stream, send(piece("One")), Step::Hang]]).await;
    let mut answer = provider(&fake, PATIENT).start(question()).await.expect("an answer");
    assert_eq!(answer.next().await, Some(Ok(Delta::Text("One".to_owned()))));
    assert_eq!(fake.hang_ups(), 0);
    drop(answer);
    fake.hung_up().await;

    // Also before the first text.
    let fake = FakeOpenAi::start([vec![Step::Stream, send(": wait\n\n"), Step::Hang]]).await;
    let provider = provider(&fake, PATIENT);
    let starting = tokio::spawn(async move { provider.start(question()).await.map(|_| ()) });
    while fake.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    starting.abort();
    fake.hung_up().await;
}

#[tokio::test]
async fn the_settings_choose_who_serves_a_model() {
    let (rest, other) = (FakeOpenAi::start([]).await, FakeOpenAi::start([]).await);
    let settings = Settings {
        model_base_url: rest.url.clone(),
        model_api_key: Secret::new(KEY),
        model_default: "gpt-test".to_owned(),
        // The key is the value of this variable, whatever it is.
        model_routes: vec![format!("local/ {}", other.url), format!("claude- {} $PATH", other.url)],
        ..Settings::default()
    };
    let models = Adapters::new(&settings).expect("adapters").models;
    for model in ["", "gpt-4o", "local/llama", "claude-x", EMBEDDED] {
        drop(models.start(Question { model: model.to_owned(), ..question() }).await.expect("an answer"));
    }
    let seen = |fake: &FakeOpenAi| {
        let seen = fake.requests();
        let seen = seen.iter().map(|asked| {
            let key = asked.header("authorization").unwrap_or_default().to_owned();
            (asked.body["model"].as_str().expect("a model").to_owned(), key)
        });
        seen.collect::<Vec<_>>()
    };
    let bearer = format!("Bearer {KEY}");
    assert_eq!(seen(&rest), [("gpt-test".to_owned(), bearer.clone()), ("gpt-4o".to_owned(), bearer)]);
    let path = format!("Bearer {}", std::env::var("PATH").expect("PATH"));
    assert_eq!(seen(&other), [("llama".to_owned(), String::new()), ("claude-x".to_owned(), path)]);

    let settings =
        Settings { model_routes: vec!["x http://x $PLAZA_NO_SUCH".to_owned()], ..Settings::default() };
    let error = Adapters::new(&settings).expect_err("the variable is not set").to_string();
    assert!(error.contains("PLAZA_NO_SUCH is not set"), "{error}");
}

#[tokio::test]
async fn without_settings_the_built_in_answers() {
    let models = Adapters::new(&Settings::default()).expect("adapters").models;
    let deltas: Vec<_> = models.start(question()).await.expect("an answer").collect().await;
    let usage = Usage { provider: EMBEDDED.to_owned(), ..Usage::default() };
    assert_eq!(deltas[1..], [Ok(Delta::Usage(usage)), Ok(Delta::Finished(Outcome::Greeted))]);
}
