//! Stores filings: their objects first, then their records.

use bytes::Bytes;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::archive::Archive;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::database::transaction::Transaction;
use crate::archive::drafts::error::DraftError;
use crate::archive::drafts::file::{FromDraft, claim, finish};
use crate::archive::drafts::numbers::is_reserved_for_other;
use crate::archive::error::ArchiveError;
use crate::archive::filings::locks::{SEQUENCE_LOCK, number_lock};
use crate::archive::filings::title_index::index_title;
use crate::archive::quota::{Owners, QuotaUsed, Usage};
use crate::document::OfficialDocument;
use crate::log::entry::EntryObject;

/// A finished filing to be stored.
#[derive(Debug, Clone, Copy)]
pub struct NewFiling<'a> {
    /// The agency of who posts it. Its other issuers are unconfirmed; `None` speaks for all of them.
    pub agency: Option<&'a str>,
    /// 公文要素.
    pub document: &'a OfficialDocument,
    /// The canonical JSON it was generated from (RFC 8785).
    pub source: &'a Bytes,
    /// The SHA-256 of the source.
    pub source_sha256: &'a str,
    /// The PDF.
    pub pdf: &'a Bytes,
    /// The SHA-256 of the PDF.
    pub pdf_sha256: &'a str,
    /// The CRC-32 of the PDF.
    pub pdf_crc32: u32,
    /// Number of pages.
    pub pages: usize,
    /// The warnings, as a JSON list.
    pub warnings: &'a str,
}

/// A line of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchLine<'a> {
    /// The id of the batch.
    pub batch_id: &'a str,
    /// The line, counted from 1.
    pub line: i64,
}

/// What a filing is made from.
#[derive(Debug, Clone, Copy)]
enum MadeFrom<'a> {
    /// A request.
    Request,
    /// A line of a batch.
    Line(BatchLine<'a>),
    /// A draft.
    Draft(FromDraft<'a>),
}

/// A stored filing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The id of the filing.
    pub id: String,
    /// Counts the different contents under the same 发文字号, from 1.
    pub revision: i64,
    /// The SHA-256 of the stored PDF. When the same content was already there, this is the earlier
    /// PDF, which an older version of the program may have rendered.
    pub pdf_sha256: String,
    /// How it was stored.
    pub outcome: StoreOutcome,
}

/// How a filing was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreOutcome {
    /// Under a new 发文字号.
    First,
    /// As a new revision of a 发文字号 that has no signed copy.
    Revised,
    /// The same content was already there.
    AlreadyThere,
}

/// Why a filing was not stored.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A signed copy of other content is archived under the 发文字号.
    #[error("a signed copy is archived under the document number")]
    NumberSigned,
    /// The 发文字号 is reserved for a draft.
    #[error("the document number is reserved for a draft")]
    NumberReserved,
    /// The agency or the caller has stored as much as it may.
    #[error("a quota is used up")]
    QuotaUsed(#[from] QuotaUsed),
    /// The files of a filing with this 发文字号 are destroyed.
    #[error("the filing of the document number is destroyed")]
    NumberDestroyed,
    /// The batch line of the filing has already ended or is cancelled.
    #[error("the line of the batch has ended")]
    LineEnded,
    /// The draft cannot become this filing.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Archive(error.into())
    }
}

impl Archive {
    /// Stores a filing unless it is already there. The caller must have checked that the actor may
    /// file for its issuers.
    ///
    /// # Errors
    /// Returns `StoreError::NumberSigned` if a signed copy of other content is archived under the
    /// 发文字号, `StoreError::NumberReserved` if it is reserved for a draft,
    /// `StoreError::NumberDestroyed` if the files of a filing with it are destroyed,
    /// `StoreError::QuotaUsed` if a quota is used up, and `StoreError::Archive` if
    /// the database or the object store is unavailable. No record is written then, and the call can be
    /// repeated.
    pub async fn store(
        &self,
        filing: NewFiling<'_>,
        actor: Actor<'_>,
    ) -> Result<Stored, StoreError> {
        // Most repeated requests end here, without a write.
        if let Some(stored) = self.find_stored(filing).await? {
            return Ok(stored);
        }
        self.check_may_store(filing, actor).await?;
        let objects = self.put(filing).await?;
        self.record(filing, &objects, actor, MadeFrom::Request).await
    }

