//! Compares the database with the published log when a server starts. If the database is older, for
//! example after a restore, the published entries are read back into it before anything is signed:
//! other entries under the same numbers would be a fork.

use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Row};

use crate::archive::log::enter::name_objects;
use crate::archive::log::error::LogError;
use crate::archive::log::files::{CHECKPOINTS, checkpoint_name, size_in_name, tile_name};
use crate::archive::log::head::{lock, number, set_edge, signed};
use crate::archive::log::keys::keys_at;
use crate::archive::log::steps::keeper::LogKeeper;
use crate::log::entry::Entry;
use crate::log::note::checkpoint::Checkpoint;
use crate::log::note::keys::Algorithm;
use crate::log::note::signed_note::SignedNote;
use crate::log::tree::edge::Edge;
use crate::log::tree::hash::Hash;
use crate::log::tree::tile::{TILE_WIDTH, Tile};

/// What was read back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recovered {
    /// The entries that the database did not have.
    pub entries: u64,
    /// Those of them whose act is not in the audit trail: it was lost with the database.
    pub lost_acts: u64,
}

/// A checkpoint that the store has.
struct Published {
    checkpoint: Checkpoint,
    note: String,
}

impl LogKeeper {
    /// Reads back what the database does not have of the published log. Nothing may be signed before
    /// this succeeds.
    ///
    /// # Errors
    /// Returns `LogError::Fork` if the database and the published log differ, `LogError::StoreBehind` or
    /// `LogError::Damaged` if published files are missing or damaged, and `LogError::Archive` if the
    /// database or the store is unavailable.
    pub async fn recover(&self) -> Result<Recovered, LogError> {
        // The store is read first: entries and checkpoints are in the database before they are in the
        // store.
        let newest = self.newest_published().await?;
        let size = newest.as_ref().map_or(0, |newest| newest.checkpoint.size);
        let end = self.end_of_bundles(size).await?;
        let sql = "SELECT COALESCE(MAX(size), 0) AS size FROM log_checkpoints";
        let row = self.archive.database.query(sql).fetch_one().await?;
        let sequenced = self.archive.log_head().await?.map_or(0, |head| head.sequenced);
        if size <= number(&row, "size")? && end <= sequenced {
            return self.check_store().await;
        }
        tracing::warn!(
            size,
            end,
            "the database is older than the published log, which is read back"
        );
        let (mut edge, mut recovered) = (Edge::default(), Recovered::default());
        while edge.size() < end {
            let first = edge.size();
            let entries = self.published_entries(first, end).await?;
            let mut full = Vec::new();
            for entry in &entries {
                edge.push(Hash::leaf(entry), |tile, bytes| full.push((tile, bytes)));
                let is_other = newest.as_ref().is_some_and(|newest| {
                    edge.size() == size && edge.root() != newest.checkpoint.root
                });
                if is_other {
                    return Err(LogError::Fork(size));
                }
            }
            self.read_back(first, &entries, &mut recovered).await?;
            // A server that died may have written the bundle and not yet its tiles.
            for (tile, bytes) in full.into_iter().filter(|_| edge.size() > size) {
                self.archive.objects.put_named(&tile_name(tile), bytes.into()).await?;
            }
        }
        self.finish(&edge, newest.as_ref()).await?;
        let Recovered { entries, lost_acts } = recovered;
        tracing::warn!(entries, lost_acts, "the published log was read back into the database");
        Ok(recovered)
    }

    /// The newest checkpoint that the store has.
    async fn newest_published(&self) -> Result<Option<Published>, LogError> {
        let head = self.archive.log_head().await?;
        let known = head.map_or(0, |head| head.published);
        // Names after the one before, so that the known one is found too.
        let after = checkpoint_name(known.saturating_sub(1));
        let names = self.archive.objects.named_after(CHECKPOINTS, &after);
        let names: Vec<String> = names.try_collect().await?;
        let newest = names.into_iter().filter_map(|name| Some((size_in_name(&name)?, name))).max();
        let Some((_, name)) = newest else { return Ok(None) };
        let damaged = || LogError::Damaged(name.clone());
        let bytes = self.archive.objects.get_named(&name).await?.ok_or_else(damaged)?;
        let note = String::from_utf8(bytes.to_vec()).map_err(|_| damaged())?;
        let parsed = SignedNote::parse(&note).map_err(|_| damaged())?;
        let keys = self.archive.log_keys(&self.key.verifier(Algorithm::Ed25519)).await?;
        let Checkpoint { size, .. } = Checkpoint::parse(&parsed.text).map_err(|_| damaged())?;
        let verified = Checkpoint::verify(&parsed, &keys_at(&keys, size));
        let checkpoint = verified.map_err(|_| damaged())?;
        Ok(Some(Published { checkpoint, note }))
    }

