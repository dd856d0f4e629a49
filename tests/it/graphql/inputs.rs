//! Inputs of mutations, all of the schema: what null does, and which texts take characters that mislead.

use std::{collections::BTreeMap, fs, path::Path, sync::LazyLock};

use serde_json::{Value, json};

use crate::support::{Answer, Caller, on_both};

static SCHEMA: LazyLock<String> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
    fs::read_to_string(path).expect("the schema")
});

/// Inputs of the schema: of each, its fields with type and description.
fn inputs() -> BTreeMap<&'static str, Vec<(&'static str, &'static str, String)>> {
    let mut inputs: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    let (mut input, mut in_text, mut description) = (None, false, String::new());
    for line in SCHEMA.lines() {
        let line = line.trim();
        match line {
            "\"\"\"" => {
                in_text = !in_text;
                if in_text {
                    description.clear();
                }
            }
            _ if in_text => description.push_str(&format!("{line} ")),
            "}" => input = None,
            _ => match (input, line.strip_prefix("input ")) {
                (_, Some(rest)) => input = rest.split(' ').next(),
                (Some(name), None) => {
                    let (field, ty) = line.split_once(": ").expect("a field");
                    inputs.entry(name).or_default().push((field, ty, std::mem::take(&mut description)));
                }
                _ => {}
            },
        }
    }
    inputs
}

#[track_caller]
fn made<'a>(answer: &'a Answer, path: &str) -> &'a Value {
    let found = answer.json["data"].pointer(path).unwrap_or(&Value::Null);
    assert!(!found.is_null(), "{path}: {}", answer.text);
    found
}

/// The objects that update mutations change: the fields with their ids.
async fn ids(caller: &Caller) -> BTreeMap<&'static str, Value> {
    let make = async |query: &str, path: &str| made(&caller.graphql(query, json!({})).await, path).clone();
    let space =
        make("mutation { createSpace(input: { name: \"S\" }) { space { id } } }", "/createSpace/space/id")
            .await;
    let open = "mutation($s: ID!) { openSpaceSession(input: { spaceId: $s }) { spaceSession { id } } }";
    let session = caller.graphql(open, json!({ "s": space })).await;
    let official =
        "mutation { createCommunity(input: { name: \"C\", kind: OFFICIAL }) { community { id } } }";
    let community = make(official, "/createCommunity/community/id").await;
    let canned = "mutation($c: ID!) { createCannedAnswer(input: { communityId: $c, title: \"T\", text: \"t\" }) { cannedAnswer { id } } }";
    let canned = caller.graphql(canned, json!({ "c": community })).await;
    BTreeMap::from([
        ("spaceId", space),
        ("sessionId", made(&session, "/openSpaceSession/spaceSession/id").clone()),
        ("cannedAnswerId", made(&canned, "/createCannedAnswer/cannedAnswer/id").clone()),
        ("communityId", community),
        (
            "loungeId",
            make(
                "mutation { createLounge(input: { name: \"L\" }) { lounge { id } } }",
                "/createLounge/lounge/id",
            )
            .await,
        ),
        (
            "agentListingId",
            make(
                "mutation { createAgentListing(input: { agentName: \"A\" }) { agentListing { id } } }",
                "/createAgentListing/agentListing/id",
            )
            .await,
        ),
    ])
}

