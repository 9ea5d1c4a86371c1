//! Vectors that another implementation made.

use std::fs;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use hongtou_log::note::keys::{Algorithm, SigningKey, cosigned_at};
use hongtou_log::note::policy::{Policy, Untrusted};
use hongtou_log::note::signed_note::SignedNote;
use hongtou_log::receipt::{Receipt, ReceiptError};
use hongtou_log::tree::bundle::parse_bundle;
use hongtou_log::tree::edge::Edge;
use hongtou_log::tree::hash::Hash;
use hongtou_log::tree::tile::Tile;

use crate::notes::key;

/// The key of the witness of the vectors.
const WITNESS: &str = "daj.bazhong.example/witness";

fn read(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/log");
    fs::read(folder.join(name)).unwrap()
}

fn text(name: &str) -> String {
    String::from_utf8(read(name)).unwrap()
}

/// A policy that trusts the log of the vectors.
fn policy(more: &str) -> Policy {
    let log = text("vkey");
    Policy::parse(&format!("# The log.\nlog {}\n{more}\n", log.trim())).unwrap()
}

#[test]
fn the_receipt_is_verified() {
    let receipt = Receipt::parse(&text("filing.tlog-proof")).unwrap();
    let trusted = receipt.verify(&policy("quorum none")).unwrap();
    assert_eq!((trusted.checkpoint.size, receipt.index), (700, 513));
    assert_eq!(receipt.entry, read("leaf.json"));
    assert_eq!(receipt.to_text(), text("filing.tlog-proof"));
}

#[test]
fn a_changed_receipt_is_refused() {
    let policy = policy("quorum none");
    let receipt = Receipt::parse(&text("filing.tlog-proof")).unwrap();
    for place in 0..receipt.entry.len() {
        let mut changed = receipt.clone();
        changed.entry[place] ^= 1;
        assert_eq!(changed.verify(&policy), Err(ReceiptError::NotIncluded), "{place}");
    }
    for index in [0, 512, 514, 699, 700, u64::MAX] {
        let changed = Receipt { index, ..receipt.clone() };
        assert_eq!(changed.verify(&policy), Err(ReceiptError::NotIncluded), "{index}");
    }
    for place in 0..receipt.proof.len() {
        let mut changed = receipt.clone();
        changed.proof.remove(place);
        assert_eq!(changed.verify(&policy), Err(ReceiptError::NotIncluded), "{place}");
    }
    let mut changed = receipt.clone();
    changed.checkpoint.text = changed.checkpoint.text.replace("700", "701");
    assert!(matches!(changed.verify(&policy), Err(ReceiptError::Untrusted(Untrusted::Log(_)))));
}

#[test]
fn the_cosignature_is_verified() {
    let note = SignedNote::parse(&text("checkpoint")).unwrap();
    let cosignature = &note.signatures[1];
    assert_eq!(
        (cosignature.name.as_str(), cosigned_at(cosignature)),
        (WITNESS, Some(1_795_600_000))
    );
    let seed: [u8; 32] = Sha256::digest("witness").into();
    let witness = SigningKey::from_seeds(WITNESS, &seed, &seed).unwrap();
    assert_eq!(witness.cosign(&note.text, 1_795_600_000), *cosignature);
    let vkey = witness.verifier(Algorithm::Cosignature).to_vkey();
    let trusted = policy(&format!("witness w {vkey}\nquorum w")).verify(&note).unwrap();
    assert_eq!(trusted.witnesses, ["w"]);
    let other = key(WITNESS, 1).verifier(Algorithm::Cosignature).to_vkey();
    let error = policy(&format!("witness w {other}\nquorum w")).verify(&note);
    assert_eq!(error, Err(Untrusted::NoQuorum), "a signature of another key is ignored");
}

#[test]
fn the_tiles_and_bundles_are_ours() {
    let mut edge = Edge::default();
    let mut tiles = Vec::new();
    for index in 0..3 {
        let bundle = Tile::in_tree(None, index, 700).unwrap();
        let bytes = read(&format!("tile/{}", bundle.path()));
        for entry in parse_bundle(&bytes, bundle.width).unwrap() {
            edge.push(Hash::leaf(&entry), |tile, bytes| tiles.push((tile, bytes)));
        }
    }
    tiles.extend(edge.partial_tiles());
    assert_eq!(tiles.len(), 4);
    for (tile, bytes) in tiles {
        assert_eq!(bytes, read(&format!("tile/{}", tile.path())), "{}", tile.path());
    }
    let trusted = policy("quorum none").verify(&SignedNote::parse(&text("checkpoint")).unwrap());
    assert_eq!(trusted.unwrap().checkpoint.root, edge.root());
}
