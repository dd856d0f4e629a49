//! The HTTP server over raw sockets, for requests that HTTP clients do not send.

mod address;
mod answers;
mod bodies;
mod connections;
mod exhaustion;
mod headers;
mod heads;
mod metrics;
mod quota;
mod writes;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::Server;

/// A raw connection.
struct Wire {
    socket: TcpStream,
    rest: Vec<u8>,
}

/// An answer as received.
#[derive(Debug)]
struct Raw {
    status: u16,
    /// The head, in lower case.
    head: String,
    body: String,
}

impl Raw {
    fn code(&self) -> String {
        let json: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        let code = json["code"].as_str().or_else(|| json["errors"][0]["extensions"]["code"].as_str());
        code.unwrap_or_default().to_owned()
    }
}

impl Wire {
    async fn open(server: &Server) -> Self {
        let address = server.url.strip_prefix("http://").expect("http");
        Self { socket: TcpStream::connect(address).await.expect("connects"), rest: Vec::new() }
    }

    /// Opens a connection and writes.
    async fn send(server: &Server, bytes: impl AsRef<[u8]>) -> Self {
        let mut wire = Self::open(server).await;
        wire.write(bytes).await;
        wire
    }

    /// Opens a connection, writes, and reads one answer.
    async fn ask(server: &Server, bytes: impl AsRef<[u8]>) -> Raw {
        Self::send(server, bytes).await.answer().await
    }

    /// Writes as much as the server accepts: it may have closed the connection.
    async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        _ = self.socket.write_all(bytes.as_ref()).await;
    }

    /// Reads the next answer.
    async fn answer(&mut self) -> Raw {
        self.next().await.expect("an answer")
    }

    /// Reads the next answer; `None` if the connection closes before a complete head.
    async fn next(&mut self) -> Option<Raw> {
        let end = loop {
            if let Some(at) = self.rest.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            if !self.read().await {
                return None;
            }
        };
        let head = String::from_utf8(self.rest.drain(..end).collect()).expect("text").to_lowercase();
        let status = head.split(' ').nth(1)?.parse().expect("a status");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let length: usize = length.unwrap_or(0);
        while self.rest.len() < length {
            // The answer to a HEAD has no body.
            if !self.read().await {
                break;
            }
        }
        let body = String::from_utf8(self.rest.drain(..length.min(self.rest.len())).collect()).expect("text");
        Some(Raw { status, head, body })
    }

    /// Waits until the server closes the connection.
    async fn closed(&mut self) {
        while self.read().await {}
    }

    async fn read(&mut self) -> bool {
        let mut buffer = [0; 4096];
        match self.socket.read(&mut buffer).await {
            Ok(0) | Err(_) => false,
            Ok(read) => {
                self.rest.extend_from_slice(&buffer[..read]);
                true
            }
        }
    }
}

/// Returns a request head with these lines.
fn head(first: &str, lines: &[&str]) -> String {
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    format!("{first} HTTP/1.1\r\nHost: plaza.example\r\n{lines}\r\n")
}
