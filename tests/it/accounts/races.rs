//! Sign-ins and keys that are created while the account changes do not survive the change.

use entity::{api_key, credential, login_session, user};
use plaza::{config::Settings, database::Transaction};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter, QuerySelect,
};
use tokio::task::JoinSet;

use super::*;
use crate::support::on_both;

/// Number of attempts allowed in a minute.
const AT_ONCE: usize = 10;

/// Starts sign-ins that have read the password's hash and then wait for the account's lock, which `tx` holds.
async fn waiting(server: &Server) -> JoinSet<Answer> {
    server.app.clock.advance(std::time::Duration::from_secs(60));
    server.statements();
    let mut attempts = JoinSet::new();
    for _ in 0..AT_ONCE {
        let anon = server.anon();
        let body = json!({ "email": "ann@example.com", "password": PASSWORD });
        attempts.spawn(async move { anon.post("/api/auth/sign-in/email", body).await });
    }
    let mut read = 0;
    while read < AT_ONCE {
        let found = |sql: &&String| sql.starts_with("SELECT") && sql.contains("\"password_hash\"");
        read += server.statements().iter().filter(found).count();
        tokio::task::yield_now().await;
    }
    attempts
}

/// A transaction of another process that locks the account.
async fn hold(server: &Server, id: &str) -> Transaction {
    let tx = server.app.db.begin().await.expect("begins");
    user::Entity::find_by_id(id).lock_exclusive().one(&tx).await.expect("reads").expect("is there");
    tx
}

async fn sessions(server: &Server, id: &str) -> u64 {
    let own = login_session::Entity::find().filter(login_session::Column::UserId.eq(id));
    own.count(server.app.db.read()).await.expect("counts")
}

async fn end_sessions(tx: &impl ConnectionTrait, id: &str) {
    let own = login_session::Entity::delete_many().filter(login_session::Column::UserId.eq(id));
    own.exec(tx).await.expect("deletes");
}

