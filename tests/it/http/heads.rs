//! Request heads that are unusual, too large, or ambiguous.

use super::{Wire, head};
use crate::support::Server;

async fn status(server: &Server, bytes: impl AsRef<[u8]>) -> u16 {
    Wire::ask(server, bytes).await.status
}

/// A request names its host exactly once.
#[tokio::test]
async fn one_host_is_named() {
    let server = Server::on_sqlite().await;
    for (lines, wanted) in [
        ("GET /livez HTTP/1.1\r\n", 400),
        ("GET /livez HTTP/1.1\r\nHost: a\r\nHost: a\r\n", 400),
        ("GET /livez HTTP/1.1\r\nHost: a\r\nhost: b\r\n", 400),
        ("GET /livez HTTP/1.1\r\nHost: a b\r\n", 400),
        ("GET /livez HTTP/1.1\r\nHost: user@a\r\n", 400),
        ("GET /livez HTTP/1.1\r\nHost: a/b\r\n", 400),
        ("GET /livez HTTP/1.0\r\n", 200),
        ("GET /livez HTTP/1.0\r\nHost: a\r\nHost: b\r\n", 400),
        ("GET /livez HTTP/1.1\r\nHost: [::1]:80\r\n", 200),
        ("GET http://plaza.example/livez HTTP/1.1\r\nHost: plaza.example\r\n", 200),
    ] {
        assert_eq!(status(&server, format!("{lines}\r\n")).await, wanted, "{lines:?}");
    }
    let mut wire = Wire::send(&server, "GET /api/spaces HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").await;
    let refused = wire.answer().await;
    assert_eq!((refused.status, refused.code().as_str()), (400, "INVALID"));
    wire.closed().await;
}

/// An ambiguous request is refused, or read in one way with nothing after it.
#[tokio::test]
async fn no_request_hides_in_another() {
    let server = Server::on_sqlite().await;
    let hidden = "GET /livez HTTP/1.1\r\nHost: hidden.example\r\n\r\n";
    for lines in [
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: +5",
        "Content-Length: 5, 6",
        "Content-Length: 0x5",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding : chunked",
        " Transfer-Encoding: chunked",
        "X: a\u{b}b",
    ] {
        let request = format!("POST /graphql HTTP/1.1\r\nHost: plaza.example\r\n{lines}\r\n\r\n{hidden}");
        let mut wire = Wire::send(&server, request).await;
        assert_eq!(wire.answer().await.status, 400, "{lines:?}");
        assert!(wire.next().await.is_none(), "{lines:?}: nothing behind it is answered");
    }
    // With both lengths, the chunks count, and the connection closes after the answer.
    let both = head("POST /livez", &["Content-Length: 4", "Transfer-Encoding: chunked"]);
    let mut wire = Wire::send(&server, format!("{both}0\r\n\r\n{hidden}")).await;
    assert_eq!(wire.answer().await.status, 405);
    assert!(wire.next().await.is_none());
    let ten = format!("POST /graphql HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}");
    let mut wire = Wire::send(&server, ten).await;
    assert_eq!(wire.answer().await.status, 400);
    assert!(wire.next().await.is_none());
}

/// Heads are bounded in number and bytes.
#[tokio::test]
async fn large_heads_are_refused() {
    let server = Server::on_sqlite().await;
    let many: Vec<String> = (0..10_000).map(|number| format!("X-{number}: 1")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(status(&server, head("GET /livez", &many)).await, 431);
    assert_eq!(status(&server, head("GET /livez", &many[..101])).await, 431);
    assert_eq!(status(&server, head("GET /livez", &many[..90])).await, 200);
    let long = format!("X-Long: {}", "x".repeat(200_000));
    assert_eq!(status(&server, head("GET /livez", &[&long])).await, 431);
    let target = format!("GET /api/spaces?search={}", "x".repeat(200_000));
    let refused = status(&server, head(&target, &[])).await;
    assert!([414, 431].contains(&refused), "{refused}");
    let target = format!("GET /api/spaces?search={}", "x".repeat(10_000));
    assert_eq!(status(&server, head(&target, &[])).await, 400);
}

/// Pipelined requests are answered in order.
#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let server = Server::on_sqlite().await;
    let all =
        [head("GET /livez", &[]), head("GET /api/nothing", &[]), head("GET /livez", &["Connection: close"])];
    let mut wire = Wire::send(&server, all.concat()).await;
    assert_eq!(wire.answer().await.status, 200);
    assert_eq!(wire.answer().await.status, 404);
    assert_eq!(wire.answer().await.status, 200);
    wire.closed().await;
}

/// Unusual targets, methods and upgrades get an answer below 500.
#[tokio::test]
async fn odd_requests_are_answered() {
    let server = Server::on_sqlite().await;
    for (first, lines) in [
        ("OPTIONS *", vec![]),
        ("OPTIONS /api/spaces", vec![]),
        ("OPTIONS /api/spaces", vec!["Origin: https://evil.example", "Access-Control-Request-Method: PUT"]),
        ("HEAD /graphql", vec!["Connection: close"]),
        ("TRACE /api/spaces", vec![]),
        ("CONNECT plaza.example:80", vec![]),
        ("BREW /api/spaces", vec![]),
        ("GET /api/spaces/%2e%2e%2f%2e%2e%2fetc", vec![]),
        ("GET /api/spaces/%00", vec![]),
        ("GET /api/spaces/%ff%fe", vec![]),
        ("GET /api/spaces/%zz", vec![]),
        ("GET /api/spaces/%", vec![]),
        ("GET /uploads/..%2f..%2fetc%2fpasswd", vec![]),
        ("GET /uploads/../../etc/passwd", vec![]),
        ("GET /assets/%2e%2e%2fchat.js", vec![]),
        ("GET //api//spaces", vec![]),
        ("GET /api/spaces?%ff=%fe&%zz", vec![]),
        ("GET /graphql?query=%ff", vec![]),
        ("GET /livez", vec!["Connection: Upgrade", "Upgrade: nonsense"]),
        ("GET /graphql/ws", vec!["Connection: Upgrade", "Upgrade: websocket"]),
        (
            "GET /graphql/ws",
            vec![
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 99",
                "Sec-WebSocket-Key: x",
            ],
        ),
        ("GET /graphql/ws", vec!["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: x"]),
    ] {
        let status = status(&server, head(first, &lines)).await;
        assert!((200..500).contains(&status), "{first} {lines:?}: {status}");
    }
    let raw = status(&server, b"GET /api/\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert!((400..500).contains(&raw), "{raw}");
    assert_eq!(status(&server, head("GET /livez", &[])).await, 200);
}
