//! Reads the records of filings that a caller may see.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::archive::Archive;
use crate::archive::access::caller::Caller;
use crate::archive::database::query::{Query, Selects};
use crate::archive::database::value::Value;
use crate::archive::error::ArchiveError;
use crate::archive::id::Id;
use crate::archive::objects::Object;
use crate::document::moment::Moment;

/// The record of a filing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilingRecord {
    /// Its id.
    pub id: String,
    /// 发文机关, the lead agency first.
    pub issuers: Vec<String>,
    /// Those of them that have not confirmed that they issue it.
    pub unconfirmed: Vec<String>,
    /// 发文字号 as printed.
    pub document_number: String,
    /// 机关代字.
    pub agency_code: String,
    /// 年份.
    pub year: i64,
    /// 发文顺序号.
    pub serial: i64,
    /// Counts the different contents under the same 发文字号, from 1.
    pub revision: i64,
    /// 标题.
    pub title: String,
    /// 成文日期, `YYYY-MM-DD`.
    pub document_date: String,
    /// The version of the program that rendered the PDF.
    pub template_version: String,
    /// The SHA-256 of the manifest of the renderer; `None` if it is unknown.
    pub renderer: Option<String>,
    /// The canonical JSON it was generated from.
    pub source: Object,
    /// The PDF.
    pub pdf: Object,
    /// Number of pages.
    pub pages: i64,
    /// The warnings, as a JSON list.
    pub warnings: String,
    /// The id of the caller who posted it; empty if no keys were needed.
    pub posted_by: String,
    /// When it was posted.
    pub posted_at: Moment,
    /// The signed copy.
    pub signed: Option<SignedCopy>,
    /// The disposal that destroyed its files; `None` while they exist.
    pub disposal: Option<String>,
}

/// A signed copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCopy {
    /// The file.
    pub file: Object,
    /// How it relates to our PDF: the name of a `Kind`. Copies without a verdict have older names.
    pub derivation: String,
    /// The verdict at the time of archiving, as JSON. `None` for copies that were archived by versions
    /// without verdicts.
    pub verdict: Option<Object>,
    /// The id of the caller who archived it; empty if no keys were needed.
    pub archived_by: String,
    /// When it was archived.
    pub archived_at: Moment,
}

impl FilingRecord {
    /// 主办机关.
    pub fn lead_issuer(&self) -> &str {
        self.issuers.first().map(String::as_str).unwrap_or_default()
    }
}

/// The issuers of each filing, in their order, and whether they have confirmed.
type Issuers = BTreeMap<String, Vec<(String, bool)>>;

/// All columns of a record; issuers are in a table of their own.
macro_rules! columns {
    () => {
        "SELECT f.id, f.document_number, f.agency_code, f.year, f.serial, f.revision, f.title, \
         f.document_date, f.template_version, f.renderer_sha256, f.disposal_id, f.source_sha256, f.source_bytes, f.pdf_sha256, \
         f.pdf_bytes, f.pages, f.warnings, f.posted_by, f.posted_at, s.sha256 AS signed_sha256, \
         s.bytes AS signed_bytes, s.derivation, s.archived_by, s.archived_at, s.verdict_sha256, \
         s.verdict_bytes FROM "
    };
}

/// Selects records.
pub(crate) const SELECT: &str =
    concat!(columns!(), "filings f LEFT JOIN signed_copies s ON s.filing_id = f.id");

/// Selects records for lists. SQLite reads the tables of a `CROSS JOIN` in this order.
pub(crate) const LISTS: Selects = Selects {
    all: SELECT,
    by_issuer: concat!(
        columns!(),
        "filing_issuers v CROSS JOIN filings f LEFT JOIN signed_copies s ON s.filing_id = f.id"
    ),
};

/// Selects records by an entry `g` of the index of titles. SQLite reads the tables of a `CROSS JOIN`
/// in this order.
pub(crate) const SELECT_BY_TITLE: &str = concat!(
    columns!(),
    "title_grams g CROSS JOIN filings f LEFT JOIN signed_copies s ON s.filing_id = f.id"
);

