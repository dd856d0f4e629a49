//! Connections that each send the next request as soon as the last one is answered.

use std::{
    cell::Cell,
    io::Read,
    rc::Rc,
    time::{Duration, Instant},
};

use serde::Deserialize;
use serde_json::json;
use tokio::task::LocalSet;

use crate::{connection::Connection, delays::Delays, loopback};

/// A server and the requests for it.
#[derive(Deserialize)]
struct Plan {
    address: String,
    /// Whole requests, which are sent in turn.
    requests: Vec<String>,
    connections: usize,
    seconds: f64,
}

struct Run {
    plan: Plan,
    delays: Delays,
    next: Cell<usize>,
    answers: Cell<u64>,
    /// Statuses that are not 2xx, and connections that broke.
    failures: Cell<u64>,
    bytes: Cell<u64>,
}

fn add(count: &Cell<u64>, number: u64) {
    count.set(count.get() + number);
}

impl Run {
    fn request(&self) -> &[u8] {
        let next = self.next.get();
        self.next.set(next + 1);
        self.plan.requests[next % self.plan.requests.len()].as_bytes()
    }

    async fn drive(&self, end: Instant) -> std::io::Result<()> {
        let mut connection = Connection::open(loopback(&self.plan.address)).await?;
        while Instant::now() < end {
            let asked = Instant::now();
            let (status, bytes) = connection.ask(self.request()).await?;
            self.delays.record(asked.elapsed());
            add(&self.answers, 1);
            add(&self.bytes, bytes as u64);
            add(&self.failures, u64::from(!(200..300).contains(&status)));
        }
        Ok(())
    }

    async fn keep_driving(&self, end: Instant) {
        while Instant::now() < end {
            if self.drive(end).await.is_err() {
                add(&self.failures, 1);
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }
}

/// Reads a plan from the input, runs it and prints the result.
pub async fn run() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).expect("reads the plan");
    let plan: Plan = serde_json::from_str(&text).expect("a plan");
    let seconds = Duration::from_secs_f64(plan.seconds.clamp(0.1, 60.0));
    let run = Rc::new(Run {
        plan,
        delays: Delays::new(),
        next: Cell::new(0),
        answers: Cell::new(0),
        failures: Cell::new(0),
        bytes: Cell::new(0),
    });
    let tasks = LocalSet::new();
    let started = Instant::now();
    for _ in 0..run.plan.connections {
        let run = run.clone();
        tasks.spawn_local(async move { run.keep_driving(started + seconds).await });
    }
    tasks.await;
    let answers = run.answers.get();
    let result = json!({
        "answers": answers,
        "failures": run.failures.get(),
        "rate": answers as f64 / started.elapsed().as_secs_f64(),
        "bytes": run.bytes.get() / answers.max(1),
        "p50": run.delays.quantile(0.5),
        "p99": run.delays.quantile(0.99),
    });
    println!("{result}");
}
