//! Peers that exhaust resources of the server: descriptors, streams, time.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::Server;

/// The start of a client's HTTP/2 connection, with empty settings.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00";

async fn connect(url: &str) -> TcpStream {
    TcpStream::connect(url.strip_prefix("http://").expect("an address")).await.expect("connects")
}

/// A frame of HTTP/2.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("short").to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// Sends the same frames until the server closes the connection. `read` is whether the answers are read.
async fn flood(url: &str, mut next: impl FnMut() -> Vec<u8>, read: bool) {
    let (mut answers, mut wire) = connect(url).await.into_split();
    let reading = tokio::spawn(async move {
        let mut buffer = vec![0; 64 * 1024];
        if read {
            while answers.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
        } else {
            std::future::pending::<()>().await;
        }
    });
    if wire.write_all(PREFACE).await.is_ok() {
        loop {
            let frames: Vec<u8> = (0..100).flat_map(|_| next()).collect();
            if wire.write_all(&frames).await.is_err() {
                break;
            }
        }
    }
    reading.abort();
}

/// Streams that are opened and reset at once ("rapid reset") end their connection only.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rapid_resets_end_their_connection() {
    let server = Server::on_sqlite().await;
    let mut stream = 1;
    // `GET / http plaza.example` as indexes of the static table.
    let head = [&[0x82, 0x86, 0x84, 0x41, 13][..], b"plaza.example"].concat();
    let reset = move || {
        let both = [frame(1, 0x5, stream, &head), frame(3, 0, stream, &8_u32.to_be_bytes())].concat();
        stream += 2;
        both
    };
    flood(&server.url, reset, true).await;
    assert_eq!(server.anon().get("/livez").await.status, 200);
}

/// A peer that requires answers and reads none of them is disconnected.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_that_are_not_read_end_their_connection() {
    let server = Server::with(|settings| settings.write_timeout = 1).await;
    flood(&server.url, || frame(6, 0, 0, &[7; 8]), false).await;
    flood(&server.url, || frame(4, 0, 0, &[]), false).await;
    assert_eq!(server.anon().get("/livez").await.status, 200);
}

/// A client that never reads is disconnected after `write_timeout`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_never_reads_is_disconnected() {
    let server = Server::with(|settings| settings.write_timeout = 1).await;
    let mut wire = connect(&server.url).await;
    let request = b"GET /api/openapi.json HTTP/1.1\r\nHost: plaza.example\r\n\r\n";
    // Until the buffers of both sides are full: the last write fails, because the connection is closed.
    while wire.write_all(request).await.is_ok() {}
    assert_eq!(server.anon().get("/livez").await.status, 200);
}

/// Without descriptors the server answers with an error, and recovers when it has some.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_outlasts_a_want_of_descriptors() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let database = format!("sqlite://{}", folder.path().join("plaza.db").display());
    let program = crate::support::Program::serve(folder.path(), &database);
    let anon = program.caller("", "");
    assert_eq!(anon.get("/readyz").await.status, 200);
    program.limit_descriptors(4);
    let mut held = Vec::new();
    for _ in 0..32 {
        held.push(connect(&program.url).await);
    }
    program.logs("no connection can be accepted").await;
    drop(held);
    assert_eq!(anon.get("/readyz").await.status, 200);
}
