//! Counts what is stored for each agency and by each caller, and limits it.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::archive::Archive;
use crate::archive::access::caller::Caller;
use crate::archive::collect::COLLECTED_AFTER;
use crate::archive::database::transaction::Transaction;
use crate::archive::error::ArchiveError;
use crate::archive::quota::{Owner, Owners, Quota, QuotaUsed, Quotas, Usage};
use crate::document::moment::Moment;

/// Milliseconds of an hour.
const HOUR_MS: i64 = 60 * 60 * 1000;

impl Archive {
    /// The same archive, with quotas.
    #[must_use]
    pub fn with_quotas(self, quotas: Quotas) -> Self {
        Self { quotas, ..self }
    }

    /// The quotas.
    pub fn quotas(&self) -> Quotas {
        self.quotas
    }

    /// What a caller has stored.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn usage_of_caller(&self, id: &str) -> Result<Usage, ArchiveError> {
        self.usage(Owner::Caller(id)).await
    }

    /// What is stored for a lead agency.
    ///
    /// # Errors
    /// As `usage_of_caller`.
    pub async fn usage_of_agency(&self, name: &str) -> Result<Usage, ArchiveError> {
        self.usage(Owner::Agency(name)).await
    }

    /// What is stored for all agencies.
    ///
    /// # Errors
    /// As `usage_of_caller`.
    pub async fn usage_of_all(&self) -> Result<Usage, ArchiveError> {
        let row = self
            .database
            .query(
                "SELECT CAST(COALESCE(SUM(filings), 0) AS BIGINT) AS filings, \
                 CAST(COALESCE(SUM(bytes), 0) AS BIGINT) AS bytes FROM quota_usage \
                 WHERE agency <> ''",
            )
            .fetch_one()
            .await?;
        usage(&row)
    }

    async fn usage(&self, owner: Owner<'_>) -> Result<Usage, ArchiveError> {
        let (agency, caller) = owner.columns();
        let row = self
            .database
            .query("SELECT filings, bytes FROM quota_usage WHERE agency = $1 AND caller = $2")
            .bind(agency)
            .bind(caller)
            .fetch_optional()
            .await?;
        row.map_or(Ok(Usage::default()), |row| usage(&row))
    }

    /// Checks whether this may be stored, before it is written. `charge` decides.
    pub(crate) async fn check_quotas(
        &self,
        owners: Owners<'_>,
        adds: Usage,
    ) -> Result<Result<(), QuotaUsed>, ArchiveError> {
        for owner in owners.each() {
            if self.quotas.of(owner) == Quota::default() {
                continue;
            }
            let used = self.usage(owner).await?;
            let then =
                Usage { filings: used.filings + adds.filings, bytes: used.bytes + adds.bytes };
            if let Err(used) = self.quotas.check(owner, then) {
                return Ok(Err(used));
            }
        }
        Ok(Ok(()))
    }

    /// Adds to the usage of both owners in the transaction that records what is stored, which must be
    /// rolled back if a quota is used up. The order of the owners is always the same, so that
    /// transactions do not wait for each other in a circle.
    pub(crate) async fn charge(
        &self,
        transaction: &mut Transaction,
        owners: Owners<'_>,
        adds: Usage,
    ) -> Result<Result<(), QuotaUsed>, ArchiveError> {
        for owner in owners.each() {
            let (agency, caller) = owner.columns();
            let row = transaction
                .query(
                    "INSERT INTO quota_usage (agency, caller, filings, bytes) \
                     VALUES ($1, $2, $3, $4) ON CONFLICT (agency, caller) DO UPDATE SET \
                     filings = quota_usage.filings + excluded.filings, \
                     bytes = quota_usage.bytes + excluded.bytes RETURNING filings, bytes",
                )
                .bind(agency)
                .bind(caller)
                .bind(adds.filings)
                .bind(adds.bytes)
                .fetch_one()
                .await?;
            if let Err(used) = self.quotas.check(owner, usage(&row)?) {
                return Ok(Err(used));
            }
        }
        Ok(Ok(()))
    }

    /// Reserves bytes for lines of a batch, which are stored before they become filings and collected a
    /// day later. A negative number gives bytes back. Does nothing without a quota of bytes.
    ///
    /// # Errors
    /// As `usage_of_caller`.
    pub async fn reserve_upload(
        &self,
        caller: &Caller,
        bytes: i64,
    ) -> Result<Result<(), QuotaUsed>, ArchiveError> {
        self.reserve_until(caller, bytes, self.now()).await
    }

    /// The same for lines that are kept until this time, and collected at most a day later.
    ///
    /// # Errors
    /// As `usage_of_caller`.
    pub async fn reserve_until(
        &self,
        caller: &Caller,
        bytes: i64,
        until: Moment,
    ) -> Result<Result<(), QuotaUsed>, ArchiveError> {
        let agency = caller.agency.as_deref().map(Owner::Agency);
        let owners = agency.into_iter().chain([Owner::Caller(&caller.id)]);
        let limited = || owners.clone().filter(|owner| self.quotas.of(*owner).bytes.is_some());
        let mut outcome = Ok(());
        for owner in limited() {
            let recent = self.add_upload(owner, bytes, until).await?;
            let used = self.usage(owner).await?;
            let then = Usage { filings: 0, bytes: used.bytes + recent };
            outcome = outcome.and_then(|()| self.quotas.check(owner, then));
        }
        if outcome.is_err() {
            for owner in limited() {
                self.add_upload(owner, -bytes, until).await?;
            }
        }
        Ok(outcome)
    }

    /// Adds to the uploads of an owner that are kept until this hour, and returns those that may not be
    /// collected yet.
    async fn add_upload(
        &self,
        owner: Owner<'_>,
        bytes: i64,
        until: Moment,
    ) -> Result<i64, ArchiveError> {
        let (agency, caller) = owner.columns();
        let Moment(now) = self.now();
        let kept_ms = i64::try_from(COLLECTED_AFTER.as_millis()).unwrap_or(i64::MAX);
        // Objects are collected an hour after they were set aside.
        let oldest = (now - kept_ms) / HOUR_MS - 1;
        let mut transaction = self.database.begin().await?;
        transaction
            .query(
                "INSERT INTO recent_uploads (agency, caller, hour, bytes) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (agency, caller, hour) DO UPDATE SET \
                 bytes = recent_uploads.bytes + excluded.bytes",
            )
            .bind(agency)
            .bind(caller)
            .bind(until.0 / HOUR_MS)
            .bind(bytes)
            .execute()
            .await?;
        transaction
            .query("DELETE FROM recent_uploads WHERE agency = $1 AND caller = $2 AND hour < $3")
            .bind(agency)
            .bind(caller)
            .bind(oldest)
            .execute()
            .await?;
        let row = transaction
            .query(
                "SELECT CAST(SUM(bytes) AS BIGINT) AS bytes FROM recent_uploads \
                 WHERE agency = $1 AND caller = $2",
            )
            .bind(agency)
            .bind(caller)
            .fetch_one()
            .await?;
        transaction.commit().await?;
        Ok(row.try_get("bytes")?)
    }
}

fn usage(row: &AnyRow) -> Result<Usage, ArchiveError> {
    Ok(Usage { filings: row.try_get("filings")?, bytes: row.try_get("bytes")? })
}
