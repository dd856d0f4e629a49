//! Streams of a model's provider.

use std::time::Duration;

use futures_util::StreamExt;
use plaza::{
    adapters::{
        Retry, client,
        model::{Delta, Model, OpenAi, Question, Speaker, Timeouts, Turn},
    },
    security::secret::Secret,
};

use crate::{
    random::{attempt, seeds},
    support::openai::{DONE, FakeOpenAi, Step, finish, piece, usage},
};

const WORDS: &[&str] = &[
    "data: ",
    "\n\n",
    "\r",
    "event: error\n",
    "[DONE]",
    "null",
    "{",
    "}",
    "<think>",
    "</think>",
    "\\ud83d",
    "\\u0000",
    "\"finish_reason\":\"length\"",
    "\"content\":null",
    "\"choices\":[]",
    "\"error\":{}",
    ": comment\n",
    "1e999",
    "[[[[",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn model_streams() {
    let fake = FakeOpenAi::start([]).await;
    let timeouts = Timeouts { first_byte: Duration::from_secs(10), idle: Duration::from_secs(10) };
    let http = client(Duration::from_secs(5)).expect("a client");
    let retry = Retry { times: 0, wait: Duration::from_millis(1) };
    let model = OpenAi::new(http, fake.url.parse().expect("an address"), Secret::new("sk-secret"), timeouts)
        .retry(retry);
    let whole: String = ["<think>Hm", "m</think>Hello", " \u{1f30d} world", "."].map(piece).concat()
        + &finish("stop")
        + &usage(3, 4)
        + DONE;
    for seed in seeds() {
        attempt("model streams", seed, async |random| {
            let bytes = random.change(whole.as_bytes(), WORDS);
            let mut script = vec![Step::Stream];
            let mut rest = bytes.as_slice();
            while !rest.is_empty() {
                let (part, later) = rest.split_at(rest.len().min(1 + random.below(200)));
                script.push(Step::Send(part.to_vec()));
                rest = later;
            }
            script.push(if random.below(3) == 0 { Step::Cut } else { Step::End });
            fake.respond_with(script);
            let question = Question {
                model: "gpt".to_owned(),
                turns: vec![Turn {
                    speaker: Speaker::Member { id: "u".to_owned(), name: "A".to_owned() },
                    text: "Hi".to_owned(),
                }],
                ..Question::default()
            };
            let Ok(mut answer) = model.start(question).await else { return };
            let (mut text, mut ended) = (0, false);
            while let Some(delta) = answer.next().await {
                assert!(!ended, "nothing follows the end");
                match delta {
                    Ok(Delta::Text(piece)) => text += piece.len(),
                    Ok(Delta::Usage(_)) => {}
                    Ok(Delta::Finished(_)) | Err(_) => ended = true,
                }
            }
            assert!(ended && text <= bytes.len() * 3, "{text} bytes of {}", bytes.len());
        })
        .await;
    }
}
