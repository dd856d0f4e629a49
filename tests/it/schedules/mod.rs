//! Random schedules of all movements of coins, concurrent and with crashes between statements, on both
//! databases.
//!
//! A seed determines a schedule, and a failure names it: `PLAZA_TEST_SEED=… cargo test schedules` repeats it.
//! The order of concurrent actions still differs between runs.

mod crash;
mod deeds;
mod random;
mod world;

use random::Random;
use world::World;

/// Number of schedules for each database.
const SCHEDULES: u64 = 6;
/// Rounds of a schedule; the clock advances between them.
const ROUNDS: u32 = 12;
/// Concurrent actions of a round.
const AT_ONCE: u32 = 10;

fn seeds() -> Vec<u64> {
    match std::env::var("PLAZA_TEST_SEED") {
        Ok(seed) => vec![seed.parse().expect("PLAZA_TEST_SEED is a number")],
        Err(_) => (1..=SCHEDULES).collect(),
    }
}

async fn run(mut world: World, seed: u64) {
    eprintln!("seed {seed}");
    let mut random = Random::new(seed);
    world.people(&mut random).await;
    for _ in 0..ROUNDS {
        world.round(&mut random, AT_ONCE).await;
        world.advance(&mut random);
    }
    world.audit(seed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    for seed in seeds() {
        run(World::on_sqlite().await, seed).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    for seed in seeds() {
        let Some(world) = World::on_postgres().await else { return };
        run(world, seed).await;
    }
}
