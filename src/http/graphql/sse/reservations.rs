//! Streams that carry many operations: reserved, connected once, and removed with their connection.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use tokio::task::AbortHandle;

use super::super::{
    network,
    operation::{Limits, Operation, OperationLimits},
    operations::Operations,
    start::Next,
};
use crate::{
    auth::Viewer,
    clock::Clock,
    error::Code,
    http::{connection_limit::ConnectionPermit, middleware::refusal},
    security::{network::Network, random},
    transport::Refusal,
};

/// How long a stream stays reserved before it is connected.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(60);
/// Maximum number of streams, connected or not; each also needs a permit of its network.
const MAX_STREAMS: usize = 20_000;
/// Maximum number of streams of one anonymous network that wait for their connection.
const MOST_WAITING: usize = 20;

/// All reserved streams by token.
#[derive(Clone)]
pub(in crate::http) struct Reservations {
    clock: Clock,
    all: Arc<Mutex<HashMap<String, Arc<Reservation>>>>,
}

/// A reserved stream.
pub(super) struct Reservation {
    /// Id of the user who reserved it; `None` if anonymous.
    owner: Option<String>,
    /// Network from which it was reserved, if known.
    network: Option<Network>,
    /// End of the time for connecting, on the monotonic clock.
    until: Duration,
    /// The task that removes the reservation when its time is over.
    forgetting: Mutex<Option<AbortHandle>>,
    /// Limits on the stream's operations.
    pub(super) allowance: OperationLimits,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Permit of the reservation; it passes to the connection.
    seat: Option<ConnectionPermit>,
    connected: bool,
    /// Ids of operations that have begun and have no stream yet.
    starting: HashSet<String>,
    operations: Operations<Operation>,
}

/// An operation that has begun; its id is released if it is dropped before `follow`.
pub(super) struct Begun {
    reservation: Arc<Reservation>,
    id: String,
}

/// The one connection of a stream. Dropping it removes the stream.
pub(super) struct Connection {
    reservations: Reservations,
    token: String,
    reservation: Arc<Reservation>,
}

impl Reservations {
    pub(in crate::http) fn new(clock: Clock) -> Self {
        Self { clock, all: Arc::default() }
    }

    /// Reserves a stream and returns its token. The stream is removed unless it is connected in time.
    pub(super) fn reserve(
        &self,
        viewer: &Viewer,
        limits: Limits,
        seat: ConnectionPermit,
    ) -> Result<String, Refusal> {
        let token = random::hex::<32>().map_err(|error| {
            tracing::error!(error = format!("{error:#}"), "a request failed");
            refusal(Code::Internal, "Internal error")
        })?;
        let state = State { seat: Some(seat), ..State::default() };
        let owner = viewer.find_user().map(|user| user.id.clone());
        let network = network(viewer);
        let until = self.clock.monotonic() + CONNECT_TIMEOUT;
        let allowance = OperationLimits::new(limits);
        let forgetting = Mutex::default();
        let reservation =
            Arc::new(Reservation { owner, network, until, forgetting, allowance, state: Mutex::new(state) });
        {
            let mut all = self.lock();
            // A reservation needs no open connection, so anonymous callers could hold all of them.
            let is_waiting = |found: &&Arc<Reservation>| {
                found.owner.is_none() && found.network == network && !found.lock().connected
            };
            if reservation.owner.is_none() && all.values().filter(is_waiting).count() >= MOST_WAITING {
                let message = "Too many streams of this address wait for their connection";
                return Err(refusal(Code::RateLimited, message));
            }
            if all.len() >= MAX_STREAMS {
                return Err(refusal(Code::Unavailable, "Too many streams are open; try again later"));
            }
            all.insert(token.clone(), reservation.clone());
        }
        let (reservations, forgotten) = (self.clone(), token.clone());
        let forgetting = tokio::spawn(async move {
            reservations.clock.sleep_until_monotonic(until).await;
            _ = reservations.get(&forgotten);
        });
        *reservation.forgetting.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(forgetting.abort_handle());
        Ok(token)
    }

