//! Continues the log. Each step may be repeated, by this or another server, and gives the same result.

use std::sync::Arc;

use crate::archive::Archive;
use crate::archive::audit::act::Act;
use crate::archive::log::error::LogError;
use crate::archive::log::head::{Head, lock};
use crate::document::moment::Moment;
use crate::log::note::keys::{Algorithm, SigningKey};

/// Continues the log of an archive with the key of the log.
#[derive(Debug, Clone)]
pub struct LogKeeper {
    pub(crate) archive: Archive,
    pub(crate) key: Arc<SigningKey>,
}

/// What a round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    /// The entries that got a number.
    pub sequenced: u64,
    /// The size of the checkpoint that was signed.
    pub published: Option<u64>,
}

impl LogKeeper {
    /// A keeper with the key of the log, whose name is the origin.
    pub fn new(archive: &Archive, key: SigningKey) -> Self {
        Self { archive: archive.clone(), key: Arc::new(key) }
    }

    /// The public key.
    pub fn vkey(&self) -> String {
        self.key.verifier(Algorithm::Ed25519).to_vkey()
    }

    /// Begins the log, or checks that it has this origin and key.
    ///
    /// # Errors
    /// Returns `LogError::OtherOrigin` or `LogError::OtherKey` if the log has another one,
    /// `LogError::LeftOrigin` if a new log would have the origin of one that was left, and
    /// `LogError::Archive` if the database is unavailable.
    pub async fn open(&self) -> Result<Head, LogError> {
        let mut transaction = self.archive.database.begin().await?;
        let (origin, vkey) = (self.key.name().to_owned(), self.vkey());
        if let Some(head) = lock(&mut transaction).await? {
            return if head.origin != origin {
                Err(LogError::OtherOrigin(head.origin))
            } else if head.vkey == vkey {
                Ok(head)
            } else if self.archive.succeeds(&head.vkey, &vkey).await? {
                // The database was restored from before the hand-over to this key.
                let update = "UPDATE log_head SET vkey = $1";
                transaction.query(update).bind(vkey.as_str()).execute().await?;
                transaction.commit().await?;
                Ok(Head { vkey, ..head })
            } else {
                Err(LogError::OtherKey(head.vkey))
            };
        }
        let left = transaction
            .query("SELECT 1 AS n FROM audit_trail WHERE act = $1 AND subject = $2 LIMIT 1")
            .bind(Act::LogLeft.name())
            .bind(origin.as_str());
        if left.fetch_optional().await?.is_some() {
            return Err(LogError::LeftOrigin(origin));
        }
        transaction
            .query(
                "INSERT INTO log_head (one, origin, vkey, sequenced, integrated, published) \
                 VALUES (1, $1, $2, 0, 0, 0)",
            )
            .bind(origin.as_str())
            .bind(vkey.as_str())
            .execute()
            .await?;
        transaction.commit().await?;
        Ok(Head { origin, vkey, sequenced: 0, integrated: 0, published: 0 })
    }

    /// Numbers all entries that wait, adds them to the tree, and signs a checkpoint unless the last one
    /// was signed after `not_since`.
    ///
    /// # Errors
    /// Returns a `LogError` if a step fails. Steps that were done stay done; repeat the call later.
    pub async fn round(&self, not_since: Moment) -> Result<Round, LogError> {
        let mut round = Round::default();
        if !self.has_work().await? {
            return Ok(round);
        }
        loop {
            let sequenced = self.sequence().await?;
            self.integrate().await?;
            round.sequenced += sequenced;
            if sequenced == 0 {
                break;
            }
        }
        round.published = self.publish(not_since).await?;
        Ok(round)
    }

    /// Whether entries wait, or the last checkpoint does not cover all of them.
    async fn has_work(&self) -> Result<bool, LogError> {
        let sql = "SELECT one FROM log_head WHERE published < sequenced \
                   OR EXISTS (SELECT 1 FROM log_pending) OR EXISTS (SELECT 1 FROM log_backlog)";
        Ok(self.archive.database.query(sql).fetch_optional().await?.is_some())
    }
}
