//! Listening to what is in no log: it is looked at again whenever it may have changed, and told where it has.

use std::{sync::Arc, time::Duration};

use futures_util::{
    StreamExt,
    stream::{BoxStream, unfold},
};
use tokio::sync::Notify;

use super::{
    Asked, Listen, Next, Pass, Run,
    outage::{is_outage, outlast},
};
use crate::domain::Result;

/// What is looked at, and what of it was told.
pub trait Look: Send + 'static {
    /// What is told.
    type Change: Send + Sync + 'static;

    /// What rings when it may have changed.
    fn bell(&self) -> Arc<Notify>;

    /// What is different from what was told, the first time all of it; none where nothing is.
    fn look(&mut self) -> impl Future<Output = Result<Option<Self::Change>>> + Send;
}

/// Looks for as long as the right to lasts.
pub struct Looking<L> {
    /// At what.
    pub look: L,
    /// The right.
    pub pass: Pass,
    /// How often it is looked at without being rung for: where another process writes to it too.
    pub poll: Option<Duration>,
}

impl<L: Look> Listen for Looking<L> {
    fn open(self: Box<Self>, asked: Asked) -> BoxStream<'static, Next> {
        unfold(Some((*self, asked)), |state| async move {
            let (mut looking, asked) = state?;
            match looking.next().await {
                Ok(change) => {
                    let payload = (asked.render)(Arc::new(change), Run::Own).await;
                    Some((Next::Answer { payload, position: None }, Some((looking, asked))))
                }
                Err(error) => Some((Next::Refused(error), None)),
            }
        })
        .boxed()
    }
}

impl<L: Look> Looking<L> {
    async fn next(&mut self) -> Result<L::Change> {
        let bell = self.look.bell();
        loop {
            self.pass.confirmed().await?;
            match self.look.look().await {
                Ok(Some(change)) => return Ok(change),
                Ok(None) => {}
                Err(error) if is_outage(&error) => {
                    outlast(error).await;
                    continue;
                }
                Err(error) => return Err(error),
            }
            let changed = async {
                match self.poll {
                    Some(poll) => _ = tokio::time::timeout(poll, bell.notified()).await,
                    None => bell.notified().await,
                }
            };
            tokio::select! {
                biased;
                () = self.pass.doubt() => self.pass.check().await?,
                () = changed => {}
            }
        }
    }
}
