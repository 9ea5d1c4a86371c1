//! What others have stored does not slow the lists of an agency or a key.

use hongtou::archive::Archive;
use hongtou::archive::access::caller::{Caller, Role, Roles};
use hongtou::archive::filings::search::{PageRequest, Search};
use hongtou::archive::id::Id;
use sqlx::{AssertSqlSafe, Row};

use crate::archive::filings::{filed, server};
use crate::archive::services;
use crate::http::batches::letter;

/// The number of filings of another agency. A scan of them reads far more rows than a list has.
const OTHERS: i64 = 3000;

fn caller(agency: &str) -> Caller {
    let roles = Roles::new([Role::Read]);
    Caller { id: agency.to_owned(), roles, agency: Some(agency.to_owned()) }
}

/// Copies the only filing `OTHERS` times, for another agency.
async fn add_others(archive: &Archive) {
    let row = archive.database.query("SELECT id FROM filings").fetch_one().await.unwrap();
    let id: String = row.get("id");
    let numbers = format!(
        "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i <= {OTHERS}) "
    );
    let filings = "INSERT INTO filings (id, lead_issuer, document_number, agency_code, year, serial, \
         revision, title, document_date, template_version, source_sha256, pdf_sha256, source_bytes, \
         pdf_bytes, pages, warnings, posted_by, posted_at, seq) ";
    let select = format!(
        "SELECT 'other' || i, '甲', document_number, agency_code, year, serial, i, title, \
         document_date, template_version, source_sha256 || i, pdf_sha256 || i, source_bytes, \
         pdf_bytes, pages, warnings, posted_by, posted_at, i FROM filings CROSS JOIN n \
         WHERE id = '{id}'"
    );
    let issuers = "INSERT INTO filing_issuers (filing_id, position, issuer, confirmed, seq) \
         SELECT id, 0, '甲', 1, seq FROM filings WHERE lead_issuer = '甲'";
    // A CTE stands before `INSERT` in SQLite and PostgreSQL alike.
    for sql in [format!("{numbers}{filings}{select}"), issuers.to_owned()] {
        archive.database.query(AssertSqlSafe(sql)).execute().await.unwrap();
    }
}

#[tokio::test]
async fn a_list_has_the_filings_of_its_agency_only() {
    let archive = services::empty().await;
    let router = server(&archive).await;
    filed(&router, letter(1)).await;
    add_others(&archive).await;
    let own = filed(&router, letter(2)).await;
    let own_id = Id::parse(own["id"].as_str().unwrap()).unwrap();

    let stranger = caller("四川省民政厅");
    let page = |after| PageRequest { after, limit: 20 };
    let title = Search { title: Some("函".to_owned()), ..Search::default() };
    for search in [Search::default(), title] {
        let found = archive.search(&stranger, &search, &page(None)).await.unwrap();
        assert_eq!(found.filings.len(), 2, "{search:?}");
        let rest = archive.search(&stranger, &search, &page(Some(own_id.clone()))).await.unwrap();
        assert_eq!(rest.filings.len(), 1, "{search:?}");
    }
    let others = archive.search(&caller("甲"), &Search::default(), &page(None)).await.unwrap();
    assert_eq!((others.filings.len(), others.next.is_some()), (20, true));
    let feed = archive.recorded_after(&stranger, None, 10).await.unwrap();
    assert_eq!(feed.len(), 2);
    assert_eq!(archive.recorded_after(&stranger, Some(&own_id), 10).await.unwrap(), []);
    assert_eq!(archive.unconfirmed(&stranger, 10).await.unwrap(), []);
}
