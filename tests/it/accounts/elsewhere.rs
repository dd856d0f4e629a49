//! Changes on another process end streams here within the documented ten seconds. The other process is a
//! second application on the same database, or the program.

use std::{process::Command, time::Duration};

use plaza::{
    app::App,
    domain::account_deletion,
    domain::accounts::{self, PasswordChange, find_user_by_email, identify, reset_password, set_ban},
};

use super::*;
use crate::support::on_both;

/// Validity of a grant.
const VALID: Duration = Duration::from_secs(10);

/// Another server on the same database.
fn another(server: &Server) -> App {
    App::new(server.app.db.clone(), server.app.clock.clone(), server.app.rules)
}

async fn user(app: &App, name: &str) -> plaza::domain::User {
    let found = find_user_by_email(app, &format!("{name}@example.com")).await.expect("answers");
    found.expect("an account")
}

on_both! {
    async fn a_ban_ends_streams_and_sockets(server: Server) {
        let other = another(&server);
        let ann = server.member("Ann").await;
        let key = by_key(&server, &ann).await;
        let (_, _, chat) = space(&ann).await;
        let mut events = crate::support::Events::open(&ann, &format!("/api/conversations/{chat}/events"), None).await;
        events.expect().await;
        let mut socket = listen(&server, &ann, EVENTS, json!({ "c": chat })).await;
        let mut inbox = listen(&server, &key, "subscription { inbox { __typename } }", json!({})).await;
        let mut idle = server.socket().by(&ann).await;
        let mut single = crate::support::Single::open(&ann).await;
        set_ban(&other, &user(&other, "ann").await, Some("spam".to_owned())).await.expect("bans");
        server.app.clock.advance(VALID);
        assert_eq!(ended(&mut socket).await, "ACCOUNT_BANNED");
        assert_eq!(socket.closed().await, (4403, "Your account has been banned".into()));
        assert_eq!(ended(&mut inbox).await, "ACCOUNT_BANNED");
        assert_eq!(inbox.closed().await.0, 4403);
        assert_eq!(idle.closed().await, (4403, "Your account has been banned".into()));
        assert!(single.stream.next().await.is_none());
        let last = events.expect().await;
        assert_eq!(last.json["code"], "ACCOUNT_BANNED", "{last:?}");
        assert!(events.next().await.is_none());
        assert_eq!(code(&ann.get("/api/spaces").await), "ACCOUNT_BANNED");
    }

    async fn a_lost_administrator_role_ends_streams(server: Server) {
        let other = another(&server);
        let ann = server.member("Ann").await;
        accounts::promote(&server.app, &user(&other, "ann").await).await.expect("promotes");
        let reports = "subscription { reportEvents { isSnapshot } }";
        let mut reports = listen(&server, &ann, reports, json!({})).await;
        accounts::demote(&other, &user(&other, "ann").await).await.expect("demotes");
        server.app.clock.advance(VALID);
        assert_eq!(ended(&mut reports).await, "UNAUTHENTICATED");
        assert_eq!(code(&ann.graphql("{ auditEvents(first: 1) { nodes { id } } }", json!({})).await), "FORBIDDEN");
    }

    async fn a_new_password_ends_all_other_sign_ins(server: Server) {
        let other = another(&server);
        let ann = server.member("Ann").await;
        let key = by_key(&server, &ann).await;
        let (_, _, chat) = space(&ann).await;
        let mut by_session = listen(&server, &ann, EVENTS, json!({ "c": chat })).await;
        let mut by_key = listen(&server, &key, EVENTS, json!({ "c": chat })).await;
        reset_password(&other, &user(&other, "ann").await, "another password".to_owned(), false).await.expect("resets");
        server.app.clock.advance(VALID);
        assert_eq!(ended(&mut by_session).await, "UNAUTHENTICATED");
        // API keys stay unless revocation is requested.
        ok(key.post(&format!("/api/conversations/{chat}/messages"), json!({ "content": "still" })).await);
        assert_eq!(by_key.hear().await["type"], "next");
        reset_password(&other, &user(&other, "ann").await, "a third password".to_owned(), true).await.expect("resets");
        server.app.clock.advance(VALID);
        assert_eq!(ended(&mut by_key).await, "UNAUTHENTICATED");
        assert_eq!(code(&key.get("/api/spaces").await), "UNAUTHENTICATED");
    }

    async fn a_sign_out_and_a_revoked_key_end_what_is_open(server: Server) {
        let other = another(&server);
        let ann = server.member("Ann").await;
        let key = by_key(&server, &ann).await;
        let (_, _, chat) = space(&ann).await;
        let mut by_session = listen(&server, &ann, EVENTS, json!({ "c": chat })).await;
        let mut by_key = listen(&server, &key, EVENTS, json!({ "c": chat })).await;
        let identity = identify(&other, &ann.token).await.expect("answers");
        accounts::sign_out(&other, identity.as_deref()).await.expect("signs out");
        server.app.clock.advance(VALID);
        assert_eq!(ended(&mut by_session).await, "UNAUTHENTICATED");
        let identity = identify(&other, &key.token).await.expect("answers").expect("is known");
        let accounts::Proof::Key(id) = identity.proof else { panic!("a key") };
        accounts::revoke_key(&other, &identity.user, id).await.expect("revokes");
        server.app.clock.advance(VALID);
        assert_eq!(ended(&mut by_key).await, "UNAUTHENTICATED");
    }

    async fn an_account_that_ends_elsewhere_ends_here(server: Server) {
        let other = another(&server);
        let ann = server.member("Ann").await;
        let (_, _, chat) = space(&server.member("Owner").await).await;
        let mut socket = listen(&server, &ann, EVENTS, json!({ "c": chat })).await;
        let identity = identify(&other, &ann.token).await.expect("answers").expect("is known");
        account_deletion::delete_account(&other, &identity, PASSWORD.to_owned()).await.expect("deletes");
        server.app.clock.advance(VALID);
        assert_eq!(ended(&mut socket).await, "UNAUTHENTICATED");
        assert_eq!(code(&ann.get("/api/creator/api-keys").await), "UNAUTHENTICATED");
    }

    /// A hidden or deleted space is detected from the database alone.
    async fn a_space_that_is_hidden_or_deleted_is_left(server: Server) {
        let (owner, guest) = (server.member("Owner").await, server.member("Guest").await);
        let (hidden, _, in_hidden) = space(&owner).await;
        let (gone, _, in_gone) = space(&owner).await;
        let mut first = listen(&server, &guest, EVENTS, json!({ "c": in_hidden })).await;
        let mut second = listen(&server, &guest, EVENTS, json!({ "c": in_gone })).await;
        let mut own = listen(&server, &owner, EVENTS, json!({ "c": in_hidden })).await;
        // The first reading records the facts; a later difference is a change.
        server.app.clock.advance(VALID);
        let sql = match server.app.db.backend() {
            sea_orm::DatabaseBackend::Postgres => [format!("UPDATE spaces SET is_public = FALSE WHERE id = '{hidden}'"), format!("DELETE FROM spaces WHERE id = '{gone}'")],
            _ => [
                format!("UPDATE spaces SET is_public = FALSE WHERE id = X'{}'", hidden.replace('-', "")),
                format!("DELETE FROM spaces WHERE id = X'{}'", gone.replace('-', "")),
            ],
        };
        for sql in sql {
            let done = sea_orm::ConnectionTrait::execute_unprepared(server.app.db.write(), &sql).await.expect("runs");
            assert_eq!(done.rows_affected(), 1);
        }
        server.app.clock.advance(VALID);
        assert_eq!(ended(&mut first).await, "NOT_FOUND");
        assert_eq!(ended(&mut second).await, "NOT_FOUND");
        ok(owner.post(&format!("/api/conversations/{in_hidden}/messages"), json!({ "content": "mine" })).await);
        assert_eq!(own.hear().await["type"], "next");
    }

    /// A lost role ends the queue, a lost membership the room.
    async fn a_role_or_membership_that_is_taken_ends(server: Server) {
        let (owner, agent) = (server.member("Owner").await, server.member("Agent").await);
        let made = ok(owner.post("/api/communities", json!({ "name": "Shop", "type": "official" })).await);
        let community = text(&made["id"]);
        ok(owner.post(&format!("/api/communities/{community}/invite-cs"), json!({ "userId": agent.id })).await);
        let queue = "subscription($c: ID!) { supportQueue(communityId: $c) { __typename } }";
        let mut queue = listen(&server, &agent, queue, json!({ "c": community })).await;
        let find = "query($c: ID!) { community(id: $c) { conversation { id } } }";
        let found = ok(owner.graphql(find, json!({ "c": community })).await);
        let room = text(&found["data"]["community"]["conversation"]["id"]);
        let mut room = listen(&server, &agent, EVENTS, json!({ "c": room })).await;
        server.app.clock.advance(VALID);
        let demote = format!("UPDATE memberships SET role = 'member' WHERE user_id = '{}'", agent.id);
        sea_orm::ConnectionTrait::execute_unprepared(server.app.db.write(), &demote).await.expect("runs");
        server.app.clock.advance(VALID);
        assert_eq!(ended(&mut queue).await, "FORBIDDEN");
        let remove = format!("DELETE FROM memberships WHERE user_id = '{}'", agent.id);
        sea_orm::ConnectionTrait::execute_unprepared(server.app.db.write(), &remove).await.expect("runs");
        server.app.clock.advance(VALID);
        assert_eq!(ended(&mut room).await, "FORBIDDEN");
    }

    /// Changes on this process take effect at once: the clock does not move.
    async fn a_new_password_here_ends_at_once(server: Server) {
        let ann = server.member("Ann").await;
        let key = by_key(&server, &ann).await;
        let (_, _, chat) = space(&ann).await;
        let elsewhere = text(&ok(sign_in(&server, "ann@example.com", PASSWORD).await)["token"]);
        let elsewhere = server.bearer(&elsewhere);
        let mut here = listen(&server, &ann, EVENTS, json!({ "c": chat })).await;
        let mut there = listen(&server, &elsewhere, EVENTS, json!({ "c": chat })).await;
        let mut by_key = listen(&server, &key, EVENTS, json!({ "c": chat })).await;
        let change = "mutation($i: ChangePasswordInput!) { changePassword(input: $i) { viewer { id } } }";
        let mut input = json!({ "currentPassword": PASSWORD, "newPassword": "another password" });
        ok(ann.graphql(change, json!({ "i": input })).await);
        assert_eq!(ended(&mut there).await, "UNAUTHENTICATED");
        input = json!({ "currentPassword": "another password", "newPassword": "a third password", "revokeApiKeys": true });
        ok(ann.graphql(change, json!({ "i": input })).await);
        assert_eq!(ended(&mut by_key).await, "UNAUTHENTICATED");
        assert_eq!(code(&key.get("/api/creator/api-keys").await), "UNAUTHENTICATED");
        ok(ann.post(&format!("/api/conversations/{chat}/messages"), json!({ "content": "still" })).await);
        assert_eq!(here.hear().await["type"], "next");
    }

    /// Confirmation uses one statement for each kind of right, not for each stream.
    async fn confirming_costs_a_few_statements(server: Server) {
        let ann = server.member("Ann").await;
        let (_, _, chat) = space(&ann).await;
        let (_, _, second) = space(&ann).await;
        let mut members = Vec::new();
        for number in 0..20 {
            members.push(server.member(&format!("Member{number}")).await);
        }
        // The clock does not move any more, because each socket would have to answer a ping.
        let mut sockets = Vec::new();
        for member in &members {
            sockets.push(listen(&server, member, EVENTS, json!({ "c": chat })).await);
            sockets.push(listen(&server, member, EVENTS, json!({ "c": second })).await);
        }
        plaza::domain::grant_confirmation::confirm(&server.app).await.expect("confirms");
        // The first reading makes streams check once more.
        for socket in &mut sockets {
            socket.say(json!({ "type": "ping" })).await;
            assert_eq!(socket.hear().await["type"], "pong");
        }
        server.statements();
        plaza::domain::grant_confirmation::confirm(&server.app).await.expect("confirms");
        let statements = server.statements();
        for read in ["\"login_sessions\".\"id\" IN (", "\"space_sessions\".\"id\" IN (", "\"participants\".\"user_id\" IN ("] {
            let count = statements.iter().filter(|sql| sql.contains(read)).count();
            assert_eq!(count, 1, "{read} in {statements:#?}");
        }
        drop(sockets);
    }
}

