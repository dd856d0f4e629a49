//! Rounds of random inputs, derived from valid ones.

use std::{
    cell::Cell,
    env,
    hash::{BuildHasher, RandomState},
    thread,
    time::{Duration, Instant},
};

/// Number of inputs of a round without a time.
const SHORT: u64 = 300;
/// Seed of a short round.
const SEED: u64 = 0x0070_6c61_7a61;
/// Maximum time of one input, far longer than any takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A seeded source of randomness.
pub struct Random(Cell<u64>);

impl Random {
    /// Returns the next number.
    pub fn next(&self) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        let mut mixed = self.0.get();
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `end`.
    pub fn below(&self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).expect("fits")
    }

    /// Returns one of these.
    pub fn pick<'a, T: ?Sized>(&self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    /// Returns the bytes with a few changes: removed, repeated, overwritten, or replaced by these words.
    pub fn change(&self, bytes: &[u8], words: &[&str]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(6) {
            let at = self.below(bytes.len() + 1);
            let to = (at + self.below(24)).min(bytes.len());
            match self.below(9) {
                0 => drop(bytes.drain(at..to)),
                1 => bytes.truncate(at),
                2 => {
                    let part = bytes[at..to].repeat(1 + self.below(40));
                    bytes.splice(at..at, part);
                }
                3 if at < bytes.len() => {
                    bytes[at] = self.pick(&[&0, &0xff, &0x7f, &0x80, &b'"', &b'{', &b'\n']).to_owned();
                }
                4 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                5 => {
                    let number = self.next().to_le_bytes();
                    let part = number[..1 + self.below(8)].to_vec();
                    bytes.splice(at..to, part);
                }
                6 => {
                    let other = self.below(bytes.len() + 1);
                    let part = bytes[other..(other + self.below(200)).min(bytes.len())].to_vec();
                    bytes.splice(at..at, part);
                }
                _ if !words.is_empty() => {
                    bytes.splice(at..to, self.pick(words).bytes());
                }
                _ => {}
            }
        }
        bytes
    }

    /// Returns the text with a few changes.
    pub fn change_text(&self, text: &str, words: &[&str]) -> String {
        String::from_utf8_lossy(&self.change(text.as_bytes(), words)).into_owned()
    }
}

/// Reports the input when a round panics.
struct Told<'a> {
    target: &'a str,
    seed: u64,
    began: Instant,
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("{}: PLAZA_FUZZ_SEED={} repeats it", self.target, self.seed);
        }
    }
}

/// Returns the seeds of a target: a fixed few, or new ones for as long as `PLAZA_FUZZ_SECONDS` says.
pub fn seeds() -> impl Iterator<Item = u64> {
    let number = |name| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (seconds, only) = (number("PLAZA_FUZZ_SECONDS"), number("PLAZA_FUZZ_SEED"));
    let first = match (only, seconds) {
        (Some(seed), _) => seed,
        (None, Some(_)) => RandomState::new().hash_one(SEED),
        (None, None) => SEED,
    };
    let (began, time) = (Instant::now(), Duration::from_secs(seconds.unwrap_or_default()));
    (0..).map(move |round| first.wrapping_add(round)).enumerate().map_while(move |(round, seed)| {
        let goes_on = match (only, seconds) {
            (Some(_), _) => round < 1,
            (None, Some(_)) => began.elapsed() < time,
            (None, None) => (round as u64) < SHORT,
        };
        goes_on.then_some(seed)
    })
}

/// Runs one input of a target.
pub async fn attempt<T>(target: &str, seed: u64, test: impl AsyncFnOnce(&Random) -> T) -> T {
    let told = Told { target, seed, began: Instant::now() };
    let found = test(&Random(Cell::new(seed))).await;
    assert!(told.began.elapsed() < PATIENCE, "{target}: one input took {:?}", told.began.elapsed());
    found
}
