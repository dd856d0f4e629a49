//! Carries messages over a transport, and reconnects.

use std::{pin::pin, time::Duration};

use anyhow::{Context, Result};
use tokio::time::{Instant, interval_at, sleep, timeout};

use super::{
    Bus, Delivery, Link, Shared, Transport,
    frame::{Frame, Writer},
    peers::Order,
};
use crate::metrics::{Counted, metrics};

/// Interval of heartbeats.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// Maximum time to connect, and to send.
const LIMIT: Duration = Duration::from_secs(5);
/// Delay before the first attempt to reconnect; it doubles up to [`MAX_DELAY`].
const MIN_DELAY: Duration = Duration::from_millis(100);
/// Maximum delay between two attempts to reconnect.
const MAX_DELAY: Duration = Duration::from_secs(3);

impl Bus {
    /// Carries messages until `stopping` resolves, then sends what waits and says goodbye. Calls `receive` for
    /// each delivery; it must not block.
    pub async fn run<T: Transport>(
        &self,
        transport: &T,
        stopping: impl Future<Output = ()> + Send,
        receive: impl Fn(Delivery<'_>) + Send + Sync,
    ) {
        let Some(shared) = &self.0 else { return };
        let mut stopping = pin!(stopping);
        let mut delay = MIN_DELAY;
        loop {
            let began = Instant::now();
            tokio::select! {
                biased;
                outcome = shared.carry(transport, &mut stopping, &receive) => match outcome {
                    Ok(()) => return,
                    Err(error) => {
                        if began.elapsed() > HEARTBEAT {
                            delay = MIN_DELAY;
                        }
                        let error = format!("{error:#}");
                        tracing::warn!(error, "the connection to the other servers by {} failed", transport.name());
                    }
                },
            }
            tokio::select! {
                () = &mut stopping => return,
                () = sleep(delay) => {}
            }
            delay = (delay * 2).min(MAX_DELAY);
        }
    }

    /// Sends the waiting messages over a connection of their own: for a program that does not serve.
    ///
    /// # Errors
    /// Returns an error if the transport does not answer.
    pub async fn flush<T: Transport>(&self, transport: &T) -> Result<()> {
        let Some(shared) = &self.0 else { return Ok(()) };
        let mut link = connect(transport).await?;
        shared.finish(transport, &mut link).await?;
        link.close().await;
        Ok(())
    }
}

async fn connect<T: Transport>(transport: &T) -> Result<T::Link> {
    timeout(LIMIT, transport.connect()).await.context("connecting took too long")?
}

impl Shared {
    /// Carries messages over one connection. Returns after the goodbye.
    async fn carry<T: Transport>(
        &self,
        transport: &T,
        stopping: &mut (impl Future<Output = ()> + Unpin),
        receive: &(impl Fn(Delivery<'_>) + Send + Sync),
    ) -> Result<()> {
        let mut link = tokio::select! {
            biased;
            () = &mut *stopping => return Ok(()),
            link = connect(transport) => link?,
        };
        tracing::info!("connected to the other servers by {}", transport.name());
        let _connected = Counted::new(&metrics().bus_connected);
        self.peers.lock().resume();
        receive(Delivery::Missed(None));
        let mut beat = interval_at(Instant::now(), HEARTBEAT);
        loop {
            tokio::select! {
                biased;
                () = &mut *stopping => {
                    if let Err(error) = self.finish(transport, &mut link).await {
                        tracing::debug!(error = format!("{error:#}"), "saying goodbye to the other servers");
                    }
                    link.close().await;
                    return Ok(());
                }
                _ = beat.tick() => {
                    let mut writer = self.writer(transport);
                    self.outbox.take(&mut writer);
                    writer.beat(self.outbox.sent(), false);
                    send(&mut link, writer).await?;
                    let silent = self.peers.lock().take_silent();
                    self.count_peers();
                    for server in silent {
                        receive(Delivery::Left { server, is_orderly: false });
                    }
                }
                () = self.outbox.ready() => {
                    let mut writer = self.writer(transport);
                    self.outbox.take(&mut writer);
                    send(&mut link, writer).await?;
                }
                frame = link.receive() => self.deliver(&frame?, receive),
            }
        }
    }

    fn writer(&self, transport: &impl Transport) -> Writer {
        Writer::new(self.id, transport.max_bytes())
    }

    async fn finish<T: Transport>(&self, transport: &T, link: &mut T::Link) -> Result<()> {
        let mut writer = self.writer(transport);
        self.outbox.take(&mut writer);
        writer.beat(self.outbox.sent(), true);
        send(link, writer).await
    }

    fn count_peers(&self) {
        metrics().bus_peers.set(i64::try_from(self.peers.lock().len()).unwrap_or(i64::MAX));
    }

    fn deliver(&self, text: &str, receive: &impl Fn(Delivery<'_>)) {
        let Some(frame) = Frame::read(text) else {
            tracing::debug!("a malformed message of another server is ignored");
            return;
        };
        let Frame { server, first, messages, is_last } = frame;
        if server == self.id {
            return;
        }
        let order = self.peers.lock().record(server, first, messages.len());
        self.count_peers();
        match order {
            Order::Next => {}
            Order::Gap => {
                metrics().bus_gaps.inc();
                receive(Delivery::Missed(Some(server)));
            }
            Order::Ignored => return,
        }
        metrics().bus_received.inc_by(messages.len() as u64);
        for (subject, body) in messages {
            receive(Delivery::Message { server, subject, body });
        }
        if is_last {
            self.peers.lock().remove(server);
            receive(Delivery::Left { server, is_orderly: true });
        }
    }
}

async fn send(link: &mut impl Link, writer: Writer) -> Result<()> {
    let frames = writer.into_frames();
    if frames.is_empty() {
        return Ok(());
    }
    let count = frames.len() as u64;
    timeout(LIMIT, link.send(frames)).await.context("sending took too long")??;
    metrics().bus_frames_sent.inc_by(count);
    Ok(())
}
