//! Takes the next free 发文字号 for a draft (取号), and releases it. A number belongs to the lead agency,
//! and is either used by a filing, reserved for one draft, or free.

use sqlx::Row;

use crate::archive::Archive;
use crate::archive::access::caller::{Caller, Identity};
use crate::archive::audit::act::{Act, Actor};
use crate::archive::database::transaction::Transaction;
use crate::archive::drafts::approval::State;
use crate::archive::drafts::error::DraftError;
use crate::archive::drafts::record::{DraftRecord, TakenNumber};
use crate::archive::drafts::save::lock_draft;
use crate::archive::error::ArchiveError;
use crate::archive::filings::locks::number_lock;
use crate::archive::id::Id;
use crate::document::masthead::number::DocumentNumber;

/// Which number is wanted. What is missing is read from the draft; the serial number is the next free
/// one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumberRequest {
    /// 机关代字.
    pub agency_code: Option<String>,
    /// 年份.
    pub year: Option<i64>,
    /// 发文顺序号.
    pub serial: Option<i64>,
}

/// The numbers of a 机关代字 in a year.
struct Series<'a> {
    lead: &'a str,
    agency_code: &'a str,
    year: i64,
}

/// The lowest free number from $4. Values: lead agency, 机关代字, year, the lowest number.
const NEXT_FREE: &str = "SELECT MIN(c.serial) AS serial FROM (\
     SELECT CAST($4 AS BIGINT) AS serial \
     UNION ALL SELECT f.serial + 1 FROM filings f \
     WHERE f.lead_issuer = $1 AND f.agency_code = $2 AND f.year = $3 AND f.serial >= $4 \
     UNION ALL SELECT n.serial + 1 FROM draft_numbers n \
     WHERE n.agency = $1 AND n.agency_code = $2 AND n.year = $3 AND n.serial >= $4) c \
     WHERE NOT EXISTS (SELECT 1 FROM filings f WHERE f.lead_issuer = $1 AND f.agency_code = $2 \
     AND f.year = $3 AND f.serial = c.serial) \
     AND NOT EXISTS (SELECT 1 FROM draft_numbers n WHERE n.agency = $1 AND n.agency_code = $2 \
     AND n.year = $3 AND n.serial = c.serial)";

impl Archive {
    /// Reserves a number for a draft. Repeated calls return the same number; if another 机关代字, year
    /// or serial number is wanted, the earlier number is released. The caller writes the number into
    /// the content.
    ///
    /// # Errors
    /// Returns `DraftError::Unknown`, `DraftError::Filed`, `DraftError::NumberUnclear`,
    /// `DraftError::NotYours`, `DraftError::NumberTaken` if a serial number is wanted that is not free,
    /// `DraftError::NumbersExhausted`, and `DraftError::Archive` if the database is unavailable.
    /// Nothing changes then.
    pub async fn take_number(
        &self,
        author: &Identity,
        id: &Id,
        request: &NumberRequest,
        actor: Actor<'_>,
    ) -> Result<TakenNumber, DraftError> {
        let mut transaction = self.database.begin().await?;
        let draft = lock_draft(&mut transaction, &author.caller, id).await?;
        if draft.state == State::Filed {
            return Err(DraftError::Filed);
        }
        let series = series(&draft, request)?;
        if let Some(taken) = &draft.number {
            let number = &taken.number;
            let is_wanted = number.agency_code() == series.agency_code
                && i64::from(number.year()) == series.year
                && request.serial.is_none_or(|serial| serial == i64::from(number.serial()));
            if is_wanted {
                return Ok(taken.clone());
            }
            self.release(&mut transaction, &draft, actor).await?;
        }
        // Takers of one series wait for each other, so that no number is skipped.
        let Series { lead, agency_code, year } = series;
        transaction.lock(&format!("series {lead} {agency_code} {year}")).await?;
        let number = series.reserve(&mut transaction, request.serial).await?;
        let now = self.now();
        transaction
            .query(
                "INSERT INTO draft_numbers (agency, agency_code, year, serial, draft_id, taken_by, \
             taken_by_name, taken_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(lead)
            .bind(agency_code)
            .bind(year)
            .bind(i64::from(number.serial()))
            .bind(draft.id.as_str())
            .bind(author.caller.id.as_str())
            .bind(author.name.as_str())
            .bind(now.0)
            .execute()
            .await?;
        let subject = format!("{} {number}", draft.id);
        self.record_act(&mut transaction, actor, Act::NumberTaken, &subject).await?;
        transaction.commit().await?;
        Ok(TakenNumber { number, taken_at: now })
    }

    /// Releases the number of a draft, if it has one.
    ///
    /// # Errors
    /// Returns `DraftError::Unknown`, and `DraftError::Archive` if the database is unavailable.
    pub async fn release_number(
        &self,
        caller: &Caller,
        id: &Id,
        actor: Actor<'_>,
    ) -> Result<(), DraftError> {
        let mut transaction = self.database.begin().await?;
        let draft = lock_draft(&mut transaction, caller, id).await?;
        self.release(&mut transaction, &draft, actor).await?;
        Ok(transaction.commit().await?)
    }

    async fn release(
        &self,
        transaction: &mut Transaction,
        draft: &DraftRecord,
        actor: Actor<'_>,
    ) -> Result<(), ArchiveError> {
        let Some(TakenNumber { number, .. }) = &draft.number else { return Ok(()) };
        transaction
            .query("DELETE FROM draft_numbers WHERE draft_id = $1")
            .bind(draft.id.as_str())
            .execute()
            .await?;
        let subject = format!("{} {number}", draft.id);
        self.record_act(transaction, actor, Act::NumberReleased, &subject).await
    }
}

/// The series that a number is wanted of. The number belongs to the agency of the draft; drafts of no
/// agency belong to their 主办机关.
fn series<'a>(
    draft: &'a DraftRecord,
    request: &'a NumberRequest,
) -> Result<Series<'a>, DraftError> {
    let written = draft.lead_issuer.as_str();
    let lead = draft.agency.as_deref().unwrap_or(written);
    if !written.is_empty() && lead != written {
        return Err(DraftError::NotYours);
    }
    let agency_code = request.agency_code.as_deref().unwrap_or(&draft.agency_code);
    let year = request.year.or(draft.year).ok_or(DraftError::NumberUnclear)?;
    let serial = request.serial.unwrap_or(1);
    if lead.is_empty() || DocumentNumber::new(agency_code, year, serial).is_err() {
        return Err(DraftError::NumberUnclear);
    }
    Ok(Series { lead, agency_code, year })
}

