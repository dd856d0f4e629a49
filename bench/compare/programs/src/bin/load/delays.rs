//! How long things took.

use std::{
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    time::Duration,
};

const STEP_MICROS: usize = 20;
const LONGEST_MICROS: usize = 10_000_000;

/// A histogram in steps of 20 µs up to 10 s, which many tasks may fill.
pub struct Delays(Vec<AtomicU32>);

impl Delays {
    pub fn new() -> Self {
        Self((0..=LONGEST_MICROS / STEP_MICROS).map(|_| AtomicU32::new(0)).collect())
    }

    pub fn record(&self, delay: Duration) {
        let step = delay.as_micros() as usize / STEP_MICROS;
        self.0[step.min(self.0.len() - 1)].fetch_add(1, Relaxed);
    }

    pub fn clear(&self) {
        self.0.iter().for_each(|count| count.store(0, Relaxed));
    }

    /// Returns the delay in milliseconds that a share (0 to 1) of all did not pass; 0 if there are none.
    pub fn quantile(&self, share: f64) -> f64 {
        let total: u64 = self.0.iter().map(|count| u64::from(count.load(Relaxed))).sum();
        let mut left = (total as f64 * share).ceil() as u64;
        for (step, count) in self.0.iter().enumerate() {
            let count = u64::from(count.load(Relaxed));
            if count > 0 && left <= count {
                return ((step + 1) * STEP_MICROS) as f64 / 1000.0;
            }
            left = left.saturating_sub(count);
        }
        0.0
    }
}
