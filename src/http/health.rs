//! Whether the server lives, and whether it can serve.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::Response,
};

use super::{Doors, edge::refusal};
use crate::domain::Code;

/// The process answers.
pub(super) async fn live() -> &'static str {
    "ok"
}

/// The database can be written. Answers within a second whatever happens.
pub(super) async fn ready(State(doors): State<Doors>) -> Result<&'static str, Response> {
    if doors.app.tasks.is_stopping() {
        return Err(not_ready("The server is stopping"));
    }
    doors.app.db.check_ready().await.map_err(|reason| not_ready(&reason.to_string()))?;
    Ok("ok")
}

fn not_ready(reason: &str) -> Response {
    let mut refusal = refusal(Code::Unavailable, reason);
    refusal.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    refusal.retry_after = Some(1);
    refusal.into_response("/readyz")
}
