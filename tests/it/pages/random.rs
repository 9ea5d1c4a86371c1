//! Filings at random: the rules accept them and their pages keep the invariants.

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::fixtures::random_filing::filing;
use crate::fixtures::seed::TYPESETTER;
use crate::pages::every_fixture::page_faults;

/// Filings of each of the two runs, which share the cores; a run takes some ten seconds.
const FILINGS: u32 = 100;

#[test]
fn filings_at_random_keep_the_invariants() {
    run(RngAlgorithm::ChaCha);
}

#[test]
fn more_filings_at_random_keep_the_invariants() {
    run(RngAlgorithm::XorShift);
}

fn run(algorithm: RngAlgorithm) {
    // Always the same ones: a run that fails today fails tomorrow.
    let chance = TestRng::deterministic_rng(algorithm);
    let config = Config {
        cases: FILINGS,
        failure_persistence: None,
        max_shrink_iters: 300,
        ..Config::default()
    };
    let outcome = TestRunner::new_with_rng(config, chance).run(&filing(), |json| {
        let faults = page_faults(&TYPESETTER, &json);
        proptest::prop_assert!(faults.is_empty(), "{}", faults.join("\n"));
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}
