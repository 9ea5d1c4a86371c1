//! A disposal needs several people, a retention that is over, and no hold; and destroys only what no
//! other record needs.

use std::sync::Arc;

use hongtou::archive::Archive;
use hongtou::archive::audit::act::Actor;
use hongtou::archive::audit::trail::TrailFilter;
use hongtou::archive::error::ArchiveError;
use hongtou::archive::filings::records::FilingRecord;
use hongtou::archive::objects::Objects;
use hongtou::archive::retention::class::RetentionClass;
use hongtou::archive::retention::disposal::{Decision, DisposalItem, DisposalState};
use hongtou::archive::retention::error::RetentionError;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::preservation::stock::{Later, archive, file, file_with, record, sign};

/// After the last year of a filing of 2021 that is kept for ten years.
const IN_TWENTY_YEARS: i64 = 20 * 366;

fn actor(caller: &'static str) -> Actor<'static> {
    Actor { caller, request_id: "", address: "" }
}

fn destroy(filing: &FilingRecord) -> DisposalItem {
    DisposalItem { filing: filing.id.clone(), decision: Decision::Destroy }
}

struct Stock {
    folder: TempDir,
    archive: Archive,
}

impl Stock {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let archive = archive(folder.path(), IN_TWENTY_YEARS).await;
        Self { folder, archive }
    }

    /// A filing of 2021 that is kept for ten years.
    async fn due(&self, serial: u32) -> FilingRecord {
        let filing = file(&self.archive, serial).await;
        self.keep(&filing, RetentionClass::Years10).await;
        filing
    }

    async fn keep(&self, filing: &FilingRecord, class: RetentionClass) {
        self.archive.set_retention(&filing.id, class, "第3条", actor("archivist")).await.unwrap();
    }

    async fn propose(&self, items: &[DisposalItem]) -> Result<String, RetentionError> {
        self.archive.propose_disposal("期满，无保存价值", items, actor("archivist")).await
    }

    async fn approved(&self, items: &[DisposalItem]) -> String {
        let id = self.propose(items).await.unwrap();
        self.archive.decide_disposal(&id, true, actor("head")).await.unwrap();
        id
    }

    async fn destroyed(&self, items: &[DisposalItem]) -> String {
        let id = self.approved(items).await;
        for (watcher, state) in
            [("first", DisposalState::Approved), ("second", DisposalState::Done)]
        {
            assert_eq!(self.archive.watch_disposal(&id, actor(watcher)).await.unwrap(), state);
        }
        id
    }

    async fn has(&self, sha256: &str) -> bool {
        match self.archive.objects.get(sha256).await {
            Ok(_) => true,
            Err(ArchiveError::Missing(_)) => false,
            Err(error) => panic!("{error}"),
        }
    }

    /// The same archive at another time.
    fn at(&self, days: i64) -> Archive {
        let objects = Objects::in_folder(self.folder.path()).unwrap();
        Archive::new(self.archive.database.clone(), objects, Arc::new(Later { days }))
    }
}

#[tokio::test]
async fn a_disposal_leaves_the_record_and_a_register() {
    let stock = Stock::new().await;
    let filing = stock.due(1).await;
    let filing = sign(&stock.archive, &filing).await;
    let kept = stock.due(2).await;
    let items = [
        destroy(&filing),
        DisposalItem { filing: kept.id.clone(), decision: Decision::Keep(Some(2060)) },
    ];
    let id = stock.destroyed(&items).await;
    let signed = filing.signed.clone().unwrap();
    let files = [&filing.source, &filing.pdf, &signed.file, &signed.verdict.unwrap()];
    for object in files {
        assert!(!stock.has(&object.sha256).await);
    }
    assert!(stock.has(&kept.pdf.sha256).await);
    let last_year = stock.archive.retention(&kept.id).await.unwrap().unwrap().last_year;
    assert_eq!(last_year, Some(2060));

    let tombstone = record(&stock.archive, &filing.id).await;
    assert_eq!(tombstone.disposal.as_deref(), Some(&*id));
    assert_eq!((tombstone.title, tombstone.pdf), (filing.title.clone(), filing.pdf.clone()));
    let disposal = stock.archive.disposal(&id).await.unwrap().unwrap();
    assert_eq!(disposal.watchers, ["first", "second"]);
    let register = stock.archive.objects.get(&disposal.register.unwrap().sha256).await.unwrap();
    let register: Value = serde_json::from_slice(&register).unwrap();
    assert_eq!(register["filings"][0]["document_number"], json!(filing.document_number));
    assert_eq!(register["filings"][0]["objects"].as_array().unwrap().len(), 4);
    assert_eq!(register["filings"].as_array().unwrap().len(), 1);
    let acts = stock.archive.trail(&TrailFilter::default(), 5).await.unwrap();
    let acts: Vec<_> = acts.iter().map(|entry| (&*entry.act, &*entry.caller)).collect();
    assert_eq!(
        acts,
        [
            ("disposal_done", "second"),
            ("disposal_watched", "second"),
            ("disposal_watched", "first"),
            ("disposal_approved", "head"),
            ("disposal_proposed", "archivist"),
        ]
    );
    // What remains is consistent: nothing is missing and nothing is extra.
    let later = stock.at(IN_TWENTY_YEARS + 10);
    assert_eq!(later.set_unnamed_aside().await.unwrap(), 0);
}

