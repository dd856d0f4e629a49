//! Equal reads at once share a statement, and each caller gets what they alone would get.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use entity::user;
use futures_util::future::join_all;
use plaza::{
    domain::{
        Page, User,
        conversations::{self, MessageRow, NewMessage, Target},
        spaces::{self, Browse},
    },
    error::{Code, Result},
};
use sea_orm::{DatabaseBackend, EntityTrait};
use serde_json::json;
use uuid::Uuid;

use super::text;
use crate::support::{Caller, Server, on_both};

async fn user(server: &Server, caller: &Caller) -> User {
    let found = user::Entity::find_by_id(&caller.id).one(server.app.db.read()).await;
    found.expect("reads").expect("an account")
}

async fn post(server: &Server, author: &User, club: Uuid, content: String) {
    let new = NewMessage { target: Target::Room(club), content, client_key: None, reply_to: None };
    conversations::post(&server.app, author, new).await.expect("is posted");
}

async fn page(server: &Server, reader: &User, club: Uuid) -> Result<Vec<MessageRow>> {
    conversations::list_before(&server.app, reader, &Target::Room(club), None, 3).await
}

fn contents(page: &[MessageRow]) -> Vec<&str> {
    page.iter().map(|row| row.message.content.as_str()).collect()
}

/// A community of the owner with one more member.
async fn club(owner: &Caller, member: &Caller) -> Uuid {
    let made = owner.post("/api/communities", json!({ "name": "Chess" })).await;
    let id = text(&made.json["id"]).to_owned();
    assert_eq!(member.post_empty(&format!("/api/communities/{id}/join")).await.status, 200);
    id.parse().expect("an id")
}

async fn space(owner: &Caller, name: &str, is_public: bool) -> Uuid {
    let made = owner.post("/api/spaces", json!({ "name": name, "isPublic": is_public })).await;
    assert_eq!(made.status, 201, "{}", made.text);
    text(&made.json["id"]).parse().expect("an id")
}

on_both! {
    async fn a_page_of_a_room_is_read_once_for_its_members(server: Server) {
        let (ann, bob, eve) = (server.member("Ann").await, server.member("Bob").await, server.member("Eve").await);
        let club = club(&ann, &bob).await;
        let (ann, bob, eve) = (user(&server, &ann).await, user(&server, &bob).await, user(&server, &eve).await);
        for number in 1..=5 {
            post(&server, &ann, club, format!("message {number}")).await;
        }
        server.statements();
        let readers = [&ann, &bob, &eve, &bob, &ann, &eve, &bob, &ann];
        let pages = join_all(readers.iter().map(|reader| page(&server, reader, club))).await;
        let statements = server.statements();
        // The first one may begin before the others have arrived.
        assert!((1..=2).contains(&statements.len()), "{statements:?}");
        for (reader, page) in readers.iter().zip(pages) {
            match page {
                Ok(page) => {
                    assert_ne!(reader.name, "Eve");
                    assert_eq!(contents(&page), ["message 3", "message 4", "message 5"]);
                }
                Err(error) => {
                    assert_eq!((reader.name.as_str(), error.code()), ("Eve", Code::Forbidden));
                }
            }
        }
    }

    async fn a_read_has_every_message_that_was_acknowledged_before(server: Server) {
        let (ann, bob) = (server.member("Ann").await, server.member("Bob").await);
        let club = club(&ann, &bob).await;
        let (ann, bob) = (user(&server, &ann).await, user(&server, &bob).await);
        let is_over = Arc::new(AtomicBool::new(false));
        // Others read all the time, so that most reads join a batch.
        let others = (0..4).map(|_| {
            let (app, reader, is_over) = (server.app.clone(), bob.clone(), is_over.clone());
            tokio::spawn(async move {
                while !is_over.load(Ordering::Relaxed) {
                    let page = conversations::list_before(&app, &reader, &Target::Room(club), None, 3).await;
                    page.expect("reads");
                }
            })
        });
        let others: Vec<_> = others.collect();
        for number in 1..=50 {
            let content = format!("message {number}");
            post(&server, &ann, club, content.clone()).await;
            let page = page(&server, &ann, club).await.expect("reads");
            assert_eq!(contents(&page).last(), Some(&content.as_str()));
        }
        is_over.store(true, Ordering::Relaxed);
        for other in others {
            other.await.expect("did not panic");
        }
    }

    async fn spaces_are_read_together_for_those_who_may_see_them(server: Server) {
        let (ann, bob) = (server.member("Ann").await, server.member("Bob").await);
        let (open, closed) = (space(&ann, "Open", true).await, space(&ann, "Closed", false).await);
        for _ in 0..2 {
            assert_eq!(ann.post_empty(&format!("/api/spaces/{open}/sessions")).await.status, 201);
        }
        let (ann, bob) = (user(&server, &ann).await, user(&server, &bob).await);
        let wanted = [
            (Some(&ann), open), (Some(&bob), closed), (None, open), (Some(&ann), closed),
            (None, closed), (Some(&bob), Uuid::nil()), (Some(&bob), open),
        ];
        server.statements();
        let found = wanted.iter().map(|(actor, id)| spaces::find_with_sessions(&server.app, *actor, *id, false));
        let found = join_all(found).await.into_iter().map(|found| found.expect("reads"));
        let found: Vec<_> = found.map(|found| found.map(|((row, _), sessions)| (row.name, sessions.len()))).collect();
        let (open, closed) = (Some(("Open".to_owned(), 2)), Some(("Closed".to_owned(), 0)));
        assert_eq!(found, [open.clone(), None, open.clone(), closed, None, None, open]);
        let statements = server.statements().len();
        match server.app.db.backend() {
            DatabaseBackend::Postgres => assert!((1..=2).contains(&statements), "{statements}"),
            _ => assert_eq!(statements, wanted.len()),
        }
    }

    async fn equal_lists_of_spaces_are_read_once(server: Server) {
        let ann = server.member("Ann").await;
        for name in ["Chess", "Checkers", "Go"] {
            server.app.clock.advance(std::time::Duration::from_secs(1));
            space(&ann, name, true).await;
        }
        server.statements();
        let searches = ["che", "go", "che", "che", "go", "che"];
        let lists = join_all(searches.iter().map(|search| {
            let window = Page::default().window("Space").expect("a page");
            let browse = Browse { search: Some((*search).to_owned()), category: None, window, owners: true, total: true };
            spaces::list_public(&server.app, browse)
        }))
        .await;
        for (search, list) in searches.iter().zip(lists) {
            let list = list.expect("reads");
            let names: Vec<_> = list.rows.iter().map(|(row, _)| row.name.as_str()).collect();
            match *search {
                "go" => assert_eq!((names, list.total), (vec!["Go"], Some(1))),
                _ => assert_eq!((names, list.total), (vec!["Checkers", "Chess"], Some(2))),
            }
        }
        let statements = server.statements();
        assert!((2..=4).contains(&statements.len()), "{statements:?}");
    }
}
