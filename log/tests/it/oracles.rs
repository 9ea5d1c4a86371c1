//! Another implementation, `signed_note` and `tlog_tiles`, verifies what ours makes.

use std::collections::BTreeMap;

use signed_note::{Note, StandardVerifier, VerifierList};
use tlog_tiles::{
    Checkpoint as OtherCheckpoint, Hash as OtherHash, Tile as OtherTile, TileHashReader,
    TileReader, check_record, check_tree, prove_record, prove_tree,
};

use hongtou_log::entry::{Entry, EntryObject};
use hongtou_log::note::checkpoint::Checkpoint;
use hongtou_log::note::keys::{Algorithm, SigningKey};
use hongtou_log::note::signed_note::SignedNote;
use hongtou_log::tree::hash::Hash;
use hongtou_log::tree::proof::{ProofPlan, is_consistent};
use hongtou_log::tree::tile::Tiles;

use crate::notes::key;
use crate::trees::tiles;

const ORIGIN: &str = "archive.example/hongtou/1";

/// Our tiles, as the other implementation reads them.
struct OurTiles(BTreeMap<String, Vec<u8>>);

impl TileReader for OurTiles {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[OtherTile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        let path = |tile: &OtherTile| tile.path().strip_prefix("tile/8/").unwrap().to_owned();
        Ok(tiles.iter().map(|tile| self.0[&path(tile)].clone()).collect())
    }

    fn save_tiles(&self, _: &[OtherTile], _: &[Vec<u8>]) {}
}

#[test]
fn another_implementation_verifies_our_checkpoint() {
    let log: SigningKey = key(ORIGIN, 1);
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: 700, root: Hash::leaf(b"root") };
    let text = checkpoint.to_text();
    let mut signatures = log.sign(&text);
    signatures.push(key("witness.example/w", 2).cosign(&text, 1_700_000_000));
    let note = SignedNote { text, signatures }.to_text();

    let vkey = log.verifier(Algorithm::Ed25519).to_vkey();
    let verifier = StandardVerifier::new(&vkey).unwrap();
    let read = Note::from_bytes(note.as_bytes()).unwrap();
    let (verified, ignored) = read.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
    assert_eq!((verified.len(), ignored.len()), (1, 2));
    let other = OtherCheckpoint::from_bytes(read.text()).unwrap();
    assert_eq!((other.origin(), other.size(), other.hash().0), (ORIGIN, 700, checkpoint.root.0));

    let changed = note.replace("\n700\n", "\n701\n");
    let verifier = StandardVerifier::new(&vkey).unwrap();
    let changed = Note::from_bytes(changed.as_bytes()).unwrap();
    assert!(changed.verify(&VerifierList::new(vec![Box::new(verifier)])).is_err());
}

#[test]
fn another_implementation_reads_our_tiles_and_makes_the_same_proofs() {
    for size in [1, 2, 255, 256, 257, 700, 1024, 66_000] {
        let (edge, all) = tiles(size);
        let files = all.iter().map(|(tile, bytes)| (tile.path(), bytes.clone())).collect();
        let root = OtherHash(edge.root().0);
        let files = OurTiles(files);
        let reader = TileHashReader::new(size, root, &files);
        for index in [0, size / 3, size / 2, size - 1] {
            let theirs = prove_record(size, index, &reader).unwrap();
            let leaf = OtherHash(Hash::leaf(&index.to_be_bytes()).0);
            check_record(&theirs, size, root, index, leaf).unwrap();
            let ours = hashes(&ProofPlan::inclusion(index, size).unwrap(), &all);
            assert_eq!(ours, theirs.iter().map(|hash| hash.0).collect::<Vec<_>>());
        }
        for old in [1, size / 3 + 1, size / 2 + 1, size].into_iter().filter(|old| *old <= size) {
            let theirs = prove_tree(size, old, &reader).unwrap();
            let (edge_then, _) = tiles(old);
            check_tree(&theirs, size, root, old, OtherHash(edge_then.root().0)).unwrap();
            let ours = hashes(&ProofPlan::consistency(old, size).unwrap(), &all);
            assert_eq!(
                ours,
                theirs.iter().map(|hash| hash.0).collect::<Vec<_>>(),
                "{old} of {size}"
            );
            let ours: Vec<Hash> = ours.into_iter().map(Hash).collect();
            assert!(is_consistent((old, edge_then.root()), (size, edge.root()), &ours));
        }
    }
}

fn hashes(plan: &ProofPlan, all: &[(hongtou_log::tree::tile::Tile, Vec<u8>)]) -> Vec<[u8; 32]> {
    let mut read = Tiles::default();
    for (tile, bytes) in all {
        read.insert(*tile, bytes).unwrap();
    }
    plan.hashes(&read).unwrap().into_iter().map(|hash| hash.0).collect()
}

#[test]
fn entries_are_canonical_and_have_both_digests() {
    let mut entry = Entry::new("filing_kept", "2026-11-28T03:24:00.123Z".to_owned(), "an-id");
    entry.objects.push(EntryObject::of("pdf", b"abc"));
    let expected = concat!(
        r#"{"act":"filing_kept","at":"2026-11-28T03:24:00.123Z","id":"an-id","objects":[{"bytes":3,"#,
        r#""role":"pdf","sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","#,
        r#""sm3":"66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"}],"#,
        r#""record":null,"renderer":null,"v":1}"#,
    );
    assert_eq!(entry.to_json(), expected);
    assert_eq!(Entry::parse(expected.as_bytes()), Some(entry.clone()));
    assert_eq!(entry.object(b"abc").map(|object| object.role.as_str()), Some("pdf"));
    assert_eq!(entry.object(b"abd"), None);
    entry.objects[0].sm3 = Some("0".repeat(64));
    assert_eq!(entry.object(b"abc"), None, "every digest counts");
}
