//! Messages of a room: history, posts.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Limit, failed};
use crate::{
    answer::{History, Message, Post, Posted, Window, answer, bytes, iso, refuse},
    token::token,
};

fn message(row: &Row) -> Message<'_, Uuid> {
    Message {
        id: row.get(0),
        user_id: row.get(1),
        agent_listing_id: None,
        content: row.get(2),
        message_type: row.get(3),
        created_at: iso(row.get(4)).into(),
        user_name: row.get(5),
        user_image: row.get(6),
        agent_name: None,
        tts_audio_url: None,
    }
}

/// Lists the newest messages of a room for a member.
pub async fn history(
    State(limit): State<Limit>,
    Path(community): Path<Uuid>,
    Query(window): Query<Window>,
    headers: HeaderMap,
) -> Response {
    let (connection, token) = (limit.connection(), token(&headers));
    match connection.client.query(&connection.history, &[&token, &community, &window.size()]).await {
        Ok(rows) if rows.is_empty() => limit.refuse(token, StatusCode::FORBIDDEN, "Members only").await,
        Ok(rows) => answer(StatusCode::OK, bytes(&History { messages: rows.iter().map(message).collect() })),
        Err(error) => failed(&error),
    }
}

/// Posts a message of a member.
pub async fn post(
    State(limit): State<Limit>,
    Path(community): Path<Uuid>,
    headers: HeaderMap,
    Json(post): Json<Post>,
) -> Response {
    if !post.is_valid() {
        return refuse(StatusCode::BAD_REQUEST, "Message must be 1-5000 characters");
    }
    let (connection, token) = (limit.connection(), token(&headers));
    let row = match connection.client.query_opt(&connection.post, &[&token, &community, &post.content]).await
    {
        Ok(Some(row)) => row,
        Ok(None) => return limit.refuse(token, StatusCode::FORBIDDEN, "Members only").await,
        Err(error) => return failed(&error),
    };
    let posted = Posted {
        id: row.get::<_, Uuid>(0),
        user_id: row.get(1),
        content: &post.content,
        message_type: "text",
        created_at: iso(row.get(2)),
    };
    limit.hub.publish(community, &posted);
    answer(StatusCode::CREATED, bytes(&posted))
}
