//! An administrator sees and ends the connections of all servers.

use super::*;

const LIST: &str = "{ openConnections { totalCount silentServerIds nodes { id kind serverId subscriptionCount user { id } } } }";
const END: &str =
    "mutation($c: ID!) { endConnection(input: { connectionId: $c }) { deletedId isConfirmed } }";

async fn list(admin: &Caller) -> Value {
    let answer = admin.graphql(LIST, json!({})).await;
    assert_eq!(answer.json["errors"], Value::Null, "{}", answer.text);
    answer.json["data"]["openConnections"].clone()
}

/// Returns the connection of a user.
fn of<'a>(page: &'a Value, user: &Caller) -> &'a Value {
    let nodes = page["nodes"].as_array().expect("nodes");
    nodes.iter().find(|node| node["user"]["id"] == *user.id).unwrap_or_else(|| panic!("{page}"))
}

by_both! {
    BY_BUS => async fn a_socket_of_another_server_is_listed_and_ended(mut cluster => Cluster) {
        let (admin, ann) = (cluster.member("Admin").await, cluster.member("Ann").await);
        cluster.command(&["user", "promote", "admin@example.com"]);
        let (_, _, chat) = space(&ann[0]).await;
        let (mut here, _) = listen(&cluster.servers[1], &admin[1], EVENTS, json!({ "c": chat })).await;
        let (mut there, _) = listen(&cluster.servers[2], &ann[2], EVENTS, json!({ "c": chat })).await;
        // From then on the first server has heard of the other one.
        post(&ann[2], &chat, "hello").await;
        next(&mut here).await;
        next(&mut there).await;
        let page = list(&admin[1]).await;
        assert_eq!((&page["totalCount"], &page["silentServerIds"]), (&json!(2), &json!([])), "{page}");
        let (own, other) = (of(&page, &admin[1]), of(&page, &ann[2]));
        assert_ne!(own["serverId"], other["serverId"]);
        assert_eq!((&other["kind"], &other["subscriptionCount"]), (&json!("WEB_SOCKET"), &json!(1)));
        let refused = ann[1].graphql(END, json!({ "c": own["id"] })).await;
        assert_eq!(refused.json["errors"][0]["extensions"]["code"], "FORBIDDEN", "{}", refused.text);
        let ended = admin[1].graphql(END, json!({ "c": other["id"] })).await;
        assert_eq!(ended.json["data"]["endConnection"], json!({ "deletedId": other["id"], "isConfirmed": true }), "{}", ended.text);
        assert_eq!(there.closed().await, (1008, "An administrator ended this connection".to_owned()));
        assert_eq!(list(&admin[1]).await["totalCount"], 1);

        // A server that does not answer is named.
        cluster.servers[2].kill();
        let page = list(&admin[1]).await;
        assert_eq!((&page["totalCount"], &page["silentServerIds"]), (&json!(1), &json!([other["serverId"]])));
        let unknown = admin[1].graphql(END, json!({ "c": other["id"] })).await;
        assert_eq!(unknown.json["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{}", unknown.text);
    }
}
