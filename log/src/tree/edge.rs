//! The right edge of a tree: the partial tile of each level. New leaves and the root need nothing else.

use crate::tree::hash::{HASH_BYTES, Hash, perfect_root};
use crate::tree::tile::{TILE_HEIGHT, TILE_WIDTH, Tile, tile_bytes};

/// The right edge of a tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    // Invariant: level `l` has the last `(size >> 8l) % 256` hashes of the level.
    levels: Vec<Vec<Hash>>,
}

impl Edge {
    /// The edge with these hashes at each level. Returns `None` if their numbers do not fit the size.
    pub fn new(size: u64, mut levels: Vec<Vec<Hash>>) -> Option<Self> {
        let needed = (0..u64::BITS / TILE_HEIGHT)
            .take_while(|level| size >> (TILE_HEIGHT * level) > 0)
            .count();
        if levels.iter().skip(needed).any(|hashes| !hashes.is_empty()) {
            return None;
        }
        levels.resize(needed, Vec::new());
        let fits = (0_u32..).zip(&levels).all(|(level, hashes)| {
            hashes.len() as u64 == (size >> (TILE_HEIGHT * level)) % TILE_WIDTH
        });
        fits.then_some(Self { size, levels })
    }

    /// Parses what `hashes` returns for each level.
    pub fn parse<T: AsRef<str>>(size: u64, levels: &[T]) -> Option<Self> {
        let levels = levels.iter().map(|level| {
            let bytes = hex::decode(level.as_ref()).ok()?;
            bytes.chunks(HASH_BYTES).map(Hash::from_bytes).collect()
        });
        Self::new(size, levels.collect::<Option<_>>()?)
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The hashes of each level in hexadecimal, from the lowest.
    pub fn levels(&self) -> Vec<String> {
        self.levels.iter().map(|hashes| hex::encode(tile_bytes(hashes))).collect()
    }

    /// Adds a leaf. Calls `full` with each tile that it completes.
    pub fn push(&mut self, leaf: Hash, mut full: impl FnMut(Tile, Vec<u8>)) {
        self.size += 1;
        let mut hash = leaf;
        for level in 0.. {
            let place = level as usize;
            if self.levels.len() <= place {
                self.levels.push(Vec::new());
            }
            let hashes = &mut self.levels[place];
            hashes.push(hash);
            if (hashes.len() as u64) < TILE_WIDTH {
                return;
            }
            let index = (self.size >> (TILE_HEIGHT * (level + 1))) - 1;
            full(Tile { level: Some(level), index, width: TILE_WIDTH }, tile_bytes(hashes));
            hash = perfect_root(hashes);
            hashes.clear();
        }
    }

    /// The tiles of the edge, with their bytes.
    pub fn partial_tiles(&self) -> Vec<(Tile, Vec<u8>)> {
        let of_level = |tile: Tile| {
            let level = tile.level.and_then(|level| self.levels.get(level as usize));
            (tile, tile_bytes(level.map(Vec::as_slice).unwrap_or_default()))
        };
        Tile::partial(self.size).into_iter().map(of_level).collect()
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        let mut root: Option<Hash> = None;
        for hashes in &self.levels {
            // From the right: the smallest perfect subtree first.
            let mut end = hashes.len();
            while end > 0 {
                let start = end & (end - 1);
                let subtree = perfect_root(&hashes[start..end]);
                root = Some(root.map_or(subtree, |right| Hash::node(subtree, right)));
                end = start;
            }
        }
        root.unwrap_or_else(Hash::empty_tree)
    }
}
