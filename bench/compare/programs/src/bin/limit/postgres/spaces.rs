//! Spaces: browsing, searching, one.

use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Deserialize;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Limit, failed};
use crate::{
    answer::{Owner, Space, SpaceDetail, SpacePage, answer, bytes, iso, raw, refuse},
    token::token,
};

fn space(row: &Row) -> Space<'_> {
    Space {
        id: row.get(0),
        owner_id: row.get(1),
        name: row.get(2),
        description: row.get(3),
        category: row.get(4),
        tags: raw(row.get(5)),
        definition: raw(row.get(6)),
        is_public: row.get(7),
        created_at: iso(row.get(8)),
        updated_at: iso(row.get(9)),
    }
}

/// The query of a list.
#[derive(Deserialize)]
pub struct Browse {
    search: Option<String>,
    category: Option<String>,
    page: Option<i64>,
    limit: Option<i64>,
}

/// Lists public spaces; with a search, those of a category.
pub async fn list(State(limit): State<Limit>, Query(query): Query<Browse>) -> Response {
    let connection = limit.connection();
    let page = query.page.unwrap_or(1).max(1);
    let size = query.limit.unwrap_or(20).clamp(1, 50);
    let offset = (page - 1) * size;
    let rows = match (&query.search, &query.category) {
        (None, None) => connection.client.query(&connection.list, &[&size, &offset]).await,
        (Some(search), Some(category)) => {
            let search = search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let pattern = format!("%{search}%");
            connection.client.query(&connection.found, &[&size, &offset, &pattern, category]).await
        }
        _ => return refuse(StatusCode::BAD_REQUEST, "search and category come together"),
    };
    let rows = match rows {
        Ok(rows) => rows,
        Err(error) => return failed(&error),
    };
    let total = rows.first().map_or(0, |row| row.get::<_, i64>(10));
    let spaces = rows.iter().map(space).collect();
    let body = SpacePage { spaces, total, page, total_pages: (total + size - 1) / size };
    answer(StatusCode::OK, bytes(&body))
}

/// Reads a space with its owner and its sessions.
pub async fn one(State(limit): State<Limit>, Path(id): Path<Uuid>, headers: HeaderMap) -> Response {
    let (connection, token) = (limit.connection(), token(&headers));
    let row = match connection.client.query_opt(&connection.one, &[&token, &id]).await {
        Ok(Some(row)) => row,
        Ok(None) => return limit.refuse(token, StatusCode::NOT_FOUND, "Space not found").await,
        Err(error) => return failed(&error),
    };
    let owner = Owner { id: row.get(10), name: row.get(11), image: row.get(12) };
    answer(StatusCode::OK, bytes(&SpaceDetail { space: space(&row), owner, sessions: raw(row.get(13)) }))
}
