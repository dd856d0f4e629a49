//! One operation on a connection that carries several. It starts in its own task and then sends its
//! responses.

use std::{
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_util::{Stream, stream::BoxStream};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinHandle,
};
use tracing::Instrument;

use super::{
    documents::refused,
    start::{Next, StartedOperation},
};
use crate::{document::Failure, error::Code, tasks::Tasks, transport::Refusal};

/// Limits on the operations of one connection.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct Limits {
    /// Maximum number of queries, mutations and starts of subscriptions that run at the same time; further
    /// ones wait.
    pub(in crate::http) operations: usize,
    /// Maximum number of open subscriptions.
    pub(in crate::http) subscriptions: usize,
    /// Maximum time to execute an operation or to start a subscription.
    pub(in crate::http) timeout: Duration,
}

/// The permits of one connection.
#[derive(Clone)]
pub(super) struct OperationLimits {
    /// Permits of accepted operations, running or waiting.
    accepted: Arc<Semaphore>,
    /// Permits of running operations.
    running: Arc<Semaphore>,
    subscriptions: Arc<Semaphore>,
    limits: Limits,
}

impl OperationLimits {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            accepted: Arc::new(Semaphore::new(limits.operations + limits.subscriptions)),
            running: Arc::new(Semaphore::new(limits.operations)),
            subscriptions: Arc::new(Semaphore::new(limits.subscriptions)),
            limits,
        }
    }

    /// Acquires a permit for a subscription.
    fn subscribe(&self) -> Result<Permit, Failure> {
        self.subscriptions.clone().try_acquire_owned().map(Arc::new).map_err(|_| {
            let most = self.limits.subscriptions;
            Failure::new(
                Code::RateLimited,
                format!("{most} subscriptions are open; no more are allowed"),
                None,
            )
        })
    }

    /// Returns the number of open subscriptions.
    pub(super) fn open_subscriptions(&self) -> usize {
        self.limits.subscriptions.saturating_sub(self.subscriptions.available_permits())
    }

    /// Accepts an operation, which may have to wait before it runs.
    ///
    /// # Errors
    /// `RATE_LIMITED` if `operations` and `subscriptions` together are pending.
    pub(super) fn accept(&self) -> Result<Permit, Failure> {
        self.accepted.clone().try_acquire_owned().map(Arc::new).map_err(|_| {
            let most = self.limits.operations + self.limits.subscriptions;
            Failure::new(
                Code::RateLimited,
                format!("{most} operations are pending; no more are allowed"),
                None,
            )
        })
    }

    /// Waits until an accepted operation may run. Dropping the result ends its turn.
    pub(super) async fn acquire_permit(&self) -> Option<OwnedSemaphorePermit> {
        // Never `None`: the semaphore is never closed.
        self.running.clone().acquire_owned().await.ok()
    }
}

/// A stream of the responses of an operation, from its start to its end. Ends after a refusal.
pub(super) struct Operation {
    step: Step,
    permit: Permit,
}

/// A permit to continue, shared; the last holder releases it.
pub(super) type Permit = Arc<OwnedSemaphorePermit>;

enum Step {
    /// Runs in its own task, so that a mutation is not cut off with the connection.
    Starting {
        start: JoinHandle<Result<StartedOperation, Refusal>>,
        allowance: OperationLimits,
    },
    Subscribed(BoxStream<'static, Next>),
    /// One response is left to send.
    Last(Next),
    Over,
}

impl Operation {
    /// Begins an operation unless too many are pending.
    pub(super) fn begin<F>(tasks: &Tasks, allowance: &OperationLimits, start: F) -> Result<Self, Failure>
    where
        F: Future<Output = Result<StartedOperation, Refusal>> + Send + 'static,
    {
        // Held by the task and by the stream: an abandoned operation counts until it has run, and a finished
        // one until it is sent.
        let permit = allowance.accept()?;
        let (held, allowed, limit) = (permit.clone(), allowance.clone(), allowance.limits.timeout);
        let run = async move {
            let _held = held;
            let in_turn = async {
                let _turn = allowed.acquire_permit().await;
                start.await
            };
            tokio::time::timeout(limit, in_turn)
                .await
                .unwrap_or_else(|_| Err(Refusal::new(Code::Timeout, "The operation took too long")))
        };
        let start = tasks.spawn(run.in_current_span());
        Ok(Self { step: Step::Starting { start, allowance: allowance.clone() }, permit })
    }

    /// Wraps an operation that was started elsewhere; a failed start becomes a refusal.
    pub(super) fn of(
        started: StartedOperation,
        allowance: &OperationLimits,
        permit: Permit,
    ) -> Result<Self, Failure> {
        match started {
            StartedOperation::Refused(failure) => Err(*failure),
            // The connection is open already, so headers of the response cannot be sent.
            StartedOperation::Answered(payload, _) => {
                let last = Next::Answer { payload, position: None };
                Ok(Self { step: Step::Last(last), permit })
            }
            StartedOperation::Stream(answers) => {
                Ok(Self { step: Step::Subscribed(answers), permit: allowance.subscribe()? })
            }
        }
    }

    /// Returns whether the operation is not a subscription, or not yet known to be one.
    pub(super) fn is_short(&self) -> bool {
        !matches!(self.step, Step::Subscribed(_))
    }
}

impl Stream for Operation {
    type Item = Next;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Next>> {
        if let Step::Starting { start, allowance } = &mut self.step {
            let started = ready!(Pin::new(start).poll(cx)).unwrap_or_else(|error| {
                tracing::error!(%error, "an operation ended early");
                Err(Refusal::new(Code::Internal, "Internal error"))
            });
            let allowance = allowance.clone();
            let permit = self.permit.clone();
            match started.map_err(refused).and_then(|started| Self::of(started, &allowance, permit)) {
                Ok(operation) => *self = operation,
                Err(failure) => self.step = Step::Last(Next::Refused(failure)),
            }
        }
        if let Step::Subscribed(answers) = &mut self.step {
            let next = ready!(answers.as_mut().poll_next(cx));
            if !matches!(next, Some(Next::Answer { .. })) {
                self.step = Step::Over;
            }
            return Poll::Ready(next);
        }
        match mem::replace(&mut self.step, Step::Over) {
            Step::Last(next) => Poll::Ready(Some(next)),
            _ => Poll::Ready(None),
        }
    }
}
