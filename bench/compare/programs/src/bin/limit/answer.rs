//! The documented answers, written straight from borrowed columns.

use std::borrow::Cow;

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A public space as lists have it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Space<'a> {
    pub id: uuid::Uuid,
    pub owner_id: uuid::Uuid,
    pub name: &'a str,
    pub description: &'a str,
    pub category: &'a str,
    pub tags: &'a RawValue,
    pub definition: &'a RawValue,
    pub is_public: bool,
    pub created_at: String,
    pub updated_at: String,
}

/// A numbered page of spaces.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpacePage<'a> {
    pub spaces: Vec<Space<'a>>,
    pub total: i64,
    pub page: i64,
    pub total_pages: i64,
}

/// The owner of a space.
#[derive(Serialize)]
pub struct Owner<'a> {
    pub id: uuid::Uuid,
    pub name: &'a str,
    pub image: Option<&'a str>,
}

/// A space by itself.
#[derive(Serialize)]
pub struct SpaceDetail<'a> {
    #[serde(flatten)]
    pub space: Space<'a>,
    pub owner: Owner<'a>,
    pub sessions: &'a RawValue,
}

/// A message of a room's history, with ids as the database has them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message<'a, Id> {
    pub id: Id,
    pub user_id: Option<Id>,
    pub agent_listing_id: Option<Id>,
    pub content: &'a str,
    pub message_type: &'a str,
    pub created_at: Cow<'a, str>,
    pub user_name: Option<&'a str>,
    pub user_image: Option<&'a str>,
    pub agent_name: Option<&'a str>,
    pub tts_audio_url: Option<&'a str>,
}

/// A page of a room's history.
#[derive(Serialize)]
pub struct History<M> {
    pub messages: Vec<M>,
}

/// The query of a page of history.
#[derive(Deserialize)]
pub struct Window {
    pub limit: Option<i64>,
}

impl Window {
    /// Returns the number of messages, 1 to 100.
    pub fn size(&self) -> i64 {
        self.limit.unwrap_or(50).clamp(1, 100)
    }
}

/// The body of a post.
#[derive(Deserialize)]
pub struct Post {
    pub content: String,
}

impl Post {
    /// Returns whether the text has a length that the documented API takes.
    pub fn is_valid(&self) -> bool {
        !self.content.trim().is_empty() && self.content.chars().count() <= 5000
    }
}

/// A posted message.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Posted<'a, Id> {
    pub id: Id,
    pub user_id: Id,
    pub content: &'a str,
    pub message_type: &'a str,
    pub created_at: String,
}

/// Parses a column of JSON without reading it.
pub fn raw(text: &str) -> &RawValue {
    serde_json::from_str(text).expect("the column is JSON")
}

/// Writes a time as the documented API does.
pub fn iso(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Writes a value as JSON text.
pub fn bytes(value: &impl Serialize) -> Vec<u8> {
    let mut buffer = Vec::with_capacity(16 * 1024);
    serde_json::to_writer(&mut buffer, value).expect("writes to memory");
    buffer
}

/// Answers JSON text.
pub fn answer(status: StatusCode, body: Vec<u8>) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Refuses a request.
pub fn refuse(status: StatusCode, text: &'static str) -> Response {
    answer(status, bytes(&serde_json::json!({ "error": text })))
}
