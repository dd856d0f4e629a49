use std::pin::pin;

use futures_util::{future::join_all, poll};
use tokio::sync::{Semaphore, mpsc};

use super::*;

/// Carries out its requests when the gate opens, and records each batch.
struct Recorder;

struct World {
    /// Lets one batch go on.
    gate: Semaphore,
    entered: mpsc::UnboundedSender<Vec<u32>>,
}

impl Batch for Recorder {
    type Context = Arc<World>;
    type Key = &'static str;
    type Request = u32;
    type Output = u32;

    const NAME: &'static str = "recorder";

    fn weight(request: &u32) -> usize {
        *request as usize
    }

    /// Numbers from 900 are returned, 666 fails, and of two equal ones the second is postponed.
    async fn run(world: Arc<World>, _key: &'static str, requests: Vec<u32>) -> Vec<Outcome<u32, u32>> {
        world.entered.send(requests.clone()).unwrap();
        world.gate.acquire().await.unwrap().forget();
        assert!(!requests.contains(&666), "a batch that fails");
        let outcome = |(at, request): (usize, &u32)| {
            if requests[..at].contains(request) {
                Outcome::Postponed(*request)
            } else if *request >= 900 {
                Outcome::Returned(*request)
            } else {
                Outcome::Done(request * 10)
            }
        };
        requests.iter().enumerate().map(outcome).collect()
    }
}

fn world(limits: BatchLimits) -> (Batcher<Recorder>, Arc<World>, mpsc::UnboundedReceiver<Vec<u32>>) {
    let (entered, batches) = mpsc::unbounded_channel();
    let world = Arc::new(World { gate: Semaphore::new(0), entered });
    (Batcher::new(Tasks::default(), limits), world, batches)
}

fn done(submitted: Result<Submitted<u32, u32>, SubmitError>) -> u32 {
    match submitted.unwrap() {
        Submitted::Done(output) => output,
        Submitted::Returned(request) => panic!("{request} was returned"),
    }
}

#[tokio::test]
async fn requests_during_a_batch_form_the_next_batch() {
    let limits = BatchLimits { requests: 3, ..BatchLimits::DEFAULT };
    let (writer, world, mut batches) = world(limits);
    let mut first = pin!(writer.submit(&world, "a", 1));
    assert!(poll!(&mut first).is_pending());
    assert_eq!(batches.recv().await.unwrap(), [1]);
    let mut others = pin!(join_all((2..=6).map(|number| writer.submit(&world, "a", number))));
    assert!(poll!(&mut others).is_pending());
    // Another key is not kept waiting.
    let mut apart = pin!(writer.submit(&world, "b", 7));
    assert!(poll!(&mut apart).is_pending());
    assert_eq!(batches.recv().await.unwrap(), [7]);
    world.gate.add_permits(4);
    assert_eq!(done(first.await), 10);
    assert_eq!(done(apart.await), 70);
    let others: Vec<u32> = others.await.into_iter().map(done).collect();
    assert_eq!(others, [20, 30, 40, 50, 60]);
    assert_eq!(batches.recv().await.unwrap(), [2, 3, 4]);
    assert_eq!(batches.recv().await.unwrap(), [5, 6]);
}

#[tokio::test]
async fn a_batch_holds_so_many_bytes_and_a_large_request_alone() {
    let limits = BatchLimits { bytes: 100, ..BatchLimits::DEFAULT };
    let (writer, world, mut batches) = world(limits);
    world.gate.add_permits(10);
    let all = join_all([60, 40, 200, 50, 51].map(|number| writer.submit(&world, "a", number))).await;
    assert_eq!(all.into_iter().map(done).sum::<u32>(), 4010);
    let mut seen = Vec::new();
    while let Ok(batch) = batches.try_recv() {
        seen.push(batch);
    }
    assert_eq!(seen, [vec![60, 40], vec![200], vec![50], vec![51]]);
}

