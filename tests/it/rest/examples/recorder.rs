//! Records exchanges by operation.

use std::{collections::BTreeMap, time::Duration};

use form_urlencoded::Serializer;
use plaza::clock::Clock;
use reqwest::{Method, RequestBuilder, multipart::Form};
use serde_json::{Map, Value, json};

use crate::support::{
    Answer, Caller, Events,
    contract::{OPENAPI, holds, routes},
};

/// Maximum number of items of a list in an example.
const ITEMS: usize = 2;

/// Requests and answers by operation. Of several calls the first values count.
pub struct Recorder {
    /// Each call is a second after the one before, so that the order of what they make is known.
    clock: Clock,
    recorded: BTreeMap<String, Recorded>,
}

#[derive(Default)]
struct Recorded {
    parameters: Map<String, Value>,
    body: Option<Value>,
    answers: Map<String, Value>,
}

impl Recorder {
    pub fn new(clock: &Clock) -> Self {
        Self { clock: clock.clone(), recorded: BTreeMap::new() }
    }

    /// Sends a request without a body. `parameters` are those of path and query, by name.
    pub async fn call(&mut self, who: &Caller, operation: &str, parameters: Value) -> Value {
        let request = self.request(who, operation, &parameters);
        self.send(who, operation, request).await.json
    }

    /// Sends a request with a JSON body.
    pub async fn call_with(
        &mut self,
        who: &Caller,
        operation: &str,
        parameters: Value,
        body: Value,
    ) -> Value {
        let request = self.request(who, operation, &parameters).json(&body);
        self.recorded(operation).body.get_or_insert(body);
        self.send(who, operation, request).await.json
    }

    /// Sends a form; `body` describes it.
    pub async fn upload(
        &mut self,
        who: &Caller,
        operation: &str,
        parameters: Value,
        body: Value,
        form: Form,
    ) {
        let request = self.request(who, operation, &parameters).multipart(form);
        self.recorded(operation).body.get_or_insert(body);
        self.send(who, operation, request).await;
    }

    /// Reads a stream to its end, or only its first event.
    pub async fn follow(&mut self, who: &Caller, operation: &str, parameters: Value, body: Option<Value>) {
        let mut request = self.request(who, operation, &parameters);
        if let Some(body) = body {
            request = request.json(&body);
            self.recorded(operation).body.get_or_insert(body);
        }
        let is_endless = route(operation).1 == Method::GET;
        let mut events = Events::of(request).await;
        let (mut text, mut said) = (String::new(), String::new());
        while let Some(mut event) = events.next().await {
            // The pieces of an answer depend on time: the example has one.
            if event.json["type"] == "chunk" {
                said += event.json["content"].as_str().expect("a text");
                continue;
            }
            if !said.is_empty() {
                let chunk = json!({ "type": "chunk", "content": std::mem::take(&mut said) });
                text += &format!("data: {chunk}\n\n");
            }
            trim(&mut event.json);
            let id = if event.id.is_empty() { String::new() } else { format!("id: {}\n", event.id) };
            text += &format!("{id}data: {}\n\n", event.json);
            if is_endless {
                break;
            }
        }
        self.recorded(operation).answers.entry("200").or_insert(text.into());
    }

    /// Returns what was recorded, by operation.
    pub fn examples(self) -> Value {
        let example = |recorded: Recorded| {
            let Recorded { parameters, body, answers } = recorded;
            let mut example = Map::new();
            if !parameters.is_empty() {
                example.insert("parameters".to_owned(), parameters.into());
            }
            if let Some(body) = body {
                example.insert("body".to_owned(), body);
            }
            if !answers.is_empty() {
                example.insert("answers".to_owned(), answers.into());
            }
            Value::Object(example)
        };
        self.recorded
            .into_iter()
            .map(|(name, recorded)| (name, example(recorded)))
            .collect::<Map<_, _>>()
            .into()
    }

    fn recorded(&mut self, operation: &str) -> &mut Recorded {
        self.recorded.entry(operation.to_owned()).or_default()
    }

    /// Notes the parameters and returns their request.
    fn request(&mut self, who: &Caller, operation: &str, parameters: &Value) -> RequestBuilder {
        self.clock.advance(Duration::from_secs(1));
        let (template, method, _) = route(operation);
        let (mut path, mut query) = (template.to_owned(), Serializer::new(String::new()));
        for (name, value) in parameters.as_object().into_iter().flatten() {
            self.recorded(operation).parameters.entry(name.clone()).or_insert_with(|| value.clone());
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let place = format!("{{{name}}}");
            if path.contains(&place) {
                path = path.replace(&place, &value);
            } else {
                query.append_pair(name, &value);
            }
        }
        who.request(method, &format!("{path}?{}", query.finish()))
    }

    async fn send(&mut self, who: &Caller, operation: &str, request: RequestBuilder) -> Answer {
        let mut answer = who.send(request).await;
        assert!((200..300).contains(&answer.status), "{operation}: {} {}", answer.status, answer.text);
        if answer.status != 204 {
            let mut example = answer.json.take();
            answer.json = example.clone();
            trim(&mut example);
            self.recorded(operation).answers.entry(answer.status.to_string()).or_insert(example);
        }
        answer
    }
}

fn route(operation: &str) -> (&'static str, Method, &'static Value) {
    let mut found = routes().filter(|(_, _, known)| known["operationId"] == operation);
    found.next().unwrap_or_else(|| panic!("there is no operation {operation}"))
}

/// Shortens the lists of an answer.
fn trim(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.truncate(ITEMS);
            items.iter_mut().for_each(trim);
        }
        Value::Object(members) => members.values_mut().for_each(trim),
        _ => {}
    }
}

/// Checks the example of an operation against the document.
pub fn check(name: &str, operation: &Value, example: &Value) {
    let fits = |what: &str, schema: &Value, value: &Value| {
        assert!(!schema.is_null(), "{name} documents no {what}");
        if let Err(fault) = holds(&OPENAPI, schema, value) {
            panic!("the {what} of {name}: {fault}");
        }
    };
    for (parameter, value) in example["parameters"].as_object().into_iter().flatten() {
        let known = operation["parameters"].as_array().expect("parameters");
        let known = known.iter().find(|known| known["name"] == **parameter);
        fits(parameter, &known.expect("a parameter of the document")["schema"], value);
    }
    if let Some(body) = example.get("body") {
        let media = operation["requestBody"]["content"].as_object().and_then(|media| media.values().next());
        let schema = media.expect("a body in the document")["schema"]["$ref"].as_str().expect("a component");
        let schema = &OPENAPI["components"]["schemas"][schema.rsplit('/').next().expect("a name")];
        for (member, value) in body.as_object().expect("members") {
            // An object of a request may have any further members.
            let schema = &schema["properties"][member];
            if value.is_object() {
                assert!(!schema.is_null(), "{name} documents no {member}");
            } else {
                fits(member, schema, value);
            }
        }
    }
    for (status, answer) in example["answers"].as_object().into_iter().flatten() {
        let media = &operation["responses"][status]["content"];
        let stream = &media["text/event-stream"];
        if stream.is_null() {
            fits(status, &media["application/json"]["schema"], answer);
            continue;
        }
        for data in answer.as_str().expect("a text").lines().filter_map(|line| line.strip_prefix("data: ")) {
            let event: Value = serde_json::from_str(data).expect("JSON");
            // The engine ends a stream by itself; no selection of the document has that event.
            if event != json!({ "type": "done" }) {
                fits("event", &stream["x-event-schema"], &event);
            }
        }
    }
}
