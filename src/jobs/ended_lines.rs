//! Ends lines that became no filing, keeps their bodies for a while, so that they can be mended, and reads
//! how lines ended.

use sqlx::{AssertSqlSafe, Row};

use crate::archive::objects::Object;
use crate::document::moment::Moment;
use crate::jobs::Jobs;
use crate::jobs::batch::Batch;
use crate::jobs::error::JobsError;
use crate::jobs::line_error::LineError;
use crate::jobs::lines::LINES_PER_QUERY;

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// How long the bodies are kept after the batch has ended.
pub const KEPT_DAYS: i64 = 30;

/// The most lines of a batch whose bodies are kept: as many as a workbook has.
pub const MOST_LINES: usize = 1_000;

/// The most bytes of the bodies that a batch keeps, without the last one. Their workbook and the parsed
/// form of the longest body fit into the memory that one caller may have.
pub const MOST_BYTES: usize = 16 << 20;

/// A line and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedLine {
    /// The line, counted from 1.
    pub line: i64,
    /// `filed`, `refused`, `failed` or `cancelled`.
    pub state: String,
    /// The filing it became.
    pub filing: Option<FiledLine>,
    /// The problem, as JSON.
    pub problem: Option<String>,
    /// The SHA-256 of its body, which is removed a day after it was posted unless it is kept.
    pub body_sha256: String,
}

/// The filing that a line became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledLine {
    /// Its id.
    pub id: String,
    /// 发文字号 as printed.
    pub document_number: String,
    /// The PDF.
    pub pdf: Object,
    /// Its CRC-32, unless an earlier version stored it.
    pub pdf_crc32: Option<u32>,
    /// Number of pages.
    pub pages: i64,
    /// The warnings, as a JSON list.
    pub warnings: String,
}

impl Jobs {
    /// Returns up to `LINES_PER_QUERY` lines in order, starting after the line `after`. Returns none
    /// after the last line. The caller must have got the batch from `Jobs::batch`, which checks who
    /// may see it.
    ///
    /// # Errors
    /// Returns `JobsError::Archive` if the database is unreachable or too slow. Retry later.
    pub async fn lines(&self, batch: &Batch, after: i64) -> Result<Vec<EndedLine>, JobsError> {
        self.ended_lines("", batch, after).await
    }

    /// Like `lines`, but only those that became no filing because they were refused or failed.
    ///
    /// # Errors
    /// Returns `JobsError::Archive` if the database is unreachable or too slow. Retry later.
    pub async fn lines_without_filing(
        &self,
        batch: &Batch,
        after: i64,
    ) -> Result<Vec<EndedLine>, JobsError> {
        self.ended_lines("AND l.state IN ('refused', 'failed')", batch, after).await
    }

    async fn ended_lines(
        &self,
        condition: &'static str,
        batch: &Batch,
        after: i64,
    ) -> Result<Vec<EndedLine>, JobsError> {
        let sql = format!(
            "SELECT l.line, l.state, l.problem, l.body_sha256, f.id, f.document_number, f.pdf_sha256, f.pdf_bytes, \
             f.pdf_crc32, f.pages, f.warnings \
             FROM batch_lines l LEFT JOIN filings f ON f.id = l.filing_id AND f.disposal_id IS NULL \
             WHERE l.batch_id = $1 AND l.line > $2 {condition} ORDER BY l.line LIMIT $3"
        );
        let query = self.archive.database.query(AssertSqlSafe(sql));
        let rows = query
            .bind(batch.id.as_str())
            .bind(after)
            .bind(i64::try_from(LINES_PER_QUERY).unwrap_or(i64::MAX))
            .fetch_all()
            .await?;
        let lines = rows.iter().map(|row| {
            let filing = match row.try_get::<Option<String>, _>("id")? {
                Some(id) => Some(FiledLine {
                    id,
                    document_number: row.try_get("document_number")?,
                    pdf: Object {
                        sha256: row.try_get("pdf_sha256")?,
                        bytes: u64::try_from(row.try_get::<i64, _>("pdf_bytes")?)
                            .unwrap_or_default(),
                    },
                    pdf_crc32: row
                        .try_get::<Option<i64>, _>("pdf_crc32")?
                        .and_then(|crc32| u32::try_from(crc32).ok()),
                    pages: row.try_get("pages")?,
                    warnings: row.try_get("warnings")?,
                }),
                None => None,
            };
            Ok(EndedLine {
                line: row.try_get("line")?,
                state: row.try_get("state")?,
                filing,
                problem: row.try_get("problem")?,
                body_sha256: row.try_get("body_sha256")?,
            })
        });
        lines.collect()
    }
}

