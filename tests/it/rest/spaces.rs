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

on_both! {
    /// Only the owner changes and deletes a space, whatever credential they come with.
    async fn the_owner_changes_and_deletes(server: Server) {
        let (owner, other) = (server.member("Owner").await, server.member("Other").await);
        let space = owner.post("/api/spaces", json!({ "name": "Mine" })).await;
        assert_eq!(space.json["ownerId"], owner.id.as_str());
        let path = format!("/api/spaces/{}", space.json["id"].as_str().expect("an id"));
        assert_eq!(other.put(&path, json!({ "name": "Theirs" })).await.status, 403);
        let key = owner.post("/api/creator/api-keys", json!({ "name": "robot" })).await;
        let robot = server.bearer(key.json["key"].as_str().expect("a key"));
        assert_eq!(robot.put(&path, json!({ "name": "Ours" })).await.json["updated"], true);
        assert_eq!(other.delete(&path).await.status, 403);
        assert_eq!(owner.delete(&path).await.status, 204);
        assert_eq!(owner.get(&path).await.json["error"], "Space not found");
    }
}