on_both! {
    async fn no_sign_in_outlives_the_password(server: Server) {
        let ann = server.member("Ann").await;
        let tx = hold(&server, &ann.id).await;
        let attempts = waiting(&server).await;
        let mut row = credential::ActiveModel { user_id: Set(ann.id.clone()), ..Default::default() };
        row.password_hash = Set("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned());
        row.update(&tx).await.expect("changes");
        end_sessions(&tx, &ann.id).await;
        tx.commit().await.expect("commits");
        for answer in attempts.join_all().await {
            assert_eq!((answer.status, code(&answer)), (401, "UNAUTHENTICATED"), "{}", answer.text);
        }
        assert_eq!(sessions(&server, &ann.id).await, 0);
    }

    async fn no_sign_in_outlives_the_account(server: Server) {
        let ann = server.member("Ann").await;
        let tx = hold(&server, &ann.id).await;
        let attempts = waiting(&server).await;
        let row = user::ActiveModel { id: Set(ann.id.clone()), deleted_at: Set(Some(server.app.clock.second())), ..Default::default() };
        row.update(&tx).await.expect("changes");
        end_sessions(&tx, &ann.id).await;
        tx.commit().await.expect("commits");
        for answer in attempts.join_all().await {
            assert_eq!((answer.status, code(&answer)), (401, "UNAUTHENTICATED"), "{}", answer.text);
        }
        assert_eq!(sessions(&server, &ann.id).await, 0);
    }

    async fn no_sign_in_outlives_a_ban(server: Server) {
        let ann = server.member("Ann").await;
        let tx = hold(&server, &ann.id).await;
        let attempts = waiting(&server).await;
        let row = user::ActiveModel { id: Set(ann.id.clone()), banned_at: Set(Some(server.app.clock.second())), ..Default::default() };
        row.update(&tx).await.expect("changes");
        tx.commit().await.expect("commits");
        for answer in attempts.join_all().await {
            assert_eq!((answer.status, code(&answer)), (403, "ACCOUNT_BANNED"), "{}", answer.text);
        }
    }

    /// Concurrent requests: every remaining sign-in was made with the new password.
    async fn sign_ins_beside_a_change_of_password(server: Server) {
        let ann = server.member("Ann").await;
        server.app.clock.advance(std::time::Duration::from_secs(60));
        let change = "mutation { changePassword(input: { currentPassword: \"a long password\", newPassword: \"another password\" }) { viewer { id } } }";
        let mut attempts = JoinSet::new();
        for number in 0..AT_ONCE {
            let (anon, caller) = (server.anon(), ann.clone());
            attempts.spawn(async move {
                if number == AT_ONCE / 2 {
                    ok(caller.graphql(change, json!({})).await);
                } else {
                    anon.post("/api/auth/sign-in/email", json!({ "email": "ann@example.com", "password": PASSWORD })).await;
                }
            });
        }
        attempts.join_all().await;
        assert_eq!(sessions(&server, &ann.id).await, 1, "the one that changed it");
    }

    /// The limit on API keys holds for concurrent requests.
    async fn keys_made_at_once_are_counted(server: Server) {
        let ann = server.member("Ann").await;
        let mut made = JoinSet::new();
        for _ in 0..60 {
            let ann = ann.clone();
            made.spawn(async move { ann.post("/api/creator/api-keys", json!({ "name": "key" })).await.status });
        }
        let made = made.join_all().await;
        assert_eq!(made.iter().filter(|status| **status == 201).count(), 50);
        assert!(made.iter().all(|status| matches!(status, 201 | 409)));
    }

    /// A deleted account is not recognised, even with remaining rows.
    async fn a_deleted_account_is_not_recognised(server: Server) {
        let ann = server.member("Ann").await;
        let key = by_key(&server, &ann).await;
        let row = user::ActiveModel { id: Set(ann.id.clone()), deleted_at: Set(Some(server.app.clock.second())), ..Default::default() };
        row.update(server.app.db.write()).await.expect("changes");
        server.app.clock.advance(std::time::Duration::from_secs(10));
        assert_eq!(code(&ann.get("/api/creator/api-keys").await), "UNAUTHENTICATED");
        assert_eq!(code(&key.get("/api/creator/api-keys").await), "UNAUTHENTICATED");
        assert_eq!(code(&sign_in(&server, "ann@example.com", PASSWORD).await), "UNAUTHENTICATED");
    }
}

/// A cached identity creates no key, changes no password and deletes no account after its sign-in ended
/// elsewhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_key_outlives_the_sign_in() {
    // No round confirms rights during the test, so the identity stays cached.
    let unconfirmed = |settings: &mut Settings| settings.rights_validity = 3600;
    let servers = [Some(Server::with(unconfirmed).await), Server::on_postgres_with(unconfirmed).await];
    for server in servers.into_iter().flatten() {
        let ann = server.member("Ann").await;
        assert_eq!(ann.get("/api/creator/api-keys").await.status, 200);
        end_sessions(server.app.db.write(), &ann.id).await;
        assert_eq!(ann.get("/api/creator/api-keys").await.status, 200, "recognised without a query");
        assert_eq!(
            code(&ann.post("/api/creator/api-keys", json!({ "name": "key" })).await),
            "UNAUTHENTICATED"
        );
        let change = "mutation { changePassword(input: { currentPassword: \"a long password\", newPassword: \"another password\" }) { viewer { id } } }";
        assert_eq!(code(&ann.graphql(change, json!({})).await), "UNAUTHENTICATED");
        let end = "mutation { deleteAccount(input: { password: \"a long password\" }) { deletedId } }";
        assert_eq!(code(&ann.graphql(end, json!({})).await), "UNAUTHENTICATED");
        let keys = api_key::Entity::find().count(server.app.db.read()).await.expect("counts");
        assert_eq!(keys, 0);
        assert_eq!(sign_in(&server, "ann@example.com", PASSWORD).await.status, 200);
    }
}
