//! Passwords are prepared uniformly wherever they are accepted.

use entity::credential;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

use super::*;
use crate::support::on_both;

/// One password in two spellings: composed, and decomposed with another space.
const COMPOSED: &str = "caf\u{e9} au lait";
const DECOMPOSED: &str = "cafe\u{301}\u{a0}au lait";

async fn sign_up(server: &Server, password: &str) -> Answer {
    let body = json!({ "email": "ann@example.com", "password": password, "name": "Ann" });
    server.anon().post("/api/auth/sign-up/email", body).await
}

on_both! {
    async fn a_password_is_the_same_in_every_spelling(server: Server) {
        let ann = server.bearer(&text(&ok(sign_up(&server, DECOMPOSED).await)["token"]));
        for spelling in [COMPOSED, DECOMPOSED] {
            assert_eq!(sign_in(&server, "ann@example.com", spelling).await.status, 200);
        }
        let change = "mutation($i: ChangePasswordInput!) { changePassword(input: $i) { viewer { id } } }";
        let input = json!({ "currentPassword": COMPOSED, "newPassword": "na\u{308}chste Nacht" });
        ok(ann.graphql(change, json!({ "i": input })).await);
        assert_eq!(sign_in(&server, "ann@example.com", "n\u{e4}chste Nacht").await.status, 200);
        let end = "mutation($p: String!) { deleteAccount(input: { password: $p }) { deletedId } }";
        ok(ann.graphql(end, json!({ "p": "n\u{e4}chste\u{3000}Nacht" })).await);
    }

    /// A hash from before passwords were prepared stays valid and is replaced.
    async fn an_old_hash_goes_on_working(server: Server) {
        let ann = server.member("Ann").await;
        let old = server.app.passwords.hash(DECOMPOSED.to_owned()).await.expect("hashes");
        let row = credential::ActiveModel { user_id: Set(ann.id.clone()), password_hash: Set(old.clone()), ..Default::default() };
        row.update(server.app.db.write()).await.expect("changes");
        assert_eq!(sign_in(&server, "ann@example.com", COMPOSED).await.status, 401);
        assert_eq!(sign_in(&server, "ann@example.com", DECOMPOSED).await.status, 200);
        let found = credential::Entity::find_by_id(&ann.id).one(server.app.db.read()).await.expect("reads");
        assert_ne!(found.expect("is there").password_hash, old);
        for spelling in [COMPOSED, DECOMPOSED] {
            assert_eq!(sign_in(&server, "ann@example.com", spelling).await.status, 200);
        }
    }

    async fn weak_passwords_are_refused(server: Server) {
        for (password, sentence) in [
            ("password123", "Password is too common; choose another"),
            ("Password1", "Password is too common; choose another"),
            ("aaaaaaaaaaaa", "Password is too common; choose another"),
            ("ANN@example.com", "Password is too common; choose another"),
            ("a\u{308}o\u{308}u\u{308}e\u{301}", "Password must be at least 8 characters"),
            ("line\nbreak ok", "Password must not contain control characters"),
            ("\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}", "Password must not be blank"),
        ] {
            let refused = sign_up(&server, password).await;
            assert_eq!((refused.status, &refused.json["error"], &refused.json["field"]), (400, &json!(sentence), &json!("password")), "{password:?}");
        }
        let ann = server.bearer(&text(&ok(sign_up(&server, PASSWORD).await)["token"]));
        let change = "mutation { changePassword(input: { currentPassword: \"a long password\", newPassword: \"password123\" }) { viewer { id } } }";
        let refused = ann.graphql(change, json!({})).await;
        assert_eq!(code(&refused), "INVALID");
        assert_eq!(refused.json["errors"][0]["extensions"]["field"], "newPassword");
    }
}
