//! Streams that violate the protocol, or stall.

use super::*;

/// Unusual events do not break an answer.
#[tokio::test]
async fn odd_events_ruin_no_answer() {
    let of = |delta: serde_json::Value| event(&json!({ "choices": [{ "index": 0, "delta": delta }] }));
    let ab = piece("a") + &piece("b");
    let end = finish("stop") + DONE;
    let message = json!({ "role": "assistant", "content": "ab" });
    let whole = json!({ "id": "x", "object": "chat.completion", "model": 7, "usage": { "prompt_tokens": "5" },
        "choices": [{ "index": 0, "message": message, "finish_reason": "stop" }] });
    let pretty = serde_json::to_string_pretty(&whole).expect("JSON");
    let text = |text: &str| json!({ "type": "text", "text": text });
    for (name, kind, stream) in [
        ("a list of parts", "text/event-stream", of(json!({ "content": [text("a"), text("b")] })) + &end),
        (
            "no JSON",
            "text/event-stream",
            format!("data: nonsense\n\n{}data: {{\"x\"\n\n{}{end}", piece("a"), piece("b")),
        ),
        ("null", "text/event-stream", format!("data: null\n\n{ab}data:\n\ndata: []\n\n{end}")),
        ("a numeric model", "text/event-stream", event(&json!({ "model": 4, "choices": [] })) + &ab + &end),
        (
            "odd counts",
            "text/event-stream",
            ab.clone()
                + &event(
                    &json!({ "choices": [], "usage": { "prompt_tokens": -1, "completion_tokens": "x", "details": [] } }),
                )
                + &end,
        ),
        (
            "no choice, several choices, another's",
            "text/event-stream",
            event(&json!({ "choices": [] }))
                + &event(
                    &json!({ "choices": [{ "index": 1, "delta": { "content": "x" } }, { "index": 0, "delta": { "content": "a" } }] }),
                )
                + &event(
                    &json!({ "choices": [{ "index": 1, "delta": { "content": "x" }, "finish_reason": "length" }] }),
                )
                + &piece("b")
                + &end,
        ),
        ("calls of tools", "text/event-stream", of(json!({ "tool_calls": [{ "index": 0 }] })) + &ab + &end),
        (
            "thoughts beside",
            "text/event-stream",
            of(json!({ "reasoning_content": "hm" })) + &of(json!({ "reasoning": "hm" })) + &ab + &end,
        ),
        (
            "thoughts within",
            "text/event-stream",
            piece("<thi") + &piece("nk>hm</th") + &piece("ink>\n\n") + &ab + &end,
        ),
        ("carriage returns alone", "text/event-stream", (ab.clone() + &end).replace('\n', "\r")),
        ("a mark of byte order", "text/event-stream", format!("\u{feff}{ab}{end}")),
        ("spaces around the name", "text/event-stream", (ab.clone() + &end).replace("data: ", " data : ")),
        (
            "numbers that are not JSON",
            "text/event-stream",
            ab.replace("\"choices\"", "\"timings\":{\"ms\":NaN,\"rate\":-Infinity},\"choices\"") + &end,
        ),
        (
            "repeated members",
            "text/event-stream",
            ab.replace("\"content\"", "\"content\":\"x\",\"content\"")
                .replace("\"choices\"", "\"usage\":null,\"usage\":null,\"choices\"")
                + &end,
        ),
        (
            "a reason and an error without content",
            "text/event-stream",
            ab.replace("\"choices\"", "\"error\":{\"message\":null,\"code\":0},\"choices\"")
                + &event(&json!({ "choices": [{ "delta": {}, "finish_reason": "null" }] }))
                + DONE,
        ),
        (
            "a message beside an empty delta",
            "text/event-stream",
            event(
                &json!({ "choices": [{ "delta": { "content": "" }, "message": message, "finish_reason": "stop" }] }),
            ) + DONE,
        ),
        (
            "counts beyond 32 bits",
            "text/event-stream",
            ab.clone()
                + &event(
                    &json!({ "choices": [], "usage": { "prompt_tokens": 3e9, "completion_tokens": 1e19 } }),
                )
                + &end,
        ),
        (
            "an error behind the end",
            "text/event-stream",
            ab.clone() + &finish("stop") + "data: {\"error\":\"no\"}\n\n" + DONE,
        ),
        ("no space", "text/event-stream", (ab.clone() + &end).replace("data: ", "data:")),
        ("junk behind the end", "text/event-stream", format!("{ab}{end}{}<html>", piece("c"))),
        (
            "the whole once more",
            "text/event-stream",
            ab.clone()
                + &event(&json!({ "choices": [{ "message": message, "finish_reason": "stop" }] }))
                + DONE,
        ),
        ("another content type", "application/json", ab.clone() + &end),
        ("one more", "text/html", ab.clone() + &end),
        ("one piece", "application/json", whole.to_string()),
        ("one piece on many lines", "application/json", pretty.clone()),
        ("one piece as a stream", "text/event-stream", pretty + "\n"),
        ("one piece as an event", "text/event-stream", event(&whole)),
        (
            "one piece without a reason",
            "application/json",
            json!({ "choices": [{ "message": message }] }).to_string(),
        ),
        (
            "lines of JSON",
            "application/x-ndjson",
            (ab.clone() + &finish("stop")).replace("data: ", "").replace("\n\n", "\n"),
        ),
    ] {
        let heard = hear(vec![Step::Whole(200, kind, stream.into_bytes())]).await;
        assert_eq!((heard.text.as_str(), heard.end), ("ab", Ok(Outcome::Answered)), "{name}");
        assert_eq!(heard.fake.requests().len(), 1, "{name}");
        assert!(heard.usage.expect("a usage").completion_tokens.is_none(), "{name}");
    }
}

