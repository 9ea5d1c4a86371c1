//! Stores the outcome of requests under their `Idempotency-Key`.

use sqlx::Row;

use crate::archive::Archive;
use crate::archive::error::ArchiveError;
use crate::document::moment::Moment;

/// How long a key is stored, in milliseconds. After that it can be used for another request.
const RETENTION_MS: i64 = 48 * 60 * 60 * 1000;

/// After how long an unfinished request counts as lost with its process, in milliseconds. The
/// deadlines of a rendering are shorter.
const LOST_AFTER_MS: i64 = 5 * 60 * 1000;

/// A request that has started under a key and ends with `finish` or `abandon`. If its process dies
/// before that, a later request with the same key takes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The id of the caller who sent the key.
    pub owner: String,
    /// The key.
    pub key: String,
    /// When it started. Distinguishes it from an attempt that took over.
    pub started_at: Moment,
}

/// Stores the outcome of an attempt. Values: the id of the resource, then the owner, the key and
/// the start of the attempt.
pub const FINISH_ATTEMPT: &str = "UPDATE idempotency_keys SET resource = $1 \
     WHERE owner = $2 AND key = $3 AND started_at = $4";

/// The result of beginning a request under a key.
#[derive(Debug)]
pub enum BeginOutcome {
    /// The key is new, and the request must be executed.
    Started(Attempt),
    /// The same request finished earlier and created the resource with this id.
    Finished(String),
    /// The same request is in progress.
    InProgress,
    /// The key was used for another request.
    OtherRequest,
}

impl Archive {
    /// Begins a request under a key of its owner. Requests have equal fingerprints only if they are
    /// equal.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn begin(
        &self,
        owner: &str,
        key: &str,
        fingerprint: &str,
    ) -> Result<BeginOutcome, ArchiveError> {
        let now = self.now();
        self.database
            .query("DELETE FROM idempotency_keys WHERE started_at < $1")
            .bind(now.0 - RETENTION_MS)
            .execute()
            .await?;
        let attempt = Attempt { owner: owner.to_owned(), key: key.to_owned(), started_at: now };
        if self.insert_attempt(&attempt, fingerprint).await? {
            return Ok(BeginOutcome::Started(attempt));
        }
        let row = self
            .database
            .query(
                "SELECT fingerprint, resource, started_at FROM idempotency_keys \
             WHERE owner = $1 AND key = $2",
            )
            .bind(owner)
            .bind(key)
            .fetch_optional()
            .await?;
        let Some(row) = row else {
            // The other attempt has just been abandoned; the client should retry.
            return Ok(BeginOutcome::InProgress);
        };
        let resource: Option<String> = row.try_get("resource")?;
        let started_at: i64 = row.try_get("started_at")?;
        let is_lost = resource.is_none() && started_at < now.0 - LOST_AFTER_MS;
        if is_lost && self.take_over(&attempt, fingerprint, started_at).await? {
            return Ok(BeginOutcome::Started(attempt));
        }
        if row.try_get::<&str, _>("fingerprint")? != fingerprint {
            return Ok(BeginOutcome::OtherRequest);
        }
        Ok(resource.map_or(BeginOutcome::InProgress, BeginOutcome::Finished))
    }

    /// Stores the id of the resource that a request created.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn finish(&self, attempt: &Attempt, resource: &str) -> Result<(), ArchiveError> {
        self.database
            .query(FINISH_ATTEMPT)
            .bind(resource)
            .bind(attempt.owner.as_str())
            .bind(attempt.key.as_str())
            .bind(attempt.started_at.0)
            .execute()
            .await?;
        Ok(())
    }

    /// Deletes the key of a request that created nothing, so that the key can be used again.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn abandon(&self, attempt: &Attempt) -> Result<(), ArchiveError> {
        self.database
            .query(
                "DELETE FROM idempotency_keys \
             WHERE owner = $1 AND key = $2 AND started_at = $3 AND resource IS NULL",
            )
            .bind(attempt.owner.as_str())
            .bind(attempt.key.as_str())
            .bind(attempt.started_at.0)
            .execute()
            .await?;
        Ok(())
    }

    async fn insert_attempt(
        &self,
        attempt: &Attempt,
        fingerprint: &str,
    ) -> Result<bool, ArchiveError> {
        let taken = self
            .database
            .query(
                "INSERT INTO idempotency_keys (owner, key, fingerprint, started_at) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (owner, key) DO NOTHING",
            )
            .bind(attempt.owner.as_str())
            .bind(attempt.key.as_str())
            .bind(fingerprint)
            .bind(attempt.started_at.0)
            .execute()
            .await?;
        Ok(taken == 1)
    }

    /// Replaces a lost attempt. Of several concurrent calls, one succeeds.
    async fn take_over(
        &self,
        attempt: &Attempt,
        fingerprint: &str,
        lost: i64,
    ) -> Result<bool, ArchiveError> {
        let taken = self
            .database
            .query(
                "UPDATE idempotency_keys SET fingerprint = $1, started_at = $2 \
             WHERE owner = $3 AND key = $4 AND started_at = $5 AND resource IS NULL",
            )
            .bind(fingerprint)
            .bind(attempt.started_at.0)
            .bind(attempt.owner.as_str())
            .bind(attempt.key.as_str())
            .bind(lost)
            .execute()
            .await?;
        Ok(taken == 1)
    }
}
