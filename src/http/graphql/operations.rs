//! Operations that go on side by side, each under its id, asked only when it may have something to say.

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

/// Streams under their ids. What is removed is dropped at once; an empty set costs next to nothing.
pub(super) struct Operations<S> {
    slots: Vec<Slot<S>>,
    next_key: u64,
    board: Arc<Board>,
}

struct Slot<S> {
    id: Arc<str>,
    stream: S,
    bell: Arc<Bell>,
    waker: Waker,
}

/// Which bells were rung, in their order, and who answers.
#[derive(Default)]
struct Board {
    rung: Mutex<VecDeque<u64>>,
    reader: AtomicWaker,
}

/// Rung when its stream may have something to say.
struct Bell {
    key: u64,
    rung: AtomicBool,
    board: Arc<Board>,
}

impl Bell {
    /// Puts the bell on the board unless it is there; whether it was put.
    fn ring(&self) -> bool {
        let silent = !self.rung.swap(true, Ordering::AcqRel);
        if silent {
            self.board.rung.lock().unwrap_or_else(PoisonError::into_inner).push_back(self.key);
        }
        silent
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.ring() {
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
    /// Whether nothing goes on.
    pub(super) fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Whether an operation of this id goes on.
    pub(super) fn contains(&self, id: &str) -> bool {
        self.slots.iter().any(|slot| &*slot.id == id)
    }

    /// Adds an operation under an id that none has.
    pub(super) fn insert(&mut self, id: &str, stream: S) {
        let key = self.next_key;
        self.next_key += 1;
        let bell = Arc::new(Bell { key, rung: AtomicBool::new(false), board: self.board.clone() });
        let waker = Waker::from(bell.clone());
        waker.wake_by_ref();
        self.slots.push(Slot { id: id.into(), stream, bell, waker });
    }

    /// Ends an operation; whether there was one.
    pub(super) fn remove(&mut self, id: &str) -> bool {
        let found = self.slots.iter().position(|slot| &*slot.id == id);
        found.map(|at| self.slots.swap_remove(at)).is_some()
    }

    /// Ends all operations but those that are to go on.
    pub(super) fn retain(&mut self, goes_on: impl Fn(&S) -> bool) {
        self.slots.retain(|slot| goes_on(&slot.stream));
    }
}

impl<S: Stream + Unpin> Operations<S> {
    /// What an operation says next, with its id; none when it has ended and is removed. They take turns.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<(Arc<str>, Option<S::Item>)> {
        self.board.reader.register(cx.waker());
        while let Some(key) = self.answer() {
            let Some(at) = self.slots.iter().position(|slot| slot.bell.key == key) else { continue };
            let slot = &mut self.slots[at];
            // From here on a ring counts again.
            slot.bell.rung.store(false, Ordering::Release);
            match Pin::new(&mut slot.stream).poll_next(&mut Context::from_waker(&slot.waker)) {
                Poll::Pending => {}
                Poll::Ready(Some(item)) => {
                    slot.bell.ring();
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
    async fn only_who_rang_is_asked() {
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
    async fn what_is_removed_is_dropped_at_once() {
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
