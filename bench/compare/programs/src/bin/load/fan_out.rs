//! One publisher and many subscribers of one room.
//!
//! The first line of the input is a plan. Each further line is a command, answered by a line of JSON, so that the caller can
//! measure the server between them: `connect SOCKETS`, `probe SOCKETS`, `burst MESSAGES`, `paced MESSAGES RATE`. The end of the input
//! closes the sockets.

use std::{
    io::BufRead,
    net::SocketAddr,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    connection::Connection,
    deliveries::Deliveries,
    loopback,
    subscriber::{Plan, listen, subscribe},
};

/// Sockets that are opened at the same time.
const PARALLEL: usize = 32;
/// Most messages, each half a second, until all subscribers have received one.
const PROBES: usize = 60;
/// After this time without a delivery, missing deliveries count as lost.
const PATIENCE: Duration = Duration::from_secs(5);
const LONGEST_RUN: Duration = Duration::from_secs(60);

struct FanOut {
    plan: Arc<Plan>,
    address: SocketAddr,
    deliveries: Arc<Deliveries>,
    publisher: Connection,
    number: u64,
}

impl FanOut {
    async fn connect(&self, sockets: usize) -> Value {
        let mut opening = JoinSet::new();
        let (mut opened, mut left) = (0, sockets);
        while left > 0 || !opening.is_empty() {
            while left > 0 && opening.len() < PARALLEL {
                let (plan, address) = (self.plan.clone(), self.address);
                opening.spawn(async move { subscribe(&plan, address).await });
                left -= 1;
            }
            match opening.join_next().await {
                Some(Ok(Ok(socket))) => {
                    opened += 1;
                    tokio::spawn(listen(socket, self.deliveries.clone()));
                }
                Some(failure) => eprintln!("a socket did not open: {failure:?}"),
                None => {}
            }
        }
        json!({ "opened": opened })
    }

    /// Posts a message; returns whether the server took it.
    async fn post(&mut self) -> bool {
        let body = json!({ "content": self.deliveries.message(self.number) }).to_string();
        self.number += 1;
        let Plan { posts, cookie, .. } = &*self.plan;
        let head = format!(
            "POST {posts} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nAccept: application/json",
            self.address
        );
        let length = body.len();
        let request =
            format!("{head}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}");
        matches!(self.publisher.ask(request.as_bytes()).await, Ok((200..300, _)))
    }

    /// Posts until each subscriber has received a message.
    async fn probe(&mut self, sockets: u64) -> Value {
        for _ in 0..PROBES {
            if self.deliveries.ready.load(Relaxed) >= sockets {
                break;
            }
            self.post().await;
            let posted = Instant::now();
            while self.deliveries.ready.load(Relaxed) < sockets
                && posted.elapsed() < Duration::from_millis(500)
            {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        json!({ "ready": self.deliveries.ready.load(Relaxed) })
    }

    /// Posts messages, back to back or `rate` a second, and waits for their deliveries.
    async fn run(&mut self, messages: u64, rate: Option<f64>) -> Value {
        let deliveries = self.deliveries.clone();
        deliveries.delays.clear();
        deliveries.delivered.store(0, Relaxed);
        deliveries.first.store(self.number, Relaxed);
        let (started, from) = (Instant::now(), deliveries.now());
        let mut taken = 0;
        for message in 0..messages {
            if let Some(rate) = rate {
                let due = started + Duration::from_secs_f64(message as f64 / rate);
                tokio::time::sleep_until(due.into()).await;
            }
            if started.elapsed() > LONGEST_RUN {
                break;
            }
            taken += u64::from(self.post().await);
        }
        let posting = started.elapsed().as_secs_f64();
        let expected = taken * deliveries.ready.load(Relaxed);
        let delivered = wait(&deliveries, expected).await;
        let seconds = deliveries.last.load(Relaxed).saturating_sub(from) as f64 / 1e9;
        json!({
            "posts": taken as f64 / posting,
            "refused": messages - taken,
            "delivered": delivered,
            "lost": expected.saturating_sub(delivered),
            "disordered": deliveries.disordered.load(Relaxed),
            "failed": deliveries.failed.load(Relaxed),
            "rate": delivered as f64 / seconds.max(1e-9),
            "p50": deliveries.delays.quantile(0.5),
            "p99": deliveries.delays.quantile(0.99),
        })
    }
}

/// Waits until the deliveries are complete or cease; returns their number.
async fn wait(deliveries: &Deliveries, expected: u64) -> u64 {
    let mut last = (deliveries.delivered.load(Relaxed), Instant::now());
    while last.0 < expected && last.1.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_millis(10)).await;
        let delivered = deliveries.delivered.load(Relaxed);
        if delivered != last.0 {
            last = (delivered, Instant::now());
        }
    }
    last.0
}

/// Reads the plan and the commands.
pub async fn run() {
    let mut lines = std::io::stdin().lock().lines().map(|line| line.expect("reads a command"));
    let plan: Plan = serde_json::from_str(&lines.next().expect("a plan")).expect("a plan");
    let address = loopback(&plan.address);
    let publisher = Connection::open(address).await.expect("connects");
    let deliveries = Arc::new(Deliveries::new());
    let mut fan_out = FanOut { plan: Arc::new(plan), address, deliveries, publisher, number: 0 };
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        let count = |at: usize| words[at].parse::<u64>().expect("a number");
        let answer = match words[0] {
            "connect" => fan_out.connect(count(1) as usize).await,
            "probe" => fan_out.probe(count(1)).await,
            "burst" => fan_out.run(count(1), None).await,
            "paced" => fan_out.run(count(1), Some(words[2].parse().expect("a rate"))).await,
            other => panic!("{other} is not a command"),
        };
        println!("{answer}");
    }
}
