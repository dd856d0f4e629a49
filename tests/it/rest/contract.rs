//! Checks of the OpenAPI document without requests. Every test with requests compares its answers with the
//! document.

use std::{collections::BTreeMap, fmt::Write};

use serde_json::Value;

use plaza::{document::Kind, domain::communities};

use crate::support::contract::{OPENAPI, operations};

/// Returns the error codes of an operation.
fn codes(operation: &Value) -> impl Iterator<Item = &str> {
    operation["responses"].as_object().expect("responses").values().flat_map(|response| {
        response["x-error-codes"].as_array().into_iter().flatten().filter_map(Value::as_str)
    })
}

/// A rare code is declared only for operations that can give it.
#[test]
fn rare_codes_are_declared_where_they_happen() {
    const COMMON: [&str; 16] = [
        "ACCOUNT_BANNED",
        "CONFLICT",
        "FORBIDDEN",
        "IDEMPOTENCY_MISMATCH",
        "INTERNAL",
        "INVALID",
        "NOT_FOUND",
        "OUTCOME_UNKNOWN",
        "PAYLOAD_TOO_LARGE",
        "RATE_LIMITED",
        "REQUEST_TIMEOUT",
        "TIMEOUT",
        "UNAUTHENTICATED",
        "UNAVAILABLE",
        "UNPROCESSABLE",
        "UNSUPPORTED_MEDIA_TYPE",
    ];
    let mut rare: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, operation) in operations() {
        for code in codes(operation).filter(|code| !COMMON.contains(code)) {
            rare.entry(code).or_default().push(name);
        }
    }
    let mut table = String::new();
    for (code, mut names) in rare {
        names.sort_unstable();
        let _ = writeln!(table, "{code}: {}", names.join(" "));
    }
    let wanted = "\
ALREADY_MEMBER: JoinCommunity
INSUFFICIENT_BALANCE: AskAgent JoinCommunity PostMessage SendVoiceMessage
MEMBERSHIP_EXPIRED: AskAgent FollowConversation ListCommunityMessages ListMessages PostCommunityMessage PostMessage SendVoiceMessage
MEMBER_BANNED: AskAgent FollowConversation GetSupportStatus JoinCommunity ListCommunityMessages ListMessages PostCommunityMessage PostMessage RequestHuman ResolveSupportChat SendVoiceMessage StartLoungeChat StartSupportChat
MUTED: AskAgent PostCommunityMessage PostMessage SendVoiceMessage
NOT_CONFIGURED: AskAgent PostMessage SendVoiceMessage
PRICE_CHANGED: AskAgent JoinCommunity
PROVIDER_FAILED: SendVoiceMessage
REPLY_RUNNING: AskAgent PostMessage SendVoiceMessage
RESPONSE_TOO_LARGE: BrowseCommunities BrowseSpaces GetSpace GetSupportQueue ListAuditEvents ListCommunityMembers ListCommunityMessages ListConversations ListCreatedCommunities ListCreatorCommunities ListJoinedCommunities ListMessages ListOwnSpaces ListOwnedSpaces ListSpaceSessions ListVerificationRequests
VOICE_MINUTES_EXHAUSTED: SendVoiceMessage
";
    assert_eq!(table, wanted, "{table}");
}

/// A public list declares neither 403 nor 404.
#[test]
fn open_lists_are_refused_to_nobody() {
    for (name, operation) in operations() {
        let is_open = operation["security"].as_array().is_some_and(Vec::is_empty);
        if is_open && (name.starts_with("Browse") || name.starts_with("List")) {
            let odd: Vec<_> = codes(operation)
                .filter(|code| {
                    matches!(*code, "FORBIDDEN" | "CONFLICT" | "NOT_FOUND" | "IDEMPOTENCY_MISMATCH")
                })
                .collect();
            assert!(odd.is_empty(), "{name} declares {odd:?}");
        }
    }
}