#[tokio::test]
async fn one_person_cannot_destroy_anything() {
    let stock = Stock::new().await;
    let filing = stock.due(1).await;
    let id = stock.propose(&[destroy(&filing)]).await.unwrap();
    let archive = &stock.archive;
    let watch = async |who| archive.watch_disposal(&id, actor(who)).await;
    assert!(matches!(watch("first").await, Err(RetentionError::State)), "it is not approved");
    let own = archive.decide_disposal(&id, true, actor("archivist")).await;
    assert!(matches!(own, Err(RetentionError::SamePerson)));
    archive.decide_disposal(&id, true, actor("head")).await.unwrap();
    let again = archive.decide_disposal(&id, false, actor("other")).await;
    assert!(matches!(again, Err(RetentionError::State)));
    assert!(matches!(watch("head").await, Err(RetentionError::SamePerson)));
    watch("first").await.unwrap();
    assert!(matches!(watch("first").await, Err(RetentionError::SamePerson)));
    assert!(matches!(watch("head").await, Err(RetentionError::SamePerson)));
    assert!(stock.has(&filing.pdf.sha256).await);
    assert_eq!(watch("second").await.unwrap(), DisposalState::Done);
    assert!(!stock.has(&filing.pdf.sha256).await);
    assert!(matches!(watch("third").await, Err(RetentionError::State)));
}

#[tokio::test]
async fn a_rejected_disposal_destroys_nothing() {
    let stock = Stock::new().await;
    let filing = stock.due(1).await;
    let id = stock.propose(&[destroy(&filing)]).await.unwrap();
    let other = stock.propose(&[destroy(&filing)]).await;
    assert!(matches!(other, Err(RetentionError::InOther(_))));
    stock.archive.decide_disposal(&id, false, actor("head")).await.unwrap();
    let watched = stock.archive.watch_disposal(&id, actor("first")).await;
    assert!(matches!(watched, Err(RetentionError::State)));
    stock.destroyed(&[destroy(&filing)]).await;
}

#[tokio::test]
async fn nothing_is_destroyed_before_its_time() {
    let stock = Stock::new().await;
    let unclassified = file(&stock.archive, 1).await;
    let refused = stock.propose(&[destroy(&unclassified)]).await;
    assert!(matches!(refused, Err(RetentionError::NoClass(_))));
    for (serial, class) in [(2, RetentionClass::Permanent), (3, RetentionClass::Years30)] {
        let filing = file(&stock.archive, serial).await;
        stock.keep(&filing, class).await;
        let refused = stock.propose(&[destroy(&filing)]).await;
        assert!(matches!(refused, Err(RetentionError::NotDue(_))), "{class:?}");
        let shorter = RetentionClass::Years10;
        let refused =
            stock.archive.set_retention(&filing.id, shorter, "x", actor("archivist")).await;
        assert!(matches!(refused, Err(RetentionError::Shorter)), "{class:?}");
        let keep = DisposalItem { filing: filing.id, decision: Decision::Keep(Some(2040)) };
        assert!(matches!(stock.propose(&[keep]).await, Err(RetentionError::Shorter)));
    }
    // Kept until the end of 2031.
    let due = stock.due(4).await;
    let retention = stock.archive.retention(&due.id).await.unwrap().unwrap();
    assert_eq!(retention.last_year, Some(2031));
    let today = stock.at(0);
    let refused = today.propose_disposal("x", &[destroy(&due)], actor("archivist")).await;
    assert!(matches!(refused, Err(RetentionError::NotDue(_))));
    // A longer retention after the approval counts, too.
    let id = stock.approved(&[destroy(&due)]).await;
    stock.keep(&due, RetentionClass::Permanent).await;
    stock.archive.watch_disposal(&id, actor("first")).await.unwrap();
    let refused = stock.archive.watch_disposal(&id, actor("second")).await;
    assert!(matches!(refused, Err(RetentionError::NotDue(_))));
    assert!(stock.has(&due.pdf.sha256).await);
}

