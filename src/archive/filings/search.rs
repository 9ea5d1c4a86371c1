//! Searches filings, newest first, page by page.

use crate::archive::Archive;
use crate::archive::access::caller::Caller;
use crate::archive::database::query::Query;
use crate::archive::database::value::Value;
use crate::archive::error::ArchiveError;
use crate::archive::filings::records::{FilingRecord, LISTS, SELECT, SELECT_BY_TITLE};
use crate::archive::filings::title_index::{Candidates, after_pairs_of};
use crate::archive::id::Id;
use crate::document::date::DocumentDate;
use crate::document::masthead::number::DocumentNumber;
use crate::document::moment::Moment;

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
    /// Posted later than this, by the clock of the server that received it.
    pub posted_after: Option<Moment>,
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
        let candidates = match &search.title {
            // Few filings are read one by one, however many others have.
            Some(title) if !self.has_few(caller).await? => self.candidates(title).await?,
            _ => Candidates::All,
        };
        let query = page_query(caller, search, page, candidates);
        let mut filings = self.read(query).await?;
        let more = filings.len() > limit;
        filings.truncate(limit);
        let next = filings.last().filter(|_| more).map(|last| last.id.clone());
        Ok(Page { filings, next })
    }
}

/// The query of a page of the result, and of one more filing, which shows whether another page follows.
fn page_query(
    caller: &Caller,
    search: &Search,
    page: &PageRequest,
    candidates: Candidates,
) -> Query {
    let mut query = begin(caller, candidates);
    search.add_conditions(&mut query);
    if let Some(after) = &page.after {
        query.beyond(" < ", after);
    }
    let seq = query.seq();
    query
        .push(" ORDER BY ")
        .push(seq)
        .push(" DESC LIMIT ")
        .bind(Value::Number(i64::from(page.limit) + 1));
    query
}

/// Begins a query on the filings that a caller may see, among the candidates.
fn begin(caller: &Caller, candidates: Candidates) -> Query {
    match candidates {
        Candidates::All => Query::listed_for(caller, &LISTS),
        Candidates::Pair(pair) => {
            let mut query = Query::visible_to(caller, SELECT_BY_TITLE);
            query.push(" AND f.seq = g.seq AND g.gram = ").bind(Value::Text(pair));
            query
        }
        Candidates::FirstOfPair(first) => {
            let mut query = Query::visible_to(caller, SELECT);
            let end = after_pairs_of(&first);
            query
                .push(" AND f.seq IN (SELECT g.seq FROM title_grams g WHERE g.gram >= ")
                .bind(Value::Text(first))
                .push(" AND g.gram <= ")
                .bind(Value::Text(end))
                .push(")");
            query
        }
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
            // Planners expect `LIKE` to match few titles and would read all filings first.
            query
                .push(" AND REPLACE(LOWER(f.title), ")
                .bind(Value::Text(title.to_ascii_lowercase()))
                .push(", '') <> LOWER(f.title)");
        }
        if let Some(date) = self.date_from {
            query.push(" AND f.document_date >= ").bind(Value::Text(date.iso()));
        }
        if let Some(date) = self.date_to {
            query.push(" AND f.document_date <= ").bind(Value::Text(date.iso()));
        }
        if let Some(Moment(ms)) = self.posted_after {
            query.push(" AND f.posted_at > ").bind(Value::Number(ms));
            // The list of an agency is read from its end, and ends here.
            let seq = query.seq();
            query
                .push(" AND ")
                .push(seq)
                .push(" >= (SELECT MIN(c.seq) FROM filings c WHERE c.posted_at > ")
                .bind(Value::Number(ms))
                .push(")");
        }
    }
}

#[cfg(test)]
mod tests {
    use sqlx::Row;

    use super::{PageRequest, Search, page_query};
    use crate::archive::access::caller::{Caller, Role, Roles};
    use crate::archive::database::Database;
    use crate::archive::filings::title_index::Candidates;
    use crate::archive::id::Id;
    use crate::document::moment::Moment;

    #[tokio::test]
    async fn lists_of_an_agency_read_its_index_from_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::in_folder(folder.path()).await.unwrap();
        let agency = Some("巴中市民政局".to_owned());
        let caller = Caller { id: String::new(), roles: Roles::new([Role::Read]), agency };
        let after = Id::parse("01890a5d-ac96-774b-bcce-b302099a8057");
        let posted_after = Some(Moment(1_800_000_000_000));
        for search in [Search::default(), Search { posted_after, ..Search::default() }] {
            for after in [None, after.clone()] {
                let page = PageRequest { after, limit: 50 };
                let query = page_query(&caller, &search, &page, Candidates::All).explained();
                let rows = query.rows(&database).await.unwrap();
                let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
                assert!(
                    plan[0].contains("filing_issuers_by_list (issuer=? AND confirmed=?"),
                    "{plan:?}"
                );
                let whole = plan.iter().filter(|step| {
                    step.starts_with("SCAN f")
                        || step.starts_with("SCAN v")
                        || step.contains("TEMP")
                });
                assert_eq!(whole.count(), 0, "{plan:?}");
            }
        }
    }
}
