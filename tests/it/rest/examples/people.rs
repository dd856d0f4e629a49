//! The demo's users, who make the examples.

use chrono::{DateTime, Utc};
use plaza::{config::Switch, demo};
use serde_json::json;

use crate::{
    support::{Caller, Server, openai::FakeOpenAi},
    voice::{words, writing},
};

/// The time of the examples, after everything that the demo says.
const NOW: &str = "2026-12-01T09:00:00Z";

/// A server of the demo data, and its users.
pub struct People {
    pub server: Server,
    _writer: FakeOpenAi,
}

impl People {
    pub async fn of_the_demo() -> Self {
        let writer = FakeOpenAi::start([words("I am on the ferry; start without me.")]).await;
        let server = Server::reaching(writing(&writer), |settings| settings.topup = Switch::On).await;
        let now: DateTime<Utc> = NOW.parse().expect("a time");
        let clock = &server.app.clock;
        clock.advance((now - clock.now()).to_std().expect("a later time"));
        demo::seed(&server.app).await.expect("seeds");
        Self { server, _writer: writer }
    }

    /// Signs in as this user.
    pub async fn sign_in(&self, who: &str) -> Caller {
        let body = json!({ "email": format!("{who}@demo.plaza"), "password": demo::PASSWORD });
        let signed_in = self.server.anon().post("/api/auth/sign-in/email", body).await;
        let mut caller = self.server.bearer(signed_in.json["token"].as_str().expect("a token"));
        caller.id = signed_in.json["user"]["id"].as_str().expect("an id").to_owned();
        caller
    }
}
