//! A lounge's cloned voice: consent, cloning in the background, speech, and withdrawal.

mod failures;
mod withdrawal;

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use entity::lounge::{self, VoiceStatus};
use plaza::{
    adapters::{
        Adapters, Retry, client,
        fetch::Fetch,
        voice::{ElevenLabs, VoiceCloning},
    },
    app::App,
    clock::Clock,
    domain::lounges,
    security::secret::Secret,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::{ok, refused, text};
use crate::support::{
    Answer, Caller, Events, Server,
    openai::{FakeOpenAi, Step},
    sound::{mp3, wav},
};

const CLONE: &str =
    "mutation($input: CloneLoungeVoiceInput!) { cloneLoungeVoice(input: $input) { lounge { id } } }";
const WITHDRAW: &str =
    "mutation($input: WithdrawLoungeVoiceInput!) { withdrawLoungeVoice(input: $input) { lounge { id } } }";
const STATEMENT: &str = "I am the speaker, and agree that my voice is cloned.";

/// A lounge with samples, its creator, and two fake servers.
struct Studio {
    server: Server,
    /// The server of voices.
    vendor: FakeOpenAi,
    /// The server of samples.
    samples: FakeOpenAi,
    creator: Caller,
    lounge: String,
}

impl Studio {
    async fn open(server: Server, vendor: FakeOpenAi, samples: FakeOpenAi) -> Self {
        let creator = server.member("Creator").await;
        let made = creator.post("/api/lounge", json!({ "name": "Night" })).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let lounge = text(&made.json["id"]);
        let studio = Self { server, vendor, samples, creator, lounge };
        studio
            .change(|row| row.voice_samples_url = Set(Some(format!("{}/mine", studio.samples.root()))))
            .await;
        studio
    }

    /// Updates the row directly, because the API requires https for samples and the fake speaks http.
    async fn change(&self, change: impl FnOnce(&mut lounge::ActiveModel)) {
        let mut row = self.row().await.into_active_model();
        change(&mut row);
        row.update(self.server.app.db.write()).await.expect("writes");
    }

    async fn row(&self) -> lounge::Model {
        let id: uuid::Uuid = self.lounge.parse().expect("an id");
        let found = lounge::Entity::find_by_id(id).one(self.server.app.db.read()).await.expect("reads");
        found.expect("a lounge")
    }

    async fn ask(&self, who: &Caller, consent: Value) -> Answer {
        who.graphql(CLONE, json!({ "input": { "loungeId": self.lounge, "consent": consent } })).await
    }

    /// The creator requests the voice.
    async fn begin(&self) {
        ok(&self.ask(&self.creator, json!({ "isAccepted": true, "statement": STATEMENT })).await);
    }

    async fn withdraw(&self, who: &Caller) -> Answer {
        who.graphql(WITHDRAW, json!({ "input": { "loungeId": self.lounge } })).await
    }

    /// Waits until the lounge's row matches.
    async fn until(&self, is_so: impl Fn(&lounge::Model) -> bool) -> lounge::Model {
        let mut rounds = self.server.background.voices.clone();
        let waited = tokio::time::timeout(Duration::from_secs(60), async {
            loop {
                rounds.borrow_and_update();
                let row = self.row().await;
                if is_so(&row) {
                    return row;
                }
                rounds.changed().await.expect("a round");
            }
        });
        match waited.await {
            Ok(row) => row,
            Err(_) => panic!("it stays {:?}", self.row().await),
        }
    }

    /// Waits for this status without due jobs.
    async fn settled(&self, status: VoiceStatus) -> lounge::Model {
        self.until(|row| row.voice_status == status && row.voice_due_at.is_none()).await
    }

    /// Waits until a retry is due in this many minutes, and then advances the clock to it.
    async fn again_after(&self, minutes: i64) {
        let at = self.server.app.clock.now() + TimeDelta::minutes(minutes);
        self.until(|row| row.voice_due_at == Some(at)).await;
        self.server.app.clock.advance(Duration::from_secs(60 * u64::try_from(minutes).expect("forward")));
    }

    /// Returns the voice as every member sees it.
    async fn voice(&self) -> Value {
        let query = "query($id: ID!) { lounge(id: $id) { voice { status modelId reason } } }";
        let found = ok(&self.server.anon().graphql(query, json!({ "id": self.lounge })).await);
        found["lounge"]["voice"].clone()
    }

    /// Returns the request that the vendor received as `POST /v1/voices/add`.
    fn asked(&self) -> Vec<String> {
        let line = |head: &str| head.lines().next().unwrap_or_default().replace(" HTTP/1.1", "");
        self.vendor.requests().iter().map(|asked| line(&asked.head)).collect()
    }
}

const ADD: &str = "POST /v1/voices/add";
const LIST: &str = "GET /v1/voices";

fn seen(status: &str, model: Option<&str>, reason: Option<&str>) -> Value {
    json!({ "status": status, "modelId": model, "reason": reason })
}

fn answer(status: u16, body: &Value) -> Vec<Step> {
    vec![Step::Whole(status, "application/json", body.to_string().into_bytes())]
}

/// The vendor clones a voice.
fn made(id: &str) -> Vec<Step> {
    answer(200, &json!({ "voice_id": id, "requires_verification": false }))
}

/// The vendor refuses with this message.
fn no(status: u16, message: &str) -> Vec<Step> {
    answer(status, &json!({ "detail": { "status": "x", "message": message } }))
}

/// Samples of this many seconds.
fn sound(seconds: usize) -> Vec<Step> {
    vec![Step::Whole(200, "text/plain", wav(seconds * 1000))]
}

/// Adapters with this fake as the voice provider, no other speech, and samples from this machine.
fn making(vendor: &FakeOpenAi) -> Adapters {
    let client = client(Duration::from_secs(5)).expect("a client");
    let base = vendor.root().parse().expect("an address");
    let voices: Arc<dyn VoiceCloning> = Arc::new(
        ElevenLabs::new(client, base, Secret::new("xi-test"), "m")
            .timeout(Duration::from_secs(60))
            .retry(Retry { times: 0, wait: Duration::from_millis(1) }),
    );
    let fetch = Fetch::new(vec!["127.0.0.1".parse().expect("a network")]);
    Adapters { voices: Some(voices), fetch, ..Adapters::none() }
}

/// Makes a test of each function, on SQLite and on PostgreSQL, in a studio.
macro_rules! in_a_studio {
    ($($(#[$meta:meta])* async fn $name:ident($studio:ident: Studio) $body:block)+) => {
        $(
            $(#[$meta])*
            mod $name {
                use super::*;

                async fn run($studio: Studio) $body

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    let (vendor, samples) = (FakeOpenAi::start([]).await, FakeOpenAi::start([]).await);
                    let server = Server::reaching(making(&vendor), |_| {}).await;
                    run(Studio::open(server, vendor, samples).await).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    let (vendor, samples) = (FakeOpenAi::start([]).await, FakeOpenAi::start([]).await);
                    let Some(server) = Server::on_postgres_reaching(making(&vendor)).await else { return };
                    run(Studio::open(server, vendor, samples).await).await;
                }
            }
        )+
    };
}

use in_a_studio;

in_a_studio! {
    /// The voice is cloned from the samples, the consent is stored, and the lounge's agent uses the voice.
    async fn a_voice_is_made_and_speaks(studio: Studio) {
        assert_eq!(studio.voice().await, seen("NONE", None, None));
        let gate = Arc::new(Notify::new());
        studio.samples.respond_with(sound(6));
        studio.vendor.respond_with([vec![Step::Wait(gate.clone())], made("voice1")].concat());
        let consent = json!({ "isAccepted": true, "statement": STATEMENT, "version": "1" });
        ok(&studio.ask(&studio.creator, consent).await);
        assert_eq!(studio.voice().await, seen("PROCESSING", None, None));
        assert_eq!(refused(&studio.ask(&studio.creator, json!({ "isAccepted": true, "statement": "x" })).await).0, "CONFLICT");
        gate.notify_one();
        let row = studio.settled(VoiceStatus::Ready).await;
        assert_eq!(studio.voice().await, seen("READY", Some("voice1"), None));
        assert_eq!(row.consent_text.as_deref(), Some(STATEMENT));
        assert_eq!((row.consent_version.as_deref(), row.consent_by), (Some("1"), Some(studio.creator.id.clone())));
        assert_eq!((row.consent_at, row.withdrawn_at), (Some(studio.server.app.clock.now()), None));
        assert_eq!(row.voice_provider.as_deref(), Some(studio.vendor.root().trim_start_matches("http://")));
        let parts = studio.vendor.requests()[0].parts();
        assert_eq!(parts[0].content, format!("Plaza lounge {}", studio.lounge).into_bytes());
        assert_eq!((parts[2].name.as_str(), parts[2].content.len()), ("files", 44 + 6000 * 48));

        // The voice is in use.
        let agent = "mutation { createAgentListing(input: { agentName: \"Echo\", systemPrompt: \"Hello.\" }) { agentListing { id } } }";
        let agent = text(&ok(&studio.creator.graphql(agent, json!({})).await)["createAgentListing"]["agentListing"]["id"]);
        let update = "mutation($i: UpdateLoungeInput!) { updateLounge(input: $i) { lounge { id } } }";
        let change = json!({ "i": { "loungeId": studio.lounge, "defaultAgentListingId": agent } });
        ok(&studio.creator.graphql(update, change).await);
        let visitor = studio.server.member("Visitor").await;
        let talk = visitor.post_empty(&format!("/api/lounge/{}/start-chat", studio.lounge)).await;
        let talk = text(&talk.json["conversationId"]);
        let mut listening = Events::open(&visitor, &format!("/api/conversations/{talk}/events"), None).await;
        for _ in 0..10 {
            studio.vendor.respond_with(vec![Step::Whole(200, "audio/mpeg", mp3(20))]);
        }
        let ask = "mutation($i: AskLoungeInput!) { askLounge(input: $i) { agentReply { id } } }";
        ok(&visitor.graphql(ask, json!({ "i": { "loungeId": studio.lounge, "content": "Hello", "voice": true } })).await);
        let spoken = loop {
            let told = listening.expect().await.json;
            if told["messageChange"] == "spoken" {
                break told["message"].clone();
            }
        };
        assert!(text(&spoken["ttsAudioUrl"]).ends_with(".mp3"), "{spoken}");
        assert_eq!(studio.asked()[1], "POST /v1/text-to-speech/voice1");
    }

    /// Refusals by right and by state.
    async fn who_is_refused(studio: Studio) {
        let good = json!({ "isAccepted": true, "statement": STATEMENT });
        let stranger = studio.server.member("Stranger").await;
        assert_eq!(refused(&studio.ask(&studio.server.anon(), good.clone()).await).0, "UNAUTHENTICATED");
        for answer in [studio.ask(&stranger, good.clone()).await, studio.withdraw(&stranger).await] {
            assert_eq!(refused(&answer).0, "FORBIDDEN");
        }
        for consent in [
            json!({ "isAccepted": false, "statement": STATEMENT }),
            json!({ "isAccepted": true, "statement": " " }),
            json!({ "isAccepted": true, "statement": "x".repeat(2001) }),
            json!({ "isAccepted": true, "statement": "x", "version": "x".repeat(51) }),
        ] {
            assert_eq!(refused(&studio.ask(&studio.creator, consent).await).0, "INVALID");
        }
        for (id, code) in [("00000000-0000-7000-8000-000000000000", "NOT_FOUND"), ("x", "INVALID")] {
            let input = json!({ "input": { "loungeId": id, "consent": good } });
            assert_eq!(refused(&studio.creator.graphql(CLONE, input).await).0, code);
        }
        studio.change(|row| row.voice_samples_url = Set(None)).await;
        let answer = refused(&studio.ask(&studio.creator, good).await);
        assert_eq!(answer, ("CONFLICT".to_owned(), "The lounge has no voice samples".to_owned()));
        // Withdrawing a consent that was never given changes nothing.
        ok(&studio.withdraw(&studio.creator).await);
        assert_eq!(studio.voice().await, seen("NONE", None, None));
        assert!(studio.vendor.requests().is_empty());
    }

    /// Invalid samples fail with the reason, and the vendor receives nothing.
    async fn samples_that_are_not_taken(studio: Studio) {
        let hidden = FakeOpenAi::at("127.0.0.2:0", []).await;
        let moved = format!("HTTP/1.1 302 X\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", hidden.root());
        let length = "The voice samples must be 5 seconds to 10 minutes long";
        let fetched = "The voice samples could not be fetched: ";
        for (script, reason) in [
            (sound(4), length.to_owned()),
            (vec![Step::Whole(404, "audio/wav", wav(6000))], format!("{fetched}its server answered with 404")),
            (vec![Step::Whole(200, "audio/wav", b"<html>".to_vec())], format!("{fetched}the file type is not supported")),
            (vec![Step::Whole(200, "audio/wav", vec![7; 11 << 20])], format!("{fetched}the file has more than 10485760 bytes")),
            (vec![Step::Whole(200, "", b"RIFF\0\0\0\0WAVE".to_vec())], "The voice samples are not a recording".to_owned()),
            (
                vec![Step::Raw(moved.into_bytes())],
                format!("{fetched}the URL is not allowed: it leads to a private network"),
            ),
        ] {
            studio.samples.respond_with(script);
            studio.begin().await;
            studio.settled(VoiceStatus::Failed).await;
            assert_eq!(studio.voice().await, seen("FAILED", None, Some(&reason)));
        }
        // A temporary failure is tried three times.
        for _ in 0..3 {
            studio.samples.respond_with(vec![Step::Whole(503, "", Vec::new())]);
        }
        studio.begin().await;
        studio.again_after(1).await;
        studio.again_after(2).await;
        studio.settled(VoiceStatus::Failed).await;
        let reason = format!("{fetched}its server answered with 503");
        assert_eq!(studio.voice().await, seen("FAILED", None, Some(&reason)));
        assert_eq!(studio.samples.requests().len(), 9);
        assert!(hidden.requests().is_empty());
        assert!(!studio.asked().contains(&ADD.to_owned()));
    }
}

/// Without a provider, there is no voice, the reason is shown, and a request is refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cloning_without_a_provider_is_refused() {
    let server = Server::on_sqlite().await;
    let studio = Studio::open(server, FakeOpenAi::start([]).await, FakeOpenAi::start([]).await).await;
    let reason = "Voice cloning is not configured";
    assert_eq!(studio.voice().await, seen("NONE", None, Some(reason)));
    let answer = studio.ask(&studio.creator, json!({ "isAccepted": true, "statement": STATEMENT })).await;
    assert_eq!(refused(&answer), ("NOT_CONFIGURED".to_owned(), reason.to_owned()));
    assert_eq!(studio.voice().await, seen("NONE", None, Some(reason)));
}
