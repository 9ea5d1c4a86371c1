//! Signs checkpoints and stores them, each with the partial tiles of its size.

use bytes::Bytes;
use sqlx::Row;

use crate::archive::log::error::LogError;
use crate::archive::log::files::{checkpoint_name, tile_name};
use crate::archive::log::head::{lock, number, signed};
use crate::archive::log::steps::integrate::bundle_of;
use crate::archive::log::steps::keeper::LogKeeper;
use crate::document::moment::Moment;
use crate::log::note::checkpoint::Checkpoint;
use crate::log::note::signed_note::SignedNote;
use crate::log::tree::edge::Edge;
use crate::log::tree::tile::{TILE_WIDTH, Tile};

impl LogKeeper {
    /// Signs a checkpoint of the tree if it has grown and the last one was signed before `not_since`.
    /// Returns its size.
    pub(super) async fn publish(&self, not_since: Moment) -> Result<Option<u64>, LogError> {
        self.store_signed_checkpoints().await?;
        let Some((head, edge)) = self.head_and_edge().await? else { return Ok(None) };
        if head.integrated <= head.published || self.last_signed_at().await? > not_since {
            return Ok(None);
        }
        self.write_partial_tiles(&edge).await?;
        let text =
            Checkpoint { origin: self.key.name().to_owned(), size: edge.size(), root: edge.root() }
                .to_text();
        let signatures = self.key.sign(&text);
        let note = SignedNote { text, signatures }.to_text();
        let mut transaction = self.archive.database.begin().await?;
        match lock(&mut transaction).await? {
            // Another server was faster.
            Some(head) if head.published >= edge.size() => return Ok(None),
            // A new key has taken over meanwhile.
            Some(head) if head.vkey != self.vkey() => return Err(LogError::OtherKey(head.vkey)),
            _ => {}
        }
        transaction
            .query(
                "INSERT INTO log_checkpoints (size, note, signed_at) VALUES ($1, $2, $3) \
                 ON CONFLICT DO NOTHING",
            )
            .bind(signed(edge.size()))
            .bind(note)
            .bind(self.archive.now().0)
            .execute()
            .await?;
        transaction.commit().await?;
        self.store_signed_checkpoints().await?;
        Ok(Some(edge.size()))
    }

    /// Stores the checkpoints that were signed but, if a server died, not stored.
    async fn store_signed_checkpoints(&self) -> Result<(), LogError> {
        let rows = self
            .archive
            .database
            .query(
                "SELECT size, note FROM log_checkpoints \
                 WHERE size > (SELECT published FROM log_head) ORDER BY size",
            )
            .fetch_all()
            .await?;
        for row in rows {
            let (size, note) = (number(&row, "size")?, row.try_get::<String, _>("note")?);
            self.archive.objects.put_named(&checkpoint_name(size), Bytes::from(note)).await?;
            self.archive.set_published(size).await?;
        }
        Ok(())
    }

    /// The time of the last checkpoint.
    async fn last_signed_at(&self) -> Result<Moment, LogError> {
        let sql = "SELECT COALESCE(MAX(signed_at), 0) AS at FROM log_checkpoints";
        let row = self.archive.database.query(sql).fetch_one().await?;
        Ok(Moment(row.try_get("at")?))
    }

    /// Writes the partial bundle and tiles of a size. The bundle is first: if a tile exists, so do its
    /// entries.
    async fn write_partial_tiles(&self, edge: &Edge) -> Result<(), LogError> {
        let first = edge.size() / TILE_WIDTH * TILE_WIDTH;
        let mut files = Vec::new();
        if edge.size() > first {
            let entries = self.numbered(first, edge.size()).await?;
            let width = edge.size() - first;
            let bundle = Tile { level: None, index: first / TILE_WIDTH, width };
            files.push((bundle, bundle_of(&entries)?));
        }
        files.extend(edge.partial_tiles());
        for (tile, bytes) in files {
            self.archive.objects.put_named(&tile_name(tile), Bytes::from(bytes)).await?;
        }
        Ok(())
    }
}
