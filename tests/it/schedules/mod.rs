//! Random schedules of everything that moves coins, at once and with crashes between statements, on both databases.
//!
//! A schedule is made of a seed, which a failure names: `PLAZA_TEST_SEED=… cargo test schedules` runs it again. What
//! runs at once still meets in its own order each time.

mod crash;
mod deeds;
mod random;
mod world;

use random::Random;
use world::World;

/// Schedules a database is put through.
const SCHEDULES: u64 = 6;
/// Rounds of a schedule; the clock moves between them.
const ROUNDS: u32 = 12;
/// Deeds of a round, all at once.
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
