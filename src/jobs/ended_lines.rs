//! Reads the lines of a batch and how they ended.

use sqlx::{AssertSqlSafe, Row};

use crate::archive::objects::Object;
use crate::jobs::Jobs;
use crate::jobs::batch::Batch;
use crate::jobs::error::JobsError;
use crate::jobs::lines::LINES_PER_QUERY;

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
    /// The SHA-256 of its body, which is removed a day after the line has ended.
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