/// The operator's commands, while the server runs on the same file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_end_what_is_open() {
    let server = Server::on_sqlite().await;
    let folder = tempfile::TempDir::new().expect("a folder");
    let plaza = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plaza"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PLAZA_")) {
            command.env_remove(name);
        }
        command.current_dir(folder.path()).args(["--database-url", &server.database_url()]).args(arguments);
        let output = command.output().expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let (ann, bob) = (server.member("Ann").await, server.member("Bob").await);
    let (_, _, chat) = space(&ann).await;
    let mut banned = listen(&server, &ann, EVENTS, json!({ "c": chat })).await;
    let mut reset = listen(&server, &bob, EVENTS, json!({ "c": chat })).await;
    let key = by_key(&server, &bob).await;
    let mut keyed = listen(&server, &key, EVENTS, json!({ "c": chat })).await;
    let told = plaza(&["user", "ban", "ann@example.com"]);
    assert!(told.contains("within 10 seconds"), "{told}");
    let told = plaza(&["user", "reset-password", "bob@example.com", "--revoke-api-keys"]);
    assert!(told.contains("within 10 seconds"), "{told}");
    server.app.clock.advance(VALID);
    assert_eq!(ended(&mut banned).await, "ACCOUNT_BANNED");
    assert_eq!(banned.closed().await.0, 4403);
    assert_eq!(ended(&mut reset).await, "UNAUTHENTICATED");
    assert_eq!(ended(&mut keyed).await, "UNAUTHENTICATED");
}

/// A password change on another process keeps the session that made it, and its stream.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_password_by_its_owner_elsewhere_keeps_their_own_stream() {
    let server = Server::on_sqlite().await;
    let other = another(&server);
    let ann = server.member("Ann").await;
    let (_, _, chat) = space(&ann).await;
    let mut socket = listen(&server, &ann, EVENTS, json!({ "c": chat })).await;
    let identity = identify(&other, &ann.token).await.expect("answers").expect("is known");
    let change = PasswordChange {
        current: PASSWORD.to_owned(),
        new: "another password".to_owned(),
        revoke_keys: false,
        device_token: None,
    };
    accounts::change_password(&other, &identity, change).await.expect("changes");
    server.app.clock.advance(VALID * 2);
    ok(ann.post(&format!("/api/conversations/{chat}/messages"), json!({ "content": "still" })).await);
    assert_eq!(socket.hear().await["type"], "next");
}