impl Series<'_> {
    /// The number with this serial number, or the next free one. Nobody files under it or reserves it
    /// until the transaction ends.
    async fn reserve(
        &self,
        transaction: &mut Transaction,
        wanted: Option<i64>,
    ) -> Result<DocumentNumber, DraftError> {
        let start = if wanted.is_some() { 1 } else { self.start(transaction).await? };
        loop {
            let serial = match wanted {
                Some(serial) => serial,
                None => self.next_free(transaction, start).await?,
            };
            let number = DocumentNumber::new(self.agency_code, self.year, serial);
            let number = number.map_err(|_| DraftError::NumbersExhausted)?;
            // A filing that is being stored under it has this lock.
            transaction.lock(&number_lock(self.lead, &number.to_string())).await?;
            if self.next_free(transaction, serial).await? == serial {
                return Ok(number);
            }
            if wanted.is_some() {
                return Err(DraftError::NumberTaken);
            }
        }
    }

    async fn next_free(
        &self,
        transaction: &mut Transaction,
        from: i64,
    ) -> Result<i64, ArchiveError> {
        let row = transaction
            .query(NEXT_FREE)
            .bind(self.lead)
            .bind(self.agency_code)
            .bind(self.year)
            .bind(from)
            .fetch_one()
            .await?;
        Ok(row.try_get("serial")?)
    }

    /// From where numbers are given: the setting, or behind the highest number of a filing when the
    /// first number is taken.
    async fn start(&self, transaction: &mut Transaction) -> Result<i64, ArchiveError> {
        transaction
            .query(
                "INSERT INTO sequences (agency, agency_code, year, start, first) \
             SELECT $1, $2, $3, COALESCE(MAX(f.serial), 0) + 1, 1 FROM filings f \
             WHERE f.lead_issuer = $1 AND f.agency_code = $2 AND f.year = $3 \
             ON CONFLICT (agency, agency_code, year) DO NOTHING",
            )
            .bind(self.lead)
            .bind(self.agency_code)
            .bind(self.year)
            .execute()
            .await?;
        let row = transaction
            .query(
                "SELECT start FROM sequences WHERE agency = $1 AND agency_code = $2 AND year = $3",
            )
            .bind(self.lead)
            .bind(self.agency_code)
            .bind(self.year)
            .fetch_one()
            .await?;
        Ok(row.try_get("start")?)
    }
}

/// Whether a number is reserved for another draft than this one. The caller has the lock of the
/// number.
pub(crate) async fn is_reserved_for_other(
    transaction: &mut Transaction,
    lead: &str,
    number: &DocumentNumber,
    draft_id: &str,
) -> Result<bool, ArchiveError> {
    let row = transaction
        .query(
            "SELECT draft_id FROM draft_numbers WHERE agency = $1 AND agency_code = $2 \
         AND year = $3 AND serial = $4 AND draft_id <> $5",
        )
        .bind(lead)
        .bind(number.agency_code())
        .bind(i64::from(number.year()))
        .bind(i64::from(number.serial()))
        .bind(draft_id)
        .fetch_optional()
        .await?;
    Ok(row.is_some())
}
