//! The limit on PostgreSQL: requests are pipelined over a few connections.

mod messages;
mod spaces;
mod statements;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, extract::FromRef, http::StatusCode, response::Response, routing::get};

use crate::{answer::refuse, hub::Hub, socket};
use statements::Connection;

const CONNECTIONS: usize = 8;

struct Pool {
    connections: Vec<Connection>,
    next: AtomicUsize,
}

/// The connections and the sockets.
#[derive(Clone)]
struct Limit {
    pool: Arc<Pool>,
    hub: Hub,
}

impl FromRef<Limit> for Hub {
    fn from_ref(limit: &Limit) -> Self {
        limit.hub.clone()
    }
}

impl Limit {
    /// Returns the next connection. It may have requests under way: they are pipelined.
    fn connection(&self) -> &Connection {
        let next = self.pool.next.fetch_add(1, Ordering::Relaxed);
        &self.pool.connections[next % self.pool.connections.len()]
    }

    /// Refuses a request without rows: the session or the requested object does not exist.
    async fn refuse(&self, token: &str, status: StatusCode, text: &'static str) -> Response {
        let connection = self.connection();
        match connection.client.query_opt(&connection.session, &[&token]).await {
            Ok(Some(_)) => refuse(status, text),
            Ok(None) => refuse(StatusCode::UNAUTHORIZED, "Unauthorized"),
            Err(error) => failed(&error),
        }
    }
}

fn failed(error: &tokio_postgres::Error) -> Response {
    eprintln!("{error}");
    refuse(StatusCode::INTERNAL_SERVER_ERROR, "The database failed")
}

/// Connects and makes the routes.
pub async fn router(url: &str) -> Router {
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(Connection::open(url).await.expect("connects"));
    }
    let limit = Limit { pool: Arc::new(Pool { connections, next: AtomicUsize::new(0) }), hub: Hub::new() };
    Router::new()
        .route("/api/spaces", get(spaces::list))
        .route("/api/spaces/{id}", get(spaces::one))
        .route("/api/communities/{id}/messages", get(messages::history).post(messages::post))
        .route("/graphql", get(socket::open))
        .with_state(limit)
}