    /// Returns the stream of this token if it belongs to this viewer.
    pub(super) fn find(&self, token: &str, viewer: &Viewer) -> Result<Arc<Reservation>, Refusal> {
        let found = self.get(token)?;
        if found.owner.as_deref() == viewer.find_user().map(|user| user.id.as_str()) {
            Ok(found)
        } else {
            Err(refusal(Code::Forbidden, "Another caller reserved this stream"))
        }
    }

    /// Connects to a stream, once. The token needs no other credentials, but no other viewer may use it.
    pub(super) fn connect(
        &self,
        token: &str,
        viewer: &Viewer,
    ) -> Result<(Connection, Option<ConnectionPermit>), Refusal> {
        let reservation = match viewer.find_user() {
            Some(_) => self.find(token, viewer)?,
            None => self.get(token)?,
        };
        let seat = {
            let mut state = reservation.lock();
            if state.connected {
                return Err(refusal(Code::Conflict, "This stream is already open"));
            }
            state.connected = true;
            state.seat.take()
        };
        // The connection removes the stream from now on, so the timer ends.
        if let Some(forgetting) = reservation.forgetting.lock().unwrap_or_else(PoisonError::into_inner).take()
        {
            forgetting.abort();
        }
        let connection = Connection { reservations: self.clone(), token: token.to_owned(), reservation };
        Ok((connection, seat))
    }

    /// Returns a stream that is connected or can still be. Removes it if its time is over.
    fn get(&self, token: &str) -> Result<Arc<Reservation>, Refusal> {
        let mut all = self.lock();
        let found = all.get(token).ok_or_else(unknown)?;
        if !found.lock().connected && found.until <= self.clock.monotonic() {
            all.remove(token);
            return Err(unknown());
        }
        Ok(found.clone())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Reservation>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reservation {
    /// Reserves an id for an operation that begins.
    pub(super) fn begin(self: Arc<Self>, id: String) -> Result<Begun, Refusal> {
        {
            let mut state = self.lock();
            if state.operations.contains(&id) || !state.starting.insert(id.clone()) {
                let message = "An operation with this operationId is already running";
                return Err(refusal(Code::Conflict, message));
            }
        }
        Ok(Begun { reservation: self, id })
    }

    /// Ends an operation, running or starting.
    pub(super) fn stop(&self, id: &str) {
        let mut state = self.lock();
        state.starting.remove(id);
        state.operations.remove(id);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Begun {
    /// Adds the operation's responses to the stream. Returns whether the client still wants them.
    pub(super) fn follow(self, operation: Operation) -> bool {
        let mut state = self.reservation.lock();
        let wanted = state.starting.remove(&self.id);
        if wanted {
            state.operations.insert(&self.id, operation);
        }
        wanted
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.reservation.lock().starting.remove(&self.id);
    }
}

impl Connection {
    /// Returns the limits on the stream's operations.
    pub(super) fn allowance(&self) -> &OperationLimits {
        &self.reservation.allowance
    }

    /// Polls the next response of any operation, with its id; `None` if the operation has ended.
    pub(super) fn poll_next(&self, cx: &mut Context<'_>) -> Poll<(Arc<str>, Option<Next>)> {
        self.reservation.lock().operations.poll_next(cx)
    }

    /// Returns whether no operation is running or starting.
    pub(super) fn is_idle(&self) -> bool {
        let state = self.reservation.lock();
        state.operations.is_empty() && state.starting.is_empty()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.reservations.lock().remove(&self.token);
        // Other holders of the reservation must not keep subscriptions alive without a reader.
        self.reservation.lock().operations.retain(|_| false);
    }
}

/// Refuses an unknown token.
pub(super) fn unknown() -> Refusal {
    refusal(Code::NotFound, "Stream not found")
}
