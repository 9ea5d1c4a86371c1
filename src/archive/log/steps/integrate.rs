//! Adds numbered entries to the tree: writes full tiles and full bundles, then records the new edge.

use bytes::Bytes;
use sqlx::Row;

use crate::archive::error::ArchiveError;
use crate::archive::log::error::LogError;
use crate::archive::log::files::tile_name;
use crate::archive::log::head::{Head, edge, lock, set_edge, signed};
use crate::archive::log::steps::keeper::LogKeeper;
use crate::log::tree::bundle::bundle_bytes;
use crate::log::tree::edge::Edge;
use crate::log::tree::hash::Hash;
use crate::log::tree::tile::{TILE_WIDTH, Tile};

impl LogKeeper {
    /// Adds all numbered entries to the tree.
    pub(super) async fn integrate(&self) -> Result<(), LogError> {
        while let Some((head, edge)) = self.head_and_edge().await? {
            if head.integrated >= head.sequenced {
                break;
            }
            let end = (head.integrated / TILE_WIDTH + 1) * TILE_WIDTH;
            self.integrate_to(edge, end.min(head.sequenced)).await?;
        }
        Ok(())
    }

    /// How far the log has come, and the edge of its tree; `None` before the log begins.
    pub(super) async fn head_and_edge(&self) -> Result<Option<(Head, Edge)>, LogError> {
        let mut transaction = self.archive.database.begin().await?;
        let Some(head) = lock(&mut transaction).await? else { return Ok(None) };
        let edge = edge(&mut transaction, head.integrated).await?;
        transaction.commit().await?;
        Ok(Some((head, edge)))
    }

    /// Adds entries of one bundle, up to `end`. The files are written outside the transaction: servers
    /// that do this at the same time write the same bytes.
    async fn integrate_to(&self, mut edge: Edge, end: u64) -> Result<(), LogError> {
        let start = edge.size();
        let first = start / TILE_WIDTH * TILE_WIDTH;
        let entries = self.numbered(first, end).await?;
        let mut files = Vec::new();
        if end - first == TILE_WIDTH {
            let bundle = Tile { level: None, index: first / TILE_WIDTH, width: TILE_WIDTH };
            files.push((bundle, bundle_of(&entries)?));
        }
        for entry in entries.iter().skip(usize::try_from(start - first).unwrap_or_default()) {
            edge.push(Hash::leaf(entry.as_bytes()), |tile, bytes| files.push((tile, bytes)));
        }
        // The bundle is first: if a tile exists, so do its entries.
        for (tile, bytes) in files {
            self.archive.objects.put_named(&tile_name(tile), Bytes::from(bytes)).await?;
        }
        let mut transaction = self.archive.database.begin().await?;
        let head = lock(&mut transaction).await?;
        // Otherwise another server was faster.
        if head.is_some_and(|head| head.integrated == start) {
            set_edge(&mut transaction, &edge).await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    /// The entries with the numbers from `first` to before `end`.
    pub(super) async fn numbered(&self, first: u64, end: u64) -> Result<Vec<String>, ArchiveError> {
        let sql = "SELECT entry FROM log_entries WHERE idx >= $1 AND idx < $2 ORDER BY idx";
        let query = self.archive.database.query(sql).bind(signed(first)).bind(signed(end));
        let rows = query.fetch_all().await?;
        let entries = rows.iter().map(|row| row.try_get("entry"));
        let entries = entries.collect::<Result<Vec<String>, _>>()?;
        if entries.len() as u64 == end.saturating_sub(first) {
            Ok(entries)
        } else {
            Err(ArchiveError::InvalidRecord("the numbers of the log have a gap"))
        }
    }
}

/// The bytes of a bundle.
pub(super) fn bundle_of(entries: &[String]) -> Result<Vec<u8>, ArchiveError> {
    // Entries have a bounded number of objects, each of bounded length.
    bundle_bytes(entries).ok_or(ArchiveError::InvalidRecord("an entry of the log is too long"))
}
