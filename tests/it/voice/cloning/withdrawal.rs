//! Withdrawal of voices.

use super::*;

in_a_studio! {
    /// A withdrawn voice is deleted at the vendor, with repetitions; another can be cloned.
    async fn it_is_taken_back(studio: Studio) {
        studio.samples.respond_with(sound(6));
        studio.vendor.respond_with(made("first"));
        studio.begin().await;
        studio.settled(VoiceStatus::Ready).await;
        studio.vendor.respond_with(no(500, "busy"));
        studio.vendor.respond_with(vec![Step::Cut]);
        studio.vendor.respond_with(answer(200, &json!({ "status": "ok" })));
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

        // Requested again, and replaced.
        for voice in ["second", "third"] {
            studio.samples.respond_with(sound(6));
            if voice == "third" {
                studio.vendor.respond_with(answer(200, &json!({})));
            }
            studio.vendor.respond_with(made(voice));
            studio.begin().await;
            studio.settled(VoiceStatus::Ready).await;
            assert_eq!(studio.voice().await, seen("READY", Some(voice), None));
        }
        assert_eq!(studio.asked()[4..], [ADD, "DELETE /v1/voices/second", ADD]);
    }

    /// Withdrawn during cloning: the clone is deleted, also if another is requested meanwhile.
    async fn it_is_taken_back_meanwhile(studio: Studio) {
        let gate = Arc::new(Notify::new());
        studio.samples.respond_with(sound(6));
        studio.vendor.respond_with([vec![Step::Wait(gate.clone())], made("unwanted")].concat());
        studio.begin().await;
        while studio.asked().is_empty() {
            tokio::task::yield_now().await;
        }
        ok(&studio.withdraw(&studio.creator).await);
        studio.server.app.clock.advance(Duration::from_secs(1));
        studio.begin().await;
        studio.samples.respond_with(sound(6));
        // Voices of its name and itself are deleted.
        studio.vendor.respond_with(answer(200, &json!({})));
        studio.vendor.respond_with(made("wanted"));
        gate.notify_one();
        studio.settled(VoiceStatus::Ready).await;
        assert_eq!(studio.voice().await, seen("READY", Some("wanted"), None));
        assert_eq!(studio.asked(), [ADD, "DELETE /v1/voices/unwanted", ADD]);
    }

    /// Deleting the account deletes the voice.
    async fn it_goes_with_the_account(studio: Studio) {
        studio.samples.respond_with(sound(6));
        studio.vendor.respond_with(made("first"));
        studio.begin().await;
        studio.settled(VoiceStatus::Ready).await;
        studio.vendor.respond_with(answer(200, &json!({})));
        let delete = "mutation { deleteAccount(input: { password: \"a long password\" }) { deletedId } }";
        ok(&studio.creator.graphql(delete, json!({})).await);
        let row = studio.settled(VoiceStatus::None).await;
        assert_eq!((row.voice_model_id, row.voice_discarded_id), (None, None));
        assert_eq!(studio.asked(), [ADD, "DELETE /v1/voices/first"]);
    }
}
