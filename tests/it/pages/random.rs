//! Random filings: the rules accept them and their pages satisfy the invariants.
//!
//! `HONGTOU_TEST_SEED` chooses the filings; without it they are always the same. A failure prints the
//! seed and the smallest filing that fails; add that filing to `fixtures/valid/`.
//! `HONGTOU_TEST_FILINGS` sets how many filings each of the two tests makes.

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sha2::{Digest, Sha256};

use crate::fixtures::random_filing::filing;
use crate::fixtures::seed::TYPESETTER;
use crate::pages::every_fixture::page_faults;

/// Filings in each of the two tests, which run in parallel for about ten seconds.
const FILINGS: u32 = 100;

/// The variable that changes that number.
const FILINGS_VARIABLE: &str = "HONGTOU_TEST_FILINGS";

/// The variable that chooses the filings: any text, such as a date.
const SEED_VARIABLE: &str = "HONGTOU_TEST_SEED";

#[test]
fn random_filings_satisfy_the_invariants() {
    run(b"first");
}

#[test]
fn more_random_filings_satisfy_the_invariants() {
    run(b"second");
}

fn run(name: &[u8]) {
    let seed = variable(SEED_VARIABLE).unwrap_or_default();
    let filings = variable(FILINGS_VARIABLE).map(|count| count.parse().expect("a number"));
    eprintln!("{SEED_VARIABLE}={seed}");
    let digest = Sha256::new().chain_update(&seed).chain_update([0]).chain_update(name).finalize();
    let config = Config {
        cases: filings.unwrap_or(FILINGS),
        failure_persistence: None,
        max_shrink_iters: 300,
        ..Config::default()
    };
    let chance = TestRng::from_seed(RngAlgorithm::ChaCha, &digest);
    let outcome = TestRunner::new_with_rng(config, chance).run(&filing(), |json| {
        let faults = page_faults(&TYPESETTER, &json);
        proptest::prop_assert!(faults.is_empty(), "{}\n{json}", faults.join("\n"));
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("with {SEED_VARIABLE}={seed}: {failure}");
    }
}

#[expect(clippy::disallowed_methods, reason = "chooses test inputs; no page depends on it")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
