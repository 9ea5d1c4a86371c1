//! A new key takes over the log: the old key signs nothing more, and what it signed stays valid.

use hongtou::archive::Archive;
use hongtou::archive::log::error::LogError;
use hongtou::archive::log::steps::keeper::LogKeeper;
use hongtou::archive::log::verify::{LogFault, LogReport};
use hongtou::document::moment::Moment;
use hongtou::log::note::hand_over::HandOver;
use hongtou::log::note::keys::Algorithm;
use hongtou::log::note::signed_note::SignedNote;

use crate::archive::log::{ORIGIN, acts, keeper, key, round};
use crate::archive::services;
use crate::cli::exit_codes::{assert_exit, hongtou};
use crate::http::access::ACTOR;

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
    let policy = archive.log_policy().await.unwrap().unwrap();
    assert_eq!(policy.logs.len(), 3);
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
async fn the_command_needs_a_log() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path().to_str().unwrap();
    let (_, err) = assert_exit(&hongtou(&["archive", "rotate-log-key", "--data", data]), 1);
    assert!(err.contains("存证日志尚未启用"), "{err}");
}
