//! Servers that speak the OpenAI protocol in their dialects: refusals and streams as their vendors document
//! them.

use serde_json::{Value, json};

use super::openai::{Asked, DONE, Step, event, send};

/// The vendor of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    OpenAi,
    Azure,
    Anthropic,
    Mistral,
    DeepSeek,
    Vllm,
    LlamaCpp,
    Ollama,
    LmStudio,
    OpenRouter,
}

use Vendor::{Anthropic, Azure, DeepSeek, LlamaCpp, LmStudio, Mistral, Ollama, OpenAi, OpenRouter, Vllm};

impl Vendor {
    /// All vendors.
    pub const ALL: [Self; 10] =
        [OpenAi, Azure, Anthropic, Mistral, DeepSeek, Vllm, LlamaCpp, Ollama, LmStudio, OpenRouter];

    /// Returns the reaction to a request: the answer "Hello, 😀!".
    pub fn answer(self, asked: &Asked) -> Vec<Step> {
        match self.refuse(&asked.body) {
            Some((status, body)) => {
                vec![Step::Whole(status, "application/json", body.to_string().into_bytes())]
            }
            None => {
                let counts = asked.body["stream_options"]["include_usage"] == true;
                let mut steps = vec![Step::Stream];
                steps.extend(self.stream(counts).into_iter().map(send));
                steps.push(Step::End);
                steps
            }
        }
    }

    fn refuse(self, body: &Value) -> Option<(u16, Value)> {
        let has = |name: &str| body.get(name).is_some();
        let messages = body["messages"].as_array().expect("messages");
        let roles: Vec<&str> = messages.iter().filter_map(|message| message["role"].as_str()).collect();
        let talk: Vec<&str> = roles.iter().copied().filter(|role| *role != "system").collect();
        let alternate =
            talk.iter().zip(["user", "assistant"].iter().cycle()).all(|(is, wanted)| is == wanted);
        let system_first = roles.iter().skip(1).all(|role| *role != "system");
        let error = |message: &str, param: Option<&str>| json!({ "error": { "message": message, "type": "invalid_request_error", "param": param, "code": null } });
        match self {
            OpenAi if has("max_tokens") => Some((
                400,
                error(
                    "Unsupported parameter: 'max_tokens' is not supported with this model. Use \
                     'max_completion_tokens' instead.",
                    Some("max_tokens"),
                ),
            )),
            Azure if has("max_tokens") => Some((
                400,
                error(
                    "Unsupported parameter: 'max_tokens' is not supported with this model. Use \
                     'max_completion_tokens' instead.",
                    Some("max_tokens"),
                ),
            )),
            Azure if has("stream_options") => {
                Some((400, error("Unrecognized request argument supplied: stream_options", None)))
            }
            Anthropic if !alternate || !system_first => Some((
                400,
                json!({ "error": { "code": "invalid_request_error", "type": "invalid_request_error", "param": null,
                    "message": "messages: roles must alternate between \"user\" and \"assistant\"" } }),
            )),
            Mistral => {
                let mut detail = Vec::new();
                let extra = |loc: Value| json!({ "type": "extra_forbidden", "loc": loc, "msg": "Extra inputs are not permitted" });
                if has("stream_options") {
                    detail.push(extra(json!(["body", "stream_options"])));
                }
                for (at, _) in
                    messages.iter().enumerate().filter(|(_, message)| message.get("name").is_some())
                {
                    detail.push(extra(json!(["body", "messages", at, "user", "name"])));
                }
                if has("max_completion_tokens") {
                    detail.push(extra(json!(["body", "max_completion_tokens"])));
                }
                (!detail.is_empty()).then(|| (422, json!({ "detail": detail })))
            }
            DeepSeek if !alternate => Some((
                400,
                error(
                    "deepseek-reasoner does not support successive user or assistant messages (messages[1] and \
                     messages[2] in your input). You should interleave the user/assistant messages in the message \
                     sequence.",
                    None,
                ),
            )),
            Vllm if !alternate => Some((
                400,
                json!({ "object": "error", "type": "BadRequestError", "param": null, "code": 400,
                    "message": "Conversation roles must alternate user/assistant/user/assistant/..." }),
            )),
            LlamaCpp if !alternate => Some((
                500,
                json!({ "error": { "code": 500, "type": "server_error",
                    "message": "After the optional system message, conversation roles must alternate" } }),
            )),
            LmStudio if roles.contains(&"system") => Some((
                400,
                json!({ "error": "Error rendering prompt with jinja template: \"System role not supported\"." }),
            )),
            LmStudio if !alternate => Some((
                400,
                json!({ "error": "Error rendering prompt with jinja template: \"Conversation roles must alternate\"." }),
            )),
            _ => None,
        }
    }

