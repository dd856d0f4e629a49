//! Batches: collection, delivery and dropped collectors.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    future::ready,
    task::Context,
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, LocalBoxFuture, join_all, poll_immediate},
    task::noop_waker,
};
use tokio::sync::Notify;

use super::*;
use crate::error::Code;

/// A source that counts its calls and knows the double of every number except 13.
#[derive(Default)]
struct Doubles(RefCell<Vec<usize>>);

impl Doubles {
    fn fetch(&self, keys: &[u32]) -> Result<HashMap<u32, u32>> {
        self.0.borrow_mut().push(keys.len());
        Ok(keys.iter().filter(|key| **key != 13).map(|key| (*key, key * 2)).collect())
    }

    async fn load(&self, queue: &Queue<u32, u32>, key: u32) -> Option<u32> {
        queue.load(key, |keys| ready(self.fetch(&keys))).await.unwrap()
    }
}

#[tokio::test]
async fn simultaneous_loads_are_one_call() {
    let (queue, doubles) = (Queue::default(), Doubles::default());
    let asked = (0..400).map(|number| doubles.load(&queue, number % 200));
    let found = join_all(asked).await;
    assert_eq!(doubles.0.take(), [200]);
    assert_eq!((found[7], found[13], found[207]), (Some(14), None, Some(14)));
    // Nothing is cached: a second request loads again.
    assert_eq!(doubles.load(&queue, 7).await, Some(14));
    assert_eq!(doubles.0.take(), [1]);
}

#[tokio::test]
async fn many_keys_are_several_calls() {
    let (queue, doubles) = (Queue::default(), Doubles::default());
    let found = join_all((0..1201).map(|number| doubles.load(&queue, 100 + number))).await;
    assert_eq!(found[1200], Some(2600));
    assert_eq!(doubles.0.take(), [500, 500, 201]);
}

#[tokio::test]
async fn lists_in_lists_are_one_call_a_level() {
    let (queue, doubles) = (Queue::default(), Doubles::default());
    let (queue, doubles) = (&queue, &doubles);
    let rows = (0..60).map(|row| async move {
        let cells = (0..40).map(|cell| async move {
            let first = doubles.load(queue, 100_000 + row * 1000 + cell).await.unwrap();
            doubles.load(queue, first + 1_000_000).await
        });
        join_all(cells).await
    });
    join_all(rows).await;
    let calls = doubles.0.take();
    assert_eq!(calls, [vec![500; 4], vec![400], vec![500; 4], vec![400]].concat());
}

#[tokio::test]
async fn it_is_polled_a_few_times_only() {
    let (queue, doubles) = (Queue::default(), Doubles::default());
    let polls = Cell::new(0);
    let mut all = join_all((0..500).map(|number| doubles.load(&queue, number))).boxed_local();
    let counted = poll_fn(|cx| {
        polls.set(polls.get() + 1);
        all.poll_unpin(cx)
    });
    counted.await;
    assert!(polls.get() < 20, "polled {} times", polls.get());
}

/// Polls the futures once and returns those that are pending.
fn begin<'a, T>(future: impl Future<Output = T> + 'a) -> LocalBoxFuture<'a, T> {
    let mut future = future.boxed_local();
    let waker = noop_waker();
    assert!(future.poll_unpin(&mut Context::from_waker(&waker)).is_pending());
    future
}

#[tokio::test]
async fn a_field_that_is_dropped_while_it_collects_is_replaced() {
    let (queue, doubles) = (Queue::default(), Doubles::default());
    let first = begin(doubles.load(&queue, 1));
    let others = join_all((2..5).map(|number| doubles.load(&queue, number)));
    let others = begin(others);
    drop(first);
    assert_eq!(others.await, [Some(4), Some(6), Some(8)]);
    assert_eq!(doubles.0.take(), [3], "nobody waits for the first any more");
}

#[tokio::test]
async fn a_field_that_is_dropped_while_it_loads_is_replaced() {
    let queue: Queue<u32, u32> = Queue::default();
    let (calls, never) = (Cell::new(0), Notify::new());
    let fetch = |keys: Vec<u32>| {
        calls.set(calls.get() + 1);
        let waits = calls.get() == 1;
        let never = &never;
        async move {
            if waits {
                never.notified().await;
            }
            Ok(keys.into_iter().map(|key| (key, key)).collect::<HashMap<_, _>>())
        }
    };
    let mut first = begin(queue.load(1, fetch));
    let other = begin(queue.load(2, fetch));
    while calls.get() == 0 {
        assert!(poll_immediate(&mut first).await.is_none());
    }
    drop(first);
    assert_eq!(other.await.unwrap(), Some(2));
    assert_eq!(calls.get(), 2);
}

#[tokio::test]
async fn a_failure_is_that_of_all_who_asked() {
    let queue: Queue<u32, u32> = Queue::default();
    let fetch =
        |_: Vec<u32>| ready(Err(Error::RateLimited { retry_after: std::time::Duration::from_secs(5) }));
    let found = join_all((0..3).map(|number| queue.load(number, fetch))).await;
    for outcome in found {
        let error = outcome.unwrap_err();
        assert_eq!(error.code(), Code::RateLimited);
        assert_eq!(error.retry_after().map(|after| after.as_secs()), Some(5));
    }
    let alone = queue.load(1, |_| ready(Err(Error::NotFound("Space")))).await.unwrap_err();
    assert!(matches!(alone, Error::NotFound("Space")), "whoever is alone has the failure itself");
}

#[tokio::test]
async fn a_field_that_asks_during_a_call_is_in_the_next() {
    let queue: Queue<u32, u32> = Queue::default();
    let gate = Notify::new();
    let fetch = |keys: Vec<u32>| {
        let gate = &gate;
        async move {
            if keys == [1] {
                gate.notified().await;
            }
            Ok(keys.into_iter().map(|key| (key, key)).collect::<HashMap<_, _>>())
        }
    };
    let mut first = begin(queue.load(1, fetch));
    assert!(poll_immediate(&mut first).await.is_none());
    assert!(poll_immediate(&mut first).await.is_none());
    assert_eq!(queue.load(2, fetch).await.unwrap(), Some(2));
    gate.notify_one();
    assert_eq!(first.await.unwrap(), Some(1));
}

#[test]
fn executions_load_on_any_thread() {
    fn is_send<T: Send>(_: &T) {}
    let queue: Queue<u32, u32> = Queue::default();
    let load: BoxFuture<'_, _> = queue.load(1, |_| ready(Ok(HashMap::new()))).boxed();
    is_send(&load);
}
