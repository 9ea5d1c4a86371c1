//! An imported archive begins a log of its own, which names the last checkpoint of the log that it left.

use hongtou::archive::log::error::LogError;
use hongtou::archive::log::receipts::ReceiptState;
use hongtou::archive::log::steps::keeper::LogKeeper;
use hongtou::archive::objects::sha256;
use hongtou::archive::package::error::PackageError;
use hongtou::log::entry::Entry;
use hongtou::log::note::keys::Algorithm;
use hongtou::log::note::policy::Policy;
use sqlx::Row;

use crate::archive::log::{ORIGIN, keeper, key, round};
use crate::cli::exit_codes::{assert_exit, hongtou};
use crate::http::in_process::TYPESETTER;
use crate::preservation::fixity::checked;
use crate::preservation::package::proven;
use crate::preservation::stock::{ACTOR, archive};

/// The origin of the new log.
const OTHER: &str = "archive.other.example/hongtou/1";

#[tokio::test]
async fn a_new_log_names_the_last_checkpoint_of_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (from, signed) = proven(&path("from")).await;
    from.export(&path("bag"), &TYPESETTER, ACTOR).await.unwrap();
    let size = from.log_head().await.unwrap().unwrap().published;

    let to = archive(&path("to"), 0).await;
    let (imported, left) = to.import_with_new_log(&path("bag"), ACTOR).await.unwrap();
    let left = left.unwrap();
    assert_eq!((imported.filings, &*left.origin, left.size), (1, ORIGIN, size));
    assert_eq!(checked(&to).await.findings, []);
    assert_eq!(to.log_head().await.unwrap(), None);

    // The old server may go on under the old origin, so the new one may not use it.
    let same = LogKeeper::new(&to, key(ORIGIN, 2));
    assert!(matches!(same.open().await, Err(LogError::LeftOrigin(origin)) if origin == ORIGIN));
    let new = LogKeeper::new(&to, key(OTHER, 2));
    new.open().await.unwrap();
    while round(&new).await.published.is_some() {}

    let rows = to.database.query("SELECT entry FROM log_entries").fetch_all().await.unwrap();
    let entries = rows.iter().map(|row| Entry::parse(row.get::<&str, _>("entry").as_bytes()));
    let entries: Vec<Entry> = entries.map(Option::unwrap).collect();
    let act = entries.iter().find(|entry| entry.act == "log_left").unwrap();
    let [checkpoint] = &act.objects[..] else { panic!("{act:?}") };
    assert_eq!(
        (&*checkpoint.role, &checkpoint.sha256),
        ("checkpoint", &sha256(left.note.as_bytes()))
    );
    assert!(checkpoint.sm3.is_some());
    assert_eq!(to.objects.get(&checkpoint.sha256).await.unwrap(), left.note);

    // The new log proves the file, too.
    let vkey = key(OTHER, 2).verifier(Algorithm::Ed25519).to_vkey();
    let policy = Policy::parse(&format!("log {vkey}\nquorum none\n")).unwrap();
    match to.receipt(&sha256(&signed)).await.unwrap() {
        ReceiptState::Ready(receipt) => assert!(receipt.verify(&policy).is_ok()),
        other => panic!("{other:?}"),
    }
    assert_eq!(checked(&to).await.findings, []);
    round(&keeper(&from).await).await;
    // The checkpoint goes along with the next export.
    to.export(&path("next"), &TYPESETTER, ACTOR).await.unwrap();
    let third = archive(&path("third"), 0).await;
    third.import(&path("next"), ACTOR).await.unwrap();
    assert_eq!(third.objects.get(&checkpoint.sha256).await.unwrap(), left.note);
    assert_eq!(checked(&third).await.findings, []);
}

#[tokio::test]
async fn a_new_key_of_the_old_log_need_not_have_signed() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (from, _) = proven(&path("from")).await;
    from.hand_over_log(Some(&key(ORIGIN, 1)), &key(ORIGIN, 2), ACTOR).await.unwrap();
    from.export(&path("bag"), &TYPESETTER, ACTOR).await.unwrap();
    let to = archive(&path("to"), 0).await;
    let (_, left) = to.import_with_new_log(&path("bag"), ACTOR).await.unwrap();
    assert_eq!(left.unwrap().origin, ORIGIN);
}

#[tokio::test]
async fn a_checkpoint_of_another_key_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (from, _) = proven(&path("from")).await;
    let vkey = key(ORIGIN, 2).verifier(Algorithm::Ed25519).to_vkey();
    from.database.query("UPDATE log_head SET vkey = $1").bind(vkey).execute().await.unwrap();
    from.export(&path("bag"), &TYPESETTER, ACTOR).await.unwrap();
    let to = archive(&path("to"), 0).await;
    let refused = to.import_with_new_log(&path("bag"), ACTOR).await;
    assert!(
        matches!(&refused, Err(PackageError::Damaged(what)) if what == "log_checkpoints"),
        "{refused:?}"
    );
}

#[tokio::test]
async fn the_command_says_where_the_old_log_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (from, _) = proven(&path("from")).await;
    from.export(&path("bag"), &TYPESETTER, ACTOR).await.unwrap();
    let size = from.log_head().await.unwrap().unwrap().published;
    let [data, bag] = ["to", "bag"].map(|name| path(name).to_str().unwrap().to_owned());
    let import = ["archive", "import", "--new-log", "--data", &data, &bag];
    let (out, _) = assert_exit(&hongtou(&import), 0);
    let line =
        format!("原存证日志{ORIGIN}有{size}条，不再接续；其最后的检查点将记入新的存证日志。\n");
    assert!(out.ends_with(&line), "{out}");
}
