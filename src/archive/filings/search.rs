//! Searches filings, newest first, page by page.

use crate::archive::Archive;
use crate::archive::access::caller::Caller;
use crate::archive::database::query::{Query, Value};
use crate::archive::error::ArchiveError;
use crate::archive::filings::records::{FilingRecord, SELECT};
use crate::archive::id::Id;
use crate::document::date::DocumentDate;
use crate::document::masthead::number::DocumentNumber;

/// The conditions of a search. `None` matches every filing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// 发文字号.
    pub document_number: Option<DocumentNumber>,
    /// 机关代字.
    pub agency_code: Option<String>,
    /// 年份.
    pub year: Option<u16>,
    /// The full name of one of the 发文机关.
    pub issuer: Option<String>,
    /// A part of the 标题.
    pub title: Option<String>,
    /// 成文日期 on this day or later.
    pub date_from: Option<DocumentDate>,
    /// 成文日期 on this day or earlier.
    pub date_to: Option<DocumentDate>,
}

/// Which page of the result is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// The last filing of the previous page; `None` for the first page.
    pub after: Option<Id>,
    /// The most filings of a page.
    pub limit: u16,
}

/// A page of the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The filings, newest first.
    pub filings: Vec<FilingRecord>,
    /// The id of the last filing if more follow.
    pub next: Option<String>,
}

impl Archive {
    /// Returns a page of the filings that a caller may see and that meet the conditions. Filings that
    /// are stored in the meantime do not shift later pages, because they are newer.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn search(
        &self,
        caller: &Caller,
        search: &Search,
        page: &PageRequest,
    ) -> Result<Page, ArchiveError> {
        let limit = usize::from(page.limit);
        let mut query = Query::visible_to(caller, SELECT);
        search.add_conditions(&mut query);
        if let Some(after) = &page.after {
            query.push(" AND f.id < ").bind(Value::Text(after.to_string()));
        }
        // One more filing shows whether another page follows.
        query.push(" ORDER BY f.id DESC LIMIT ").bind(Value::Number(i64::from(page.limit) + 1));
        let mut filings = self.read(query).await?;
        let more = filings.len() > limit;
        filings.truncate(limit);
        let next = filings.last().filter(|_| more).map(|last| last.id.clone());
        Ok(Page { filings, next })
    }
}

impl Search {
    fn add_conditions(&self, query: &mut Query) {
        if let Some(number) = &self.document_number {
            query.push(" AND f.document_number = ").bind(Value::Text(number.to_string()));
        }
        if let Some(code) = &self.agency_code {
            query.push(" AND f.agency_code = ").bind(Value::Text(code.clone()));
        }
        if let Some(year) = self.year {
            query.push(" AND f.year = ").bind(Value::Number(i64::from(year)));
        }
        if let Some(issuer) = &self.issuer {
            query
                .push(" AND EXISTS (SELECT 1 FROM filing_issuers i WHERE i.filing_id = f.id")
                .push(" AND i.issuer = ")
                .bind(Value::Text(issuer.clone()))
                .push(")");
        }
        if let Some(title) = &self.title {
            // LIKE ignores the case of ASCII letters in SQLite; LOWER does the same for PostgreSQL.
            query
                .push(" AND LOWER(f.title) LIKE ")
                .bind(Value::Text(pattern(title)))
                .push(" ESCAPE '\\'");
        }
        if let Some(date) = self.date_from {
            query.push(" AND f.document_date >= ").bind(Value::Text(date.iso()));
        }
        if let Some(date) = self.date_to {
            query.push(" AND f.document_date <= ").bind(Value::Text(date.iso()));
        }
    }
}

/// A LIKE pattern that matches a text anywhere, without wildcards in it.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in text.to_ascii_lowercase().chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
