//! How far the log has come, as the database records it.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::archive::Archive;
use crate::archive::database::transaction::Transaction;
use crate::archive::error::ArchiveError;
use crate::document::moment::Moment;
use crate::log::tree::edge::Edge;

/// The name of the lock that each step takes.
pub(crate) const LOCK: &str = "log";

/// How far the log has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The name of the log.
    pub origin: String,
    /// Its public key.
    pub vkey: String,
    /// How many entries have a number.
    pub sequenced: u64,
    /// How many are in the tree; all full tiles of this size are in the store.
    pub integrated: u64,
    /// How many are under a checkpoint that is in the store.
    pub published: u64,
}

/// How far the log is, for metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogState {
    /// The acts that have no number yet.
    pub waiting: u64,
    /// The entries under the last checkpoint.
    pub published: u64,
    /// When that was signed; the earliest time if there is none.
    pub signed_at: Moment,
}

impl Archive {
    /// How far the log has come; `None` before the first server started.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn log_head(&self) -> Result<Option<Head>, ArchiveError> {
        let row = self.database.query("SELECT * FROM log_head").fetch_optional().await?;
        row.as_ref().map(head).transpose()
    }

    /// How far the log is, for metrics.
    ///
    /// # Errors
    /// Like `log_head`.
    pub async fn log_state(&self) -> Result<LogState, ArchiveError> {
        let sql = "SELECT COALESCE(MAX(signed_at), 0) AS at FROM log_checkpoints";
        let row = self.database.query(sql).fetch_one().await?;
        let published = self.log_head().await?.map_or(0, |head| head.published);
        let signed_at = Moment(row.try_get("at")?);
        Ok(LogState { waiting: self.log_waiting().await?, published, signed_at })
    }

    /// How many acts wait for a number.
    ///
    /// # Errors
    /// Like `log_head`.
    pub async fn log_waiting(&self) -> Result<u64, ArchiveError> {
        let sql =
            "SELECT (SELECT COUNT(*) FROM log_pending) + (SELECT COUNT(*) FROM log_backlog) AS n";
        number(&self.database.query(sql).fetch_one().await?, "n")
    }

    /// Sets how far the published log reaches, unless it reaches further already.
    pub(crate) async fn set_published(&self, size: u64) -> Result<(), ArchiveError> {
        self.database
            .query("UPDATE log_head SET published = $1 WHERE published < $1")
            .bind(signed(size))
            .execute()
            .await?;
        Ok(())
    }
}

/// Locks the log until the transaction ends and returns how far it has come, with the edge of its tree.
pub(crate) async fn lock(transaction: &mut Transaction) -> Result<Option<Head>, ArchiveError> {
    transaction.lock(LOCK).await?;
    let row = transaction.query("SELECT * FROM log_head").fetch_optional().await?;
    row.as_ref().map(head).transpose()
}

/// The edge of the tree of `size` leaves, which the database has.
pub(crate) async fn edge(transaction: &mut Transaction, size: u64) -> Result<Edge, ArchiveError> {
    let rows = transaction.query("SELECT hashes FROM log_edge ORDER BY level").fetch_all().await?;
    let levels: Vec<String> =
        rows.iter().map(|row| row.try_get("hashes")).collect::<Result<_, _>>()?;
    Edge::parse(size, &levels).ok_or(ArchiveError::InvalidRecord("the edge of the log"))
}

/// Replaces the edge, and sets how many entries are in the tree.
pub(crate) async fn set_edge(
    transaction: &mut Transaction,
    edge: &Edge,
) -> Result<(), ArchiveError> {
    transaction.query("DELETE FROM log_edge").execute().await?;
    for (level, hashes) in (0_i64..).zip(edge.levels()) {
        transaction
            .query("INSERT INTO log_edge (level, hashes) VALUES ($1, $2)")
            .bind(level)
            .bind(hashes)
            .execute()
            .await?;
    }
    transaction
        .query("UPDATE log_head SET integrated = $1")
        .bind(signed(edge.size()))
        .execute()
        .await?;
    Ok(())
}

fn head(row: &AnyRow) -> Result<Head, ArchiveError> {
    Ok(Head {
        origin: row.try_get("origin")?,
        vkey: row.try_get("vkey")?,
        sequenced: number(row, "sequenced")?,
        integrated: number(row, "integrated")?,
        published: number(row, "published")?,
    })
}

/// A count in a row.
pub(crate) fn number(row: &AnyRow, column: &str) -> Result<u64, ArchiveError> {
    let number: i64 = row.try_get(column)?;
    u64::try_from(number).map_err(|_| ArchiveError::InvalidRecord("a count of the log"))
}

/// A count as BIGINT.
pub(crate) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
