//! A new key takes over the log: the old key signs nothing more, and what it signed stays valid.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use hongtou::archive::Archive;
use hongtou::archive::clock::SystemClock;
use hongtou::archive::database::Database;
use hongtou::archive::log::error::LogError;
use hongtou::archive::log::keys::LogKey;
use hongtou::archive::log::steps::keeper::LogKeeper;
use hongtou::archive::log::verify::{LogFault, LogReport};
use hongtou::archive::objects::Objects;
use hongtou::document::moment::Moment;
use hongtou::log::note::hand_over::HandOver;
use hongtou::log::note::keys::{Algorithm, SigningKey};
use hongtou::log::note::signed_note::SignedNote;

use crate::archive::log::{ORIGIN, acts, keeper, key, round};
use crate::archive::services;
use crate::cli::exit_codes::{assert_exit, hongtou, make_archive};
use crate::http::access::ACTOR;
use crate::preservation::stock;

/// The report of a replay that trusts the key with this seed.
async fn replayed(archive: &Archive, seed: u8) -> LogReport {
    let key = key(ORIGIN, seed).verifier(Algorithm::Ed25519);
    archive.verify_log(&key, |_, _| ()).await.unwrap()
}

async fn newer(archive: &Archive, seed: u8) -> LogKeeper {
    let keeper = LogKeeper::new(archive, key(ORIGIN, seed));
    keeper.open().await.unwrap();
    keeper.recover().await.unwrap();
    keeper
}

#[tokio::test]
async fn a_new_key_takes_over_and_the_replay_follows() {
    let archive = services::empty().await;
    let old = keeper(&archive).await;
    acts(&archive, 3).await;
    assert_eq!(round(&old).await.published, Some(3));
    archive.hand_over_log(Some(&key(ORIGIN, 1)), &key(ORIGIN, 2), ACTOR).await.unwrap();
    archive.hand_over_log(Some(&key(ORIGIN, 1)), &key(ORIGIN, 2), ACTOR).await.unwrap();

    acts(&archive, 1).await;
    let refused = old.round(Moment(i64::MAX)).await;
    assert!(matches!(refused, Err(LogError::OtherKey(_))), "{refused:?}");
    assert!(matches!(old.open().await, Err(LogError::OtherKey(_))));
    assert_eq!(round(&newer(&archive, 2).await).await.published, Some(5), "with the change");
    let report = replayed(&archive, 2).await;
    assert_eq!((report.entries, report.checkpoints, &*report.faults), (5, 2, &[][..]));
    // Who trusts only the old key learns that it signs no more.
    let last = LogFault::Unsigned("checkpoint/000000000005".to_owned());
    assert_eq!(replayed(&archive, 1).await.faults, [last]);

    archive.hand_over_log(Some(&key(ORIGIN, 2)), &key(ORIGIN, 3), ACTOR).await.unwrap();
    round(&newer(&archive, 3).await).await;
    let report = replayed(&archive, 3).await;
    assert_eq!((report.checkpoints, &*report.faults), (3, &[][..]));
    // The first key signed size 3, the second one size 5.
    for (size, n_keys) in [(3, 3), (4, 2), (5, 2), (6, 1)] {
        let policy = archive.log_policy(size).await.unwrap().unwrap();
        assert_eq!(policy.logs.len(), n_keys, "{size}");
    }
}

/// Puts a hand-over into the folder of the objects.
fn forge(folder: &Path, name: &str, note: &SignedNote) {
    fs::write(folder.join("log/keys").join(name), note.to_text()).unwrap();
}

#[tokio::test]
async fn an_old_key_extends_neither_itself_nor_others() {
    let folder = tempfile::tempdir().unwrap();
    let archive = stock::archive(folder.path(), 0).await;
    let old = keeper(&archive).await;
    acts(&archive, 2).await;
    round(&old).await;
    archive.hand_over_log(Some(&key(ORIGIN, 1)), &key(ORIGIN, 2), ACTOR).await.unwrap();
    let vkey = |seed| key(ORIGIN, seed).verifier(Algorithm::Ed25519);
    let until = async || -> Vec<(u8, Option<u64>)> {
        let keys = archive.log_keys(&vkey(2)).await.unwrap();
        let seed = |known: &LogKey| (1..=3).find(|seed| vkey(*seed) == known.key).unwrap();
        keys.iter().map(|known| (seed(known), known.until)).collect()
    };
    assert_eq!(until().await, [(2, None), (1, Some(2))]);
    for (name, seed) in [("x", 1), ("y", 3)] {
        forge(folder.path(), name, &HandOver::sign(1_000_000, &vkey(seed), None, &key(ORIGIN, 1)));
    }
    assert_eq!(until().await, [(2, None), (1, Some(2)), (3, Some(2))]);
}

