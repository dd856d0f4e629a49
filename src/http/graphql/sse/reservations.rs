//! Streams that carry many operations: reserved, then connected once, then gone with their connection.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use tokio::task::AbortHandle;

use super::super::{
    operation::{Allowance, Limits, Operation},
    operations::Operations,
    start::Next,
};
use crate::{
    auth::Viewer,
    clock::Clock,
    domain::Code,
    http::{edge::refusal, seats::Seat},
    random,
    rest::Refusal,
};

/// How long a stream stays reserved before it is connected.
const PATIENCE: Duration = Duration::from_secs(60);
/// The most streams at once, connected or not; each also takes a seat of its network.
const MOST: usize = 20_000;

/// All streams that were reserved, by their tokens.
#[derive(Clone)]
pub(in crate::http) struct Reservations {
    clock: Clock,
    all: Arc<Mutex<HashMap<String, Arc<Reservation>>>>,
}

/// One stream.
pub(super) struct Reservation {
    /// Who reserved it; none when nobody was signed in.
    owner: Option<String>,
    /// Until when, on the monotonic clock, it may be connected.
    until: Duration,
    /// Forgets it when its time is over.
    forgetting: Mutex<Option<AbortHandle>>,
    /// What may go on at once on it.
    pub(super) allowance: Allowance,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Of the reservation; it goes over to the connection.
    seat: Option<Seat>,
    connected: bool,
    /// Operations that have begun and say nothing yet.
    starting: HashSet<String>,
    operations: Operations<Operation>,
}

/// An operation that has begun; forgotten when it is dropped before it was followed.
pub(super) struct Begun {
    reservation: Arc<Reservation>,
    id: String,
}

/// The one connection of a stream, which takes it along when it ends.
pub(super) struct Connection {
    reservations: Reservations,
    token: String,
    reservation: Arc<Reservation>,
}

impl Reservations {
    pub(in crate::http) fn new(clock: Clock) -> Self {
        Self { clock, all: Arc::default() }
    }

    /// Reserves a stream and gives its token. When nobody connects in time it is gone.
    pub(super) fn reserve(&self, viewer: &Viewer, limits: Limits, seat: Seat) -> Result<String, Refusal> {
        let token = random::hex::<32>().map_err(|error| {
            tracing::error!(error = format!("{error:#}"), "a request failed");
            refusal(Code::Internal, "Internal error")
        })?;
        let state = State { seat: Some(seat), ..State::default() };
        let owner = viewer.find_user().map(|user| user.id.clone());
        let until = self.clock.monotonic() + PATIENCE;
        let allowance = Allowance::new(limits);
        let forgetting = Mutex::default();
        let reservation =
            Arc::new(Reservation { owner, until, forgetting, allowance, state: Mutex::new(state) });
        {
            let mut all = self.lock();
            if all.len() >= MOST {
                return Err(refusal(Code::Unavailable, "Too many streams are open, try again later"));
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

    /// The stream of this token, if it is this viewer's.
    pub(super) fn find(&self, token: &str, viewer: &Viewer) -> Result<Arc<Reservation>, Refusal> {
        let found = self.get(token)?;
        if found.owner.as_deref() == viewer.find_user().map(|user| user.id.as_str()) {
            Ok(found)
        } else {
            Err(refusal(Code::Forbidden, "Somebody else reserved this stream"))
        }
    }

    /// Connects to a stream, once. The token is a ticket: it needs no other proof, but no other viewer may use it.
    pub(super) fn connect(
        &self,
        token: &str,
        viewer: &Viewer,
    ) -> Result<(Connection, Option<Seat>), Refusal> {
        let reservation = match viewer.find_user() {
            Some(_) => self.find(token, viewer)?,
            None => self.get(token)?,
        };
        let seat = {
            let mut state = reservation.lock();
            if state.connected {
                return Err(refusal(Code::Conflict, "This stream is open already"));
            }
            state.connected = true;
            state.seat.take()
        };
        // It is forgotten with its connection: no task waits for it any more.
        if let Some(forgetting) = reservation.forgetting.lock().unwrap_or_else(PoisonError::into_inner).take()
        {
            forgetting.abort();
        }
        let connection = Connection { reservations: self.clone(), token: token.to_owned(), reservation };
        Ok((connection, seat))
    }

    /// A stream that is connected or still may be; one whose time is over is forgotten.
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
    /// Takes an id for an operation that begins.
    pub(super) fn begin(self: Arc<Self>, id: String) -> Result<Begun, Refusal> {
        {
            let mut state = self.lock();
            if state.operations.contains(&id) || !state.starting.insert(id.clone()) {
                let message = "An operation with this operationId goes on already";
                return Err(refusal(Code::Conflict, message));
            }
        }
        Ok(Begun { reservation: self, id })
    }

    /// Ends an operation, whether it goes on or is only starting.
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
    /// Lets the stream tell what the operation says; whether anybody still wants to hear it.
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
    /// What an operation says next, with its id; none when it has ended.
    pub(super) fn poll_next(&self, cx: &mut Context<'_>) -> Poll<(Arc<str>, Option<Next>)> {
        self.reservation.lock().operations.poll_next(cx)
    }

    /// Whether nothing goes on, and nothing is about to.
    pub(super) fn is_idle(&self) -> bool {
        let state = self.reservation.lock();
        state.operations.is_empty() && state.starting.is_empty()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.reservations.lock().remove(&self.token);
        // Whoever holds the reservation still must not keep subscriptions alive that nobody hears.
        self.reservation.lock().operations.retain(|_| false);
    }
}

/// No stream has this token.
pub(super) fn unknown() -> Refusal {
    refusal(Code::NotFound, "Stream not found")
}