    fn stream(self, counts: bool) -> Vec<String> {
        let of = |delta: Value, reason: Value| {
            event(&json!({ "id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": "m-1",
                "choices": [{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": reason }] }))
        };
        let text = |text: &str| of(json!({ "content": text }), Value::Null);
        let role = of(json!({ "role": "assistant", "content": "" }), Value::Null);
        let stop = of(json!({}), json!("stop"));
        let usage = json!({ "prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14 });
        let last = event(
            &json!({ "id": "c-1", "object": "chat.completion.chunk", "model": "m-1", "choices": [], "usage": usage }),
        );
        let mut events = match self {
            OpenAi => vec![
                of(json!({ "role": "assistant", "content": "", "refusal": null }), Value::Null),
                text("Hello"),
                text(", 😀!"),
                stop,
            ],
            Azure => vec![
                event(&json!({ "id": "", "object": "", "created": 0, "model": "", "choices": [],
                    "prompt_filter_results": [{ "prompt_index": 0, "content_filter_results": {} }] })),
                role,
                text("Hello"),
                text(", 😀!"),
                event(
                    &json!({ "id": "", "object": "", "created": 0, "model": "", "choices": [{ "index": 0, "delta": {},
                    "finish_reason": null, "content_filter_offsets": {}, "content_filter_results": {} }] }),
                ),
                stop,
            ],
            Mistral => vec![
                role,
                of(
                    json!({ "content": [{ "type": "thinking", "thinking": [{ "type": "text", "text": "hm" }] }] }),
                    Value::Null,
                ),
                of(json!({ "content": [{ "type": "text", "text": "Hello" }] }), Value::Null),
                event(&json!({ "id": "c-1", "model": "m-1", "usage": usage,
                    "choices": [{ "index": 0, "delta": { "content": ", 😀!" }, "finish_reason": "stop" }] })),
            ],
            DeepSeek => vec![
                ": keep-alive\n\n".to_owned(),
                of(json!({ "role": "assistant", "content": null, "reasoning_content": "" }), Value::Null),
                of(json!({ "content": null, "reasoning_content": "They greet." }), Value::Null),
                text("Hello"),
                text(", 😀!"),
                event(&json!({ "id": "c-1", "model": "m-1", "usage": usage,
                    "choices": [{ "index": 0, "delta": { "content": "", "reasoning_content": null }, "finish_reason": "stop" }] })),
            ],
            Vllm => vec![
                of(json!({ "role": "assistant", "content": "" }), Value::Null),
                text("<think>\nThey "),
                text("greet.\n</thi"),
                text("nk>\n\n"),
                text("Hello"),
                text(", 😀!"),
                event(
                    &json!({ "id": "c-1", "model": "m-1", "choices": [{ "index": 0, "delta": { "content": "" },
                    "logprobs": null, "finish_reason": "stop", "stop_reason": null }] }),
                ),
            ],
            LlamaCpp => vec![
                of(json!({ "role": "assistant", "content": null }), Value::Null),
                text("Hello"),
                // A character of two tokens arrives in halves.
                text(", *!").replace('*', "\\ud83d").replace("!\"", "\""),
                text("*!").replace('*', "\\ude00"),
                event(
                    &json!({ "choices": [{ "finish_reason": "stop", "index": 0, "delta": {} }], "model": "m-1",
                    "timings": { "prompt_n": 9, "predicted_per_second": 41.5 } }),
                ),
            ],
            Ollama => vec![
                of(json!({ "role": "assistant", "content": "", "reasoning": "They greet." }), Value::Null),
                of(json!({ "role": "assistant", "content": "Hello" }), Value::Null),
                of(json!({ "role": "assistant", "content": ", 😀!" }), Value::Null),
                of(json!({ "role": "assistant", "content": "" }), json!("stop")),
            ],
            OpenRouter => vec![
                ": OPENROUTER PROCESSING\n\n".to_owned(),
                ": OPENROUTER PROCESSING\n\n".to_owned(),
                of(json!({ "role": "assistant", "content": "Hello", "reasoning": null }), Value::Null),
                text(", 😀!"),
                event(&json!({ "id": "gen-1", "provider": "P", "model": "m-1", "choices": [{ "index": 0,
                    "delta": { "role": "assistant", "content": "" }, "finish_reason": "stop", "native_finish_reason": "end_turn" }] })),
                event(&json!({ "id": "gen-1", "model": "m-1", "usage": usage, "choices": [{ "index": 0,
                    "delta": { "role": "assistant", "content": "" }, "finish_reason": null }] })),
            ],
            Anthropic | LmStudio => vec![role, text("Hello"), text(", 😀!"), stop],
        };
        if counts && !matches!(self, Mistral | DeepSeek | OpenRouter) {
            events.push(last);
        }
        events.push(DONE.to_owned());
        events
    }
}
