//! Rounds of checks: begun or continued, part by part, and finished with a report.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::archive::Archive;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::error::ArchiveError;
use crate::archive::fixity::finding::{Finding, FindingKind, FixityReport, LISTED};
use crate::archive::fixity::prefix::Checked;
use crate::archive::fixity::progress::{PARTS, Pace, Round};
use crate::document::moment::Moment;

/// The name of the lock under which a round begins.
const LOCK: &str = "fixity";

/// The state of fixity, for metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixityState {
    /// When the last round was finished; `None` before the first.
    pub finished_at: Option<Moment>,
    /// The number of its findings of each kind.
    pub findings: Vec<(FindingKind, u64)>,
    /// The parts that the running round has checked; `None` if none is running.
    pub parts: Option<u16>,
}

impl Archive {
    /// The round that is not finished, or a new one.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn fixity_round(&self) -> Result<Round, ArchiveError> {
        let mut transaction = self.database.begin().await?;
        transaction.lock(LOCK).await?;
        let running = transaction
            .query(
                "SELECT id, started_at, next_prefix, objects, bytes FROM fixity_rounds \
             WHERE finished_at IS NULL ORDER BY id LIMIT 1",
            )
            .fetch_optional()
            .await?;
        if let Some(row) = running {
            return round(&row);
        }
        let (id, started_at) = (self.new_id(), self.now());
        transaction
            .query(
                "INSERT INTO fixity_rounds (id, started_at, next_prefix, objects, bytes) \
             VALUES ($1, $2, 0, 0, 0)",
            )
            .bind(id.as_str())
            .bind(started_at.0)
            .execute()
            .await?;
        transaction.commit().await?;
        Ok(Round { id, started_at, next_part: 0, objects: 0, bytes: 0 })
    }

    /// Checks the next part of a round, and returns the round after it. If another server has checked
    /// the part meanwhile, its result counts.
    ///
    /// # Errors
    /// Returns `ArchiveError::Store`, `ArchiveError::Database` or `ArchiveError::Deadline` if the
    /// store or the database is unavailable. The part is checked again later.
    pub async fn check_next_part(&self, round: Round, pace: Pace) -> Result<Round, ArchiveError> {
        let Ok(part) = u8::try_from(round.next_part) else { return Ok(round) };
        let checked = self.check_part(part, pace).await?;
        let next = Round {
            next_part: round.next_part + 1,
            objects: round.objects + checked.objects,
            bytes: round.bytes + checked.bytes,
            ..round
        };
        if self.record_part(&next, checked).await? { Ok(next) } else { self.reload(next).await }
    }

    async fn record_part(&self, next: &Round, checked: Checked) -> Result<bool, ArchiveError> {
        let mut transaction = self.database.begin().await?;
        let updated = transaction
            .query(
                "UPDATE fixity_rounds SET next_prefix = $2, objects = $3, bytes = $4 \
             WHERE id = $1 AND next_prefix = $5 AND finished_at IS NULL",
            )
            .bind(next.id.as_str())
            .bind(i64::from(next.next_part))
            .bind(number(next.objects))
            .bind(number(next.bytes))
            .bind(i64::from(next.next_part) - 1)
            .execute()
            .await?;
        if updated == 0 {
            return Ok(false);
        }
        for finding in checked.findings {
            transaction
                .query(
                    "INSERT INTO fixity_findings (round_id, kind, name, subject, found_at) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                )
                .bind(next.id.as_str())
                .bind(finding.kind.name())
                .bind(finding.name)
                .bind(finding.subject)
                .bind(self.now().0)
                .execute()
                .await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    async fn reload(&self, last: Round) -> Result<Round, ArchiveError> {
        let row = self
            .database
            .query(
                "SELECT id, started_at, next_prefix, objects, bytes FROM fixity_rounds WHERE id = $1",
            )
            .bind(last.id.as_str())
            .fetch_one()
            .await?;
        round(&row)
    }

    /// Ends a round whose parts are all checked: stores its report and names it in the audit trail.
    ///
    /// # Errors
    /// Like `check_next_part`. The round is finished later.
    pub async fn finish_fixity_round(
        &self,
        round: &Round,
        actor: Actor<'_>,
    ) -> Result<FixityReport, ArchiveError> {
        let n_findings = self.fixity_counts(&round.id).await?.iter().map(|(_, count)| count).sum();
        let report = FixityReport {
            round: round.id.clone(),
            started_at: round.started_at,
            finished_at: self.now(),
            objects: round.objects,
            bytes: round.bytes,
            n_findings,
            findings: self.fixity_findings(&round.id).await?,
        };
        // Strings, numbers and lists always serialize.
        let json = serde_json_canonicalizer::to_vec(&report).unwrap_or_default();
        let length = number(json.len() as u64);
        let sha256 = self.objects.put(json.into()).await?;
        let mut transaction = self.database.begin().await?;
        let finished = transaction
            .query(
                "UPDATE fixity_rounds SET finished_at = $2, report_sha256 = $3, report_bytes = $4 \
             WHERE id = $1 AND finished_at IS NULL AND next_prefix = $5",
            )
            .bind(round.id.as_str())
            .bind(report.finished_at.0)
            .bind(sha256)
            .bind(length)
            .bind(i64::from(PARTS))
            .execute()
            .await?;
        if finished == 1 {
            self.record_act(&mut transaction, actor, Act::FixityChecked, &round.id).await?;
        }
        transaction.commit().await?;
        Ok(report)
    }

    /// The first findings of a round.
    async fn fixity_findings(&self, round: &str) -> Result<Vec<Finding>, ArchiveError> {
        let rows = self
            .database
            .query(
                "SELECT kind, name, subject FROM fixity_findings WHERE round_id = $1 \
             ORDER BY kind, name, subject LIMIT $2",
            )
            .bind(round)
            .bind(i64::from(LISTED))
            .fetch_all()
            .await?;
        rows.iter()
            .map(|row| {
                let kind = kind(row.try_get("kind")?)?;
                Ok(Finding { kind, name: row.try_get("name")?, subject: row.try_get("subject")? })
            })
            .collect()
    }

    /// How many findings of each kind a round has.
    async fn fixity_counts(&self, round: &str) -> Result<Vec<(FindingKind, u64)>, ArchiveError> {
        let rows = self
            .database
            .query(
                "SELECT kind, COUNT(*) AS n FROM fixity_findings WHERE round_id = $1 GROUP BY kind",
            )
            .bind(round)
            .fetch_all()
            .await?;
        rows.iter().map(|row| Ok((kind(row.try_get("kind")?)?, count(row, "n")?))).collect()
    }

    /// When rounds ran, and what the last one found.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow.
    pub async fn fixity_state(&self) -> Result<FixityState, ArchiveError> {
        let last = self
            .database
            .query(
                "SELECT id, finished_at FROM fixity_rounds WHERE finished_at IS NOT NULL \
             ORDER BY finished_at DESC LIMIT 1",
            )
            .fetch_optional()
            .await?;
        let running = self
            .database
            .query("SELECT next_prefix FROM fixity_rounds WHERE finished_at IS NULL LIMIT 1")
            .fetch_optional()
            .await?;
        let parts = running.map(|row| part(&row)).transpose()?;
        let Some(last) = last else {
            return Ok(FixityState { finished_at: None, findings: Vec::new(), parts });
        };
        let findings = self.fixity_counts(last.try_get("id")?).await?;
        Ok(FixityState { finished_at: Some(Moment(last.try_get("finished_at")?)), findings, parts })
    }

    /// When the next round is due: this long after the last one, or after the first filing.
    ///
    /// # Errors
    /// Like `fixity_state`.
    pub async fn is_fixity_due(&self, every_ms: i64) -> Result<bool, ArchiveError> {
        let state = self.fixity_state().await?;
        if state.parts.is_some() {
            return Ok(true);
        }
        let since = match state.finished_at {
            Some(Moment(finished_at)) => Some(finished_at),
            None => {
                let first = self.database.query("SELECT MIN(posted_at) AS first FROM filings");
                first.fetch_one().await?.try_get("first")?
            }
        };
        Ok(since.is_some_and(|since| since + every_ms <= self.now().0))
    }
}

fn round(row: &AnyRow) -> Result<Round, ArchiveError> {
    Ok(Round {
        id: row.try_get("id")?,
        started_at: Moment(row.try_get("started_at")?),
        next_part: part(row)?,
        objects: count(row, "objects")?,
        bytes: count(row, "bytes")?,
    })
}

fn part(row: &AnyRow) -> Result<u16, ArchiveError> {
    let part: i64 = row.try_get("next_prefix")?;
    u16::try_from(part).map_err(|_| ArchiveError::InvalidRecord("the part of a fixity round"))
}

fn count(row: &AnyRow, column: &str) -> Result<u64, ArchiveError> {
    let count: i64 = row.try_get(column)?;
    u64::try_from(count).map_err(|_| ArchiveError::InvalidRecord("a count of a fixity round"))
}

fn kind(name: &str) -> Result<FindingKind, ArchiveError> {
    let found = FindingKind::ALL.into_iter().find(|kind| kind.name() == name);
    found.ok_or(ArchiveError::InvalidRecord("a kind of fixity findings"))
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