/// Generators find a name for every object and a type for every value.
#[test]
fn generators_find_names_and_types() {
    let schemas = OPENAPI["components"]["schemas"].as_object().expect("components");
    for name in ["Space", "SpaceSession", "Community", "Message", "ForbiddenError", "CreateCommunityBody"] {
        assert!(schemas.contains_key(name), "there is no {name}: {:?}", schemas.keys());
    }
    let space = &schemas["BrowseSpacesResult"]["properties"]["spaces"]["items"]["$ref"];
    assert_eq!(space, "#/components/schemas/Space");
    assert_eq!(schemas["Space"]["properties"]["id"]["format"], "uuid");
    assert!(schemas["Space"]["properties"]["ownerId"]["format"].is_null(), "ids of accounts are opaque");
    no_object_constants(&OPENAPI, "");
    for tag in OPENAPI["tags"].as_array().expect("tags") {
        assert!(tag["description"].is_string(), "{tag} says nothing");
    }
}

fn no_object_constants(value: &Value, path: &str) {
    if let Some(constant) = value.get("const") {
        assert!(!constant.is_object() && !constant.is_array(), "{path} is the constant {constant}");
    }
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| no_object_constants(value, &format!("{path}/{name}")));
        }
        Value::Array(values) => values.iter().for_each(|value| no_object_constants(value, path)),
        _ => {}
    }
}

/// Texts of bodies without a maximum length: opaque ids, which may be those of other systems, and a position. The
/// limit on the body bounds them.
const UNBOUNDED: [&str; 4] = [
    "AskAgent.after",
    "CreateCommunity.defaultAgentListingId",
    "InviteCsAgent.userId",
    "UpdateCommunity.defaultAgentListingId",
];

/// Every text, number and list that a request carries has bounds.
#[test]
fn requests_have_bounds() {
    let mut missing = Vec::new();
    for (name, operation) in operations() {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let parameters =
            parameters.map(|parameter| (parameter["name"].as_str().expect("a name"), &parameter["schema"]));
        let bodies = operation["requestBody"]["content"].as_object().into_iter().flatten();
        let members = bodies.flat_map(|(_, content)| {
            let body = content["schema"]["$ref"].as_str().expect("a component").rsplit('/').next();
            let body = &OPENAPI["components"]["schemas"][body.expect("a name")];
            body["properties"].as_object().expect("members").iter()
        });
        let members = members.filter(|(_, schema)| schema["deprecated"] != true);
        for (key, schema) in parameters.chain(members.map(|(key, schema)| (key.as_str(), schema))) {
            if !is_bounded(schema) {
                missing.push(format!("{name}.{key}"));
            }
        }
    }
    missing.sort_unstable();
    assert_eq!(missing, UNBOUNDED);
}

/// Returns whether a schema of a request states how large a value may be.
fn is_bounded(schema: &Value) -> bool {
    let has = |key: &str| schema.get(key).is_some();
    let is = |kind: &str| match &schema["type"] {
        Value::Array(kinds) => kinds.iter().any(|known| known == kind),
        known => known == kind,
    };
    if is("array") {
        return has("maxItems") && is_bounded(&schema["items"]);
    }
    !is("string") || has("maxLength") || has("enum") || has("format")
}

/// Bounds are declared for inputs that exist, with the constants of the rules.
#[test]
fn bounds_belong_to_inputs() {
    let model = plaza::graphql::rest_model().expect("a schema");
    for place in model.bounded_inputs() {
        let (of, name) = place.rsplit_once('.').expect("a member");
        let exists = match of.split_once('.') {
            None => match model.find_type(of).map(|ty| &ty.kind) {
                Some(Kind::Input { fields, .. }) => fields.contains_key(name),
                _ => false,
            },
            Some((ty, field)) => model
                .find_type(ty)
                .and_then(|ty| model.field(ty, field))
                .is_some_and(|field| field.arguments.contains_key(name)),
        };
        assert!(exists, "{place} has bounds and does not exist");
    }
    let body = &OPENAPI["components"]["schemas"]["CreateCommunityBody"]["properties"];
    assert_eq!(body["name"]["maxLength"], communities::NAME.most());
    assert_eq!(body["tags"]["maxItems"], communities::MOST_TAGS);
    assert_eq!(body["monthlyFee"]["maximum"], *communities::FEE.end());
}
