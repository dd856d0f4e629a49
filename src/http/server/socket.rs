//! The socket of a connection: records progress for the timeouts, drops a peer that does not read, and holds
//! the slot while the connection is open, upgraded or not.

use std::{
    io::{self, ErrorKind, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

use super::{activity::Activity, slots::Slot};

/// The socket of one connection.
pub(super) struct Socket {
    tcp: TcpStream,
    activity: Arc<Activity>,
    write_timeout: Duration,
    /// Runs while the peer accepts too few of the written bytes.
    stalled: Option<Stall>,
    _slot: Arc<Slot>,
}

/// A peer that is slower than the server.
struct Stall {
    end: Pin<Box<Sleep>>,
    /// Bytes that the peer accepted since the timer began.
    accepted: usize,
}

/// Bytes that a slow peer must accept within the time limit; fewer would let it hold a response forever.
const STEP: usize = 16 * 1024;

impl Socket {
    pub(super) fn new(
        tcp: TcpStream,
        activity: Arc<Activity>,
        write_timeout: Duration,
        slot: Arc<Slot>,
    ) -> Self {
        Self { tcp, activity, write_timeout, stalled: None, _slot: slot }
    }

    /// Records the outcome of writing `wanted` bytes.
    fn written(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
        wanted: usize,
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(outcome) = &written {
            self.activity.wrote();
            let accepted = *outcome.as_ref().unwrap_or(&0);
            let all = self.stalled.as_ref().map_or(0, |stall| stall.accepted).saturating_add(accepted);
            // The system accepts a part if the peer is behind.
            if accepted >= wanted || all >= STEP {
                self.stalled = None;
            } else if let Some(stall) = &mut self.stalled {
                stall.accepted = all;
            }
            return written;
        }
        let limit = self.write_timeout;
        let stall = self.stalled.get_or_insert_with(|| Stall { end: Box::pin(sleep(limit)), accepted: 0 });
        ready!(stall.end.as_mut().poll(cx));
        Poll::Ready(Err(io::Error::new(ErrorKind::TimedOut, "the peer does not read")))
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.tcp).poll_read(cx, buf))?;
        if buf.filled().len() > before {
            self.activity.read();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write(cx, bytes);
        self.written(cx, written, bytes.len())
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write_vectored(cx, bytes);
        self.written(cx, written, bytes.iter().map(|part| part.len()).sum())
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}
