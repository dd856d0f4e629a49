//! The spaces chapter of the API reference.

use serde_json::json;

use crate::support::on_both;

on_both! {
    /// A session belongs to a person once, however many joins arrive at the same time.
    async fn parallel_joins_make_one_participant(server: Server) {
        let (owner, guest) = (server.member("Owner").await, server.member("Guest").await);
        let space = owner.post("/api/spaces", json!({ "name": "Chess" })).await;
        assert_eq!(space.status, 201, "{}", space.text);
        let id = space.json["id"].as_str().expect("an id");
        let session = owner.post_empty(&format!("/api/spaces/{id}/sessions")).await;
        assert_eq!(session.status, 201, "{}", session.text);
        let path = format!("/api/spaces/{id}/sessions/{}/join", session.json["id"].as_str().expect("an id"));
        let joins = futures_util::future::join_all((0..20).map(|_| guest.post_empty(&path))).await;
        let created = joins.iter().filter(|join| join.status == 201).count();
        assert_eq!(created, 1, "one join makes the participant");
        assert!(joins.iter().all(|join| matches!(join.status, 200 | 201)));
        assert!(joins.iter().all(|join| join.json["id"] == joins[0].json["id"]), "and all get it");
        let list = owner.get(&format!("/api/spaces/{id}/sessions")).await;
        assert_eq!(list.json[0]["participantCount"], 2);
    }
}