#[tokio::test]
async fn nothing_is_destroyed_under_a_hold() {
    let stock = Stock::new().await;
    let filing = stock.due(1).await;
    let place = async |matter| {
        let ids = [filing.id.clone()];
        stock.archive.place_hold(matter, "法院来函", &ids, actor("lawyer")).await.unwrap()
    };
    let [first, second] = [place("诉讼").await, place("审计").await];
    let refused = || async { stock.propose(&[destroy(&filing)]).await };
    assert!(matches!(refused().await, Err(RetentionError::Held(_))));
    stock.archive.release_hold(&first, actor("lawyer")).await.unwrap();
    let again = stock.archive.release_hold(&first, actor("lawyer")).await;
    assert!(matches!(again, Err(RetentionError::State)));
    assert!(matches!(refused().await, Err(RetentionError::Held(_))), "one hold is left");
    stock.archive.release_hold(&second, actor("lawyer")).await.unwrap();

    let id = stock.approved(&[destroy(&filing)]).await;
    stock.archive.watch_disposal(&id, actor("first")).await.unwrap();
    let third = place("信访").await;
    let refused = stock.archive.watch_disposal(&id, actor("second")).await;
    assert!(matches!(refused, Err(RetentionError::Held(_))), "it came after the approval");
    assert!(stock.has(&filing.pdf.sha256).await);
    stock.archive.release_hold(&third, actor("lawyer")).await.unwrap();
    stock.archive.watch_disposal(&id, actor("second")).await.unwrap();
    let late =
        stock.archive.place_hold("x", "x", std::slice::from_ref(&filing.id), actor("lawyer")).await;
    assert!(matches!(late, Err(RetentionError::Disposed(_))));
    let unknown = stock.archive.place_hold("x", "x", &["x".to_owned()], actor("lawyer")).await;
    assert!(matches!(unknown, Err(RetentionError::NotFound)));
}

#[tokio::test]
async fn an_object_that_another_record_needs_stays() {
    let stock = Stock::new().await;
    let filing = file_with(&stock.archive, 1, "one source", "the same file").await;
    let other = file_with(&stock.archive, 2, "another source", "the same file").await;
    assert_eq!(filing.pdf, other.pdf);
    for filing in [&filing, &other] {
        stock.keep(filing, RetentionClass::Years10).await;
    }
    stock.destroyed(&[destroy(&filing)]).await;
    assert!(!stock.has(&filing.source.sha256).await);
    assert!(stock.has(&other.pdf.sha256).await, "the other filing needs it");
    stock.destroyed(&[destroy(&other)]).await;
    assert!(!stock.has(&other.pdf.sha256).await);
}

#[tokio::test]
async fn an_interrupted_destruction_is_finished() {
    let stock = Stock::new().await;
    let filing = stock.due(1).await;
    let id = stock.destroyed(&[destroy(&filing)]).await;
    // As if the server had stopped after the records became tombstones.
    stock.archive.objects.put("the filing 1".repeat(100).into()).await.unwrap();
    let undone = "UPDATE disposals SET state = 'watched', done_at = NULL WHERE id = $1";
    stock.archive.database.query(undone).bind(id.as_str()).execute().await.unwrap();
    assert!(stock.has(&filing.pdf.sha256).await);
    stock.archive.finish_disposals().await.unwrap();
    assert!(!stock.has(&filing.pdf.sha256).await);
    let state = stock.archive.disposal(&id).await.unwrap().unwrap().state;
    assert_eq!(state, DisposalState::Done);
}