    /// Stores a filing made from a draft, in one transaction with the draft: it becomes `filed`, and
    /// its number is used. A repeated call finds the same filing.
    ///
    /// # Errors
    /// Like `store`; also returns `StoreError::Draft` if the draft is unknown, not approved, approved
    /// with other content, or has become another filing.
    pub async fn store_draft(
        &self,
        filing: NewFiling<'_>,
        actor: Actor<'_>,
        draft: FromDraft<'_>,
    ) -> Result<Stored, StoreError> {
        if self.find_stored(filing).await?.is_none() {
            self.check_may_store(filing, actor).await?;
        }
        let objects = self.put(filing).await?;
        self.record(filing, &objects, actor, MadeFrom::Draft(draft)).await
    }

    /// Stores a filing and ends its batch line in one transaction: a line that is processed twice is
    /// filed once, and a cancelled line is not filed.
    ///
    /// # Errors
    /// Like `store`; also returns `StoreError::LineEnded` if the line has already ended.
    pub async fn store_line(
        &self,
        filing: NewFiling<'_>,
        actor: Actor<'_>,
        line: BatchLine<'_>,
    ) -> Result<Stored, StoreError> {
        if self.find_stored(filing).await?.is_none() {
            self.check_may_store(filing, actor).await?;
        }
        let objects = self.put(filing).await?;
        self.record(filing, &objects, actor, MadeFrom::Line(line)).await
    }

    async fn find_stored(&self, filing: NewFiling<'_>) -> Result<Option<Stored>, ArchiveError> {
        let row = self
            .database
            .query(
                "SELECT id, revision, pdf_sha256 FROM filings WHERE disposal_id IS NULL \
             AND lead_issuer = $1 AND document_number = $2 AND source_sha256 = $3",
            )
            .bind(lead(filing.document))
            .bind(filing.document.document_number.to_string())
            .bind(filing.source_sha256)
            .fetch_optional()
            .await?;
        row.map(|row| already_there(&row)).transpose()
    }

    async fn record(
        &self,
        filing: NewFiling<'_>,
        objects: &[EntryObject],
        actor: Actor<'_>,
        made_from: MadeFrom<'_>,
    ) -> Result<Stored, StoreError> {
        let mut transaction = self.database.begin().await?;
        if let MadeFrom::Draft(draft) = made_from {
            claim(&mut transaction, draft, filing.source_sha256).await?;
        }
        let number = filing.document.document_number.to_string();
        let lead = lead(filing.document);
        // A concurrent call for the same number waits here, then finds the stored filing.
        transaction.lock(&number_lock(lead, &number)).await?;
        let earlier = transaction
            .query(
                "SELECT f.id, f.revision, f.source_sha256, f.pdf_sha256, f.disposal_id, s.sha256 AS signed \
             FROM filings f LEFT JOIN signed_copies s ON s.filing_id = f.id \
             WHERE f.lead_issuer = $1 AND f.document_number = $2 ORDER BY f.revision DESC",
            )
            .bind(lead)
            .bind(&number)
            .fetch_all()
            .await?;
        let mut last = 0;
        let mut signed = false;
        for row in &earlier {
            if row.try_get::<Option<String>, _>("disposal_id")?.is_some() {
                return Err(StoreError::NumberDestroyed);
            }
            last = last.max(row.try_get("revision")?);
            signed |= row.try_get::<Option<String>, _>("signed")?.is_some();
            if row.try_get::<&str, _>("source_sha256")? == filing.source_sha256 {
                let stored = already_there(row)?;
                self.end(&mut transaction, made_from, &stored.id, actor).await?;
                transaction.commit().await?;
                return Ok(stored);
            }
        }
        if signed {
            return Err(StoreError::NumberSigned);
        }
        let own = match made_from {
            MadeFrom::Draft(draft) => draft.id.as_str(),
            MadeFrom::Request | MadeFrom::Line(_) => "",
        };
        let number = &filing.document.document_number;
        if is_reserved_for_other(&mut transaction, lead, number, own).await? {
            return Err(StoreError::NumberReserved);
        }
        let id = self.new_id();
        let revision = last + 1;
        self.insert(&mut transaction, filing, &id, revision, actor).await?;
        let owners = Owners { agency: lead, caller: actor.caller };
        self.charge(&mut transaction, owners, usage(filing)).await??;
        let outcome = if revision == 1 { StoreOutcome::First } else { StoreOutcome::Revised };
        let act = if revision == 1 { Act::FilingStored } else { Act::FilingRevised };
        self.record_act_with(&mut transaction, actor, act, &id, objects).await?;
        self.end(&mut transaction, made_from, &id, actor).await?;
        transaction.commit().await?;
        Ok(Stored { id, revision, pdf_sha256: filing.pdf_sha256.to_owned(), outcome })
    }