#[tokio::test]
async fn an_old_key_is_valid_only_up_to_the_hand_over() {
    let archive = services::empty().await;
    let old = keeper(&archive).await;
    acts(&archive, 1).await;
    round(&old).await;
    archive.hand_over_log(Some(&key(ORIGIN, 1)), &key(ORIGIN, 2), ACTOR).await.unwrap();
    // With a stolen old key, a server signs again.
    let undo = "UPDATE log_head SET vkey = $1";
    let vkey = key(ORIGIN, 1).verifier(Algorithm::Ed25519).to_vkey();
    archive.database.query(undo).bind(vkey).execute().await.unwrap();
    acts(&archive, 1).await;
    assert_eq!(round(&old).await.published, Some(3));
    let late = LogFault::Unsigned("checkpoint/000000000003".to_owned());
    assert_eq!(replayed(&archive, 2).await.faults, [late]);
    let honest = LogKeeper::new(&archive, key(ORIGIN, 2));
    honest.open().await.unwrap();
    let refused = honest.recover().await;
    assert!(
        matches!(&refused, Err(LogError::Damaged(name)) if name == "checkpoint/000000000003"),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_lost_key_is_replaced_after_the_database_was_restored() {
    let archive = services::empty().await;
    let old = keeper(&archive).await;
    acts(&archive, 2).await;
    round(&old).await;
    acts(&archive, 3).await;
    round(&old).await;
    // The backup is from the time of the first checkpoint.
    for undo in [
        "DELETE FROM log_entries WHERE idx >= 2",
        "DELETE FROM log_checkpoints WHERE size > 2",
        "UPDATE log_head SET sequenced = 2, integrated = 2, published = 2",
    ] {
        archive.database.query(undo).execute().await.unwrap();
    }
    archive.hand_over_log(None, &key(ORIGIN, 2), ACTOR).await.unwrap();
    round(&newer(&archive, 2).await).await;
    assert_eq!(replayed(&archive, 2).await.faults, []);
}

#[tokio::test]
async fn a_lost_key_is_replaced_after_a_database_from_before_the_rotation_was_restored() {
    let archive = services::empty().await;
    let old = keeper(&archive).await;
    acts(&archive, 2).await;
    round(&old).await;
    let vkey = |seed: u8| key(ORIGIN, seed).verifier(Algorithm::Ed25519).to_vkey();
    archive.hand_over_log(Some(&key(ORIGIN, 1)), &key(ORIGIN, 2), ACTOR).await.unwrap();
    round(&newer(&archive, 2).await).await;
    acts(&archive, 3).await;
    round(&newer(&archive, 2).await).await;
    for undo in [
        "DELETE FROM log_entries WHERE idx >= 2",
        "DELETE FROM log_checkpoints WHERE size > 2",
        "UPDATE log_head SET sequenced = 2, integrated = 2, published = 2",
    ] {
        archive.database.query(undo).execute().await.unwrap();
    }
    let undo = archive.database.query("UPDATE log_head SET vkey = $1").bind(vkey(1));
    undo.execute().await.unwrap();
    let by_old = archive.hand_over_log(Some(&key(ORIGIN, 1)), &key(ORIGIN, 3), ACTOR).await;
    assert!(matches!(by_old, Err(LogError::OtherKey(_))), "the log has another key by now");
    archive.hand_over_log(None, &key(ORIGIN, 3), ACTOR).await.unwrap();
    round(&newer(&archive, 3).await).await;
    assert_eq!(replayed(&archive, 3).await.faults, []);
}

#[tokio::test]
async fn a_restored_database_follows_the_hand_over() {
    let archive = services::empty().await;
    let old = keeper(&archive).await;
    acts(&archive, 2).await;
    round(&old).await;
    archive.hand_over_log(Some(&key(ORIGIN, 1)), &key(ORIGIN, 2), ACTOR).await.unwrap();
    let undo = "UPDATE log_head SET vkey = $1";
    let vkey = key(ORIGIN, 1).verifier(Algorithm::Ed25519).to_vkey();
    archive.database.query(undo).bind(vkey).execute().await.unwrap();
    round(&newer(&archive, 2).await).await;
    assert_eq!(replayed(&archive, 2).await.faults, []);
    let other = LogKeeper::new(&archive, key(ORIGIN, 3)).open().await;
    assert!(matches!(other, Err(LogError::OtherKey(_))), "no hand-over leads to it");
}

#[tokio::test]
async fn a_lost_key_is_replaced_and_vouches_for_nothing() {
    let archive = services::empty().await;
    let old = keeper(&archive).await;
    acts(&archive, 2).await;
    round(&old).await;
    let wrong = archive.hand_over_log(Some(&key(ORIGIN, 4)), &key(ORIGIN, 2), ACTOR).await;
    assert!(matches!(wrong, Err(LogError::OtherKey(_))));
    archive.hand_over_log(None, &key(ORIGIN, 2), ACTOR).await.unwrap();
    round(&newer(&archive, 2).await).await;
    assert_eq!(replayed(&archive, 2).await.faults, []);
}

#[test]
fn a_hand_over_needs_the_signature_of_the_new_key() {
    let (old, new) = (key(ORIGIN, 1), key(ORIGIN, 2));
    let vkey = old.verifier(Algorithm::Ed25519);
    let note = HandOver::sign(7, &vkey, Some(&old), &new);
    let hand_over = HandOver::verify(&note).unwrap();
    assert_eq!((hand_over.size, hand_over.is_signed_by_old), (7, true));
    assert!(!HandOver::verify(&HandOver::sign(7, &vkey, None, &new)).unwrap().is_signed_by_old);
    let of_old = SignedNote { signatures: old.sign(&note.text), ..note.clone() };
    assert_eq!(HandOver::verify(&of_old), None);
    let changed = SignedNote { text: note.text.replace("\n7\n", "\n8\n"), ..note.clone() };
    assert_eq!(HandOver::verify(&changed), None);
    let other_origin =
        HandOver::sign(7, &key("other.example/1", 1).verifier(Algorithm::Ed25519), None, &new);
    assert_eq!(HandOver::verify(&other_origin), None);
}

#[tokio::test]
async fn an_interrupted_rotation_is_completed_and_keeps_the_old_key() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::in_folder(folder.path()).await.unwrap();
    let objects = Objects::in_folder(&folder.path().join("objects")).unwrap();
    let archive = Archive::new(database, objects, Arc::new(SystemClock));
    let old = keeper(&archive).await;
    acts(&archive, 1).await;
    round(&old).await;
    archive.hand_over_log(Some(&key(ORIGIN, 1)), &key(ORIGIN, 2), ACTOR).await.unwrap();
    archive.database.close().await;
    let file = |name: &str| folder.path().join(name);
    let contents = [1, 2].map(|seed| SigningKey::file(&[seed; 32], &[seed; 32]));
    fs::write(file("log.key"), &contents[0]).unwrap();
    fs::write(file("log.key.new"), &contents[1]).unwrap();
    let data = folder.path().to_str().unwrap();
    assert_exit(&hongtou(&["archive", "rotate-log-key", "--data", data]), 0);
    assert_eq!(fs::read_to_string(file("log.key")).unwrap(), contents[1]);
    let id = hex::encode(key(ORIGIN, 1).verifier(Algorithm::Ed25519).key_id);
    assert_eq!(fs::read_to_string(file(&format!("log.key.{id}"))).unwrap(), contents[0]);
}

#[tokio::test]
async fn the_command_needs_a_log() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path().to_str().unwrap();
    make_archive(data);
    let (_, err) = assert_exit(&hongtou(&["archive", "rotate-log-key", "--data", data]), 1);
    assert!(err.contains("存证日志尚未启用"), "{err}");
}
