//! The concurrent operations of a connection by id. Each is polled only after it was woken.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use futures_util::{Stream, task::AtomicWaker};

/// Streams by id. A removed stream is dropped at once; an empty set is small.
pub(super) struct Operations<S> {
    slots: Vec<Slot<S>>,
    next_key: u64,
    board: Arc<ReadyQueue>,
}

struct Slot<S> {
    id: Arc<str>,
    stream: S,
    signal: Arc<OperationWaker>,
    waker: Waker,
}

/// Keys of the woken streams in order, and the task that polls them.
#[derive(Default)]
struct ReadyQueue {
    rung: Mutex<VecDeque<u64>>,
    reader: AtomicWaker,
}

/// Waker of one stream.
struct OperationWaker {
    key: u64,
    rung: AtomicBool,
    board: Arc<ReadyQueue>,
}

impl OperationWaker {
    /// Queues the stream unless it is already queued. Returns whether it was queued.
    fn wake_operation(&self) -> bool {
        let silent = !self.rung.swap(true, Ordering::AcqRel);
        if silent {
            self.board.rung.lock().unwrap_or_else(PoisonError::into_inner).push_back(self.key);
        }
        silent
    }
}

impl Wake for OperationWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.wake_operation() {
            self.board.reader.wake();
        }
    }
}

impl<S> Default for Operations<S> {
    fn default() -> Self {
        Self { slots: Vec::new(), next_key: 0, board: Arc::default() }
    }
}

impl<S> Operations<S> {
    /// Returns whether there are no operations.
    pub(super) fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Returns whether an operation has this id.
    pub(super) fn contains(&self, id: &str) -> bool {
        self.slots.iter().any(|slot| &*slot.id == id)
    }

    /// Adds an operation under an unused id.
    pub(super) fn insert(&mut self, id: &str, stream: S) {
        let key = self.next_key;
        self.next_key += 1;
        let signal =
            Arc::new(OperationWaker { key, rung: AtomicBool::new(false), board: self.board.clone() });
        let waker = Waker::from(signal.clone());
        waker.wake_by_ref();
        self.slots.push(Slot { id: id.into(), stream, signal, waker });
    }

    /// Removes an operation. Returns whether there was one.
    pub(super) fn remove(&mut self, id: &str) -> bool {
        let found = self.slots.iter().position(|slot| &*slot.id == id);
        found.map(|at| self.slots.swap_remove(at)).is_some()
    }

    /// Removes all operations except those for which `goes_on` returns true.
    pub(super) fn retain(&mut self, goes_on: impl Fn(&S) -> bool) {
        self.slots.retain(|slot| goes_on(&slot.stream));
    }
}

impl<S: Stream + Unpin> Operations<S> {
    /// Polls the next item of any operation, with its id; `None` as item if the operation has ended and was
    /// removed. Operations take turns.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<(Arc<str>, Option<S::Item>)> {
        self.board.reader.register(cx.waker());
        while let Some(key) = self.answer() {
            let Some(at) = self.slots.iter().position(|slot| slot.signal.key == key) else { continue };
            let slot = &mut self.slots[at];
            // From here on, waking the stream queues it again.
            slot.signal.rung.store(false, Ordering::Release);
            match Pin::new(&mut slot.stream).poll_next(&mut Context::from_waker(&slot.waker)) {
                Poll::Pending => {}
                Poll::Ready(Some(item)) => {
                    slot.signal.wake_operation();
                    return Poll::Ready((slot.id.clone(), Some(item)));
                }
                Poll::Ready(None) => return Poll::Ready((self.slots.swap_remove(at).id, None)),
            }
        }
        Poll::Pending
    }

    fn answer(&self) -> Option<u64> {
        self.board.rung.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use futures_channel::mpsc;
    use futures_util::stream;

    use super::*;

    async fn next<S: Stream + Unpin>(operations: &mut Operations<S>) -> (Arc<str>, Option<S::Item>) {
        poll_fn(|cx| operations.poll_next(cx)).await
    }

    #[tokio::test]
    async fn they_take_turns_and_say_when_they_end() {
        let mut operations = Operations::default();
        operations.insert("a", stream::iter(vec![1, 2]));
        operations.insert("b", stream::iter(vec![3]));
        let mut said = Vec::new();
        while !operations.is_empty() {
            let (id, item) = next(&mut operations).await;
            said.push((id.to_string(), item));
        }
        let said: Vec<_> = said.iter().map(|(id, item)| (id.as_str(), *item)).collect();
        assert_eq!(said, [("a", Some(1)), ("b", Some(3)), ("a", Some(2)), ("b", None), ("a", None)]);
    }

    #[tokio::test]
    async fn only_woken_operations_are_polled() {
        let (speak, quiet) = (mpsc::unbounded(), mpsc::unbounded::<u8>());
        let mut operations = Operations::default();
        operations.insert("speaks", speak.1);
        operations.insert("is quiet", quiet.1);
        let waiting = tokio::spawn(async move { next(&mut operations).await });
        tokio::task::yield_now().await;
        speak.0.unbounded_send(5).unwrap();
        let (id, item) = waiting.await.unwrap();
        assert_eq!((&*id, item), ("speaks", Some(5)));
    }

    #[tokio::test]
    async fn a_removed_operation_is_dropped_at_once() {
        let (sender, receiver) = mpsc::unbounded::<u8>();
        let mut operations = Operations::default();
        operations.insert("a", receiver);
        assert!(operations.contains("a"));
        assert!(operations.remove("a"));
        assert!(sender.is_closed());
        assert!(!operations.remove("a"));
        assert!(poll_fn(|cx| Poll::Ready(operations.poll_next(cx).is_pending())).await);
    }

    #[tokio::test]
    async fn some_may_go_on() {
        let mut operations = Operations::default();
        operations.insert("a", stream::iter(vec![1]));
        operations.insert("b", stream::iter(vec![2, 3]));
        operations.retain(|stream| stream.size_hint().0 == 2);
        assert!(!operations.contains("a") && operations.contains("b"));
    }
}
