//! The signatures of witnesses on checkpoints, and the time stamps of checkpoints.

use bytes::Bytes;
use sqlx::Row;

use crate::archive::Archive;
use crate::archive::error::ArchiveError;
use crate::archive::log::head::{number, signed};
use crate::archive::objects::sha256;
use crate::document::moment::Moment;
use crate::log::note::keys::VerifierKey;
use crate::log::note::signed_note::NoteSignature;
use crate::log::tree::proof::ProofPlan;
use crate::log::witness::AddCheckpoint;

impl Archive {
    /// The request for a witness that last cosigned the size `old`, to cosign the newest checkpoint.
    /// Returns `None` if the witness already did, or cosigned a longer log.
    ///
    /// # Errors
    /// Like `newest_checkpoint`; also if a tile is missing or damaged.
    pub async fn request_for_witness(
        &self,
        old: u64,
    ) -> Result<Option<AddCheckpoint>, ArchiveError> {
        let published = self.log_head().await?.map_or(0, |head| head.published);
        if published == 0 || old >= published {
            return Ok(None);
        }
        let checkpoint = self.checkpoint(published).await?;
        let plan = ProofPlan::consistency(old, published);
        let plan = plan.ok_or(ArchiveError::InvalidRecord("the size of a checkpoint"))?;
        let proof = self.proof(&plan).await?;
        Ok(Some(AddCheckpoint { old, proof, checkpoint }))
    }

    /// The greatest size that a witness cosigned; 0 if none.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn cosigned_size(&self, witness: &VerifierKey) -> Result<u64, ArchiveError> {
        let sql = "SELECT COALESCE(MAX(size), 0) AS size FROM log_cosignatures WHERE witness = $1";
        let row = self.database.query(sql).bind(witness.to_vkey()).fetch_one().await?;
        number(&row, "size")
    }

    /// Stores a verified signature of a witness on the checkpoint of a size.
    ///
    /// # Errors
    /// Returns `ArchiveError::Store`, `ArchiveError::Database` or `ArchiveError::Deadline` if the store
    /// or the database is unavailable. Retry later.
    pub async fn store_cosignature(
        &self,
        size: u64,
        witness: &VerifierKey,
        signature: &NoteSignature,
    ) -> Result<(), ArchiveError> {
        let line = signature.to_line();
        let name = format!("cosigned/{size:012}.{}", sha256(line.as_bytes()));
        self.objects.put_named(&name, Bytes::from(line.clone())).await?;
        self.database
            .query(
                "INSERT INTO log_cosignatures (size, witness, line) VALUES ($1, $2, $3) \
                 ON CONFLICT DO NOTHING",
            )
            .bind(signed(size))
            .bind(witness.to_vkey())
            .bind(line)
            .execute()
            .await?;
        Ok(())
    }

    /// Stores a signature of a witness on whichever of the last checkpoints it signs, and returns the size
    /// of the checkpoint. Returns `None` if it signs none of them.
    ///
    /// # Errors
    /// Like `store_cosignature`.
    pub async fn add_cosignature(
        &self,
        witness: &VerifierKey,
        signature: &NoteSignature,
    ) -> Result<Option<u64>, ArchiveError> {
        let sql = "SELECT size FROM log_checkpoints WHERE size <= (SELECT published FROM log_head) \
                   ORDER BY size DESC LIMIT 10000";
        for row in self.database.query(sql).fetch_all().await? {
            let size = number(&row, "size")?;
            if witness.verifies(&self.checkpoint(size).await?.text, signature) {
                self.store_cosignature(size, witness, signature).await?;
                return Ok(Some(size));
            }
        }
        Ok(None)
    }

    /// The time of the last time stamp of an authority; the earliest time if there is none.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn last_stamp(&self, authority: &str) -> Result<Moment, ArchiveError> {
        let sql = "SELECT COALESCE(MAX(stamped_at), 0) AS at FROM log_stamps WHERE authority = $1";
        let row = self.database.query(sql).bind(authority).fetch_one().await?;
        Ok(Moment(row.try_get("at")?))
    }

    /// Stores the time stamp of the checkpoint of a size (RFC 3161): the response of the authority.
    ///
    /// # Errors
    /// Like `store_cosignature`.
    pub async fn store_stamp(
        &self,
        size: u64,
        authority: &str,
        response: Bytes,
    ) -> Result<(), ArchiveError> {
        let sha256 = sha256(&response);
        let name = format!("time/{size:012}.{sha256}.tsr");
        self.objects.put_named(&name, response).await?;
        self.database
            .query(
                "INSERT INTO log_stamps (size, authority, sha256, stamped_at) \
                 VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            )
            .bind(signed(size))
            .bind(authority)
            .bind(sha256)
            .bind(self.now().0)
            .execute()
            .await?;
        Ok(())
    }
}
