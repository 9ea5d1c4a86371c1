//! The random numbers of a test, which a seed chooses.

use proptest::prelude::{Rng, RngExt};
use proptest::test_runner::{RngAlgorithm, TestRng};
use sha2::{Digest, Sha256};

/// The variable that chooses the changes: any text, such as a date.
const SEED_VARIABLE: &str = "HONGTOU_TEST_SEED";

/// The variable that changes how many files a test changes.
const COUNT_VARIABLE: &str = "HONGTOU_TEST_MUTATIONS";

/// Random choices, one series for each changed file.
pub(super) struct Chance(TestRng);

impl Chance {
    /// Runs a test for each changed file. A panic prints the seed and the number of the file.
    pub(super) fn repeat(test: &str, count: usize, mut run: impl FnMut(&mut Self)) {
        let seed = variable(SEED_VARIABLE).unwrap_or_default();
        let count = variable(COUNT_VARIABLE).map_or(count, |text| text.parse().expect("a number"));
        eprintln!("{SEED_VARIABLE}={seed}");
        for number in 0..count {
            let digest = Sha256::digest(format!("{seed}\0{test}\0{number}"));
            let mut chance = Self(TestRng::from_seed(RngAlgorithm::ChaCha, &digest));
            let running = Running { seed: &seed, number };
            run(&mut chance);
            drop(running);
        }
    }

    /// A number below a limit; 0 if that is 0.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        if limit == 0 { 0 } else { self.0.random_range(0..limit) }
    }

    pub(super) fn one_in(&mut self, limit: usize) -> bool {
        self.below(limit) == 0
    }

    pub(super) fn byte(&mut self) -> u8 {
        u8::try_from(self.0.next_u32() >> 24).expect("eight bits")
    }

    pub(super) fn choose<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// Says which file was tested if that panics.
struct Running<'a> {
    seed: &'a str,
    number: usize,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("with {SEED_VARIABLE}={}, file {}", self.seed, self.number);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "chooses test inputs")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
