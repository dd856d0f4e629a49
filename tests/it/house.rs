//! Rules of the architecture.

use std::{fs, path::Path};

use plaza::{clock::Clock, config::Settings, http};

/// Calls `visit` with each file below a folder.
fn walk(folder: &Path, visit: &mut impl FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).expect("reads") {
        let path = entry.expect("reads").path();
        if path.is_dir() {
            walk(&path, visit);
        } else {
            visit(&path, &fs::read_to_string(&path).expect("is text"));
        }
    }
}

#[test]
fn the_domain_knows_no_transport() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain");
    walk(&root, &mut |path, text| {
        // Word lists are not code.
        if path.extension().is_none_or(|extension| extension != "rs") {
            return;
        }
        for word in ["axum", "async_graphql", "hyper", "crate::http", "crate::rest", "crate::graphql"] {
            assert!(!text.contains(word), "{} names {word}", path.display());
        }
    });
}

/// A mutation that a request can reach writes through `App::begin`, which stores its result. Exceptions are
/// listed.
#[test]
fn verbs_write_through_begin() {
    // Secrets take no key; operators, migrations of passwords and background work carry none.
    const APART: [&str; 13] = [
        "accounts/identity.rs",
        "agents/run.rs",
        "agents/piece_writer.rs",
        "agents/finish.rs",
        "agents/speech.rs",
        "agents/compaction.rs",
        "claim.rs",
        "communities/renewals.rs",
        "domain/servers.rs",
        "cloning/work.rs",
        "conversations/compaction.rs",
        "wallet/grant.rs",
        "unit_of_work.rs",
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain");
    walk(&root, &mut |path, text| {
        let apart = APART.iter().any(|file| path.ends_with(file));
        for call in ["db.begin()", "db.write()"] {
            assert!(apart || !text.contains(call), "{} calls {call}", path.display());
        }
    });
}

#[test]
fn migrations_know_no_entity() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("migration");
    walk(&root, &mut |path, text| assert!(!text.contains("entity::"), "{}", path.display()));
}

#[test]
fn the_documented_endpoints_are_routes() {
    let openapi = http::openapi(&Settings::default()).expect("the documents are sound");
    for (method, path) in [
        ("get", "/api/spaces"),
        ("post", "/api/spaces"),
        ("get", "/api/spaces/{id}"),
        ("put", "/api/spaces/{id}"),
        ("delete", "/api/spaces/{id}"),
        ("post", "/api/spaces/{id}/sessions"),
        ("get", "/api/spaces/{id}/sessions"),
        ("post", "/api/spaces/{id}/sessions/{session_id}/join"),
        ("post", "/api/spaces/{id}/sessions/{session_id}/leave"),
        ("get", "/api/communities"),
        ("post", "/api/communities"),
        ("get", "/api/communities/{id}"),
        ("put", "/api/communities/{id}"),
        ("delete", "/api/communities/{id}"),
        ("post", "/api/communities/{id}/join"),
        ("post", "/api/communities/{id}/leave"),
        ("get", "/api/communities/{id}/members"),
        ("get", "/api/communities/my"),
        ("get", "/api/communities/joined"),
        ("get", "/api/creator/community"),
        ("post", "/api/communities/{id}/agents"),
        ("delete", "/api/communities/{id}/agents/{listing_id}"),
        ("get", "/api/communities/{id}/agents"),
        ("post", "/api/communities/{id}/agent-chat"),
        ("post", "/api/communities/{id}/verify"),
        ("get", "/api/admin/verification-requests"),
        ("put", "/api/admin/verification-requests/{id}"),
        ("post", "/api/communities/{id}/start-chat"),
        ("post", "/api/communities/{id}/transfer-human"),
        ("post", "/api/communities/{id}/accept-transfer"),
        ("post", "/api/communities/{id}/resolve"),
        ("get", "/api/communities/{id}/cs-status"),
        ("get", "/api/communities/{id}/cs-queue"),
        ("post", "/api/communities/{id}/invite-cs"),
        ("get", "/api/conversations"),
        ("post", "/api/lounge"),
        ("get", "/api/lounge/{id}"),
        ("post", "/api/lounge/{id}/start-chat"),
        ("get", "/api/lounge/{id}/dashboard"),
    ] {
        assert!(openapi["paths"][path][method].is_object(), "{method} {path}");
    }
}

#[test]
fn the_wallet_endpoints_are_routes() {
    let openapi = http::openapi(&Settings::default()).expect("the documents are sound");
    for (method, path) in
        [("get", "/api/wallet/balance"), ("get", "/api/wallet/transactions"), ("post", "/api/wallet/topup")]
    {
        assert!(openapi["paths"][path][method].is_object(), "{method} {path}");
    }
}

#[test]
fn the_clock_can_be_shifted() {
    let (now, later) = (
        Clock::system(std::time::Duration::ZERO),
        Clock::system(std::time::Duration::from_secs(31 * 86_400)),
    );
    assert!(later.now() - now.now() > chrono::TimeDelta::days(30));
}

/// Every viewer-dependent field exists in the schema: a renamed one would be shared between viewers.
#[test]
fn personal_fields_are_in_the_schema() {
    let model = plaza::graphql::rest_model().expect("the schema parses");
    for field in plaza::graphql::VIEWER_DEPENDENT {
        let (on, name) = field.split_once('.').expect("Type.field");
        let on = model.find_type(on).unwrap_or_else(|| panic!("there is no type {on}"));
        assert!(model.field(on, name).is_some(), "there is no {field}");
    }
}
