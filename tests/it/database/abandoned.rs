//! A request is dropped during its transaction, at any statement.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use plaza::{database::Database, domain::conversations};
use sea_orm::{ConnectionTrait, EntityTrait};

use super::{chat, contents, number, post};
use crate::support::on_both;

/// Polls a future this many times, each time it is woken, and drops it during its last operation.
async fn abandon<F: Future>(work: F, polls: usize) {
    let mut work = pin!(work);
    let mut polled = 0;
    poll_fn(|context| {
        polled += 1;
        let done = work.as_mut().poll(context).is_ready();
        if done || polled == polls { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

on_both! {
    async fn writes_after_an_abandoned_transaction_are_stored(server: Server) {
        let owner = server.member("Owner").await;
        let chat = chat(&owner, &[]).await;
        let user = entity::user::Entity::find_by_id(&owner.id).one(server.app.db.read()).await.expect("reads");
        let user = user.expect("is there");
        let mut acknowledged = Vec::new();
        for polls in 1..60 {
            let new = conversations::NewMessage {
                target: conversations::Target::Conversation(chat.parse().expect("an id")),
                content: format!("abandoned {polls}"),
                client_key: None,
                reply_to: None,
            };
            abandon(conversations::post(&server.app, &user, new), polls).await;
            let content = format!("after {polls}");
            let answer = post(&owner, &chat, &content).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
            acknowledged.push(content);
        }
        // A separate connection sees committed data only.
        let other = Database::connect(&server.database_url()).await.expect("opens");
        let sql = "SELECT count(*) FROM messages WHERE content LIKE 'after %'";
        assert_eq!(number(&other, sql).await, i64::try_from(acknowledged.len()).expect("a number"));
        other.close().await;
        let newest = contents(&owner, &chat).await;
        assert_eq!(newest.last(), acknowledged.last());
    }

    async fn a_statement_after_an_abandoned_begin_is_stored(server: Server) {
        let owner = server.member("Owner").await;
        for polls in 1..8 {
            abandon(server.app.db.begin(), polls).await;
            // Outside a transaction, on the connection that was abandoned.
            let sql = format!("UPDATE users SET name = 'Name {polls}' WHERE id = '{}'", owner.id);
            server.app.db.write().execute_unprepared(&sql).await.expect("writes");
            let other = Database::connect(&server.database_url()).await.expect("opens");
            let sql = format!("SELECT count(*) FROM users WHERE name = 'Name {polls}'");
            assert_eq!(number(&other, &sql).await, 1, "after {polls}");
            other.close().await;
        }
    }

    async fn a_failed_statement_ends_its_transaction(server: Server) {
        let owner = server.member("Owner").await;
        let tx = server.app.db.begin().await.expect("begins");
        let rename = format!("UPDATE users SET name = 'Half' WHERE id = '{}'", owner.id);
        tx.execute_unprepared(&rename).await.expect("writes");
        let twice = format!("INSERT INTO users SELECT * FROM users WHERE id = '{}'", owner.id);
        tx.execute_unprepared(&twice).await.expect_err("the id is taken");
        tx.execute_unprepared(&rename).await.expect_err("nothing more happens in it");
        let outcome = tx.commit().await;
        assert!(matches!(outcome, Err(plaza::database::CommitError::RolledBack(_))), "{outcome:?}");
        assert_eq!(number(&server.app.db, "SELECT count(*) FROM users WHERE name = 'Half'").await, 0);
    }
}
