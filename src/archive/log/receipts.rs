//! Receipts: proofs that an object is in the log, made from its tiles.

use sqlx::Row;

use crate::archive::Archive;
use crate::archive::error::ArchiveError;
use crate::archive::log::files::tile_name;
use crate::archive::log::head::{number, signed};
use crate::log::note::signed_note::{SignedNote, parse_signatures};
use crate::log::receipt::Receipt;
use crate::log::tree::hash::Hash;
use crate::log::tree::proof::ProofPlan;
use crate::log::tree::tile::Tiles;

/// Whether there is a receipt of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceiptState {
    /// There is.
    Ready(Receipt),
    /// The entry is in no published checkpoint yet.
    Waiting,
    /// No entry names the object.
    NotLogged,
}

impl Archive {
    /// Makes the receipt of an object: of its first entry, under a checkpoint that witnesses cosigned if
    /// there is one, otherwise under the newest.
    ///
    /// # Errors
    /// Returns `ArchiveError::Missing` or `ArchiveError::Corrupt` if a tile is missing or damaged, and
    /// another `ArchiveError` if the database or the store is unavailable.
    pub async fn receipt(&self, sha256: &str) -> Result<ReceiptState, ArchiveError> {
        let Some((index, entry)) = self.entry_of(sha256).await? else {
            let waits = self.is_waiting(sha256).await?;
            return Ok(if waits { ReceiptState::Waiting } else { ReceiptState::NotLogged });
        };
        let Some((size, checkpoint)) = self.checkpoint_over(index).await? else {
            return Ok(ReceiptState::Waiting);
        };
        let proof = self.inclusion_proof(index, size).await?;
        let entry = entry.into_bytes();
        Ok(ReceiptState::Ready(Receipt { entry, index, proof, checkpoint }))
    }

    /// The newest published checkpoint, with the signatures of witnesses that cosigned it. Returns `None`
    /// before the first one.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn newest_checkpoint(&self) -> Result<Option<SignedNote>, ArchiveError> {
        let published = self.log_head().await?.map_or(0, |head| head.published);
        if published == 0 {
            return Ok(None);
        }
        self.checkpoint(published).await.map(Some)
    }

    /// The proof that the tree of `size` leaves contains the entry with this number.
    async fn inclusion_proof(&self, index: u64, size: u64) -> Result<Vec<Hash>, ArchiveError> {
        let plan = ProofPlan::inclusion(index, size);
        let plan = plan.ok_or(ArchiveError::InvalidRecord("the size of a checkpoint"))?;
        self.proof(&plan).await
    }

    /// The hashes of a proof, from tiles of the store.
    pub(crate) async fn proof(&self, plan: &ProofPlan) -> Result<Vec<Hash>, ArchiveError> {
        let mut tiles = Tiles::default();
        for tile in plan.tiles() {
            let name = tile_name(tile);
            let bytes = self.log_file(tile).await?.ok_or(ArchiveError::Missing(name.clone()))?;
            tiles.insert(tile, &bytes).ok_or(ArchiveError::Corrupt(name))?;
        }
        Ok(plan.hashes(&tiles).unwrap_or_default())
    }

    /// The first entry that names an object, with its number.
    async fn entry_of(&self, sha256: &str) -> Result<Option<(u64, String)>, ArchiveError> {
        let row = self
            .database
            .query(
                "SELECT e.idx, e.entry FROM log_objects o \
                 JOIN log_entries e ON e.audit_id = o.audit_id \
                 WHERE o.sha256 = $1 ORDER BY e.idx LIMIT 1",
            )
            .bind(sha256)
            .fetch_optional()
            .await?;
        row.map(|row| Ok((number(&row, "idx")?, row.try_get("entry")?))).transpose()
    }

    /// Whether an entry that names an object waits for its number, or acts from before the log do.
    async fn is_waiting(&self, sha256: &str) -> Result<bool, ArchiveError> {
        let row = self
            .database
            .query(
                "SELECT (SELECT COUNT(*) FROM log_objects WHERE sha256 = $1) + \
                 (SELECT COUNT(*) FROM (SELECT 1 FROM log_backlog LIMIT 1) b) AS n",
            )
            .bind(sha256)
            .fetch_one()
            .await?;
        Ok(number(&row, "n")? > 0)
    }

    /// The checkpoint for the receipt of an entry, with its size.
    async fn checkpoint_over(&self, index: u64) -> Result<Option<(u64, SignedNote)>, ArchiveError> {
        let row = self
            .database
            .query(
                "SELECT (SELECT MAX(size) FROM log_cosignatures WHERE size > $1) AS cosigned, \
                 published FROM log_head WHERE published > $1",
            )
            .bind(signed(index))
            .fetch_optional()
            .await?;
        let Some(row) = row else { return Ok(None) };
        let size = match row.try_get::<Option<i64>, _>("cosigned")? {
            Some(_) => number(&row, "cosigned")?,
            None => number(&row, "published")?,
        };
        Ok(Some((size, self.checkpoint(size).await?)))
    }

    /// The checkpoint of a size, with the signatures of witnesses.
    pub(crate) async fn checkpoint(&self, size: u64) -> Result<SignedNote, ArchiveError> {
        let damaged = || ArchiveError::InvalidRecord("a checkpoint of the log");
        let sql = "SELECT note FROM log_checkpoints WHERE size = $1";
        let row = self.database.query(sql).bind(signed(size)).fetch_one().await?;
        let mut note = SignedNote::parse(row.try_get("note")?).map_err(|_| damaged())?;
        let sql = "SELECT line FROM log_cosignatures WHERE size = $1 ORDER BY witness";
        for row in self.database.query(sql).bind(signed(size)).fetch_all().await? {
            let line: &str = row.try_get("line")?;
            note.signatures.extend(parse_signatures(line).map_err(|_| damaged())?);
        }
        Ok(note)
    }
}
