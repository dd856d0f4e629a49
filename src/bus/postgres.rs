//! Frames as notifications of PostgreSQL.

use anyhow::Result;

use super::{Link, Transport};
use crate::database::{Database, Notifications};

/// The channel of all servers on one database.
const CHANNEL: &str = "plaza";
/// Maximum bytes of a notification: PostgreSQL takes less than 8000.
const MAX_BYTES: usize = 7900;

/// `LISTEN` and `NOTIFY` on one connection of its own.
pub struct Postgres(pub Database);

impl Transport for Postgres {
    type Link = Notifications;

    fn name(&self) -> &'static str {
        "PostgreSQL"
    }

    fn max_bytes(&self) -> usize {
        MAX_BYTES
    }

    async fn connect(&self) -> Result<Notifications> {
        Ok(self.0.notifications(CHANNEL).await?)
    }
}

impl Link for Notifications {
    async fn send(&mut self, frames: Vec<String>) -> Result<()> {
        Ok(self.notify(CHANNEL, frames).await?)
    }

    async fn receive(&mut self) -> Result<String> {
        Ok(self.next().await?)
    }

    async fn close(self) {
        self.end().await;
    }
}
