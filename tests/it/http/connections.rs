//! Limits on connections and their idle time.

use super::{Wire, head};
use crate::support::Server;

const LIVE: &str = "GET /livez HTTP/1.1\r\nHost: plaza.example\r\n\r\n";

/// Silent connections do not block others: the oldest of them is closed.
#[tokio::test]
async fn a_half_open_connection_makes_room() {
    // Behind a proxy, all connections come from one network, which is not counted.
    let server = Server::with(|settings| (settings.max_connections, settings.trusted_proxies) = (4, 1)).await;
    let mut served = Wire::send(&server, LIVE).await;
    assert_eq!(served.answer().await.status, 200);
    let mut silent = Vec::new();
    for _ in 0..40 {
        silent.push(Wire::open(&server).await);
    }
    let mut new = Wire::send(&server, LIVE).await;
    assert_eq!(new.answer().await.status, 200);
    for silent in silent.iter_mut().take(38) {
        silent.closed().await;
    }
    served.write(LIVE).await;
    assert_eq!(served.answer().await.status, 200, "one that was served stays");
}

/// A network has at most its number of connections, idle or not.
#[tokio::test]
async fn a_network_has_a_number_of_connections() {
    let server = Server::with(|settings| settings.max_connections_per_address = 2).await;
    let (mut first, mut second) = (Wire::send(&server, LIVE).await, Wire::send(&server, LIVE).await);
    assert_eq!((first.answer().await.status, second.answer().await.status), (200, 200));
    let mut third = Wire::open(&server).await;
    let refused = third.answer().await;
    assert_eq!((refused.status, refused.code().as_str()), (503, "UNAVAILABLE"));
    assert!(
        refused.head.contains("retry-after: ") && refused.head.contains("connection: close"),
        "{}",
        refused.head
    );
    third.closed().await;
    first.write(LIVE).await;
    assert_eq!(first.answer().await.status, 200, "those that are open go on");
}

/// A request head has a time limit, from the first byte or from the start of the connection.
#[tokio::test]
async fn a_head_has_to_come() {
    let server = Server::with(|settings| settings.header_timeout = 1).await;
    for begun in
        ["", "P", "PRI * HTTP/2.0\r\n\r\nSM\r\n", "GET /livez HTTP/1.1\r\nHost: plaza.example\r\nX-Slow: "]
    {
        let mut wire = Wire::send(&server, begun).await;
        wire.closed().await;
        assert!(wire.rest.is_empty(), "{begun:?}");
    }
    let mut wire = Wire::send(&server, LIVE).await;
    assert_eq!(wire.answer().await.status, 200);
    wire.write("GET /livez HTTP/1.1\r\nHost").await;
    wire.closed().await;
}

/// An idle connection is closed.
#[tokio::test]
async fn an_idle_connection_is_closed() {
    let server = Server::with(|settings| settings.idle_timeout = 1).await;
    let mut wire = Wire::send(&server, LIVE).await;
    assert_eq!(wire.answer().await.status, 200);
    wire.closed().await;
}

/// A silent event stream is not idle.
#[tokio::test]
async fn a_silent_stream_is_not_idle() {
    let server = Server::with(|settings| (settings.idle_timeout, settings.header_timeout) = (1, 1)).await;
    let alice = server.member("Alice").await;
    let mut idle = Wire::send(&server, LIVE).await;
    assert_eq!(idle.answer().await.status, 200);
    let query = "/graphql/stream?query=subscription%7Binbox%7BisSnapshot%7D%7D";
    let lines = [format!("Authorization: Bearer {}", alice.token), "Accept: text/event-stream".to_owned()];
    let mut stream = Wire::send(&server, head(&format!("GET {query}"), &[&lines[0], &lines[1]])).await;
    while !String::from_utf8_lossy(&stream.rest).contains("\"isSnapshot\":true") {
        assert!(stream.read().await, "the stream begins");
    }
    // By now both have been silent for longer than the limit.
    idle.closed().await;
    let mut later = Wire::send(&server, LIVE).await;
    assert_eq!(later.answer().await.status, 200);
    later.closed().await;
    stream.rest.clear();
    server.app.tasks.stop();
    stream.closed().await;
    assert!(
        String::from_utf8_lossy(&stream.rest).ends_with("0\r\n\r\n"),
        "it was ended by the stop of the server"
    );
}

/// HTTP/2 is served on the same port.
#[tokio::test]
async fn http2_is_served() {
    let server = Server::on_sqlite().await;
    let client = reqwest::Client::builder().http2_prior_knowledge().build().expect("a client");
    for _ in 0..3 {
        let answer = client.get(format!("{}/livez", server.url)).send().await.expect("an answer");
        assert_eq!((answer.status().as_u16(), answer.version()), (200, reqwest::Version::HTTP_2));
    }
}
