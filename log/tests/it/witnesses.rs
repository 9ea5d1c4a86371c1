//! When a witness cosigns, and when it refuses.

use hongtou_log::note::checkpoint::Checkpoint;
use hongtou_log::note::keys::{Algorithm, VerifierKey};
use hongtou_log::note::signed_note::SignedNote;
use hongtou_log::tree::hash::Hash;
use hongtou_log::tree::proof::ProofPlan;
use hongtou_log::tree::tile::Tiles;
use hongtou_log::witness::{AddCheckpoint, Refusal};

use crate::notes::key;
use crate::trees::tiles;

const ORIGIN: &str = "archive.example/hongtou/1";

fn at_size(size: u64) -> Checkpoint {
    Checkpoint { origin: ORIGIN.to_owned(), size, root: tiles(size).0.root() }
}

fn request(old: u64, new: &Checkpoint) -> AddCheckpoint {
    let mut read = Tiles::default();
    for (tile, bytes) in tiles(new.size).1 {
        read.insert(tile, &bytes).unwrap();
    }
    let plan = ProofPlan::consistency(old, new.size);
    let proof = plan.map(|plan| plan.hashes(&read).unwrap()).unwrap_or_default();
    let text = new.to_text();
    let signatures = key(ORIGIN, 1).sign(&text);
    AddCheckpoint { old, proof, checkpoint: SignedNote { text, signatures } }
}

fn keys() -> Vec<VerifierKey> {
    vec![key(ORIGIN, 1).verifier(Algorithm::Ed25519)]
}

#[test]
fn continuations_are_accepted() {
    let sizes = [0, 1, 2, 255, 256, 300, 300, 700];
    let mut last = None;
    for size in sizes {
        let old = last.as_ref().map_or(0, |last: &Checkpoint| last.size);
        let sent = request(old, &at_size(size)).to_text();
        let read = AddCheckpoint::parse(&sent).unwrap();
        assert_eq!(read.accept(last.as_ref(), &keys()), Ok(at_size(size)), "{size}");
        last = Some(at_size(size));
    }
}

#[test]
fn refusals_say_why() {
    let last = at_size(300);
    let refusal = |request: &AddCheckpoint| request.accept(Some(&last), &keys()).unwrap_err();
    assert_eq!(refusal(&request(200, &at_size(700))), Refusal::OtherSize(300));
    assert_eq!(refusal(&request(0, &at_size(700))), Refusal::OtherSize(300));
    assert_eq!(refusal(&request(300, &at_size(299))), Refusal::Malformed);
    let fork = Checkpoint { root: Hash::leaf(b"fork"), ..at_size(700) };
    assert_eq!(refusal(&request(300, &fork)), Refusal::Inconsistent);
    let same_size = Checkpoint { root: Hash::leaf(b"fork"), ..at_size(300) };
    assert_eq!(refusal(&request(300, &same_size)), Refusal::Inconsistent);
    let mut short = request(300, &at_size(700));
    short.proof.pop();
    assert_eq!(refusal(&short), Refusal::Inconsistent);
    let mut unsigned = request(300, &at_size(700));
    unsigned.checkpoint.signatures[0].signature[0] ^= 1;
    assert_eq!(refusal(&unsigned), Refusal::Unsigned);
    unsigned.checkpoint.signatures = key(ORIGIN, 9).sign(&unsigned.checkpoint.text);
    assert_eq!(refusal(&unsigned), Refusal::Unsigned);
    let other = Checkpoint { origin: "other.example/1".to_owned(), ..at_size(700) };
    assert_eq!(refusal(&request(300, &other)), Refusal::UnknownLog);
    let not_empty = Checkpoint { root: Hash::leaf(b"not empty"), ..at_size(0) };
    assert_eq!(request(0, &not_empty).accept(None, &keys()), Err(Refusal::Inconsistent));
}

#[test]
fn malformed_requests_are_refused() {
    let good = request(300, &at_size(700)).to_text();
    for wrong in [
        String::new(),
        good.replace("old 300", "old 0300"),
        good.replace("old 300", "new 300"),
        good.replacen('=', "", 1),
        good.split_once("\n\n").unwrap().0.to_owned(),
    ] {
        assert_eq!(AddCheckpoint::parse(&wrong), Err(Refusal::Malformed), "{wrong}");
    }
}