    /// Records what the line or the draft has become.
    async fn end(
        &self,
        transaction: &mut Transaction,
        made_from: MadeFrom<'_>,
        filing_id: &str,
        actor: Actor<'_>,
    ) -> Result<(), StoreError> {
        match made_from {
            MadeFrom::Request => Ok(()),
            MadeFrom::Line(line) => end_line(transaction, line, filing_id).await,
            MadeFrom::Draft(draft) => Ok(finish(self, transaction, draft, filing_id, actor).await?),
        }
    }

    async fn insert(
        &self,
        transaction: &mut Transaction,
        filing: NewFiling<'_>,
        id: &str,
        revision: i64,
        actor: Actor<'_>,
    ) -> Result<(), ArchiveError> {
        let NewFiling { agency, document, pdf, .. } = filing;
        let number = &document.document_number;
        // Until this transaction ends, no other filing is recorded: filings become visible in the
        // order of the sequence.
        transaction.lock(SEQUENCE_LOCK).await?;
        let recorded = transaction
            .query(
                "INSERT INTO filings (id, lead_issuer, document_number, agency_code, year, serial, \
             revision, title, document_date, template_version, source_sha256, pdf_sha256, \
             source_bytes, pdf_bytes, pages, warnings, posted_by, posted_at, pdf_crc32, renderer_sha256, seq) VALUES \
             ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
             (SELECT COALESCE(MAX(seq), 0) + 1 FROM filings)) RETURNING seq",
            )
            .bind(id)
            .bind(lead(document))
            .bind(number.to_string())
            .bind(number.agency_code())
            .bind(i64::from(number.year()))
            .bind(i64::from(number.serial()))
            .bind(revision)
            .bind(document.title.as_str())
            .bind(document.document_date.iso())
            .bind(env!("CARGO_PKG_VERSION"))
            .bind(filing.source_sha256)
            .bind(filing.pdf_sha256)
            .bind(length(filing.source.len()))
            .bind(length(pdf.len()))
            .bind(length(filing.pages))
            .bind(filing.warnings)
            .bind(actor.caller)
            .bind(self.now().0)
            .bind(i64::from(filing.pdf_crc32))
            .bind(self.renderer_name())
            .fetch_one()
            .await?;
        let seq: i64 = recorded.try_get("seq")?;
        index_title(transaction, seq, document.title.as_str()).await?;
        for (position, issuer) in document.issuers.iter().enumerate() {
            transaction
                .query(
                    "INSERT INTO filing_issuers (filing_id, position, issuer, confirmed, seq) \
                 VALUES ($1, $2, $3, $4, $5)",
                )
                .bind(id)
                .bind(length(position))
                .bind(issuer.as_str())
                .bind(i64::from(agency.is_none_or(|agency| agency == issuer)))
                .bind(seq)
                .execute()
                .await?;
        }
        Ok(())
    }
}

/// What a filing adds to the usage of its owners.
pub(super) fn usage(filing: NewFiling<'_>) -> Usage {
    Usage { filings: 1, bytes: length(filing.source.len()) + length(filing.pdf.len()) }
}

/// 主办机关.
pub(super) fn lead(document: &OfficialDocument) -> &str {
    document.issuers.first().map(String::as_str).unwrap_or_default()
}

fn already_there(row: &AnyRow) -> Result<Stored, ArchiveError> {
    Ok(Stored {
        id: row.try_get("id")?,
        revision: row.try_get("revision")?,
        pdf_sha256: row.try_get("pdf_sha256")?,
        outcome: StoreOutcome::AlreadyThere,
    })
}

/// Ends a line with its filing. Returns `StoreError::LineEnded` if it has already ended.
async fn end_line(
    transaction: &mut Transaction,
    BatchLine { batch_id, line }: BatchLine<'_>,
    filing_id: &str,
) -> Result<(), StoreError> {
    let ended = transaction
        .query(
            "UPDATE batch_lines SET state = 'filed', filing_id = $3 \
         WHERE batch_id = $1 AND line = $2 AND state = 'waiting'",
        )
        .bind(batch_id)
        .bind(line)
        .bind(filing_id)
        .execute()
        .await?;
    if ended == 1 { Ok(()) } else { Err(StoreError::LineEnded) }
}

/// A count as BIGINT.
fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