on_both! {
    /// Null clears a field whose description says what null does; every other field refuses it by its name.
    async fn null_does_what_the_schema_says(server: Server) {
        let alice = server.member("Alice").await;
        let ids = ids(&alice).await;
        let mut tried = 0;
        for (input, fields) in inputs() {
            let Some(mutation) = input.strip_suffix("Input").filter(|name| name.starts_with("Update")) else { continue };
            let query = format!("mutation($i: {input}!) {{ u{}(input: $i) {{ __typename }} }}", &mutation[1..]);
            for (field, ty, description) in &fields {
                if ty.ends_with('!') {
                    continue;
                }
                let mut sent = json!({ (*field): null });
                for (id, _, _) in fields.iter().filter(|(_, ty, _)| *ty == "ID!") {
                    sent[*id] = ids[id].clone();
                }
                // A session takes a change besides the version that it compares.
                if *field == "expectedVersion" {
                    sent["phase"] = json!("x");
                }
                let answer = alice.graphql(&query, json!({ "i": sent })).await;
                let error = &answer.json["errors"][0];
                tried += 1;
                // A new space has these values, so that nothing changes.
                if description.to_lowercase().contains("null") {
                    let unchanged = error["message"] == "No fields to update";
                    assert!(error.is_null() || unchanged, "{input}.{field}: {}", answer.text);
                } else {
                    assert_eq!(error["extensions"]["field"], *field, "{input}.{field}: {}", answer.text);
                    let message = error["message"].as_str().unwrap_or_default();
                    assert!(message.starts_with(&format!("{field} must not be null")), "{input}.{field}: {message}");
                }
            }
        }
        assert!(tried > 50, "{tried}");
    }

    /// A field that null clears is empty afterwards.
    async fn null_clears(server: Server) {
        let alice = server.member("Alice").await;
        let ids = ids(&alice).await;
        let update = "mutation($i: UpdateSpaceInput!) { updateSpace(input: $i) { space { description category tags definition } } }";
        let full = json!({ "spaceId": ids["spaceId"], "description": "d", "category": "rpg", "tags": ["t"], "definition": { "a": 1 } });
        made(&alice.graphql(update, json!({ "i": full })).await, "/updateSpace/space");
        let nulls = json!({ "spaceId": ids["spaceId"], "description": null, "category": null, "tags": null, "definition": null });
        let answer = alice.graphql(update, json!({ "i": nulls })).await;
        let empty = json!({ "description": "", "category": "other", "tags": [], "definition": {} });
        assert_eq!(*made(&answer, "/updateSpace/space"), empty);
        // By REST null leaves a value, as it always did.
        let path = format!("/api/spaces/{}", ids["spaceId"].as_str().expect("an id"));
        alice.put(&path, json!({ "description": "kept" })).await;
        alice.put(&path, json!({ "description": null, "category": "rpg" })).await;
        let row = alice.get(&path).await.json;
        assert_eq!((&row["description"], &row["category"]), (&json!("kept"), &json!("rpg")));
        let update = "mutation($i: UpdateSpaceSessionInput!) { updateSpaceSession(input: $i) { spaceSession { state currentPhase } } }";
        let full = json!({ "sessionId": ids["sessionId"], "state": { "a": 1 }, "phase": "p" });
        made(&alice.graphql(update, json!({ "i": full })).await, "/updateSpaceSession/spaceSession");
        let nulls = json!({ "sessionId": ids["sessionId"], "state": null, "phase": null });
        let answer = alice.graphql(update, json!({ "i": nulls })).await;
        assert_eq!(*made(&answer, "/updateSpaceSession/spaceSession"), json!({ "state": {}, "currentPhase": null }));
    }

    /// Names and other texts on one line take no characters that mislead or are not seen.
    async fn lines_take_no_hidden_characters(server: Server) {
        let alice = server.member("Alice").await;
        let bob = server.member("Bob").await;
        let admin = server.admin("Admin").await;
        let ids = ids(&alice).await;
        let community = &ids["communityId"];
        let cases = [
            (&alice, "CreateSpaceInput", json!({ "name": "?" }), "name"),
            (&alice, "CreateSpaceInput", json!({ "name": "n", "tags": ["?"] }), "tags[0]"),
            (&alice, "UpdateSpaceSessionInput", json!({ "sessionId": ids["sessionId"], "phase": "?" }), "phase"),
            (&alice, "JoinSpaceSessionInput", json!({ "sessionId": ids["sessionId"], "role": "?" }), "role"),
            (&alice, "CreateCommunityInput", json!({ "name": "?" }), "name"),
            (&alice, "CreateCommunityInput", json!({ "name": "n", "tags": ["?"] }), "tags[0]"),
            (&alice, "CreateCommunityInput", json!({ "name": "n", "avatarUrl": "https://a.example/?" }), "avatarUrl"),
            (&alice, "UpdateMembershipInput", json!({ "communityId": community, "displayName": "?" }), "displayName"),
            (&alice, "CreateLoungeInput", json!({ "name": "?" }), "name"),
            (&alice, "CreateLoungeInput", json!({ "name": "n", "voiceSamplesUrl": "https://a.example/?" }), "voiceSamplesUrl"),
            (&alice, "CreateAgentListingInput", json!({ "agentName": "?" }), "agentName"),
            (&alice, "CreateAgentListingInput", json!({ "agentName": "n", "model": "?" }), "model"),
            (&alice, "CreateAgentListingInput", json!({ "agentName": "n", "ttsVoice": "?" }), "ttsVoice"),
            (&alice, "CreateAgentListingInput", json!({ "agentName": "n", "knowledge": [{ "title": "?", "text": "t" }] }), "knowledge[0].title"),
            (&alice, "CreateCannedAnswerInput", json!({ "communityId": community, "title": "?", "text": "t" }), "title"),
            (&alice, "CreateApiKeyInput", json!({ "name": "?" }), "name"),
            (&alice, "UpdateProfileInput", json!({ "name": "?" }), "name"),
            (&alice, "BlockUserInput", json!({ "userId": bob.id, "label": "?" }), "label"),
            (&alice, "RequestVerificationInput", json!({ "communityId": community, "businessName": "?" }), "businessName"),
            (&alice, "RequestVerificationInput", json!({ "communityId": community, "businessRegistration": "?" }), "businessRegistration"),
            (&alice, "RequestVerificationInput", json!({ "communityId": community, "documentsUrl": "https://a.example/?" }), "documentsUrl"),
            (&admin, "GrantCoinsInput", json!({ "userId": bob.id, "amount": 1, "note": "?" }), "note"),
        ];
        for (caller, input, sent, field) in cases {
            let mutation = input.strip_suffix("Input").expect("an input");
            let name = format!("{}{}", mutation[..1].to_lowercase(), &mutation[1..]);
            let query = format!("mutation($i: {input}!) {{ {name}(input: $i) {{ __typename }} }}");
            for hidden in ["a\u{202e}b", "a\u{200b}b", "a\u{7}b", "a\nb", "a\u{2028}b", "a\u{ad}b"] {
                let sent: Value = serde_json::from_str(&sent.to_string().replace('?', json!(hidden).to_string().trim_matches('"'))).expect("JSON");
                let answer = caller.graphql(&query, json!({ "i": sent })).await;
                let extensions = &answer.json["errors"][0]["extensions"];
                assert_eq!((&extensions["code"], &extensions["field"]), (&json!("INVALID"), &json!(field)), "{input} {hidden:?}: {}", answer.text);
            }
        }
    }
}

