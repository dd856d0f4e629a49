//! Whether the server lives, and whether it can serve.

use axum::{extract::State, response::Response};

use super::{Doors, edge::refusal};
use crate::domain::Code;

/// The process answers.
pub(super) async fn live() -> &'static str {
    "ok"
}

/// The database answers too.
pub(super) async fn ready(State(doors): State<Doors>) -> Result<&'static str, Response> {
    match doors.app.db.ping().await {
        Ok(()) => Ok("ok"),
        Err(error) => {
            tracing::warn!(%error, "the database does not answer");
            Err(refusal(Code::Unavailable, "The database does not answer").into_response("/readyz"))
        }
    }
}
