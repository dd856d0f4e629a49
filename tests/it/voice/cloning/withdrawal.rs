//! Voices that are taken back.

use super::*;

in_a_studio! {
    /// Taken back, it is deleted at the vendor, as often as that takes; another can be made.
    async fn it_is_taken_back(studio: Studio) {
        studio.samples.will(sound(6));
        studio.vendor.will(made("first"));
        studio.begin().await;
        studio.settled(VoiceStatus::Ready).await;
        studio.vendor.will(no(500, "busy"));
        studio.vendor.will(vec![Step::Cut]);
        studio.vendor.will(answer(200, &json!({ "status": "ok" })));
        ok(&studio.withdraw(&studio.creator).await);
        assert_eq!(studio.voice().await, seen("NONE", None, None));
        assert_eq!(studio.row().await.withdrawn_at, Some(studio.server.app.clock.now()));
        studio.again_after(1).await;
        studio.again_after(2).await;
        let row = studio.settled(VoiceStatus::None).await;
        assert_eq!((row.voice_discarded_id, row.voice_model_id), (None, None));
        assert_eq!(row.consent_text.as_deref(), Some(STATEMENT), "what was agreed to stays known");
        assert_eq!(studio.asked()[1..], ["DELETE /v1/voices/first"; 3]);
        ok(&studio.withdraw(&studio.creator).await);

        // Asked for anew, and replaced.
        for voice in ["second", "third"] {
            studio.samples.will(sound(6));
            if voice == "third" {
                studio.vendor.will(answer(200, &json!({})));
            }
            studio.vendor.will(made(voice));
            studio.begin().await;
            studio.settled(VoiceStatus::Ready).await;
            assert_eq!(studio.voice().await, seen("READY", Some(voice), None));
        }
        assert_eq!(studio.asked()[4..], [ADD, "DELETE /v1/voices/second", ADD]);
    }

    /// Taken back while it is being made: what is made is deleted, also when another is asked for meanwhile.
    async fn it_is_taken_back_meanwhile(studio: Studio) {
        let gate = Arc::new(Notify::new());
        studio.samples.will(sound(6));
        studio.vendor.will([vec![Step::Wait(gate.clone())], made("unwanted")].concat());
        studio.begin().await;
        while studio.asked().is_empty() {
            tokio::task::yield_now().await;
        }
        ok(&studio.withdraw(&studio.creator).await);
        studio.server.app.clock.advance(Duration::from_secs(1));
        studio.begin().await;
        studio.samples.will(sound(6));
        // Deleted are those of its name, and itself.
        studio.vendor.will(answer(200, &json!({})));
        studio.vendor.will(made("wanted"));
        gate.notify_one();
        studio.settled(VoiceStatus::Ready).await;
        assert_eq!(studio.voice().await, seen("READY", Some("wanted"), None));
        assert_eq!(studio.asked(), [ADD, "DELETE /v1/voices/unwanted", ADD]);
    }

    /// With the account goes the voice.
    async fn it_goes_with_the_account(studio: Studio) {
        studio.samples.will(sound(6));
        studio.vendor.will(made("first"));
        studio.begin().await;
        studio.settled(VoiceStatus::Ready).await;
        studio.vendor.will(answer(200, &json!({})));
        let delete = "mutation { deleteAccount(input: { password: \"a long password\" }) }";
        ok(&studio.creator.graphql(delete, json!({})).await);
        let row = studio.settled(VoiceStatus::None).await;
        assert_eq!((row.voice_model_id, row.voice_discarded_id), (None, None));
        assert_eq!(studio.asked(), [ADD, "DELETE /v1/voices/first"]);
    }
}