/// An event that cannot be read would leave a hole in the answer, which ends there.
#[tokio::test]
async fn an_answer_with_a_hole_is_incomplete() {
    let lost = ModelError::Malformed("an event of the answer is not JSON".to_owned());
    for odd in [
        "data: {\"choices\":[{\"delta\":{\"content\":\"big \\x\"}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"big \n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"big \ncity \"}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"big\n",
    ] {
        let rest = piece("world.") + &finish("stop") + DONE;
        let heard = hear(vec![Step::Stream, send(piece("Hello ") + odd + &rest), Step::End]).await;
        assert_eq!((heard.text.as_str(), heard.end), ("Hello ", Err(lost.clone())), "{odd}");
    }
    let tab = piece("big*city").replace('*', "\t");
    let heard = hear(vec![Step::Stream, send(tab + &finish("stop") + DONE), Step::End]).await;
    assert_eq!((heard.text.as_str(), heard.end), ("big\tcity", Ok(Outcome::Answered)));
}

/// A `stop` behind another reason does not complete an answer, nor does one within reasoning.
#[tokio::test]
async fn an_incomplete_answer_stays_incomplete() {
    for (stream, text, outcome) in [
        (piece("a") + &finish("length") + &finish("stop") + DONE, "a", Outcome::CutShort),
        (piece("a") + &finish("content_filter") + &finish("stop") + DONE, "a", Outcome::Withheld),
        (piece("<think>a") + &finish("stop") + DONE, "", Outcome::CutShort),
        (piece("The <think> tag") + &finish("stop") + DONE, "The <think> tag", Outcome::Answered),
        (piece("a") + &finish("length") + &piece("b") + &finish("stop") + DONE, "ab", Outcome::Answered),
    ] {
        let heard = hear(vec![Step::Stream, send(stream), Step::End]).await;
        assert_eq!((heard.text.as_str(), heard.end), (text, Ok(outcome)));
    }
}

/// A character that is split between pieces is joined.
#[tokio::test]
async fn halves_of_a_character_are_joined() {
    let half = |half: &str| piece("*").replace('*', half);
    let script = |stream: String| vec![Step::Stream, send(stream + &finish("stop") + DONE), Step::End];
    let role = event(&json!({ "choices": [{ "delta": { "role": "assistant", "content": "" } }] }));
    let heard = hear(script(half("a\\ud83d") + &role + &half("\\ude00b"))).await;
    assert_eq!((heard.text.as_str(), heard.end), ("a😀b", Ok(Outcome::Answered)));
    let heard = hear(script(half("a\\ud83d") + &half("b"))).await;
    assert_eq!((heard.text.as_str(), heard.end), ("a\u{fffd}b", Ok(Outcome::Answered)));
}

/// A model's refusal is not paid.
#[tokio::test]
async fn a_refusal_is_withheld() {
    let refusal = event(&json!({ "choices": [{ "delta": { "refusal": "I cannot." } }] }));
    let heard = hear(vec![Step::Stream, send(refusal + &finish("stop") + DONE), Step::End]).await;
    assert_eq!((heard.text.as_str(), heard.end), ("I cannot.", Ok(Outcome::Withheld)));
}

/// Errors within a stream, in the servers' formats.
#[tokio::test]
async fn errors_within_a_stream() {
    for fault in [
        "data: {\"error\":{\"message\":\"no\"},\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\n",
        "data: {\"object\":\"error\",\"message\":\"no\"}\n\n",
        "error: {\"message\":\"no\"}\n\n",
        "event: error\ndata: {\"message\":\"no\"}\n\n",
        "{\"error\":\"no\"}\n",
    ] {
        let heard = hear(vec![Step::Stream, send(piece("Half")), send(fault), Step::Hang]).await;
        assert_eq!(
            (heard.text.as_str(), heard.end),
            ("Half", Err(ModelError::Failed("no".to_owned()))),
            "{fault}"
        );
    }
}

/// A provider without progress of the answer counts as silent.
#[tokio::test]
async fn comments_and_empty_pieces_are_silence() {
    let idle = ModelError::IdleTimeout(SHORT);
    let empty =
        event(&json!({ "choices": [{ "index": 0, "delta": { "role": "assistant", "content": "" } }] }));
    for again in [": keep-alive\n\n".to_owned(), empty, "data: null\n\n".to_owned(), "x\n".to_owned()] {
        let script = vec![Step::Stream, send(piece("Half")), Step::Trickle(again.clone().into_bytes())];
        let heard = hear_all(vec![script], HASTY_LATER).await;
        assert_eq!((heard.text.as_str(), heard.end), ("Half", Err(idle.clone())), "{again}");
        heard.fake.hung_up().await;
        // Also before the first text.
        let heard = hear_all(vec![vec![Step::Stream, Step::Trickle(again.into_bytes())]], HASTY_LATER).await;
        assert_eq!(heard.end, Err(idle.clone()));
    }
    // A complete answer stays complete if comments follow forever.
    let script = vec![Step::Stream, send(piece("a") + &finish("stop")), Step::Trickle(b": x\n\n".to_vec())];
    let heard = hear_all(vec![script], HASTY_LATER).await;
    assert_eq!((heard.text.as_str(), heard.end), ("a", Ok(Outcome::Answered)));
    // Endless reasoning is no progress either.
    let thought = event(&json!({ "choices": [{ "delta": { "reasoning": "hm ".repeat(20_000) } }] }));
    let heard = hear_all(vec![vec![Step::Stream, Step::Trickle(thought.into_bytes())]], PATIENT).await;
    assert_eq!(heard.end, Err(ModelError::Malformed("the answer has no end".to_owned())));
}
