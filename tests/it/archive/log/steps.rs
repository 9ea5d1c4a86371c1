//! The steps of the log: numbers without gaps, also with two servers, and acts from before the log.

use std::collections::BTreeSet;

use hongtou::archive::Archive;
use hongtou::archive::log::error::LogError;
use hongtou::archive::log::receipts::ReceiptState;
use hongtou::archive::log::steps::keeper::LogKeeper;
use hongtou::document::moment::Moment;
use hongtou::log::entry::Entry;
use sqlx::Row;

use crate::archive::filings::{filed, server};
use crate::archive::log::{ORIGIN, acts, count, keeper, key, policy, report, round};
use crate::archive::services;
use crate::http::batches::letter;

async fn entries(archive: &Archive) -> Vec<Entry> {
    let sql = "SELECT idx, entry FROM log_entries ORDER BY idx";
    let rows = archive.database.query(sql).fetch_all().await.unwrap();
    let numbers: Vec<i64> = rows.iter().map(|row| row.get("idx")).collect();
    assert_eq!(numbers, (0..rows.len() as i64).collect::<Vec<_>>(), "the numbers have no gap");
    rows.iter().map(|row| Entry::parse(row.get::<&str, _>("entry").as_bytes()).unwrap()).collect()
}

#[tokio::test]
async fn only_acts_that_change_the_archive_are_entered() {
    use hongtou::archive::audit::act::Act;
    let archive = services::empty().await;
    let actor = crate::http::access::ACTOR;
    for act in [Act::FileRead, Act::Refused, Act::SignedIn, Act::KeyAdded, Act::FilingConfirmed] {
        archive.record_event(actor, act, "x").await.unwrap();
    }
    round(&keeper(&archive).await).await;
    let entered: Vec<String> = entries(&archive).await.into_iter().map(|one| one.act).collect();
    assert_eq!(entered, ["key_added", "filing_confirmed"]);
}

#[tokio::test]
async fn ids_of_one_millisecond_keep_their_order() {
    let archive = services::empty().await;
    let ids: Vec<String> = (0..2000).map(|_| archive.new_id()).collect();
    assert!(ids.is_sorted_by(|one, next| one < next));
}

#[tokio::test]
async fn the_log_grows_over_full_tiles() {
    let archive = services::empty().await;
    let keeper = keeper(&archive).await;
    for (added, size) in [(1, 1), (254, 255), (1, 256), (1, 257), (300, 557)] {
        acts(&archive, added).await;
        assert_eq!(round(&keeper).await.published, Some(size));
        assert_eq!(round(&keeper).await.published, None, "nothing has changed");
    }
    let report = report(&archive).await;
    assert_eq!((report.entries, report.checkpoints, report.faults.len()), (557, 5, 0));
    assert_eq!(entries(&archive).await.len(), 557);
}

#[tokio::test]
async fn checkpoints_are_signed_once_in_an_interval() {
    let archive = services::empty().await;
    let keeper = keeper(&archive).await;
    acts(&archive, 1).await;
    assert_eq!(keeper.round(Moment(0)).await.unwrap().published, Some(1), "the first one");
    acts(&archive, 1).await;
    let soon = keeper.round(Moment(0)).await.unwrap();
    assert_eq!((soon.sequenced, soon.published), (1, None));
    assert_eq!(round(&keeper).await.published, Some(2));
}

#[tokio::test]
async fn servers_that_work_at_the_same_time_make_one_log() {
    let archive = services::empty().await;
    let (one, other) = (keeper(&archive).await, keeper(&archive).await);
    for _ in 0..20 {
        let work = async |keeper: &LogKeeper| match keeper.round(Moment(i64::MAX)).await {
            Ok(_) => {}
            // SQLite may be busy.
            Err(error) => assert!(error.is_outage(), "{error:?}"),
        };
        tokio::join!(acts(&archive, 30), work(&one), work(&other), acts(&archive, 10));
    }
    round(&one).await;
    let entries = entries(&archive).await;
    assert_eq!(entries.len(), 800);
    let ids: BTreeSet<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids.len(), 800, "each act has one entry");
    let report = report(&archive).await;
    assert_eq!((report.entries, report.faults.len()), (800, 0), "{:?}", report.faults);
}

#[tokio::test]
async fn acts_from_before_the_log_are_entered_once() {
    let archive = services::empty().await;
    let router = server(&archive).await;
    let filing = filed(&router, letter(1)).await;
    // As the migration leaves an archive that has no log yet.
    for sql in [
        "DELETE FROM log_pending",
        "DELETE FROM log_objects",
        "INSERT INTO log_backlog (audit_id) SELECT id FROM audit_trail",
    ] {
        archive.database.query(sql).execute().await.unwrap();
    }
    acts(&archive, 1).await;
    let pdf = filing["sha256"].as_str().unwrap();
    assert_eq!(archive.receipt(pdf).await.unwrap(), ReceiptState::Waiting);
    let keeper = keeper(&archive).await;
    round(&keeper).await;
    let entered: Vec<String> = entries(&archive).await.into_iter().map(|one| one.act).collect();
    assert_eq!(entered, ["log_continued", "filing_kept", "key_revoked"]);
    let ReceiptState::Ready(receipt) = archive.receipt(pdf).await.unwrap() else { panic!() };
    receipt.verify(&policy("quorum none")).unwrap();
    let bytes = archive.objects.get(pdf).await.unwrap();
    assert!(Entry::parse(&receipt.entry).unwrap().object(&bytes).is_some());
    assert_eq!(round(&keeper).await.sequenced, 0);
    assert_eq!(count(&archive, "log_backlog").await, 0);
}

#[tokio::test]
async fn metrics_say_how_far_the_log_is() {
    let archive = services::empty().await;
    let router = server(&archive).await;
    let metrics = async || {
        let answer = crate::archive::filings::get(&router, "/metrics", &[]).await;
        String::from_utf8(answer.body).unwrap()
    };
    acts(&archive, 2).await;
    let text = metrics().await;
    for line in ["log_entries_waiting 2", "log_entries 0", "log_checkpoint_timestamp_seconds 0"] {
        assert!(text.contains(&format!("hongtou_{line}\n")), "{line} in {text}");
    }
    let keeper = keeper(&archive).await;
    round(&keeper).await;
    let text = metrics().await;
    for line in ["log_entries_waiting 0", "log_entries 2"] {
        assert!(text.contains(&format!("hongtou_{line}\n")), "{line} in {text}");
    }
    assert!(!text.contains("hongtou_log_checkpoint_timestamp_seconds 0\n"), "{text}");
}

#[tokio::test]
async fn another_origin_or_key_is_refused() {
    let archive = services::empty().await;
    keeper(&archive).await;
    let other = LogKeeper::new(&archive, key("other.example/1", 1)).open().await;
    assert!(matches!(other, Err(LogError::OtherOrigin(origin)) if origin == ORIGIN));
    let other = LogKeeper::new(&archive, key(ORIGIN, 2)).open().await;
    assert!(matches!(other, Err(LogError::OtherKey(_))));
}
