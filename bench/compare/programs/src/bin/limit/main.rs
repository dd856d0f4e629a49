//! The limit: the throughput that a server can reach on these rows. Not a product.
//!
//! One prepared statement a request, with authentication and membership in it, and rows straight into serde.
//! `DATABASE_URL` (`postgres://…` or `sqlite:FILE`), `PORT`, `SYNCHRONOUS` (SQLite: `FULL` or `NORMAL`).

mod answer;
mod hub;
mod postgres;
mod socket;
mod sqlite;
mod token;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;

/// The allocator that Plaza also uses.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() {
    let url = std::env::var("DATABASE_URL").expect("DATABASE_URL");
    let port: u16 = std::env::var("PORT").expect("PORT").parse().expect("PORT is a number");
    let router = match url.strip_prefix("sqlite:") {
        Some(file) => sqlite::router(file, &std::env::var("SYNCHRONOUS").unwrap_or_else(|_| "FULL".into())),
        None => postgres::router(&url).await,
    };
    let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("binds").tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router).await.expect("serves");
}
