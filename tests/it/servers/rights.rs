//! Rights that end on one server end on all.

use super::*;

/// Returns the code of the error that ends a subscription.
async fn ended(socket: &mut Socket) -> String {
    loop {
        let frame = socket.hear().await;
        if frame["type"] == "error" {
            return text(&frame["payload"][0]["extensions"]["code"]).to_owned();
        }
    }
}

async fn code(caller: &Caller) -> Value {
    caller.get("/api/wallet/balance").await.json["code"].clone()
}

by_both! {
    BY_BUS => async fn a_ban_by_command_ends_streams_and_requests(cluster => Cluster) {
        let ann = cluster.member("Ann").await;
        let (_, _, chat) = space(&ann[0]).await;
        let (mut socket, _) = listen(&cluster.servers[1], &ann[1], EVENTS, json!({ "c": chat })).await;
        let mut idle = cluster.servers[2].socket().by(&ann[2]).await;
        assert_eq!(code(&ann[2]).await, Value::Null);
        cluster.command(&["user", "ban", "ann@example.com"]);
        assert_eq!(ended(&mut socket).await, "ACCOUNT_BANNED");
        assert_eq!(idle.closed().await.0, 4403);
        assert_eq!(code(&ann[2]).await, "ACCOUNT_BANNED");
    }

    BY_BUS => async fn signing_out_ends_streams_and_requests(cluster => Cluster) {
        let ann = cluster.member("Ann").await;
        let (_, _, chat) = space(&ann[0]).await;
        let (mut socket, _) = listen(&cluster.servers[1], &ann[1], EVENTS, json!({ "c": chat })).await;
        assert_eq!(ann[0].post_empty("/api/auth/sign-out").await.status, 200);
        assert_eq!(ended(&mut socket).await, "UNAUTHENTICATED");
        assert_eq!(ann[1].get("/api/wallet/balance").await.status, 401);
    }

    BY_BUS => async fn a_space_that_becomes_private_ends_streams(cluster => Cluster) {
        let (ann, bob) = (cluster.member("Ann").await, cluster.member("Bob").await);
        let (space, _, chat) = space(&ann[0]).await;
        let (mut socket, _) = listen(&cluster.servers[1], &bob[1], EVENTS, json!({ "c": chat })).await;
        let hidden = ann[2].put(&format!("/api/spaces/{space}"), json!({ "isPublic": false })).await;
        assert_eq!(hidden.status, 200, "{}", hidden.text);
        assert_eq!(ended(&mut socket).await, "NOT_FOUND");
    }

    BY_BUS => async fn a_removed_member_hears_of_it_last(cluster => Cluster) {
        let (creator, ann) = (cluster.member("Creator").await, cluster.member("Ann").await);
        let club = creator[0].post("/api/communities", json!({ "name": "Harbour" })).await.json["id"].clone();
        let path = format!("/api/communities/{}", text(&club));
        assert_eq!(ann[0].post_empty(&format!("{path}/join")).await.status, 200);
        let room = "query($c: ID!) { community(id: $c) { conversation { id } } }";
        let room = ann[1].graphql(room, json!({ "c": club })).await.json["data"]["community"]["conversation"]["id"].clone();
        let (mut socket, _) = listen(&cluster.servers[1], &ann[1], EVENTS, json!({ "c": room })).await;
        let remove = "mutation($c: ID!, $u: ID!) { removeMember(input: { communityId: $c, userId: $u }) { deletedId } }";
        let removed = creator[2].graphql(remove, json!({ "c": club, "u": ann[0].id })).await;
        assert_eq!(removed.json["errors"], Value::Null, "{}", removed.text);
        assert_eq!(next(&mut socket).await["__typename"], "MemberEvent");
        assert_eq!(ended(&mut socket).await, "FORBIDDEN");
    }
}
