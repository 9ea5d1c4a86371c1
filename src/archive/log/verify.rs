//! Replays the published log: all entries and tiles against all checkpoints, and against the database.

use std::collections::BTreeSet;

use futures_util::TryStreamExt;
use sqlx::Row;

use crate::archive::Archive;
use crate::archive::error::ArchiveError;
use crate::archive::log::error::LogError;
use crate::archive::log::files::{CHECKPOINTS, checkpoint_name, size_in_name, tile_name};
use crate::archive::log::head::signed;
use crate::archive::log::keys::{LogKey, keys_at};
use crate::log::note::checkpoint::Checkpoint;
use crate::log::note::keys::VerifierKey;
use crate::log::note::signed_note::SignedNote;
use crate::log::tree::edge::Edge;
use crate::log::tree::hash::Hash;
use crate::log::tree::tile::{TILE_WIDTH, Tile};

/// The result of a replay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogReport {
    /// The entries that were replayed.
    pub entries: u64,
    /// The checkpoints that were compared.
    pub checkpoints: u64,
    /// What is wrong, with the name of the file or the number of the entry.
    pub faults: Vec<LogFault>,
}

/// An error in the published log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogFault {
    /// A file is missing.
    Missing(String),
    /// A file differs from what the entries give.
    Differs(String),
    /// A checkpoint is not signed by the key that the log had at its size.
    Unsigned(String),
    /// The database has another entry with this number, or none.
    OtherEntry(u64),
}

impl Archive {
    /// Replays the log with this key and those that it took over from. Calls `progress` with the number of entries that were replayed and
    /// their total.
    ///
    /// # Errors
    /// Returns `LogError::Archive` if the database or the store is unavailable.
    pub async fn verify_log(
        &self,
        key: &VerifierKey,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<LogReport, LogError> {
        let (sizes, keys) = (self.checkpoint_sizes().await?, self.log_keys(key).await?);
        let total = sizes.last().copied().unwrap_or_default();
        let mut report = LogReport::default();
        let mut edge = Edge::default();
        while edge.size() < total {
            let index = edge.size() / TILE_WIDTH;
            let Some(bundle) = Tile::in_tree(None, index, total) else { break };
            let entries = match self.log_bundle(bundle).await {
                Ok(Some(entries)) => entries,
                Ok(None) => return Ok(report.ends(LogFault::Missing(tile_name(bundle)))),
                Err(LogError::Damaged(name)) => return Ok(report.ends(LogFault::Differs(name))),
                Err(error) => return Err(error),
            };
            self.compare_entries(index * TILE_WIDTH, &entries, &mut report).await?;
            for entry in &entries {
                let mut full = Vec::new();
                edge.push(Hash::leaf(entry), |tile, bytes| full.push((tile, bytes)));
                self.compare_tiles(full, &mut report).await?;
                if sizes.contains(&edge.size()) {
                    self.compare_tiles(edge.partial_tiles(), &mut report).await?;
                    self.compare_checkpoint(&edge, &keys, &mut report).await?;
                }
            }
            report.entries = edge.size();
            progress(report.entries, total);
        }
        Ok(report)
    }

    /// The sizes of all published checkpoints.
    async fn checkpoint_sizes(&self) -> Result<BTreeSet<u64>, LogError> {
        let names = self.objects.named_after(CHECKPOINTS, CHECKPOINTS);
        let names: Vec<String> = names.try_collect().await?;
        Ok(names.iter().filter_map(|name| size_in_name(name)).collect())
    }

    async fn compare_tiles(
        &self,
        tiles: Vec<(Tile, Vec<u8>)>,
        report: &mut LogReport,
    ) -> Result<(), ArchiveError> {
        for (tile, bytes) in tiles {
            match self.log_file(tile).await? {
                Some(stored) if stored == bytes => {}
                Some(_) => report.faults.push(LogFault::Differs(tile_name(tile))),
                None => report.faults.push(LogFault::Missing(tile_name(tile))),
            }
        }
        Ok(())
    }

    async fn compare_checkpoint(
        &self,
        edge: &Edge,
        keys: &[LogKey],
        report: &mut LogReport,
    ) -> Result<(), ArchiveError> {
        let name = checkpoint_name(edge.size());
        report.checkpoints += 1;
        let stored = self.objects.get_named(&name).await?.unwrap_or_default();
        let note = str::from_utf8(&stored).ok().and_then(|text| SignedNote::parse(text).ok());
        let Some(note) = note else {
            report.faults.push(LogFault::Differs(name));
            return Ok(());
        };
        match Checkpoint::verify(&note, &keys_at(keys, edge.size())) {
            Ok(checkpoint) if (checkpoint.size, checkpoint.root) == (edge.size(), edge.root()) => {}
            Ok(_) => report.faults.push(LogFault::Differs(name)),
            Err(_) => report.faults.push(LogFault::Unsigned(name)),
        }
        Ok(())
    }

    /// Compares the entries of a bundle with those of the database.
    async fn compare_entries(
        &self,
        first: u64,
        entries: &[Vec<u8>],
        report: &mut LogReport,
    ) -> Result<(), ArchiveError> {
        let end = first + entries.len() as u64;
        let sql = "SELECT entry FROM log_entries WHERE idx >= $1 AND idx < $2 ORDER BY idx";
        let query = self.database.query(sql).bind(signed(first)).bind(signed(end));
        let rows = query.fetch_all().await?;
        for (place, entry) in entries.iter().enumerate() {
            let stored = rows.get(place).map(|row| row.try_get::<&str, _>("entry")).transpose()?;
            if stored.map(str::as_bytes) != Some(entry) {
                report.faults.push(LogFault::OtherEntry(first + place as u64));
            }
        }
        Ok(())
    }
}

impl LogReport {
    /// The report with a fault after which nothing can be replayed.
    fn ends(mut self, fault: LogFault) -> Self {
        self.faults.push(fault);
        self
    }
}
