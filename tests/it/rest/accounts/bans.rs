//! Banned accounts.

use super::*;

async fn ban(server: &Server, name: &str, reason: Option<&str>) {
    let user = find_user_by_email(&server.app, &format!("{name}@example.com")).await.expect("answers");
    set_ban(&server.app, &user.expect("an account"), reason.map(str::to_owned)).await.expect("bans");
}

on_both! {
    /// Refused everywhere except signing out and the current session.
    async fn a_banned_account_is_refused_everywhere(server: Server) {
        let alice = server.member("Alice").await;
        let key = server.bearer(text(&make_key(&alice, "key").await, "key"));
        let space = make_space(&alice, json!({ "name": "Mine" })).await;
        let path = format!("/api/spaces/{}", text(&space, "id"));
        assert_status(&key.get("/api/spaces").await, 200);
        ban(&server, "alice", Some("spam")).await;
        let check = |answer: &Answer| {
            assert_eq!(refused(answer, 403, "ACCOUNT_BANNED"), "Your account has been banned");
        };
        for caller in [&alice, &key] {
            for path in ["/api/spaces", "/api/v1/spaces", &path, "/api/spaces/not-a-uuid", "/api/creator/spaces", "/api/creator/api-keys/whoami"] {
                check(&caller.get(path).await);
            }
            check(&caller.post("/api/spaces", json!({ "name": "x" })).await);
            check(&caller.delete(&path).await);
            let graphql = caller.graphql("{ spaces { totalCount } }", json!({})).await;
            assert_eq!(graphql.json["errors"][0]["extensions"]["code"], "ACCOUNT_BANNED", "{}", graphql.text);
        }
        check(&get_by_cookie(&server, &alice.token, "/api/spaces").await);
        check(&sign_in(&server, "alice").await);
        let looked = alice.get(GET_SESSION).await;
        assert_status(&looked, 200);
        assert_eq!(looked.json["user"]["id"], alice.id);
        assert_status(&server.anon().get("/api/spaces").await, 200);
        let out = alice.post_empty("/api/auth/sign-out").await;
        assert_eq!((out.status, &out.json), (200, &json!({ "success": true })));
        assert_signed_out(&alice.get(GET_SESSION).await);
        ban(&server, "alice", None).await;
        assert_status(&key.get(&path).await, 200);
        assert_status(&sign_in(&server, "alice").await, 200);
    }

    /// A wrong password reveals nothing about a ban.
    async fn a_ban_is_told_to_its_owner_only(server: Server) {
        server.member("Alice").await;
        ban(&server, "alice", Some("spam")).await;
        let mut wrong = account("alice");
        wrong["password"] = json!("another password");
        refused(&server.anon().post("/api/auth/sign-in/email", wrong).await, 401, "UNAUTHENTICATED");
    }
}