#[tokio::test]
async fn postponed_requests_come_first_and_returned_ones_are_not_written() {
    let (writer, world, mut batches) = world(BatchLimits { requests: 3, ..BatchLimits::DEFAULT });
    world.gate.add_permits(10);
    let all = join_all([5, 5, 900, 6].map(|number| writer.submit(&world, "a", number))).await;
    let mut all = all.into_iter();
    assert_eq!((done(all.next().unwrap()), done(all.next().unwrap())), (50, 50));
    assert!(matches!(all.next().unwrap(), Ok(Submitted::Returned(900))));
    assert_eq!(done(all.next().unwrap()), 60);
    assert_eq!(batches.recv().await.unwrap(), [5, 5, 900]);
    assert_eq!(batches.recv().await.unwrap(), [5, 6]);
}

#[tokio::test]
async fn a_dropped_caller_does_not_affect_others() {
    let (writer, world, mut batches) = world(BatchLimits::DEFAULT);
    let mut first = Box::pin(writer.submit(&world, "a", 1));
    assert!(poll!(&mut first).is_pending());
    assert_eq!(batches.recv().await.unwrap(), [1]);
    let mut leaves = Box::pin(writer.submit(&world, "a", 2));
    let mut stays = Box::pin(writer.submit(&world, "a", 3));
    assert!(poll!(&mut leaves).is_pending());
    assert!(poll!(&mut stays).is_pending());
    // One leaves in the middle of its batch, the other before it.
    drop(first);
    drop(leaves);
    world.gate.add_permits(2);
    assert_eq!(done(stays.await), 30);
    assert_eq!(batches.recv().await.unwrap(), [3]);
    assert_eq!(writer.0.usage.lock().requests, 0);
}

#[tokio::test]
async fn too_many_are_refused_at_once() {
    let limits = BatchLimits { waiting: 4, waiting_of_caller: 2, waiting_bytes: 100, ..BatchLimits::DEFAULT };
    let (writer, world, mut batches) = world(limits);
    let caller = || Work::Caller("somebody".into());
    let mut own = pin!(join_all([1, 2].map(|number| caller().scope(writer.submit(&world, "a", number)))));
    assert!(poll!(&mut own).is_pending());
    let refused = caller().scope(writer.submit(&world, "b", 3)).await;
    assert_eq!(refused.unwrap_err(), SubmitError::Full);
    assert_eq!(writer.submit(&world, "b", 98).await.unwrap_err(), SubmitError::Full);
    let mut others = pin!(join_all([4, 5].map(|number| writer.submit(&world, "b", number))));
    assert!(poll!(&mut others).is_pending());
    assert_eq!(writer.submit(&world, "c", 6).await.unwrap_err(), SubmitError::Full);
    world.gate.add_permits(10);
    assert_eq!(own.await.into_iter().map(done).collect::<Vec<_>>(), [10, 20]);
    assert_eq!(others.await.into_iter().map(done).collect::<Vec<_>>(), [40, 50]);
    assert_eq!(done(caller().scope(writer.submit(&world, "a", 7)).await), 70);
    assert_eq!(batches.recv().await.unwrap().len(), 2);
    assert!(writer.0.usage.lock().callers.is_empty());
}

#[tokio::test]
async fn a_batch_that_panics_leaves_the_writer_usable() {
    let (writer, world, mut batches) = world(BatchLimits::DEFAULT);
    let mut fails = pin!(writer.submit(&world, "a", 666));
    assert!(poll!(&mut fails).is_pending());
    assert_eq!(batches.recv().await.unwrap(), [666]);
    let mut waits = pin!(writer.submit(&world, "a", 1));
    assert!(poll!(&mut waits).is_pending());
    world.gate.add_permits(2);
    assert_eq!(fails.await.unwrap_err(), SubmitError::Lost);
    assert_eq!(waits.await.unwrap_err(), SubmitError::Lost);
    assert_eq!(done(writer.submit(&world, "a", 2).await), 20);
}
