//! The names of the files of the log, and reading them.

use bytes::Bytes;

use crate::archive::Archive;
use crate::archive::error::ArchiveError;
use crate::archive::log::error::LogError;
use crate::log::tree::bundle::parse_bundle;
use crate::log::tree::tile::Tile;

/// The folder of the checkpoints.
pub(crate) const CHECKPOINTS: &str = "checkpoint";

/// The name of a tile or a bundle of entries.
pub(crate) fn tile_name(tile: Tile) -> String {
    format!("tile/{}", tile.path())
}

/// The name of the checkpoint of a size. Names sort like sizes.
pub(crate) fn checkpoint_name(size: u64) -> String {
    format!("{CHECKPOINTS}/{size:012}")
}

/// The size in the name of a checkpoint.
pub(crate) fn size_in_name(name: &str) -> Option<u64> {
    name.strip_prefix(CHECKPOINTS)?.strip_prefix('/')?.parse().ok()
}

impl Archive {
    /// Reads a tile or a bundle of entries. Returns `None` if the log has no such file.
    ///
    /// # Errors
    /// Returns `ArchiveError::Store` if the store is unreachable. Retry later.
    pub async fn log_file(&self, tile: Tile) -> Result<Option<Bytes>, ArchiveError> {
        self.objects.get_named(&tile_name(tile)).await
    }

    /// Reads the entries of a bundle. Returns `None` if the log has no such bundle.
    pub(crate) async fn log_bundle(&self, bundle: Tile) -> Result<Option<Vec<Vec<u8>>>, LogError> {
        let Some(bytes) = self.log_file(bundle).await? else { return Ok(None) };
        let entries = parse_bundle(&bytes, bundle.width);
        entries.map(Some).ok_or_else(|| LogError::Damaged(tile_name(bundle)))
    }
}
