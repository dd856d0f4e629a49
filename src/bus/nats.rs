//! Frames as messages of NATS.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use async_nats::{Client, ConnectOptions, Event, ServerAddr, Subscriber};
use futures_util::StreamExt;
use tokio::sync::Notify;

use super::{Link, Transport};

/// Maximum bytes of a frame; NATS takes 1 MiB by default.
const MAX_BYTES: usize = 256 * 1024;
/// Interval of pings; a connection without an answer to two of them ends.
const PING: Duration = Duration::from_secs(5);

/// Publishing and subscribing by NATS. The database is the log, so JetStream is not used.
pub struct Nats {
    servers: Vec<ServerAddr>,
    subject: String,
}

/// A connection to NATS.
pub struct NatsLink {
    client: Client,
    subscriber: Subscriber,
    subject: String,
    /// Notified when the connection is lost.
    lost: Arc<Notify>,
}

impl Nats {
    /// Parses the URLs of a NATS cluster, separated by commas, and the subject of the messages.
    ///
    /// # Errors
    /// Returns an error that contains no part of the URL, which may have a password.
    pub fn new(urls: &str, subject: &str) -> Result<Self> {
        let parse = |url: &str| match url.trim().parse::<ServerAddr>() {
            Ok(server) if matches!(server.scheme(), "nats" | "tls") => Ok(server),
            _ => bail!("bus_url must be nats://HOST:PORT or tls://HOST:PORT, or several separated by commas"),
        };
        let is_sound = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_graphic());
        if subject.len() > 200 || !subject.split('.').all(is_sound) || subject.contains(['*', '>']) {
            bail!("bus_subject must be a subject of NATS without wildcards, such as plaza");
        }
        Ok(Self { servers: urls.split(',').map(parse).collect::<Result<_>>()?, subject: subject.to_owned() })
    }
}

impl Transport for Nats {
    type Link = NatsLink;

    fn name(&self) -> &'static str {
        "NATS"
    }

    fn max_bytes(&self) -> usize {
        MAX_BYTES
    }

    async fn connect(&self) -> Result<NatsLink> {
        let lost = Arc::new(Notify::new());
        let losing = lost.clone();
        let options = ConnectOptions::new()
            .name("plaza")
            .no_echo()
            .ping_interval(PING)
            // The bus reconnects itself, so that it notices possible losses.
            .max_reconnects(self.servers.len())
            .event_callback(move |event| {
                if matches!(event, Event::Disconnected | Event::Closed) {
                    losing.notify_one();
                }
                std::future::ready(())
            });
        let client = options.connect(&self.servers[..]).await.context("NATS does not answer")?;
        let most = client.server_info().max_payload;
        if most < MAX_BYTES {
            bail!("max_payload of NATS is {most} and must be at least {MAX_BYTES}");
        }
        let subscriber = client.subscribe(self.subject.clone()).await?;
        client.flush().await?;
        Ok(NatsLink { client, subscriber, subject: self.subject.clone(), lost })
    }
}

impl Link for NatsLink {
    async fn send(&mut self, frames: Vec<String>) -> Result<()> {
        for frame in frames {
            self.client.publish(self.subject.clone(), frame.into()).await?;
        }
        Ok(self.client.flush().await?)
    }

    async fn receive(&mut self) -> Result<String> {
        loop {
            tokio::select! {
                () = self.lost.notified() => bail!("NATS closed the connection"),
                message = self.subscriber.next() => {
                    let message = message.context("NATS closed the subscription")?;
                    // A message that is not UTF-8 text is not a frame.
                    if let Ok(text) = String::from_utf8(message.payload.into()) {
                        return Ok(text);
                    }
                }
            }
        }
    }

    async fn close(self) {
        if let Err(error) = self.client.flush().await {
            tracing::debug!(%error, "closing the connection to NATS");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_and_subjects_are_checked_without_repeating_them() {
        assert!(Nats::new("nats://127.0.0.1:4222, tls://ann:secret@nats.example.com", "plaza.one").is_ok());
        for (url, subject) in [
            ("http://ann:secret@example.com", "plaza"),
            ("nats://example.com", "plaza.*"),
            ("nats://example.com", "a..b"),
            ("nats://example.com", ""),
        ] {
            let error = Nats::new(url, subject).err().unwrap();
            assert!(error.to_string().starts_with("bus_") && !format!("{error:#}").contains("secret"));
        }
    }
}
