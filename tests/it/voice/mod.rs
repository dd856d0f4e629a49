//! Voice: uploads, voice messages, and cloned voices.

mod cloning;
mod messages;
mod uploads;

use std::{sync::Arc, time::Duration};

use plaza::{
    adapters::{
        Adapters, Retry, client,
        transcription::{OpenAiTranscription, Transcription},
    },
    security::secret::Secret,
};
use reqwest::{
    RequestBuilder,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::support::{
    Answer, Caller, Server,
    openai::{FakeOpenAi, Step},
    operations, upload,
};

const SEND: &str = "mutation($input: SendVoiceMessageInput!) {
  sendVoiceMessage(input: $input) { message { id content ttsAudioUrl authorId kind replyToId } }
}";

/// A community with a room, its creator and a member, and a fake transcription server.
struct Room {
    server: Server,
    writer: FakeOpenAi,
    creator: Caller,
    member: Caller,
    /// Path of the community.
    path: String,
    /// Id of the room.
    conversation: String,
}

impl Room {
    async fn open(server: Server, writer: FakeOpenAi) -> Self {
        let (creator, member) = (server.member("Creator").await, server.member("Member").await);
        let made = creator.post("/api/communities", json!({ "name": "Harbour" })).await;
        let community = made.json["id"].as_str().expect("an id").to_owned();
        let path = format!("/api/communities/{community}");
        assert_eq!(member.post_empty(&format!("{path}/join")).await.status, 200);
        let query = "query($id: ID!) { community(id: $id) { conversation { id } } }";
        let found = ok(&member.graphql(query, json!({ "id": community })).await);
        let conversation = text(&found["community"]["conversation"]["id"]);
        Self { server, writer, creator, member, path, conversation }
    }

    /// A voice message over GraphQL, to be modified.
    fn voice(&self, who: &Caller, audio: Vec<u8>, input: Value) -> RequestBuilder {
        let mut input = input;
        input["conversationId"] = json!(self.conversation);
        input["audio"] = Value::Null;
        let form = operations(SEND, json!({ "input": input }), &[("variables.input.audio", audio)]);
        upload(who).multipart(form)
    }

    async fn say(&self, who: &Caller, audio: Vec<u8>, input: Value) -> Answer {
        who.send(self.voice(who, audio, input)).await
    }

    /// Returns the newest messages, oldest first.
    async fn history(&self) -> Vec<Value> {
        let answer = self.member.get(&format!("{}/messages", self.path)).await;
        answer.json["messages"].as_array().expect("messages").clone()
    }
}

/// A REST form.
pub fn rest_form(audio: Vec<u8>) -> Form {
    Form::new().part("audio", Part::bytes(audio).file_name("x.exe"))
}

/// Adapters with this fake for transcription.
pub fn writing(writer: &FakeOpenAi) -> Adapters {
    let client = client(Duration::from_secs(5)).expect("a client");
    let base = writer.url.parse().expect("an address");
    let server = OpenAiTranscription::new(client, base, Secret::new("sk-test"), "whisper-1")
        .retry(Retry { times: 0, wait: Duration::from_millis(1) });
    let transcription: Arc<dyn Transcription> = Arc::new(server);
    Adapters { transcription: Some(transcription), ..Adapters::none() }
}

/// An answer with this transcription.
pub fn words(text: &str) -> Vec<Step> {
    vec![Step::Whole(200, "application/json", json!({ "text": text }).to_string().into_bytes())]
}

/// Returns the data of an answer without errors.
#[track_caller]
fn ok(answer: &Answer) -> Value {
    assert!(answer.status == 200 && answer.json["errors"].is_null(), "{} {}", answer.status, answer.text);
    answer.json["data"].clone()
}

/// Returns code and message of a refusal, from GraphQL or REST.
#[track_caller]
fn refused(answer: &Answer) -> (String, String) {
    let error = &answer.json["errors"][0];
    if error.is_null() {
        assert!(answer.json["code"].is_string(), "{} {}", answer.status, answer.text);
        return (text(&answer.json["code"]), text(&answer.json["error"]));
    }
    (text(&error["extensions"]["code"]), text(&error["message"]))
}

#[track_caller]
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// Makes a test of each function, on SQLite and on PostgreSQL, in a room with a fake transcription server.
macro_rules! in_a_room {
    ($($(#[$meta:meta])* async fn $name:ident($room:ident: Room) $body:block)+) => {
        $(
            $(#[$meta])*
            mod $name {
                use super::*;

                async fn run($room: Room) $body

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    let writer = $crate::support::openai::FakeOpenAi::start([]).await;
                    let server = $crate::support::Server::reaching($crate::voice::writing(&writer), |_| {}).await;
                    run(Room::open(server, writer).await).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    let writer = $crate::support::openai::FakeOpenAi::start([]).await;
                    let adapters = $crate::voice::writing(&writer);
                    let Some(server) = $crate::support::Server::on_postgres_reaching(adapters).await else { return };
                    run(Room::open(server, writer).await).await;
                }
            }
        )+
    };
}
use in_a_room;