    /// Checks that the store has the last checkpoint that the database knows.
    async fn check_store(&self) -> Result<Recovered, LogError> {
        let published = self.archive.log_head().await?.map_or(0, |head| head.published);
        if published > 0 {
            let name = checkpoint_name(published);
            let sql = "SELECT note FROM log_checkpoints WHERE size = $1";
            let row = self.archive.database.query(sql).bind(signed(published)).fetch_one().await?;
            let stored = self.archive.objects.get_named(&name).await?;
            let stored = stored.ok_or(LogError::StoreBehind(name))?;
            if stored != row.try_get::<String, _>("note")? {
                return Err(LogError::Fork(published));
            }
        }
        Ok(Recovered::default())
    }

    /// The number of entries that the store has, at least `size`. Bundles are written shortly before
    /// their checkpoint, so the store may have entries after the newest one.
    async fn end_of_bundles(&self, size: u64) -> Result<u64, LogError> {
        let mut end = size;
        loop {
            let index = end / TILE_WIDTH;
            let full = Tile { level: None, index, width: TILE_WIDTH };
            if self.archive.log_file(full).await?.is_some() {
                end = (index + 1) * TILE_WIDTH;
                continue;
            }
            let folder = format!("{}.p", tile_name(full));
            let names = self.archive.objects.named_after(&folder, &folder);
            let names: Vec<String> = names.try_collect().await?;
            let tiles =
                names.iter().filter_map(|name| Tile::from_path(name.strip_prefix("tile/")?));
            let widest = tiles.map(|tile| tile.width).max().unwrap_or_default();
            return Ok(end.max(index * TILE_WIDTH + widest));
        }
    }

    /// The entries of the bundle that begins with `first`, in a log of `end` entries.
    async fn published_entries(&self, first: u64, end: u64) -> Result<Vec<Vec<u8>>, LogError> {
        let index = first / TILE_WIDTH;
        let bundle = Tile { level: None, index, width: (end - first).min(TILE_WIDTH) };
        let entries = self.archive.log_bundle(bundle).await?;
        entries.ok_or_else(|| LogError::StoreBehind(tile_name(bundle)))
    }

    /// Compares the entries of a bundle with those of the database and adds those that it lacks.
    async fn read_back(
        &self,
        first: u64,
        entries: &[Vec<u8>],
        recovered: &mut Recovered,
    ) -> Result<(), LogError> {
        let mut transaction = self.archive.database.begin().await?;
        let head = lock(&mut transaction).await?;
        let sequenced = head.map_or(0, |head| head.sequenced);
        let end = first + entries.len() as u64;
        let sql = "SELECT idx, entry FROM log_entries WHERE idx >= $1 AND idx < $2 ORDER BY idx";
        let rows = transaction.query(sql).bind(signed(first)).bind(signed(end)).fetch_all().await?;
        for (index, row) in (first..).zip(&rows) {
            let published = &entries[usize::try_from(index - first).unwrap_or_default()];
            if row.try_get::<&str, _>("entry")?.as_bytes() != published {
                return Err(LogError::Fork(index));
            }
        }
        let known = rows.len();
        for (index, entry) in (first..).zip(entries).skip(known) {
            let text = str::from_utf8(entry).map_err(|_| LogError::Fork(index))?;
            let parsed = Entry::parse(entry).ok_or(LogError::Fork(index))?;
            transaction
                .query("INSERT INTO log_entries (idx, audit_id, entry) VALUES ($1, $2, $3)")
                .bind(signed(index))
                .bind(parsed.id.as_str())
                .bind(text)
                .execute()
                .await?;
            name_objects(&mut transaction, &parsed.id, &parsed.objects).await?;
            let sql = "SELECT 1 AS n FROM audit_trail WHERE id = $1";
            let act = transaction.query(sql).bind(parsed.id.as_str()).fetch_optional().await?;
            recovered.lost_acts += u64::from(act.is_none());
            recovered.entries += 1;
        }
        // These acts have their number already.
        for table in ["log_pending", "log_backlog"] {
            let sql = format!(
                "DELETE FROM {table} WHERE audit_id IN \
                 (SELECT audit_id FROM log_entries WHERE idx >= $1 AND idx < $2)"
            );
            let query = transaction.query(AssertSqlSafe(sql));
            query.bind(signed(first)).bind(signed(end)).execute().await?;
        }
        transaction
            .query("UPDATE log_head SET sequenced = $1")
            .bind(signed(sequenced.max(end)))
            .execute()
            .await?;
        Ok(transaction.commit().await?)
    }

    /// Records the tree and the checkpoint after all entries are read back.
    async fn finish(&self, edge: &Edge, newest: Option<&Published>) -> Result<(), LogError> {
        let mut transaction = self.archive.database.begin().await?;
        lock(&mut transaction).await?;
        set_edge(&mut transaction, edge).await?;
        let Some(newest) = newest else { return Ok(transaction.commit().await?) };
        let size = newest.checkpoint.size;
        transaction
            .query(
                "INSERT INTO log_checkpoints (size, note, signed_at) VALUES ($1, $2, $3) \
                 ON CONFLICT DO NOTHING",
            )
            .bind(signed(size))
            .bind(newest.note.as_str())
            .bind(self.archive.now().0)
            .execute()
            .await?;
        transaction
            .query("UPDATE log_head SET published = $1 WHERE published < $1")
            .bind(signed(size))
            .execute()
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}
