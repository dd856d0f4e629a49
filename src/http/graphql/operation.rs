//! One operation on a connection that carries several: it starts beside the connection, then says what it has to say.

use std::{
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::http::HeaderMap;
use futures_util::{Stream, stream::BoxStream};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinHandle,
};
use tracing::Instrument;

use super::{
    Outcome, body,
    documents::{failure, refused},
    start::{Next, Started},
};
use crate::{document::Failure, domain::Code, rest::Refusal, tasks::Tasks};

/// What one connection may have going on at once.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct Limits {
    /// Queries, mutations, and starting subscriptions that run at the same time; further ones wait for their turn.
    pub(in crate::http) operations: usize,
    /// Subscriptions.
    pub(in crate::http) subscriptions: usize,
    /// How long it may take to run or to start one.
    pub(in crate::http) timeout: Duration,
}

/// What one connection still may have going on.
#[derive(Clone)]
pub(super) struct Allowance {
    /// Operations that were accepted: those that run and those that wait.
    accepted: Arc<Semaphore>,
    /// Operations that run.
    running: Arc<Semaphore>,
    subscriptions: Arc<Semaphore>,
    limits: Limits,
}

impl Allowance {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            accepted: Arc::new(Semaphore::new(limits.operations + limits.subscriptions)),
            running: Arc::new(Semaphore::new(limits.operations)),
            subscriptions: Arc::new(Semaphore::new(limits.subscriptions)),
            limits,
        }
    }

    /// The right to one more subscription.
    fn subscribe(&self) -> Result<Permit, Failure> {
        self.subscriptions.clone().try_acquire_owned().map(Arc::new).map_err(|_| {
            let most = self.limits.subscriptions;
            failure(Code::RateLimited, &format!("{most} subscriptions go on here, more are not allowed"))
        })
    }

    /// Accepts one more operation, which may have to wait for its turn.
    ///
    /// # Errors
    /// `RATE_LIMITED` when `operations` and `subscriptions` together are pending already.
    pub(super) fn accept(&self) -> Result<Permit, Failure> {
        self.accepted.clone().try_acquire_owned().map(Arc::new).map_err(|_| {
            let most = self.limits.operations + self.limits.subscriptions;
            failure(Code::RateLimited, &format!("{most} operations are pending here, more are not allowed"))
        })
    }

    /// Waits for the turn of an accepted operation; it lasts until the result is dropped.
    pub(super) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        // Never `None`: the semaphore is never closed.
        self.running.clone().acquire_owned().await.ok()
    }
}

/// An operation from its start to its end, as a stream of what it says. After a refusal it says nothing.
pub(super) struct Operation {
    step: Step,
    permit: Permit,
}

/// The right to go on, until the last of those who have it drops it.
pub(super) type Permit = Arc<OwnedSemaphorePermit>;

enum Step {
    /// It runs in a task of its own: what has begun to change something is not cut off with the connection.
    Starting {
        start: JoinHandle<Result<Started, Refusal>>,
        allowance: Allowance,
    },
    Subscribed(BoxStream<'static, Next>),
    /// It has one thing left to say.
    Last(Next),
    Over,
}

impl Operation {
    /// Begins an operation, where not too many run already.
    pub(super) fn begin<F>(tasks: &Tasks, allowance: &Allowance, start: F) -> Result<Self, Failure>
    where
        F: Future<Output = Result<Started, Refusal>> + Send + 'static,
    {
        // Held twice: what nobody waits for any more counts until it has run, and what has run until it is sent.
        let permit = allowance.accept()?;
        let (held, allowed, limit) = (permit.clone(), allowance.clone(), allowance.limits.timeout);
        let run = async move {
            let _held = held;
            let in_turn = async {
                let _turn = allowed.turn().await;
                start.await
            };
            tokio::time::timeout(limit, in_turn)
                .await
                .unwrap_or_else(|_| Err(Refusal::new(Code::Timeout, "The operation took too long")))
        };
        let start = tasks.spawn(run.in_current_span());
        Ok(Self { step: Step::Starting { start, allowance: allowance.clone() }, permit })
    }

    /// An operation that was started elsewhere; refused when it did not get that far.
    pub(super) fn of(started: Started, allowance: &Allowance, permit: Permit) -> Result<Self, Failure> {
        match started {
            Started::Answered(outcome) => match *outcome {
                Outcome::Failed(failure) => Err(failure),
                // Headers that it would set have no place on a connection that is open already.
                ran => {
                    let payload = body(ran, &mut HeaderMap::new()).into();
                    let last = Next::Answer { payload, position: None };
                    Ok(Self { step: Step::Last(last), permit })
                }
            },
            Started::Stream(answers) => {
                Ok(Self { step: Step::Subscribed(answers), permit: allowance.subscribe()? })
            }
        }
    }

    /// Whether it is anything but a subscription, or is not known to be one yet.
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
