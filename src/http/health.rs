//! Liveness and readiness.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::Response,
};

use super::{HttpState, middleware::refusal};
use crate::error::Code;

/// Reports that the process answers.
pub(super) async fn live() -> &'static str {
    "ok"
}

/// Reports whether the database accepts writes. Answers within a second.
pub(super) async fn ready(State(state): State<HttpState>) -> Result<&'static str, Response> {
    if state.app.tasks.is_draining() {
        return Err(not_ready("The server is stopping"));
    }
    state.app.db.check_ready().await.map_err(|reason| not_ready(&reason.to_string()))?;
    Ok("ok")
}

fn not_ready(reason: &str) -> Response {
    let mut refusal = refusal(Code::Unavailable, reason);
    refusal.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    refusal.retry_after = Some(1);
    refusal.into_response("/readyz")
}
