//! Refusals of servers, and repetitions in another dialect.

use super::*;
use crate::support::vendors::Vendor;

/// A conversation of a room: the agent first, then two consecutive members.
fn talk(model: &str) -> Question {
    let member = |id: &str, text: &str| Turn {
        speaker: Speaker::Member { id: id.to_owned(), name: id.to_owned() },
        text: text.to_owned(),
    };
    let turns = vec![
        Turn { speaker: Speaker::Agent, text: "Welcome!".to_owned() },
        member("Alice", "Hi"),
        member("Bob", "Hi"),
        member("Bob", "Well?"),
        Turn { speaker: Speaker::Agent, text: "Yes?".to_owned() },
        member("Alice", "Hello"),
    ];
    Question { model: model.to_owned(), turns, max_tokens: Some(50), ..question() }
}

/// Each known server receives a request in its dialect, at the first question or the next.
#[tokio::test]
async fn every_dialect_is_spoken() {
    for vendor in Vendor::ALL {
        let fake = FakeOpenAi::like(vendor).await;
        let provider = provider(&fake, PATIENT);
        for round in 0..2 {
            let before = fake.requests().len();
            let mut answer = match provider.start(talk("gpt-test")).await {
                Ok(answer) => answer,
                Err(error) => panic!("{vendor:?}: {error}"),
            };
            let (mut text, mut end, mut usage) = (String::new(), None, None);
            while let Some(delta) = answer.next().await {
                match delta {
                    Ok(Delta::Text(piece)) => text.push_str(&piece),
                    Ok(Delta::Usage(took)) => usage = Some(took),
                    Ok(Delta::Finished(outcome)) => end = Some(outcome),
                    Err(error) => panic!("{vendor:?}: {error}"),
                }
            }
            assert_eq!((text.as_str(), end), ("Hello, 😀!", Some(Outcome::Answered)), "{vendor:?}");
            if vendor != Vendor::Azure {
                assert_eq!(usage.and_then(|usage| usage.completion_tokens), Some(5), "{vendor:?}");
            }
            if round == 1 {
                assert_eq!(fake.requests().len(), before + 1, "{vendor:?}: what it refused is remembered");
            }
        }
        assert!(fake.requests().len() <= 4, "{vendor:?}");
    }
}

/// A permanent refusal is not repeated forever, and a dialect belongs to one model only.
#[tokio::test]
async fn a_dialect_is_a_models() {
    let no =
        || refusal(400, "Unsupported parameter: 'max_tokens', 'max_completion_tokens', 'stream_options'");
    let fake = FakeOpenAi::start([no(), no(), no(), no(), no(), no()]).await;
    let provider = provider(&fake, PATIENT);
    let error = provider.start(talk("one")).await.err().expect("an error");
    assert!(matches!(error, ModelError::Refused { status: 400, .. }), "{error}");
    let asked = fake.requests();
    assert_eq!(asked.len(), 3, "both names of the limit, then none");
    assert!(
        asked[2].body.get("max_tokens").is_none() && asked[2].body.get("max_completion_tokens").is_none()
    );

    let fake = FakeOpenAi::start([refusal(400, "unknown field 'stream_options'")]).await;
    let provider = self::provider(&fake, PATIENT);
    for model in ["one", "one", "two"] {
        drop(provider.start(talk(model)).await.expect("an answer"));
    }
    let counts: Vec<_> =
        fake.requests().iter().map(|asked| asked.body.get("stream_options").is_some()).collect();
    assert_eq!(counts, [true, false, false, true]);
    // OpenAI's refusal of the system role: the prompt precedes the first user message.
    let body = r#"{"error":{"message":"Unsupported value: 'messages[0].role' does not support 'system' with this model.","param":"messages[0].role","code":"unsupported_value"}}"#;
    let fake = FakeOpenAi::start([refusal(400, body)]).await;
    drop(self::provider(&fake, PATIENT).start(question()).await.expect("an answer"));
    let messages = fake.requests()[1].body["messages"].clone();
    assert_eq!((messages.as_array().map(Vec::len), messages[0]["role"].as_str()), (Some(1), Some("user")));
    assert!(messages[0]["content"].as_str().expect("text").starts_with("Be brief.\n\n"));
    // A refusal for another reason teaches no dialect.
    let fake = FakeOpenAi::start([refusal(400, "no 'stream_options'"), refusal(401, "bad key")]).await;
    let provider = self::provider(&fake, PATIENT);
    assert!(provider.start(talk("one")).await.is_err());
    drop(provider.start(talk("one")).await.expect("an answer"));
    assert!(fake.requests()[2].body.get("stream_options").is_some());
}

/// A request is repeated after the wait that the server requests, if it is short enough.
#[tokio::test]
async fn a_wait_that_is_asked_for_is_kept() {
    let busy = |status: u16, headers: &str| {
        let head = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n{headers}\r\n\r\n");
        vec![Step::Raw(head.into_bytes())]
    };
    for headers in [
        "retry-after: 0",
        "retry-after: 0.01",
        "retry-after-ms: 10",
        "date: Sun, 06 Nov 1994 08:49:37 GMT\r\nretry-after: Sun, 06 Nov 1994 08:49:37 GMT",
        "retry-after: Sun, 06 Nov 1994 08:49:37 GMT",
    ] {
        for status in [429, 503] {
            let heard =
                hear_all(vec![busy(status, headers), busy(status, headers), answer(&["ok"])], PATIENT).await;
            assert_eq!((heard.text.as_str(), heard.end), ("ok", Ok(Outcome::Answered)), "{status} {headers}");
            assert_eq!(heard.fake.requests().len(), 3);
        }
    }
    // A wait beyond the deadline ends the request at once.
    for (status, headers) in [(429, "retry-after: 61"), (503, "retry-after: 9999999999")] {
        let heard = hear(busy(status, headers)).await;
        assert!(matches!(heard.end, Err(ModelError::Refused { status: got, .. }) if got == status));
        assert_eq!(heard.fake.requests().len(), 1);
    }
    // The number of waits is limited.
    let heard = hear_all((0..20).map(|_| busy(429, "retry-after: 0")).collect(), PATIENT).await;
    assert!(heard.end.is_err());
    assert!(heard.fake.requests().len() < 12);
}
