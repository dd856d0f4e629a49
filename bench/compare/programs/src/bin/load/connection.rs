//! A kept connection of HTTP/1.1.

use std::{
    io::{Error, ErrorKind, Result},
    net::SocketAddr,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Sends requests that are written already, one after the other.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// The head of an answer, and where the answer ends.
enum Frame {
    Incomplete,
    Complete { status: u16 },
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request; returns the status and the size of the answer in bytes.
    ///
    /// # Errors
    /// If the server closes the connection or answers something else than HTTP.
    pub async fn ask(&mut self, request: &[u8]) -> Result<(u16, usize)> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            if let Frame::Complete { status } = frame(&self.buffer)? {
                return Ok((status, self.buffer.len()));
            }
        }
    }
}

fn frame(bytes: &[u8]) -> Result<Frame> {
    let mut headers = [httparse::EMPTY_HEADER; 48];
    let mut response = httparse::Response::new(&mut headers);
    let head = response.parse(bytes).map_err(|error| Error::new(ErrorKind::InvalidData, error))?;
    let httparse::Status::Complete(head) = head else { return Ok(Frame::Incomplete) };
    let status = response.code.unwrap_or_default();
    let value = |name: &str| {
        let header = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(header.value).ok()
    };
    let body = &bytes[head..];
    let complete = match value("content-length").and_then(|length| length.parse::<usize>().ok()) {
        Some(length) => body.len() >= length,
        // JSON has no bare line end, so the last chunk cannot be a part of the body.
        None if value("transfer-encoding").is_some() => body.ends_with(b"0\r\n\r\n"),
        None => matches!(status, 204 | 304),
    };
    Ok(if complete { Frame::Complete { status } } else { Frame::Incomplete })
}
