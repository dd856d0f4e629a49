//! Conversations: messages, changes, read marks, search and subscriptions.

use serde_json::{Value, json};

use crate::support::{Answer, Caller, Events, on_both};

/// Creates a space session's chat; returns the ids of session and conversation.
pub(super) async fn chat(owner: &Caller) -> (String, String) {
    let space = owner.post("/api/spaces", json!({ "name": "Chess" })).await.json["id"].clone();
    let session = owner.post_empty(&format!("/api/spaces/{}/sessions", space.as_str().expect("an id"))).await;
    let session = session.json["id"].as_str().expect("an id").to_owned();
    let query = "query($s: ID!) { spaceSession(id: $s) { conversation { id } } }";
    let answer = owner.graphql(query, json!({ "s": session })).await;
    let chat = answer.json["data"]["spaceSession"]["conversation"]["id"].as_str();
    (session.clone(), chat.unwrap_or_else(|| panic!("{}", answer.text)).to_owned())
}

pub(super) async fn join(caller: &Caller, session: &str) {
    let query = "mutation($s: ID!) { joinSpaceSession(input: { sessionId: $s }) { isNew } }";
    ok(caller.graphql(query, json!({ "s": session })).await);
}

#[track_caller]
fn ok(answer: Answer) -> Value {
    assert!(answer.json["errors"].is_null(), "{}", answer.text);
    answer.json["data"].clone()
}

#[track_caller]
fn refused(answer: &Answer) -> (&str, &str) {
    let error = &answer.json["errors"][0];
    assert!(!error.is_null(), "{}", answer.text);
    (error["extensions"]["code"].as_str().expect("a code"), error["message"].as_str().expect("a sentence"))
}

pub(super) async fn post(caller: &Caller, chat: &str, content: &str) -> Value {
    let query = "mutation($c: ID!, $t: String!) { postMessage(input: { conversationId: $c, content: $t }) \
                 { message { id number content createdAt author { name } } } }";
    ok(caller.graphql(query, json!({ "c": chat, "t": content })).await)["postMessage"]["message"].clone()
}

