//! Connections that stay open, counted by network: one network cannot take them all.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::{body::Body, response::Response};
use futures_util::StreamExt;
use parking_lot::Mutex;

use super::edge::refusal;
use crate::{
    config::{Settings, Switch},
    domain::Code,
    network::Network,
    rest::{EndsByItself, Refusal},
    tasks::Tasks,
};

/// How many sockets and event streams each network has open. An entry exists while one of them is open.
pub(super) struct Seats {
    most: usize,
    taken: Option<Arc<Taken>>,
}

type Taken = Mutex<HashMap<Network, usize>>;

/// The right to one open connection, until it is dropped.
#[derive(Debug)]
pub(super) struct Seat(Option<(Arc<Taken>, Network)>);

impl Seats {
    pub(super) fn new(settings: &Settings) -> Self {
        let taken = (settings.rate_limits == Switch::On).then(Arc::default);
        Self { most: settings.connections_per_address, taken }
    }

    /// Takes a seat for the network of this address; refused when it has too many.
    pub(super) fn take(&self, address: Option<&str>) -> Result<Seat, Refusal> {
        let network = address.and_then(Network::parse);
        let (Some(taken), Some(network)) = (&self.taken, network) else { return Ok(Seat(None)) };
        let mut seats = taken.lock();
        let count = seats.get(&network).copied().unwrap_or_default();
        if count >= self.most {
            let message = format!("This address has {} connections open, more are not allowed", self.most);
            return Err(refusal(Code::RateLimited, message));
        }
        seats.insert(network, count + 1);
        Ok(Seat(Some((taken.clone(), network))))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some((taken, network)) = &self.0 else { return };
        let mut seats = taken.lock();
        if let Some(count) = seats.get_mut(network) {
            *count -= 1;
            if *count == 0 {
                seats.remove(network);
            }
        }
    }
}

/// How long a stream that ends by itself may take to do so when the server stops.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Lets an answer stream, on its seat, until the server stops. One that ends by itself is told how: what it is about is
/// ended by then.
pub(super) fn keep_open(tasks: &Tasks, seat: Option<Seat>, response: Response) -> Response {
    let stopping = tasks.stopping();
    let ends_by_itself = response.extensions().get::<EndsByItself>().is_some();
    let over = async move {
        stopping.await;
        if ends_by_itself {
            tokio::time::sleep(LAST_WORDS).await;
        }
    };
    response.map(|body| {
        let body = body.into_data_stream().take_until(Box::pin(over));
        Body::from_stream(body.inspect(move |_| _ = &seat))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_is_free_again_when_it_is_left() {
        let seats = Seats::new(&Settings { connections_per_address: 2, ..Settings::default() });
        let first = seats.take(Some("192.0.2.1")).unwrap();
        let _second = seats.take(Some("::ffff:192.0.2.1")).unwrap();
        assert_eq!(seats.take(Some("192.0.2.1")).unwrap_err().code, Code::RateLimited);
        let _other = seats.take(Some("192.0.2.2")).unwrap();
        drop(first);
        let third = seats.take(Some("192.0.2.1")).unwrap();
        drop(third);
        assert_eq!(seats.taken.unwrap().lock().len(), 2);
    }

    #[test]
    fn a_refusal_leaves_nothing_behind() {
        let seats = Seats::new(&Settings { connections_per_address: 0, ..Settings::default() });
        assert_eq!(seats.take(Some("2001:db8::1")).unwrap_err().code, Code::RateLimited);
        assert!(seats.taken.unwrap().lock().is_empty());
    }
}
