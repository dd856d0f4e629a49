//! The clients: `load http` and `load fan-out`. Each reads what to do from its input and prints JSON lines.

mod closed_loop;
mod connection;
mod delays;
mod deliveries;
mod fan_out;
mod subscriber;

use std::net::SocketAddr;

use tokio::runtime::Builder;

/// Parses an address of a server.
///
/// # Panics
/// If it is not an address of this machine.
fn loopback(address: &str) -> SocketAddr {
    let address: SocketAddr = address.parse().expect("an address with a port");
    assert!(address.ip().is_loopback(), "only servers of this machine are loaded");
    address
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        // One thread is enough for requests and leaves the rest to the server.
        Some("http") => {
            Builder::new_current_thread().enable_all().build().expect("starts").block_on(closed_loop::run())
        }
        Some("fan-out") => Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("starts")
            .block_on(fan_out::run()),
        _ => {
            eprintln!("usage: load http|fan-out");
            std::process::exit(2);
        }
    }
}
