//! Voice messages.

use plaza::adapters::{Adapters, speech::OpenAiSpeech, storage::Key};
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{Room, SEND, in_a_room, ok, operations, refused, rest_form, text, upload, words, writing};
use crate::support::{
    Caller, Events, Server,
    openai::{FakeOpenAi, Step, refusal, send},
    sound::{m4a, mp3, ogg, wav, webm},
};

async fn heard(who: &Caller, url: &str) -> Option<Vec<u8>> {
    let answer = who.request(Method::GET, url).send().await.expect("an answer");
    (answer.status() == StatusCode::OK).then_some(())?;
    Some(answer.bytes().await.expect("a body").to_vec())
}

in_a_room! {
    /// The transcription is posted, members can play the recording, and both are published.
    async fn it_is_written_down_and_heard(room: Room) {
        let mut listening =
            Events::open(&room.creator, &format!("/api/conversations/{}/events", room.conversation), None).await;
        listening.expect().await;
        room.writer.respond_with(words("Guten Tag, hört ihr mich?"));
        let sent = ok(&room.say(&room.member, wav(1500), json!({ "clientKey": "one" })).await);
        let sent = &sent["sendVoiceMessage"]["message"];
        assert_eq!(sent["content"], "Guten Tag, hört ihr mich?");
        assert_eq!((&sent["authorId"], &sent["kind"]), (&json!(room.member.id), &json!("TEXT")));
        let url = text(&sent["ttsAudioUrl"]);
        assert!(url.starts_with("/uploads/voice/") && url.ends_with(".wav"), "{url}");
        let told = listening.expect().await.json;
        assert_eq!(told["messageChange"], "posted");
        assert_eq!((&told["message"]["content"], &told["message"]["ttsAudioUrl"]), (&sent["content"], &json!(url)));
        assert_eq!(room.history().await[0]["ttsAudioUrl"], json!(url));
        let sound = heard(&room.creator, &url).await.expect("the recording");
        assert_eq!(sound[44..], wav(1500)[44..]);
        let asked = room.writer.requests();
        assert_eq!(asked[0].path, "/v1/audio/transcriptions");
        let part = asked[0].parts().into_iter().find(|part| part.name == "file").expect("a file");
        assert_eq!((part.file_name.as_deref(), &part.content), (Some("recording.wav"), &sound));

        // A repetition returns the same message without another transcription.
        let again = ok(&room.say(&room.member, wav(1500), json!({ "clientKey": "one" })).await);
        assert_eq!(again["sendVoiceMessage"]["message"], *sent);
        assert_eq!((room.writer.requests().len(), room.history().await.len()), (1, 1));
    }

    /// By REST, in all kinds, detected by content.
    async fn every_kind_by_rest(room: Room) {
        let path = format!("/api/conversations/{}/voice", room.conversation);
        let kinds =
            [(wav(100), "wav"), (mp3(10), "mp3"), (ogg(2), "ogg"), (webm(120_000), "webm"), (m4a(120_000), "m4a")];
        for (audio, end) in kinds {
            room.writer.respond_with(words("Hello"));
            let form = rest_form(audio).text("clientKey", end);
            let sent = room.member.send(room.member.request(Method::POST, &path).multipart(form)).await;
            assert_eq!(sent.status, 201, "{}", sent.text);
            assert_eq!((&sent.json["content"], &sent.json["userId"]), (&json!("Hello"), &json!(room.member.id)));
            let url = text(&sent.json["ttsAudioUrl"]);
            assert!(url.ends_with(end), "{url}");
            assert!(heard(&room.member, &url).await.is_some());
        }
        let before = room.history().await.last().expect("a message")["id"].clone();
        room.writer.respond_with(words("Yes"));
        let form = rest_form(ogg(120)).text("replyToId", text(&before));
        let sent = room.member.send(room.member.request(Method::POST, &path).multipart(form)).await;
        assert_eq!((sent.status, &sent.json["replyToId"]), (201, &before), "{}", sent.text);
    }

    /// An invalid, too long or too large recording is refused before the provider is called.
    async fn what_is_refused(room: Room) {
        let kinds = "audio must be a recording: WAV, MP3, Ogg with Opus or Vorbis, WebM or M4A";
        let picture = b"\0\0\0\x10ftypheic\0\0\0\0\0\0\0\x08mdat".to_vec();
        for (audio, reason) in [
            (Vec::new(), kinds),
            (b"<svg xmlns=\"x\"/>".to_vec(), kinds),
            (b"\x89PNG\r\n\x1a\n".to_vec(), kinds),
            (picture, kinds),
            (wav(0), "audio contains no sound"),
            (ogg(0), "audio contains no sound"),
            (ogg(121), "audio must be at most two minutes long"),
            (wav(120_100), "audio must be at most two minutes long"),
            (webm(0), "audio contains no sound"),
            (m4a(0), "audio contains no sound"),
            (webm(120_001), "audio must be at most two minutes long"),
            (m4a(120_001), "audio must be at most two minutes long"),
        ] {
            let answer = room.say(&room.member, audio, json!({})).await;
            assert_eq!(refused(&answer), ("INVALID".to_owned(), reason.to_owned()));
            assert_eq!(answer.json["errors"][0]["extensions"]["field"], "audio");
        }
        let outsider = room.server.member("Outsider").await;
        assert_eq!(refused(&room.say(&outsider, wav(100), json!({})).await).0, "FORBIDDEN");
        assert_eq!(refused(&room.say(&room.server.anon(), wav(100), json!({})).await).0, "UNAUTHENTICATED");
        let path = format!("/api/conversations/{}/voice", room.conversation);
        let by_rest = room.server.anon();
        let by_rest = by_rest.send(by_rest.request(Method::POST, &path).multipart(rest_form(wav(100)))).await;
        assert_eq!(by_rest.status, 401);
        let json = room.member.post(&path, json!({ "audio": "x" })).await;
        assert_eq!((json.status, refused(&json).0.as_str()), (415, "UNSUPPORTED_MEDIA_TYPE"));
        assert_eq!((room.writer.requests().len(), room.history().await.len()), (0, 0));
    }

    /// If the provider refuses, hears nothing or fails, nothing is posted or stored.
    async fn audio_that_cannot_be_transcribed_is_refused(room: Room) {
        let failed = ("PROVIDER_FAILED", "The recording could not be transcribed");
        let empty = ("INVALID", "The recording contains no speech");
        for (script, (code, reason)) in [
            (refusal(401, "bad key"), failed),
            (refusal(422, "bad file"), failed),
            (refusal(500, "busy"), failed),
            (vec![Step::Stream, send("{\"text\":\"Hel"), Step::Cut], failed),
            (vec![Step::Whole(200, "application/json", b"{\"te".to_vec())], failed),
            (words(" \n\0 "), empty),
            (words(&"x".repeat(5001)), ("INVALID", "Message must be 1-5000 characters")),
        ] {
            room.writer.respond_with(script);
            let answer = room.say(&room.member, wav(100), json!({})).await;
            assert_eq!(refused(&answer), (code.to_owned(), reason.to_owned()));
        }
        assert!(room.history().await.is_empty());
        let path = format!("/api/conversations/{}/voice", room.conversation);
        room.writer.respond_with(refusal(500, "sk-test"));
        let form = rest_form(wav(100));
        let answer = room.member.send(room.member.request(Method::POST, &path).multipart(form)).await;
        assert_eq!((answer.status, refused(&answer).0.as_str()), (502, "PROVIDER_FAILED"));
        assert!(!answer.text.contains("sk-test"));
    }

    /// The recording of a deleted message is deleted, and a message that is sent twice concurrently is stored
    /// once.
    async fn recordings_go_with_their_messages(room: Room) {
        room.writer.respond_with(words("Oops"));
        let sent = ok(&room.say(&room.member, wav(100), json!({})).await);
        let (id, url) =
            (text(&sent["sendVoiceMessage"]["message"]["id"]), text(&sent["sendVoiceMessage"]["message"]["ttsAudioUrl"]));
        let delete = "mutation($id: ID!) { deleteMessage(input: { messageId: $id }) { message { ttsAudioUrl content } } }";
        let gone = ok(&room.member.graphql(delete, json!({ "id": id })).await);
        assert_eq!(gone["deleteMessage"]["message"], json!({ "ttsAudioUrl": null, "content": "" }));
        assert_eq!(heard(&room.member, &url).await, None);

        // Both are transcribed before either is posted.
        let gate = std::sync::Arc::new(tokio::sync::Notify::new());
        room.writer.respond_with([vec![Step::Wait(gate.clone())], words("Twice")].concat());
        let asked = room.writer.requests().len();
        let both = async {
            let say = || room.say(&room.member, wav(200), json!({ "clientKey": "k" }));
            futures_util::future::join(say(), say()).await
        };
        let release = async {
            while room.writer.requests().len() == asked {
                tokio::task::yield_now().await;
            }
            gate.notify_one();
        };
        let ((one, two), ()) = futures_util::future::join(both, release).await;
        assert_eq!(room.writer.requests().len(), asked + 1);
        assert_eq!(ok(&one), ok(&two));
        let url = text(&ok(&one)["sendVoiceMessage"]["message"]["ttsAudioUrl"]);
        assert!(heard(&room.member, &url).await.is_some());
        let key: Key = url.trim_start_matches("/uploads/").parse().expect("a key");
        assert!(room.server.app.adapters.storage.size(&key).await.expect("answers").is_some());
        assert_eq!(room.history().await.iter().filter(|row| row["content"] == "Twice").count(), 1);
    }

    /// In a lounge chat, the agent answers.
    async fn a_lounge_hears_it(room: Room) {
        let agent = "mutation { createAgentListing(input: { agentName: \"Echo\", systemPrompt: \"Hello.\" }) { agentListing { id } } }";
        let agent = text(&ok(&room.creator.graphql(agent, json!({})).await)["createAgentListing"]["agentListing"]["id"]);
        let lounge = json!({ "name": "Night", "defaultAgentListingId": agent });
        let lounge = text(&room.creator.post("/api/lounge", lounge).await.json["id"]);
        let talk = room.member.post_empty(&format!("/api/lounge/{lounge}/start-chat")).await;
        let talk = text(&talk.json["conversationId"]);
        room.writer.respond_with(words("Hello"));
        let send = "mutation($i: SendVoiceMessageInput!) { sendVoiceMessage(input: $i) { message { content agentReply { id } } } }";
        let given = json!({ "i": { "conversationId": talk, "audio": null } });
        let say = || operations(send, given.clone(), &[("variables.i.audio", wav(100))]);
        let sent = ok(&room.member.send(upload(&room.member).multipart(say())).await);
        assert_eq!(sent["sendVoiceMessage"]["message"]["content"], "Hello");
        assert!(sent["sendVoiceMessage"]["message"]["agentReply"]["id"].is_string(), "{sent}");
    }

    /// A request with an `Idempotency-Key` has one effect; another file is another request.
    async fn a_retry_happens_once(room: Room) {
        room.writer.respond_with(words("Once"));
        let send = |audio: Vec<u8>| {
            let request = room.voice(&room.member, audio, json!({})).header("idempotency-key", "a");
            room.member.send(request)
        };
        let one = ok(&send(wav(100)).await);
        assert_eq!(ok(&send(wav(100)).await), one);
        assert_eq!(refused(&send(wav(200)).await).0, "IDEMPOTENCY_MISMATCH");
        assert_eq!((room.history().await.len(), room.writer.requests().len()), (1, 1), "it is written down once");
        let gate = std::sync::Arc::new(tokio::sync::Notify::new());
        room.writer.respond_with([vec![Step::Wait(gate.clone())], words("At once")].concat());
        let send = || room.member.send(room.voice(&room.member, wav(300), json!({})).header("idempotency-key", "b"));
        let release = async {
            while room.writer.requests().len() < 2 {
                tokio::task::yield_now().await;
            }
            gate.notify_one();
        };
        let (one, two, ()) = futures_util::future::join3(send(), send(), release).await;
        assert_eq!(ok(&one), ok(&two));
        assert_eq!((room.history().await.len(), room.writer.requests().len()), (2, 2), "also of two at once");
    }
}

