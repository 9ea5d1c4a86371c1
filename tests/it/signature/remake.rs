//! Remaking a filing from the source that its PDF carries.

use std::thread;

use hongtou::generate::remake::{RemakeOutcome, remake};

use crate::http::in_process::TYPESETTER;
use crate::signature::letter::{LETTER, printed};
use crate::signature::signer::sign;

/// The bits that are flipped, one at a time.
const FLIPPED: usize = 1_000;

fn outcome(file: &[u8]) -> RemakeOutcome {
    let remade = remake(file, &TYPESETTER);
    // A file that cannot be read any more is not remade either.
    remade.map_or(RemakeOutcome::CannotBeRemade, |(remake, _)| remake.outcome)
}

#[test]
fn a_filing_and_its_signed_copy_are_remade() {
    for name in ["letter-2023-46", "bazhong-2021-38", "notice-attachments"] {
        let original = printed(name);
        for file in [original.clone(), sign(&original)] {
            let (remake, remade) = remake(&file, &TYPESETTER).unwrap();
            assert_eq!(remake.outcome, RemakeOutcome::Remade, "{name}: {}", remake.detail);
            assert_eq!(remade.unwrap(), original, "{name}");
        }
    }
}

#[test]
fn no_file_with_a_flipped_bit_is_remade() {
    assert_eq!(outcome(&LETTER), RemakeOutcome::Remade);
    let flips: Vec<usize> = (0..FLIPPED).map(|index| index * LETTER.len() / FLIPPED).collect();
    thread::scope(|scope| {
        for flips in flips.chunks(FLIPPED / 2) {
            scope.spawn(move || {
                for &at in flips {
                    let mut file = LETTER.clone();
                    file[at] ^= 1 << (at % 8);
                    assert_eq!(outcome(&file), RemakeOutcome::CannotBeRemade, "byte {at}");
                }
            });
        }
    });
}
