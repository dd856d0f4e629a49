//! Failures of voice cloning.

use super::*;

in_a_studio! {
    /// A vendor's refusal fails with the reason; a clone whose answer was lost is found and deleted first.
    async fn a_vendor_that_fails(studio: Studio) {
        let taken = "The provider refused the samples: Too noisy";
        let key = "The voice provider refused this server";
        for (script, reason) in [(no(422, "Too noisy"), taken), (no(400, "Too noisy"), taken), (no(401, "Bad key xi-test"), key)] {
            studio.samples.respond_with(sound(6));
            studio.vendor.respond_with(script);
            studio.begin().await;
            studio.settled(VoiceStatus::Failed).await;
            assert_eq!(studio.voice().await, seen("FAILED", None, Some(reason)));
        }
        assert_eq!(studio.asked(), [ADD; 3]);

        // It requires an unsupported verification: its clone is deleted.
        studio.samples.respond_with(sound(6));
        studio.vendor.respond_with(answer(200, &json!({ "voice_id": "unverified", "requires_verification": true })));
        studio.vendor.respond_with(answer(200, &json!({ "status": "ok" })));
        studio.begin().await;
        studio.settled(VoiceStatus::Failed).await;
        let reason = "The provider requires the owner of the voice to be verified first";
        assert_eq!(studio.voice().await, seen("FAILED", None, Some(reason)));
        assert_eq!(studio.asked()[3..], [ADD, "DELETE /v1/voices/unverified"]);

        // The connection breaks after the request: a clone may exist.
        let name = format!("Plaza lounge {}", studio.lounge);
        let found = json!({ "voices": [
            { "voice_id": "lost", "name": name },
            { "voice_id": "another's", "name": "Plaza lounge x" },
        ] });
        studio.samples.respond_with(sound(6));
        studio.samples.respond_with(sound(6));
        studio.vendor.respond_with(vec![Step::Stream, Step::Cut]);
        studio.vendor.respond_with(answer(200, &found));
        studio.vendor.respond_with(answer(200, &json!({})));
        studio.vendor.respond_with(made("second"));
        studio.begin().await;
        studio.again_after(1).await;
        let row = studio.settled(VoiceStatus::Ready).await;
        assert_eq!((row.voice_model_id.as_deref(), row.voice_discarded_id), (Some("second"), None));
        assert_eq!(studio.asked()[5..], [ADD, LIST, "DELETE /v1/voices/lost", ADD]);
    }

    /// A crashed server leaves its lease; the next one takes over, and no clone remains.
    async fn a_server_that_dies(studio: Studio) {
        let name = format!("Plaza lounge {}", studio.lounge);
        let list = |ids: &[&str]| {
            let voices: Vec<_> = ids.iter().map(|id| json!({ "voice_id": id, "name": name })).collect();
            answer(200, &json!({ "voices": voices }))
        };
        let gate = Arc::new(Notify::new());
        studio.samples.respond_with(sound(6));
        studio.vendor.respond_with(vec![Step::Wait(gate.clone()), Step::Cut]);
        let clock = Clock::manual(studio.server.app.clock.now());
        let db = studio.server.app.db.clone();
        let other = App::with(db, clock.clone(), Default::default(), making(&studio.vendor));
        studio.begin().await;
        while studio.asked().is_empty() {
            tokio::task::yield_now().await;
        }
        // Another server holds the lease for now.
        assert!(lounges::run_due(&other).await.expect("looks").is_some());
        assert_eq!(studio.row().await.voice_attempts, 1);
        clock.advance(Duration::from_secs(15 * 60));
        studio.samples.respond_with(sound(6));
        for script in [list(&["left"]), answer(200, &json!({})), made("mine")] {
            studio.vendor.respond_with(script);
        }
        lounges::run_due(&other).await.expect("works");
        assert_eq!(studio.voice().await, seen("READY", Some("mine"), None));
        assert_eq!(studio.asked(), [ADD, LIST, "DELETE /v1/voices/left", ADD]);
        // The first server was alive and cloned, too: that clone is deleted, and the one in use stays.
        studio.vendor.respond_with(list(&["mine", "late"]));
        studio.vendor.respond_with(answer(200, &json!({})));
        gate.notify_one();
        studio.until(|row| row.voice_discarded_id.is_some() || studio.asked().len() == 6).await;
        studio.settled(VoiceStatus::Ready).await;
        assert_eq!(studio.asked()[4..], [LIST, "DELETE /v1/voices/late"]);
        assert_eq!(studio.voice().await, seen("READY", Some("mine"), None));
    }
}
