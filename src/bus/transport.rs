//! A way to carry frames between servers.

use anyhow::Result;

/// Carries frames to all servers.
pub trait Transport: Send + Sync {
    /// Type of its connections.
    type Link: Link;

    /// Name of the transport, for logs.
    fn name(&self) -> &'static str;

    /// Maximum bytes of a frame.
    fn max_bytes(&self) -> usize;

    /// Connects and begins to receive.
    fn connect(&self) -> impl Future<Output = Result<Self::Link>> + Send;
}

/// A connection of a transport. After an error it is dropped.
pub trait Link: Send {
    /// Sends frames in this order.
    fn send(&mut self, frames: Vec<String>) -> impl Future<Output = Result<()>> + Send;

    /// Returns the next frame of any server, possibly also of this one. Dropping the future loses nothing.
    fn receive(&mut self) -> impl Future<Output = Result<String>> + Send;

    /// Closes the connection after everything was sent.
    fn close(self) -> impl Future<Output = ()> + Send;
}
