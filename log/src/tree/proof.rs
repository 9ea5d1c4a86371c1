//! Inclusion and consistency proofs (RFC 6962, sections 2.1.1 and 2.1.2), made from tiles and verified.

use crate::tree::hash::Hash;
use crate::tree::tile::{Subtree, Tile, Tiles};

/// The hashes that a proof in a tree of `size` leaves has: each is the root of a range of leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofPlan {
    size: u64,
    ranges: Vec<(u64, u64)>,
}

impl ProofPlan {
    /// Plans the proof that the leaf at `index` is in a tree. Returns `None` if it is not.
    pub fn inclusion(index: u64, size: u64) -> Option<Self> {
        let mut ranges = Vec::new();
        let (mut start, mut end) = (0, size);
        if index >= size {
            return None;
        }
        while end - start > 1 {
            let middle = start + split(end - start);
            if index < middle {
                ranges.push((middle, end));
                end = middle;
            } else {
                ranges.push((start, middle));
                start = middle;
            }
        }
        ranges.reverse();
        Some(Self { size, ranges })
    }

    /// Plans the proof that a tree of `old` leaves is the beginning of one of `size`. Returns `None` if
    /// it is longer.
    pub fn consistency(old: u64, size: u64) -> Option<Self> {
        if old > size {
            return None;
        }
        let mut ranges = Vec::new();
        let (mut start, mut end, mut is_old_root) = (0, size, true);
        if old == 0 || old == size {
            return Some(Self { size, ranges });
        }
        while old != end {
            let middle = start + split(end - start);
            if old <= middle {
                ranges.push((middle, end));
                end = middle;
            } else {
                ranges.push((start, middle));
                start = middle;
                is_old_root = false;
            }
        }
        if !is_old_root {
            ranges.push((start, end));
        }
        ranges.reverse();
        Some(Self { size, ranges })
    }

    /// The tiles that the proof is made from.
    pub fn tiles(&self) -> Vec<Tile> {
        let subtrees = self.ranges.iter().flat_map(|range| subtrees(*range));
        let mut tiles: Vec<Tile> = subtrees.filter_map(|subtree| subtree.tile(self.size)).collect();
        tiles.sort_unstable();
        tiles.dedup();
        tiles
    }

    /// The hashes of the proof. Returns `None` if a tile is missing.
    pub fn hashes(&self, tiles: &Tiles) -> Option<Vec<Hash>> {
        self.ranges.iter().map(|range| self.root(*range, tiles)).collect()
    }

    fn root(&self, range: (u64, u64), tiles: &Tiles) -> Option<Hash> {
        let mut root = None;
        for subtree in subtrees(range).into_iter().rev() {
            let hash = tiles.hash(subtree, self.size)?;
            root = Some(root.map_or(hash, |right| Hash::node(hash, right)));
        }
        root
    }
}

/// The largest power of two below `n`, which is at least 2.
fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// The perfect subtrees of a range that is a subtree, from the left.
fn subtrees((mut start, end): (u64, u64)) -> Vec<Subtree> {
    let mut found = Vec::new();
    while start < end {
        let height = (end - start).ilog2();
        found.push(Subtree { height, index: start >> height });
        start += 1 << height;
    }
    found
}

/// The root of the tree of `size` leaves in which this proof places the leaf at `index`. Returns `None`
/// if the proof has another number of hashes.
pub fn root_of_inclusion(index: u64, size: u64, leaf: Hash, proof: &[Hash]) -> Option<Hash> {
    let (mut first, mut second) = (index, size.checked_sub(1)?);
    if first > second {
        return None;
    }
    let mut root = leaf;
    for hash in proof {
        if second == 0 {
            return None;
        }
        if first & 1 == 1 || first == second {
            root = Hash::node(*hash, root);
            while first & 1 == 0 && first != 0 {
                first >>= 1;
                second >>= 1;
            }
        } else {
            root = Hash::node(root, *hash);
        }
        first >>= 1;
        second >>= 1;
    }
    (second == 0).then_some(root)
}

/// Whether the tree of `old` leaves with the root `old_root` is the beginning of the one of `new` leaves
/// with the root `new_root` (RFC 9162, section 2.1.4.2).
pub fn is_consistent(
    (old, old_root): (u64, Hash),
    (new, new_root): (u64, Hash),
    proof: &[Hash],
) -> bool {
    if old > new {
        return false;
    }
    if old == 0 {
        return proof.is_empty() && old_root == Hash::empty_tree();
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    let roots = if old.is_power_of_two() {
        roots_of_consistency(old, new, old_root, proof)
    } else {
        proof.split_first().and_then(|(seed, rest)| roots_of_consistency(old, new, *seed, rest))
    };
    roots == Some((old_root, new_root))
}

/// The two roots that a consistency proof leads to, from the largest subtree that both trees share.
fn roots_of_consistency(old: u64, new: u64, seed: Hash, proof: &[Hash]) -> Option<(Hash, Hash)> {
    let (mut first, mut second) = (old - 1, new - 1);
    while first & 1 == 1 {
        first >>= 1;
        second >>= 1;
    }
    let (mut old_root, mut new_root) = (seed, seed);
    for hash in proof {
        if second == 0 {
            return None;
        }
        if first & 1 == 1 || first == second {
            old_root = Hash::node(*hash, old_root);
            new_root = Hash::node(*hash, new_root);
            while first & 1 == 0 && first != 0 {
                first >>= 1;
                second >>= 1;
            }
        } else {
            new_root = Hash::node(new_root, *hash);
        }
        first >>= 1;
        second >>= 1;
    }
    (second == 0).then_some((old_root, new_root))
}
