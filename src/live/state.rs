//! Subscriptions to state that is in no log: the source is read when it may have changed, and differences
//! are published.

use std::sync::Arc;

use futures_util::{
    StreamExt,
    stream::{BoxStream, unfold},
};
use tokio::sync::Notify;

use super::{
    AccessGrant, FeedRequest, Next, RenderMode, Subscribe,
    outage::{is_outage, wait_out},
};
use crate::error::Result;

/// A differential source: the current state and the part of it that was published.
pub trait StateSource: Send + 'static {
    /// Type of the published differences.
    type Change: Send + Sync + 'static;

    /// Returns the signal that is notified when the state may have changed.
    fn wake_signal(&self) -> Arc<Notify>;

    /// Returns the difference from the published state, at first the whole state; `None` if nothing changed.
    fn poll_change(&mut self) -> impl Future<Output = Result<Option<Self::Change>>> + Send;
}

/// Reads a source for the duration of an access grant.
pub struct StateSubscription<L> {
    /// The source.
    pub source: L,
    /// The right to receive the state.
    pub grant: AccessGrant,
}

impl<L: StateSource> Subscribe for StateSubscription<L> {
    fn open(self: Box<Self>, asked: FeedRequest) -> BoxStream<'static, Next> {
        unfold(Some((*self, asked)), |state| async move {
            let (mut looking, asked) = state?;
            match looking.next().await {
                Ok(change) => {
                    let payload = (asked.render)(Arc::new(change), RenderMode::PerViewer).await;
                    Some((Next::Answer { payload, position: None }, Some((looking, asked))))
                }
                Err(error) => Some((Next::Refused(error), None)),
            }
        })
        .boxed()
    }
}

impl<L: StateSource> StateSubscription<L> {
    async fn next(&mut self) -> Result<L::Change> {
        let signal = self.source.wake_signal();
        loop {
            self.grant.wait_until_confirmed().await?;
            match self.source.poll_change().await {
                Ok(Some(change)) => return Ok(change),
                Ok(None) => {}
                Err(error) if is_outage(&error) => {
                    wait_out(error).await;
                    continue;
                }
                Err(error) => return Err(error),
            }
            tokio::select! {
                biased;
                () = self.grant.revalidation_needed() => self.grant.revalidate().await?,
                () = signal.notified() => {}
            }
        }
    }
}
