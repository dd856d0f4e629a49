//! Moderation tasks of the demo.

use plaza::demo;
use serde_json::json;

use super::done;
use crate::support::{Caller, Server, on_both};

async fn sign_in(server: &Server, who: &str) -> Caller {
    let body = json!({ "email": format!("{who}@demo.plaza"), "password": demo::PASSWORD });
    let signed_in = server.anon().post("/api/auth/sign-in/email", body).await;
    server.bearer(signed_in.json["token"].as_str().expect("a token"))
}

/// The README's first REST call finds a space.
#[tokio::test]
async fn the_first_rest_call_finds_something() {
    let server = Server::on_sqlite().await;
    demo::seed(&server.app).await.expect("seeds");
    let readme = include_str!("../../../README.md");
    let call = readme.split("curl 'http://127.0.0.1:8080").nth(1).and_then(|rest| rest.split('\'').next());
    let found = server.anon().get(call.expect("a call")).await;
    assert!(found.json["total"].as_u64().is_some_and(|total| total > 0), "{}", found.text);
}

on_both! {
    /// The administrator decides the pending request, the moderators close the report, and both are logged.
    async fn there_is_something_to_do(server: Server) {
        demo::seed(&server.app).await.expect("seeds");
        demo::seed(&server.app).await.expect("again changes nothing");
        let (admin, alice) = (sign_in(&server, "admin").await, sign_in(&server, "alice").await);
        let list = admin.get("/api/admin/verification-requests").await.json["requests"].clone();
        let stand: Vec<_> = list
            .as_array()
            .expect("requests")
            .iter()
            .map(|row| (row["communityName"].as_str().expect("a name"), row["status"].as_str().expect("a word")))
            .collect();
        assert_eq!(stand, [("Bicis Cierzo", "pending"), ("慢山茶行", "approved")]);
        let verified = async || {
            let browse = server.anon().get("/api/communities?type=official&limit=50").await.json;
            let rows = browse["communities"].as_array().expect("rows").clone();
            rows.iter().filter(|row| row["verified"] == true).count()
        };
        assert_eq!(verified().await, 1);
        let path = format!("/api/admin/verification-requests/{}", list[0]["id"].as_str().expect("an id"));
        assert_eq!(admin.put(&path, json!({ "status": "approved" })).await.status, 200);
        assert_eq!(verified().await, 2);

        let readers = "query { viewer { createdCommunities { nodes { id name } } } }";
        let readers = done(&alice, readers, json!({})).await["viewer"]["createdCommunities"]["nodes"].clone();
        let readers = readers.as_array().expect("rows").iter().find(|row| row["name"] == "The Slow Reading Room");
        let readers = readers.expect("the readers")["id"].clone();
        let query = "query($c: ID!) { reports(communityId: $c, status: OPEN) { nodes {
            id content reporter { name } reported { name } } } }";
        let open = done(&alice, query, json!({ "c": readers })).await["reports"]["nodes"].clone();
        assert_eq!(open[0]["reporter"]["name"], "Minjun Park");
        assert_eq!(open[0]["reported"]["name"], "Jonas Müller");
        assert!(open[0]["content"].as_str().expect("a text").contains("ferry"), "{open}");
        let close = "mutation($r: ID!) { closeReport(input: { reportId: $r, outcome: DISMISSED }) { report { status } } }";
        done(&alice, close, json!({ "r": open[0]["id"] })).await;
        let log = done(&admin, "{ auditEvents { nodes { action } } }", json!({})).await;
        let log: Vec<_> = log["auditEvents"]["nodes"].as_array().expect("rows").iter().map(|row| row["action"].clone()).collect();
        // The demo's time is ahead of the test's.
        for action in ["VERIFICATION_APPROVED", "REPORT_CLOSED"] {
            assert!(log.contains(&json!(action)), "{log:?}");
        }
    }
}
