//! Tiles: up to 256 hashes of one level of the tree, stored as a file (c2sp.org/tlog-tiles).

use std::collections::BTreeMap;

use crate::tree::hash::{HASH_BYTES, Hash, perfect_root};

/// The number of hashes of a full tile.
pub const TILE_WIDTH: u64 = 256;

/// The levels of the tree that one level of tiles spans.
pub(crate) const TILE_HEIGHT: u32 = 8;

/// The name of a tile or of a bundle of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    /// The level; `None` for a bundle of entries.
    pub level: Option<u32>,
    /// The position in the level.
    pub index: u64,
    /// The number of hashes or entries: 256, or fewer if the tile is partial.
    pub width: u64,
}

impl Tile {
    /// The tile with this position in a tree of this size. Returns `None` if the tree has none there.
    pub fn in_tree(level: Option<u32>, index: u64, size: u64) -> Option<Self> {
        let hashes = size >> (TILE_HEIGHT * level.unwrap_or_default());
        let before = index.checked_mul(TILE_WIDTH)?;
        let width = hashes.checked_sub(before)?.min(TILE_WIDTH);
        (width > 0).then_some(Self { level, index, width })
    }

    /// The tiles of a tree of this size that are not full, from the lowest level, without the bundle
    /// of entries.
    pub fn partial(size: u64) -> Vec<Self> {
        let levels = (0..).take_while(|level| size >> (TILE_HEIGHT * level) > 0);
        levels
            .filter_map(|level| {
                let hashes = size >> (TILE_HEIGHT * level);
                let width = hashes % TILE_WIDTH;
                let index = hashes / TILE_WIDTH;
                (width > 0).then_some(Self { level: Some(level), index, width })
            })
            .collect()
    }

    /// The path below `tile/`, such as `0/x001/234.p/188`.
    pub fn path(self) -> String {
        let level = self.level.map_or_else(|| "entries".to_owned(), |level| level.to_string());
        let mut index = format!("{:03}", self.index % 1000);
        let mut rest = self.index / 1000;
        while rest > 0 {
            index = format!("x{:03}/{index}", rest % 1000);
            rest /= 1000;
        }
        if self.width == TILE_WIDTH {
            format!("{level}/{index}")
        } else {
            format!("{level}/{index}.p/{}", self.width)
        }
    }

    /// Parses a path. Returns `None` for text that `path` does not return.
    pub fn from_path(path: &str) -> Option<Self> {
        let (level, rest) = path.split_once('/')?;
        let level = if level == "entries" { None } else { Some(level.parse().ok()?) };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, width.parse().ok()?),
            None => (rest, TILE_WIDTH),
        };
        let mut position: u64 = 0;
        for digits in index.split('/') {
            let digits: u64 = digits.strip_prefix('x').unwrap_or(digits).parse().ok()?;
            position = position.checked_mul(1000)?.checked_add(digits)?;
        }
        let tile = Self { level, index: position, width };
        (tile.path() == path && (1..=TILE_WIDTH).contains(&width)).then_some(tile)
    }
}

/// The hashes in the bytes of a tile. Returns `None` if their number is not `width`.
pub fn parse_tile(bytes: &[u8], width: u64) -> Option<Vec<Hash>> {
    let hashes: Option<Vec<Hash>> = bytes.chunks(HASH_BYTES).map(Hash::from_bytes).collect();
    hashes.filter(|hashes| hashes.len() as u64 == width)
}

/// The bytes of a tile.
pub fn tile_bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// Tiles that were read.
#[derive(Debug, Clone, Default)]
pub struct Tiles(BTreeMap<Tile, Vec<Hash>>);

impl Tiles {
    /// Adds a tile. Returns `None` if the bytes have another length than its width says.
    #[must_use]
    pub fn insert(&mut self, tile: Tile, bytes: &[u8]) -> Option<()> {
        self.0.insert(tile, parse_tile(bytes, tile.width)?);
        Some(())
    }

    /// The hash of a perfect subtree with 2^`height` leaves, read from its tile.
    pub(crate) fn hash(&self, subtree: Subtree, size: u64) -> Option<Hash> {
        let hashes = self.0.get(&subtree.tile(size)?)?;
        let (start, end) = subtree.range_in_tile();
        Some(perfect_root(hashes.get(start..end)?))
    }
}

/// A perfect subtree: 2^`height` leaves from the leaf `index` × 2^`height`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Subtree {
    pub(crate) height: u32,
    pub(crate) index: u64,
}

impl Subtree {
    /// The tile that contains its hash, or the hashes of its parts.
    pub(crate) fn tile(self, size: u64) -> Option<Tile> {
        let level = self.height / TILE_HEIGHT;
        let hashes_before = self.index << (self.height % TILE_HEIGHT);
        Tile::in_tree(Some(level), hashes_before / TILE_WIDTH, size)
    }

    fn range_in_tile(self) -> (usize, usize) {
        let parts = 1_usize << (self.height % TILE_HEIGHT);
        let hashes_before = self.index << (self.height % TILE_HEIGHT);
        // The remainder is below 256.
        let start = usize::try_from(hashes_before % TILE_WIDTH).unwrap_or_default();
        (start, start + parts)
    }
}
