//! Trees of random sizes: tiles, edges and proofs agree with the definitions of RFC 6962.

use proptest::prelude::*;

use hongtou_log::tree::bundle::{bundle_bytes, parse_bundle};
use hongtou_log::tree::edge::Edge;
use hongtou_log::tree::hash::Hash;
use hongtou_log::tree::proof::{ProofPlan, is_consistent, root_of_inclusion};
use hongtou_log::tree::tile::{Tile, Tiles};

/// The root by its definition.
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::empty_tree(),
        [one] => *one,
        _ => {
            let mut middle = 1;
            while middle * 2 < leaves.len() {
                middle *= 2;
            }
            Hash::node(root(&leaves[..middle]), root(&leaves[middle..]))
        }
    }
}

pub fn leaves(size: u64) -> Vec<Hash> {
    (0..size).map(|n| Hash::leaf(&n.to_be_bytes())).collect()
}

/// Every tile of a tree.
pub fn tiles(size: u64) -> (Edge, Vec<(Tile, Vec<u8>)>) {
    let (mut edge, mut all) = (Edge::default(), Vec::new());
    for leaf in leaves(size) {
        edge.push(leaf, |tile, bytes| all.push((tile, bytes)));
    }
    all.extend(edge.partial_tiles());
    (edge, all)
}

/// The hashes of a proof, made from only the tiles that it names.
fn hashes(plan: &ProofPlan, all: &[(Tile, Vec<u8>)]) -> Vec<Hash> {
    let mut read = Tiles::default();
    for tile in plan.tiles() {
        let (_, bytes) = all.iter().find(|(one, _)| *one == tile).expect("the tile exists");
        read.insert(tile, bytes).unwrap();
    }
    plan.hashes(&read).unwrap()
}

#[test]
fn the_edge_has_the_root() {
    for size in (0..600).chain([65_535, 65_536, 65_537, 70_000]) {
        let (edge, all) = tiles(size);
        assert_eq!(edge.root(), root(&leaves(size)), "{size}");
        assert_eq!(edge.size(), size);
        assert_eq!(Edge::parse(size, &edge.levels()), Some(edge), "{size}");
        let full = size / 256 + size / 65_536;
        assert_eq!(all.len() as u64, full + Tile::partial(size).len() as u64, "{size}");
    }
}

#[test]
fn an_edge_of_another_size_is_refused() {
    let (edge, _) = tiles(300);
    assert_eq!(Edge::parse(301, &edge.levels()), None);
    assert_eq!(Edge::parse(300, &[] as &[String]), None);
    assert_eq!(Edge::parse(44, &edge.levels()), None);
}

#[test]
fn paths_of_tiles_are_those_of_the_specification() {
    let tile = |level, index, width| Tile { level, index, width };
    let cases = [
        (tile(Some(0), 0, 256), "0/000"),
        (tile(Some(0), 1234, 256), "0/x001/234"),
        (tile(Some(0), 1_234_067, 256), "0/x001/x234/067"),
        (tile(Some(1), 7, 5), "1/007.p/5"),
        (tile(None, 1234, 188), "entries/x001/234.p/188"),
    ];
    for (tile, path) in cases {
        assert_eq!(tile.path(), path);
        assert_eq!(Tile::from_path(path), Some(tile));
    }
    let wrong =
        ["", "0", "0/1", "0/0000", "0/x000/001", "0/000.p/256", "0/000.p/0", "x/000", "0/../000"];
    for path in wrong {
        assert_eq!(Tile::from_path(path), None, "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn inclusion_is_proved((size, index) in (1_u64..2000).prop_flat_map(|n| (Just(n), 0..n)), other in 0_u64..2000) {
        let (edge, all) = tiles(size);
        let proof = hashes(&ProofPlan::inclusion(index, size).unwrap(), &all);
        let leaf = Hash::leaf(&index.to_be_bytes());
        prop_assert_eq!(root_of_inclusion(index, size, leaf, &proof), Some(edge.root()));
        if other != index {
            prop_assert_ne!(root_of_inclusion(other, size, leaf, &proof), Some(edge.root()));
            let leaf = Hash::leaf(&other.to_be_bytes());
            prop_assert_ne!(root_of_inclusion(index, size, leaf, &proof), Some(edge.root()));
        }
    }

    #[test]
    fn consistency_is_proved((new, old) in (1_u64..2000).prop_flat_map(|n| (Just(n), 0..=n)), other in 0_u64..2000) {
        let (edge, all) = tiles(new);
        let proof = hashes(&ProofPlan::consistency(old, new).unwrap(), &all);
        let old_root = root(&leaves(old));
        prop_assert!(is_consistent((old, old_root), (new, edge.root()), &proof));
        if other != old && other != 0 {
            prop_assert!(!is_consistent((other, old_root), (new, edge.root()), &proof));
            prop_assert!(!is_consistent((old, root(&leaves(other))), (new, edge.root()), &proof));
        }
        if old > 0 && old < new {
            prop_assert!(!is_consistent((old, old_root), (new, old_root), &proof));
        }
    }

    #[test]
    fn bundles_are_read_back(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..256)) {
        let bytes = bundle_bytes(&entries).unwrap();
        prop_assert_eq!(parse_bundle(&bytes, entries.len() as u64), Some(entries.clone()));
        prop_assert_eq!(parse_bundle(&bytes, entries.len() as u64 + 1), None);
    }
}

#[test]
fn an_entry_that_is_too_long_has_no_bundle() {
    assert!(bundle_bytes(&[vec![0; 65_535]]).is_some());
    assert_eq!(bundle_bytes(&[vec![0; 65_536]]), None);
}