impl Archive {
    /// Returns the record of a filing; `None` if there is none or the caller may not see it.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn filing(
        &self,
        caller: &Caller,
        id: &Id,
    ) -> Result<Option<FilingRecord>, ArchiveError> {
        let mut query = Query::visible_to(caller, SELECT);
        query.push(" AND f.id = ").bind(Value::Text(id.to_string()));
        Ok(self.read(query).await?.pop())
    }

    /// Returns the record of the filing whose PDF has one of these SHA-256; `None` if there is none or
    /// the caller may not see it. If several match, the last SHA-256 decides.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn filing_of_pdf(
        &self,
        caller: &Caller,
        sha256: &[String],
    ) -> Result<Option<FilingRecord>, ArchiveError> {
        let mut query = Query::visible_to(caller, SELECT);
        query.push(" AND f.pdf_sha256 IN (NULL");
        for sha256 in sha256 {
            query.push(", ").bind(Value::Text(sha256.clone()));
        }
        query.push(") ORDER BY f.seq");
        let found = self.read(query).await?;
        let index = |filing: &FilingRecord| sha256.iter().position(|one| *one == filing.pdf.sha256);
        Ok(found.into_iter().max_by_key(index))
    }

    /// The records that a query selects, in its order.
    pub(crate) async fn read(&self, query: Query) -> Result<Vec<FilingRecord>, ArchiveError> {
        let rows = query.rows(&self.database).await?;
        let mut filings = rows.iter().map(filing_record).collect::<Result<Vec<_>, _>>()?;
        let mut issuers = self.issuers(&filings).await?;
        for filing in &mut filings {
            for (issuer, is_confirmed) in issuers.remove(&filing.id).unwrap_or_default() {
                if !is_confirmed {
                    filing.unconfirmed.push(issuer.clone());
                }
                filing.issuers.push(issuer);
            }
        }
        Ok(filings)
    }

    async fn issuers(&self, filings: &[FilingRecord]) -> Result<Issuers, ArchiveError> {
        let mut issuers = Issuers::new();
        if filings.is_empty() {
            return Ok(issuers);
        }
        let parameters: Vec<String> = (1..=filings.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "SELECT filing_id, issuer, confirmed FROM filing_issuers WHERE filing_id IN ({}) \
             ORDER BY filing_id, position",
            parameters.join(", ")
        );
        let mut query = self.database.query(AssertSqlSafe(sql));
        for filing in filings {
            query = query.bind(filing.id.as_str());
        }
        for row in query.fetch_all().await? {
            let issuer = (row.try_get("issuer")?, row.try_get::<i64, _>("confirmed")? != 0);
            issuers.entry(row.try_get("filing_id")?).or_default().push(issuer);
        }
        Ok(issuers)
    }
}

/// Reads the record in a row, without the issuers.
fn filing_record(row: &AnyRow) -> Result<FilingRecord, ArchiveError> {
    Ok(FilingRecord {
        id: row.try_get("id")?,
        issuers: Vec::new(),
        unconfirmed: Vec::new(),
        document_number: row.try_get("document_number")?,
        agency_code: row.try_get("agency_code")?,
        year: row.try_get("year")?,
        serial: row.try_get("serial")?,
        revision: row.try_get("revision")?,
        title: row.try_get("title")?,
        document_date: row.try_get("document_date")?,
        template_version: row.try_get("template_version")?,
        renderer: row.try_get("renderer_sha256")?,
        source: object(row, "source_sha256", "source_bytes")?,
        pdf: object(row, "pdf_sha256", "pdf_bytes")?,
        pages: row.try_get("pages")?,
        warnings: row.try_get("warnings")?,
        posted_by: row.try_get("posted_by")?,
        posted_at: Moment(row.try_get("posted_at")?),
        signed: signed(row)?,
        disposal: row.try_get("disposal_id")?,
    })
}

fn signed(row: &AnyRow) -> Result<Option<SignedCopy>, ArchiveError> {
    if row.try_get::<Option<String>, _>("signed_sha256")?.is_none() {
        return Ok(None);
    }
    Ok(Some(SignedCopy {
        file: object(row, "signed_sha256", "signed_bytes")?,
        derivation: row.try_get("derivation")?,
        verdict: match row.try_get::<Option<String>, _>("verdict_sha256")? {
            Some(_) => Some(object(row, "verdict_sha256", "verdict_bytes")?),
            None => None,
        },
        archived_by: row.try_get("archived_by")?,
        archived_at: Moment(row.try_get("archived_at")?),
    }))
}

fn object(row: &AnyRow, sha256: &str, bytes: &str) -> Result<Object, ArchiveError> {
    let bytes: i64 = row.try_get(bytes)?;
    let bytes = u64::try_from(bytes).map_err(|_| ArchiveError::InvalidRecord("a file's length"))?;
    Ok(Object { sha256: row.try_get(sha256)?, bytes })
}
