//! Sets the retention of filings.

use sqlx::Row;

use crate::archive::Archive;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::database::transaction::Transaction;
use crate::archive::error::ArchiveError;
use crate::archive::retention::class::RetentionClass;
use crate::archive::retention::error::RetentionError;

/// The retention of a filing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// The class.
    pub class: RetentionClass,
    /// The rule that says so.
    pub basis: String,
    /// The last year in which it is kept; `None` for ever.
    pub last_year: Option<i64>,
}

impl Archive {
    /// Sets the retention of a filing. It counts from the year of its date.
    ///
    /// # Errors
    /// Returns `RetentionError::NotFound` without such a filing, `RetentionError::Disposed` if its
    /// files are destroyed, `RetentionError::Shorter` if it would end earlier than set before, and
    /// `RetentionError::Archive` if the database fails.
    pub async fn set_retention(
        &self,
        filing: &str,
        class: RetentionClass,
        basis: &str,
        actor: Actor<'_>,
    ) -> Result<Retention, RetentionError> {
        let mut transaction = self.database.begin().await?;
        transaction.lock(LOCK).await?;
        let row = transaction
            .query("SELECT document_date, disposal_id FROM filings WHERE id = $1")
            .bind(filing)
            .fetch_optional()
            .await?
            .ok_or(RetentionError::NotFound)?;
        if row.try_get::<Option<String>, _>("disposal_id")?.is_some() {
            return Err(RetentionError::Disposed(filing.to_owned()));
        }
        let date: String = row.try_get("document_date")?;
        let year = date.get(..4).and_then(|year| year.parse().ok());
        let year: i64 = year.ok_or(ArchiveError::InvalidRecord("the date of a filing"))?;
        let last_year = class.last_year(year);
        if let Some(earlier) = retention_of(&mut transaction, filing).await?
            && is_shorter(last_year, earlier.last_year)
        {
            return Err(RetentionError::Shorter);
        }
        transaction
            .query(
                "INSERT INTO retentions (filing_id, class, basis, last_year, set_by, set_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (filing_id) DO UPDATE SET \
             class = excluded.class, basis = excluded.basis, last_year = excluded.last_year, \
             set_by = excluded.set_by, set_at = excluded.set_at",
            )
            .bind(filing)
            .bind(class.name())
            .bind(basis)
            .bind(last_year)
            .bind(actor.caller)
            .bind(self.now().0)
            .execute()
            .await?;
        self.record_act(&mut transaction, actor, Act::RetentionSet, filing).await?;
        transaction.commit().await?;
        Ok(Retention { class, basis: basis.to_owned(), last_year })
    }

    /// The retention of a filing.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow.
    pub async fn retention(&self, filing: &str) -> Result<Option<Retention>, ArchiveError> {
        let mut transaction = self.database.begin().await?;
        retention_of(&mut transaction, filing).await
    }
}

/// The name of the lock under which retentions, holds and disposals change.
pub(crate) const LOCK: &str = "retention";

/// Whether a retention ends before another.
pub(crate) fn is_shorter(one: Option<i64>, other: Option<i64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one < other,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

pub(crate) async fn retention_of(
    transaction: &mut Transaction,
    filing: &str,
) -> Result<Option<Retention>, ArchiveError> {
    let row = transaction
        .query("SELECT class, basis, last_year FROM retentions WHERE filing_id = $1")
        .bind(filing)
        .fetch_optional()
        .await?;
    let Some(row) = row else { return Ok(None) };
    let name: &str = row.try_get("class")?;
    let class = RetentionClass::ALL.into_iter().find(|class| class.name() == name);
    Ok(Some(Retention {
        class: class.ok_or(ArchiveError::InvalidRecord("a retention class"))?,
        basis: row.try_get("basis")?,
        last_year: row.try_get("last_year")?,
    }))
}