on_both! {
    /// A subscriber receives every event in order and resumes after an interruption.
    async fn listeners_hear_everything(server: Server) {
        let (owner, guest) = (server.member("Owner").await, server.member("Guest").await);
        let (session, chat) = chat(&owner).await;
        let path = format!("/api/conversations/{chat}/events");
        post(&owner, &chat, "before").await;
        let mut events = Events::open(&owner, &path, None).await;
        let first = events.expect().await;
        assert_eq!(first.json["type"], "ConversationSnapshot");
        assert_eq!(first.json["messages"][0]["content"], "before");
        assert_eq!(first.json["resync"], false);

        join(&guest, &session).await;
        let joined = events.expect().await;
        assert_eq!((&joined.json["sessionChange"], &joined.json["user"]["name"]), (&json!("joined"), &json!("Guest")));
        let message = post(&guest, &chat, "hello").await;
        let posted = events.expect().await;
        assert_eq!(posted.json["messageChange"], "posted");
        assert_eq!(posted.json["message"]["id"], message["id"]);
        assert_eq!(posted.json["message"]["userName"], "Guest");
        drop(events);

        let id = json!({ "m": message["id"] });
        let edit = "mutation($m: ID!) { editMessage(input: { messageId: $m, content: \"hello all\" }) { message { content editedAt } } }";
        assert_eq!(refused(&owner.graphql(edit, id.clone()).await).0, "FORBIDDEN");
        ok(guest.graphql(edit, id.clone()).await);
        let react = "mutation($m: ID!) { addReaction(input: { messageId: $m, emoji: \"👍\" }) { message { reactions { emoji count hasViewerReacted } } } }";
        let reacted = ok(owner.graphql(react, id.clone()).await);
        assert_eq!(reacted["addReaction"]["message"]["reactions"], json!([{ "emoji": "👍", "count": 1, "hasViewerReacted": true }]));
        ok(owner.graphql(react, id.clone()).await);
        let delete = "mutation($m: ID!) { deleteMessage(input: { messageId: $m }) { message { content deletedAt reactions { count } } } }";
        assert_eq!(ok(owner.graphql(delete, id.clone()).await)["deleteMessage"]["message"]["content"], "");
        assert_eq!(refused(&guest.graphql(edit, id).await).0, "CONFLICT");

        // Each event once, in order; the repeated reaction changed nothing and has no event.
        let mut events = Events::open(&owner, &path, Some(&posted.id)).await;
        for change in ["edited", "reacted", "deleted"] {
            let told = events.expect().await;
            assert_eq!(told.json["messageChange"], change, "{told:?}");
            assert_eq!(told.json["message"]["content"], "", "the log tells what is, not what was");
        }
        post(&owner, &chat, "live again").await;
        assert_eq!(events.expect().await.json["message"]["content"], "live again");
    }

    /// A message has at most 20 different emoji; others can join those, and all are shown.
    async fn a_message_has_twenty_emoji_at_most(server: Server) {
        let (owner, guest) = (server.member("Owner").await, server.member("Guest").await);
        let (session, chat) = chat(&owner).await;
        join(&guest, &session).await;
        let message = post(&owner, &chat, "hello").await;
        let react = async |who: &Caller, verb: &str, face: &str| {
            let query = format!("mutation($m: ID!, $e: String!) {{ {verb}(input: {{ messageId: $m, emoji: $e }}) \
                {{ message {{ reactions {{ emoji count hasViewerReacted }} }} }} }}");
            who.graphql(&query, json!({ "m": message["id"], "e": face })).await
        };
        let faces: Vec<String> = ('\u{1f600}'..='\u{1f614}').map(String::from).collect();
        let (more, first) = faces.split_last().expect("faces");
        for face in first {
            ok(react(&guest, "addReaction", face).await);
        }
        let full = react(&owner, "addReaction", more).await;
        assert_eq!(refused(&full), ("CONFLICT", "A message has at most 20 different reactions"));
        let joined = ok(react(&owner, "addReaction", &first[19]).await);
        let shown = joined["addReaction"]["message"]["reactions"].as_array().expect("a list").clone();
        assert_eq!(shown.len(), 20);
        assert_eq!(shown[0], json!({ "emoji": first[19], "count": 2, "hasViewerReacted": true }));
        ok(react(&guest, "removeReaction", &first[0]).await);
        ok(react(&owner, "addReaction", more).await);
        let who = "query($m: ID!) { node(id: $m) { ... on Message { reactions { emoji users { name } } } } }";
        let shown = ok(guest.graphql(who, json!({ "m": message["id"] })).await)["node"]["reactions"].clone();
        assert_eq!(shown[0], json!({ "emoji": first[19], "users": [{ "name": "Guest" }, { "name": "Owner" }] }));
        assert_eq!(shown[19], json!({ "emoji": more, "users": [{ "name": "Owner" }] }));
    }

    /// A repetition with the sender's key finds the first message.
    async fn a_client_key_posts_once(server: Server) {
        let owner = server.member("Owner").await;
        let (_, chat) = chat(&owner).await;
        let query = "mutation($c: ID!, $t: String!, $k: String) { postMessage(input: { conversationId: $c, content: $t, clientKey: $k }) { message { id content } } }";
        let variables = |text: &str| json!({ "c": chat, "t": text, "k": "one" });
        let first = ok(owner.graphql(query, variables("hello")).await);
        let again = ok(owner.graphql(query, variables("hello")).await);
        assert_eq!(first, again);
        let (a, b) = tokio::join!(
            owner.graphql(query, json!({ "c": chat, "t": "x", "k": "two" })),
            owner.graphql(query, json!({ "c": chat, "t": "x", "k": "two" })),
        );
        assert_eq!(ok(a), ok(b));
        let count = ok(owner.graphql("query($c: ID!) { conversation(id: $c) { messageCount } }", json!({ "c": chat })).await);
        assert_eq!(count["conversation"]["messageCount"], 2);
    }

    /// The unread count is the newest message's number minus the read mark; posting marks as read.
    async fn read_marks_count(server: Server) {
        let (owner, guest) = (server.member("Owner").await, server.member("Guest").await);
        let (session, chat) = chat(&owner).await;
        join(&guest, &session).await;
        let mut ids = Vec::new();
        for number in 0..5 {
            ids.push(post(&owner, &chat, &format!("message {number}")).await["id"].clone());
        }
        let unread = "query($c: ID!) { conversation(id: $c) { unreadCount readCount lastMessage { content } } }";
        let asked = ok(guest.graphql(unread, json!({ "c": chat })).await);
        assert_eq!(asked["conversation"], json!({ "unreadCount": 5, "readCount": 0, "lastMessage": { "content": "message 4" } }));
        assert_eq!(ok(owner.graphql(unread, json!({ "c": chat })).await)["conversation"]["unreadCount"], 0);
        let mark = "mutation($c: ID!, $m: ID) { markRead(input: { conversationId: $c, messageId: $m }) { conversation { unreadCount } } }";
        let marked = ok(guest.graphql(mark, json!({ "c": chat, "m": ids[3] })).await);
        assert_eq!(marked["markRead"]["conversation"]["unreadCount"], 1);
        let back = ok(guest.graphql(mark, json!({ "c": chat, "m": ids[0] })).await);
        assert_eq!(back["markRead"]["conversation"]["unreadCount"], 1, "a mark never goes back");
        assert_eq!(ok(guest.graphql(mark, json!({ "c": chat })).await)["markRead"]["conversation"]["unreadCount"], 0);
    }

    /// Search finds words in any script, the last one by prefix, and only in the conversation.
    async fn search_finds_words(server: Server) {
        let owner = server.member("Owner").await;
        let (_, here) = chat(&owner).await;
        let (_, elsewhere) = chat(&owner).await;
        for text in ["The Straße is closed", "今天天气很好", "Ελλάδα and Россия", "don't \"quote\" me*"] {
            post(&owner, &here, text).await;
        }
        post(&owner, &elsewhere, "straße elsewhere").await;
        let query = "query($c: ID!, $t: String!) { conversation(id: $c) { search(text: $t) { content } } }";
        for (text, found) in [
            ("STRASSE", 1), ("clo", 1), ("closed street", 0), ("天气", 1), ("ΕΛΛΆΔΑ росс", 1), ("\"quote*", 1),
            ("elsewhere", 0), ("", 0), ("' OR 1=1 --", 0), ("c", 1),
        ] {
            let answer = ok(owner.graphql(query, json!({ "c": here, "t": text })).await);
            let rows = answer["conversation"]["search"].as_array().expect("rows").len();
            assert_eq!(rows, found, "{text:?}: {answer}");
        }
    }

    /// A user who cannot see the space cannot see its chats; a non-participant cannot post.
    async fn strangers_are_kept_out(server: Server) {
        let (owner, stranger) = (server.member("Owner").await, server.member("Stranger").await);
        let (_, chat) = chat(&owner).await;
        let say = "mutation($c: ID!) { postMessage(input: { conversationId: $c, content: \"hi\" }) { message { id } } }";
        let answer = stranger.graphql(say, json!({ "c": chat })).await;
        assert_eq!(refused(&answer), ("FORBIDDEN", "Join the session to post in it"));
        let mut events = Events::open(&stranger, &format!("/api/conversations/{chat}/events"), None).await;
        events.expect().await;
        let space = ok(owner.graphql("{ viewer { spaces { nodes { id } } } }", json!({})).await)["viewer"]["spaces"]["nodes"][0]["id"].clone();
        let hide = owner.put(&format!("/api/spaces/{}", space.as_str().expect("an id")), json!({ "isPublic": false })).await;
        assert_eq!(hide.status, 200, "{}", hide.text);
        let last = events.expect().await;
        assert_eq!((&last.json["type"], &last.json["code"]), (&json!("error"), &json!("NOT_FOUND")), "{last:?}");
        assert!(events.next().await.is_none(), "the stream ends with the right");
        let query = "query($c: ID!) { conversation(id: $c) { id } }";
        assert!(ok(stranger.graphql(query, json!({ "c": chat })).await)["conversation"].is_null());
    }

    /// A stream ends with its sign-in.
    async fn signing_out_ends_the_stream(server: Server) {
        let owner = server.member("Owner").await;
        let (_, chat) = chat(&owner).await;
        let mut events = Events::open(&owner, &format!("/api/conversations/{chat}/events"), None).await;
        events.expect().await;
        owner.post_empty("/api/auth/sign-out").await;
        assert_eq!(events.expect().await.json["code"], "UNAUTHENTICATED");
        assert!(events.next().await.is_none());
    }

    /// If the log no longer contains the position, the subscriber receives a snapshot with a resync.
    async fn a_cut_log_tells_to_read_anew(server: Server) {
        let owner = server.member("Owner").await;
        let (_, chat) = chat(&owner).await;
        let path = format!("/api/conversations/{chat}/events");
        let first = post(&owner, &chat, "first").await;
        let mut events = Events::open(&owner, &path, None).await;
        let at = events.expect().await.id;
        drop(events);
        server.app.clock.advance(std::time::Duration::from_secs(86_400));
        post(&owner, &chat, "old").await;
        server.app.clock.advance(std::time::Duration::from_secs(86_400));
        post(&owner, &chat, "new").await;
        let cut = server.app.clock.now() - chrono::TimeDelta::hours(1);
        assert!(plaza::domain::conversations::trim(&server.app, cut).await.expect("trims") >= 2);
        let mut events = Events::open(&owner, &path, Some(&at)).await;
        let told = events.expect().await;
        assert_eq!((&told.json["type"], &told.json["resync"]), (&json!("ConversationSnapshot"), &json!(true)));
        let said: Vec<&str> = told.json["messages"].as_array().expect("messages").iter()
            .map(|message| message["content"].as_str().expect("a text")).collect();
        assert_eq!(said, ["first", "old", "new"], "messages stay");
        assert_eq!(told.json["messages"][0]["id"], first["id"]);
        post(&owner, &chat, "after").await;
        assert_eq!(events.expect().await.json["message"]["content"], "after");
        for unknown in ["999", "x"] {
            let mut events = Events::open(&owner, &path, Some(unknown)).await;
            let told = events.expect().await.json;
            assert_eq!((&told["type"], &told["resync"]), (&json!("ConversationSnapshot"), &json!(true)), "{unknown}: {told}");
        }
    }

    /// The inbox begins with all conversations and continues with changed ones.
    async fn the_inbox_tells_what_changed(server: Server) {
        let (owner, guest) = (server.member("Owner").await, server.member("Guest").await);
        let (session, chat) = chat(&owner).await;
        let mut socket = server.socket().by(&guest).await;
        let query = "subscription { inbox { isSnapshot removedIds conversations { id title unreadCount } } }";
        socket.subscribe("1", query, json!({})).await;
        let inbox = |frame: Value| frame["payload"]["data"]["inbox"].clone();
        assert_eq!(inbox(socket.hear().await), json!({ "isSnapshot": true, "removedIds": [], "conversations": [] }));
        join(&guest, &session).await;
        let came = inbox(socket.hear().await);
        assert_eq!(came["conversations"], json!([{ "id": chat, "title": "Chess", "unreadCount": 0 }]));
        post(&owner, &chat, "hello").await;
        assert_eq!(inbox(socket.hear().await)["conversations"][0]["unreadCount"], 1);
        let mark = "mutation($c: ID!) { markRead(input: { conversationId: $c }) { conversation { id } } }";
        ok(guest.graphql(mark, json!({ "c": chat })).await);
        assert_eq!(inbox(socket.hear().await)["conversations"][0]["unreadCount"], 0);
        ok(guest.graphql(mark, json!({ "c": chat })).await);
        post(&owner, &chat, "again").await;
        let after = inbox(socket.hear().await);
        assert_eq!(after["conversations"][0]["unreadCount"], 1, "what changed nothing is not told: {after}");
        let own = ok(guest.graphql("{ viewer { conversations { nodes { id title } } } }", json!({})).await);
        assert_eq!(own["viewer"]["conversations"]["nodes"], json!([{ "id": chat, "title": "Chess" }]));
    }

    /// Presence and typing are published to subscribers that request them, and expire.
    async fn activity_is_told_and_passes(server: Server) {
        let (owner, guest) = (server.member("Owner").await, server.member("Guest").await);
        let (session, chat) = chat(&owner).await;
        join(&guest, &session).await;
        let mut socket = server.socket().by(&owner).await;
        let query = "subscription($c: ID!) { conversationEvents(conversationId: $c, activity: true) { \
                     ... on ConversationActivity { presentCount typing { name } } } }";
        socket.subscribe("1", query, json!({ "c": chat })).await;
        let event = |frame: Value| frame["payload"]["data"]["conversationEvents"].clone();
        assert_eq!(event(socket.hear().await), json!({}), "the snapshot");
        assert_eq!(event(socket.hear().await), json!({ "presentCount": 1, "typing": [] }));
        // Another device of someone who is there changes nothing, and hears who is.
        let mut device = server.socket().by(&owner).await;
        device.subscribe("1", query, json!({ "c": chat })).await;
        assert_eq!(event(device.hear().await), json!({}), "the snapshot");
        assert_eq!(event(device.hear().await), json!({ "presentCount": 1, "typing": [] }));
        drop(device);
        server.app.clock.advance(std::time::Duration::from_secs(1));
        let typing = "mutation($c: ID!) { setTyping(input: { conversationId: $c }) { conversation { id } } }";
        ok(guest.graphql(typing, json!({ "c": chat })).await);
        assert_eq!(event(socket.hear().await)["typing"], json!([{ "name": "Guest" }]));
        server.app.clock.advance(std::time::Duration::from_secs(6));
        assert_eq!(event(socket.hear().await)["typing"], json!([]), "six seconds later they do not");
        ok(guest.graphql(typing, json!({ "c": chat })).await);
        server.app.clock.advance(std::time::Duration::from_secs(1));
        assert_eq!(event(socket.hear().await)["typing"], json!([{ "name": "Guest" }]));
        server.app.clock.advance(std::time::Duration::from_secs(1));
        post(&guest, &chat, "hello").await;
        // The message and the end of typing arrive in either order.
        let (one, other) = (event(socket.hear().await), event(socket.hear().await));
        assert!([one, other].iter().any(|event| event["typing"] == json!([])), "what they typed was said");
    }
}