/// Every text input is a line, which takes no hidden characters (tested above), or it is listed here with its reason.
#[test]
fn every_text_has_a_rule() {
    // Texts of several lines, which may need marks of direction; and what is matched, not shown.
    const FREE: [&str; 24] = [
        "AddReactionInput.emoji",
        "AddSupportNoteInput.text",
        "AgentKnowledgeInput.text",
        "AskAgentInput.content",
        "AskLoungeInput.content",
        "BanMemberInput.reason",
        "BanUserInput.reason",
        "CloseReportInput.note",
        "CreateCannedAnswerInput.text",
        "CreateReportInput.note",
        "DeleteAccountInput.password",
        "EditMessageInput.content",
        "MuteMemberInput.reason",
        "PostMessageInput.content",
        "RateSupportChatInput.comment",
        "RemoveReactionInput.emoji",
        "ReviewVerificationInput.reviewerNotes",
        "SignInInput.email",
        "SignInInput.password",
        "SuspendCommunityInput.reason",
        "UpdateCannedAnswerInput.text",
        "UpdateSupportSettingsInput.awayMessage",
        "VoiceConsentInput.statement",
        "JoinSpaceSessionInput.agentId",
    ];
    // The same fields everywhere: long texts, slugs, times and zones, keys of clients, secrets.
    const KINDS: [&str; 15] = [
        "description",
        "systemPrompt",
        "welcome",
        "category",
        "opens",
        "closes",
        "timeZone",
        "clientKey",
        "currentPassword",
        "newPassword",
        "password",
        "email",
        "emoji",
        "receiptId",
        "image",
    ];
    const LINES: [&str; 18] = [
        "name",
        "tags",
        "phase",
        "role",
        "avatarUrl",
        "coverImageUrl",
        "displayName",
        "voiceSamplesUrl",
        "agentName",
        "model",
        "ttsVoice",
        "title",
        "label",
        "businessName",
        "businessRegistration",
        "documentsUrl",
        "note",
        "version",
    ];
    for (input, fields) in inputs() {
        for (field, ty, _) in
            fields.iter().filter(|(_, ty, _)| ty.trim_start_matches('[').starts_with("String"))
        {
            let is_listed = FREE.contains(&format!("{input}.{field}").as_str())
                || KINDS.contains(field)
                || LINES.contains(field);
            assert!(is_listed, "{input}.{field}: {ty} has no rule for its characters");
        }
    }
}
