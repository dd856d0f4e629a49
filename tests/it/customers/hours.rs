//! Opening hours and time zones: what is read, and what a refusal names.

use serde_json::{Value, json};

use crate::support::{Answer, Caller, on_both};

async fn update(caller: &Caller, community: &Value, mut input: Value) -> Answer {
    input["communityId"] = community.clone();
    let write =
        "mutation($i: UpdateSupportSettingsInput!) { updateSupportSettings(input: $i) { supportSettings {
        timeZone utcOffsetMinutes hours { day opens closes } } } }";
    caller.graphql(write, json!({ "i": input })).await
}

on_both! {
    async fn a_wrong_time_is_named_with_its_place(server: Server) {
        let creator = server.member("Creator").await;
        let desk = creator.post("/api/communities", json!({ "name": "Desk", "type": "official" })).await.json["id"].clone();
        let fine = json!({ "day": "MONDAY", "opens": "09:00", "closes": "18:00" });
        for (member, wrong) in [
            ("opens", "9:00"), ("opens", "24:00"), ("opens", "25:00"), ("opens", "09:60"), ("opens", "+9:00"),
            ("opens", "09-00"), ("opens", ""), ("opens", "٠٩:٠٠"), ("closes", "9:00"), ("closes", "24:01"),
            ("closes", "09:00"), ("closes", "18:0"), ("closes", "18.00"),
        ] {
            let mut bad = fine.clone();
            bad[member] = json!(wrong);
            let hours = json!({ "hours": [fine, fine, bad] });
            update(&creator, &desk, hours).await.names_invalid(&format!("hours[2].{member}"));
        }
        let unknown = update(&creator, &desk, json!({ "hours": [fine, { "day": "SOMEDAY", "opens": "09:00", "closes": "10:00" }] })).await;
        let field = unknown.json["errors"][0]["extensions"]["field"].as_str().unwrap_or_default();
        assert!(field.ends_with("hours[1].day"), "{}", unknown.text);
        update(&creator, &desk, json!({ "hours": vec![fine.clone(); 51] })).await.names_invalid("hours");
        let kept = update(&creator, &desk, json!({ "hours": [fine] })).await;
        assert_eq!(kept.json["data"]["updateSupportSettings"]["supportSettings"]["hours"], json!([fine]), "{}", kept.text);
    }

    /// Names of zones in any case; an offset is no name, and has a field of its own.
    async fn zones_have_names_and_offsets_have_minutes(server: Server) {
        let creator = server.member("Creator").await;
        let desk = creator.post("/api/communities", json!({ "name": "Desk", "type": "official" })).await.json["id"].clone();
        for (sent, stored) in [("europe/berlin", "Europe/Berlin"), ("AMERICA/NEW_YORK", "America/New_York"), ("utc", "UTC"), (" etc/gmt+5 ", "Etc/GMT+5")] {
            let kept = update(&creator, &desk, json!({ "timeZone": sent })).await;
            assert_eq!(kept.json["data"]["updateSupportSettings"]["supportSettings"]["timeZone"], stored, "{}", kept.text);
        }
        for wrong in ["+9:00", "+09:00", "UTC+9", "Berlin", "Europe/Nowhere", ""] {
            update(&creator, &desk, json!({ "timeZone": wrong })).await.names_invalid("timeZone");
        }
        for wrong in [-721, 841] {
            update(&creator, &desk, json!({ "utcOffsetMinutes": wrong })).await.names_invalid("utcOffsetMinutes");
        }
        let fixed = update(&creator, &desk, json!({ "timeZone": null, "utcOffsetMinutes": 540 })).await;
        let settings = &fixed.json["data"]["updateSupportSettings"]["supportSettings"];
        assert_eq!((&settings["timeZone"], &settings["utcOffsetMinutes"]), (&Value::Null, &json!(540)), "{}", fixed.text);
    }
}