impl Batch {
    /// When the bodies of its lines without a filing are no longer kept; `None` before it has ended.
    pub fn bodies_kept_until(&self) -> Option<Moment> {
        self.finished_at.map(kept_until)
    }
}

impl Jobs {
    /// Ends a line with an error, unless it has already ended. `body_bytes` is the length of its body,
    /// which is kept if it can be mended and the batch and the quotas have room for it.
    pub(crate) async fn end_line(
        &self,
        batch: &Batch,
        line: i64,
        body_bytes: usize,
        error: &LineError,
    ) -> Result<(), JobsError> {
        let bytes = i64::try_from(body_bytes).unwrap_or(i64::MAX);
        let until = kept_until(self.archive.now());
        let poster = batch.poster();
        // Before the transaction, because it takes one of its own.
        let is_reserved = error.can_be_mended()
            && self.archive.reserve_until(&poster, bytes, until).await?.is_ok();
        let is_kept = self.record_end(batch, line, is_reserved.then_some(bytes), error).await?;
        if is_reserved && !is_kept {
            // Giving back cannot exceed a quota.
            let _ = self.archive.reserve_until(&poster, -bytes, until).await?;
        }
        Ok(())
    }

    /// Records how a line ended. Its body of these bytes is kept if the batch has room, and only if the
    /// line had not ended before. Returns whether it is.
    async fn record_end(
        &self,
        batch: &Batch,
        line: i64,
        bytes: Option<i64>,
        error: &LineError,
    ) -> Result<bool, JobsError> {
        let mut transaction = self.archive.database.begin().await?;
        let ended = transaction
            .query(
                "UPDATE batch_lines SET state = $3, problem = $4 \
                 WHERE batch_id = $1 AND line = $2 AND state = 'waiting'",
            )
            .bind(batch.id.as_str())
            .bind(line)
            .bind(error.state())
            .bind(error.json())
            .execute()
            .await?;
        let mut is_kept = false;
        if let Some(bytes) = bytes.filter(|_| ended == 1) {
            let counted = transaction
                .query(
                    "UPDATE batches SET kept_lines = kept_lines + 1, kept_bytes = kept_bytes + $2 \
                     WHERE id = $1 AND kept_lines < $3 AND kept_bytes < $4",
                )
                .bind(batch.id.as_str())
                .bind(bytes)
                .bind(i64::try_from(MOST_LINES).unwrap_or(i64::MAX))
                .bind(i64::try_from(MOST_BYTES).unwrap_or(i64::MAX))
                .execute()
                .await?;
            is_kept = counted == 1;
        }
        if is_kept {
            transaction
                .query("UPDATE batch_lines SET keeps_body = 1 WHERE batch_id = $1 AND line = $2")
                .bind(batch.id.as_str())
                .bind(line)
                .execute()
                .await?;
        }
        transaction.commit().await?;
        Ok(is_kept)
    }

    /// Lets go of the bodies of batches that ended long enough ago. They are collected afterwards.
    ///
    /// # Errors
    /// Returns `JobsError::Archive` if the database is unreachable or too slow. Retry later.
    pub async fn release_bodies(&self) -> Result<(), JobsError> {
        self.archive
            .database
            .query(
                "UPDATE batch_lines SET keeps_body = 0 WHERE keeps_body = 1 AND batch_id IN \
                 (SELECT id FROM batches WHERE finished_at <= $1)",
            )
            .bind(self.archive.now().0 - KEPT_DAYS * DAY_MS)
            .execute()
            .await?;
        Ok(())
    }
}

fn kept_until(Moment(ended): Moment) -> Moment {
    Moment(ended + KEPT_DAYS * DAY_MS)
}