/// Without transcription, a voice message is refused with the reason.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transcription_without_a_provider_is_refused() {
    let server = Server::on_sqlite().await;
    let room = Room::open(server, FakeOpenAi::start([]).await).await;
    let answer = room.say(&room.member, wav(100), json!({})).await;
    let reason = "Transcription is not configured";
    assert_eq!(refused(&answer), ("NOT_CONFIGURED".to_owned(), reason.to_owned()));
}

/// In a lounge without minutes, a voice message is refused before the provider is called.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn minutes_are_used_up() {
    let (writer, voice) = (FakeOpenAi::start([]).await, FakeOpenAi::start([]).await);
    let client = plaza::adapters::client(std::time::Duration::from_secs(5)).expect("a client");
    let base = voice.url.parse().expect("an address");
    let speech = OpenAiSpeech::new(client, base, plaza::security::secret::Secret::new("sk-test"));
    let adapters = Adapters { speech: Some(std::sync::Arc::new(speech)), ..writing(&writer) };
    let room = Room::open(Server::reaching(adapters, |_| {}).await, writer).await;
    let lounge = json!({ "name": "Night", "freeMinutesPerDay": 0 });
    let lounge = text(&room.creator.post("/api/lounge", lounge).await.json["id"]);
    let talk = room.member.post_empty(&format!("/api/lounge/{lounge}/start-chat")).await;
    let talk = text(&talk.json["conversationId"]);
    let given = json!({ "input": { "conversationId": talk, "audio": null } });
    let form = operations(SEND, given, &[("variables.input.audio", wav(100))]);
    let by_graphql = room.member.send(upload(&room.member).multipart(form)).await;
    assert_eq!(refused(&by_graphql).0, "VOICE_MINUTES_EXHAUSTED");
    let path = format!("/api/conversations/{talk}/voice");
    let by_rest = room.member.request(Method::POST, &path).multipart(rest_form(wav(100)));
    let by_rest = room.member.send(by_rest).await;
    assert_eq!((by_rest.status, refused(&by_rest).0.as_str()), (402, "VOICE_MINUTES_EXHAUSTED"));
    assert!(room.writer.requests().is_empty());
}
