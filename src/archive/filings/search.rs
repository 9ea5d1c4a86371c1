//! Finds filings, page by page, the newest first.

use crate::archive::Archive;
use crate::archive::access::caller::Caller;
use crate::archive::database::query::{Query, Value};
use crate::archive::error::ArchiveError;
use crate::archive::filings::records::{FilingRecord, SELECT};
use crate::archive::id::Id;
use crate::document::date::DocumentDate;
use crate::document::number::DocumentNumber;

/// What is looked for; what is not said finds everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// 发文字号.
    pub document_number: Option<DocumentNumber>,
    /// 机关代字.
    pub agency_code: Option<String>,
    /// 年份.
    pub year: Option<u16>,
    /// One of the 发文机关, by its whole name.
    pub issuer: Option<String>,
    /// Text in the 标题.
    pub title: Option<String>,
    /// 成文日期 on this day or later.
    pub date_from: Option<DocumentDate>,
    /// 成文日期 on this day or earlier.
    pub date_to: Option<DocumentDate>,
}

/// Which page of what is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// The last filing of the page before; none for the first page.
    pub after: Option<Id>,
    /// How many filings at most.
    pub limit: u16,
}

/// A page of what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The filings, the newest first.
    pub filings: Vec<FilingRecord>,
    /// The last of them, where more follow.
    pub next: Option<String>,
}

impl Archive {
    /// A page of the filings that a caller may see and looks for. What is kept meanwhile moves no
    /// page: it stands before the first.
    ///
    /// # Errors
    /// Fails when the database is unreachable or too slow. The call can be repeated later.
    pub async fn search(
        &self,
        caller: &Caller,
        search: &Search,
        window: &PageRequest,
    ) -> Result<Page, ArchiveError> {
        let limit = usize::from(window.limit);
        let mut query = Query::visible_to(caller, SELECT);
        search.narrow(&mut query);
        if let Some(after) = &window.after {
            query.push(" AND f.id < ").bind(Value::Text(after.to_string()));
        }
        // One more than asked for tells whether more follow.
        query.push(" ORDER BY f.id DESC LIMIT ").bind(Value::Number(i64::from(window.limit) + 1));
        let mut filings = self.read(query).await?;
        let more = filings.len() > limit;
        filings.truncate(limit);
        let next = filings.last().filter(|_| more).map(|last| last.id.clone());
        Ok(Page { filings, next })
    }
}

impl Search {
    fn narrow(&self, query: &mut Query) {
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
            // SQLite's LIKE takes a and A for the same, so PostgreSQL's is made to.
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

/// A pattern of LIKE that finds a text anywhere, and nothing but that text.
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
