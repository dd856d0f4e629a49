//! Pages of messages of users and agents.

use serde_json::json;

use super::{Room, in_a_room, ok};

/// All fields of a message that are columns of its row.
const AT_HAND: &str =
    "fragment Row on Message { __typename id conversationId number authorId author { id name image }
    agentListingId agentName kind content replyToId isIncomplete ttsAudioUrl createdAt editedAt deletedAt }";

in_a_room! {
    /// A page of eager fields is resolved in one step and equals the library's result field by field.
    async fn a_page_is_the_same_however_it_is_read(room: Room) {
        room.ask("What stands there?").await;
        let own = "mutation($c: ID!) { updateMembership(input: { communityId: $c, displayName: \"Whale\" }) { membership { id } } }";
        ok(room.asker.graphql(own, json!({ "c": room.community })).await);
        let question = room.history().await[0]["id"].clone();
        let say = async |content: &str| {
            let body = json!({ "content": content, "replyToId": question });
            room.creator.post(&format!("{}/messages", room.path), body).await.json["id"].clone()
        };
        let edit = "mutation($id: ID!) { editMessage(input: { messageId: $id, content: \"better\" }) { message { id } } }";
        ok(room.creator.graphql(edit, json!({ "id": say("good").await })).await);
        let delete = "mutation($id: ID!) { deleteMessage(input: { messageId: $id }) { message { id } } }";
        ok(room.creator.graphql(delete, json!({ "id": say("wrong").await })).await);
        let read = async |more: &str| {
            let query = format!("query($c: ID!) {{ rows: messages(communityId: $c) {{ ...Row {more} }} }} {AT_HAND}");
            ok(room.asker.graphql(&query, json!({ "c": room.community })).await)["rows"].clone()
        };
        let at_once = read("").await;
        let mut by_field = read("reactions { emoji }").await;
        for row in by_field.as_array_mut().expect("rows") {
            row.as_object_mut().expect("a row").remove("reactions").expect("what the library read");
        }
        assert_eq!(at_once, by_field);
        assert_eq!(at_once.as_array().map(Vec::len), Some(4));
        assert_eq!(at_once[0]["author"]["name"], "Whale");
        assert_eq!(at_once[1]["agentName"], "Guide");
        assert!(!at_once[2]["editedAt"].is_null() && !at_once[3]["deletedAt"].is_null(), "{at_once}");
    }
}
