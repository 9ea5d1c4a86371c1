//! A database that is older than the published log: nothing is signed before it is read back.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use hongtou::archive::Archive;
use hongtou::archive::clock::SystemClock;
use hongtou::archive::database::Database;
use hongtou::archive::error::ArchiveError;
use hongtou::archive::log::error::LogError;
use hongtou::archive::log::steps::keeper::{LogKeeper, Round};
use hongtou::archive::log::verify::LogFault;
use hongtou::archive::objects::Objects;
use hongtou::document::moment::Moment;

use crate::archive::log::{ORIGIN, acts, count, keeper, key, report, round};
use crate::archive::services;

/// An archive in SQLite and a folder, so that its database can be copied.
async fn at(folder: &Path) -> Archive {
    let database = Database::in_folder(folder).await.unwrap();
    let objects = Objects::in_folder(&folder.join("objects")).unwrap();
    Archive::new(database, objects, Arc::new(SystemClock))
}

/// Copies the database of a folder to another one, and continues with the same objects.
fn restore(backup: &Path, folder: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let name = format!("hongtou.sqlite{ending}");
        let _ = fs::remove_file(folder.join(&name));
        if backup.join(&name).exists() {
            fs::copy(backup.join(&name), folder.join(&name)).unwrap();
        }
    }
}

/// An archive with `before` acts in its backup, and `after` more that were published afterwards and then
/// lost with the database. Returns it after the restore.
async fn restored(before: u32, after: u32) -> Archive {
    let (folder, backup) = (services::folder(), services::folder());
    let archive = at(&folder).await;
    let first = keeper(&archive).await;
    acts(&archive, before).await;
    round(&first).await;
    archive.database.close().await;
    restore(&folder, &backup);
    let archive = at(&folder).await;
    let second = keeper(&archive).await;
    for _ in 0..2 {
        acts(&archive, after / 2).await;
        round(&second).await;
    }
    archive.database.close().await;
    restore(&backup, &folder);
    at(&folder).await
}

#[tokio::test]
async fn the_published_log_is_read_back_and_continued() {
    for (before, after) in [(3, 4), (255, 2), (256, 2), (200, 400), (0, 2)] {
        let archive = restored(before, after).await;
        acts(&archive, 5).await;
        let keeper = LogKeeper::new(&archive, key(ORIGIN, 1));
        keeper.open().await.unwrap();
        let recovered = keeper.recover().await.unwrap();
        assert_eq!((recovered.entries, recovered.lost_acts), (after.into(), after.into()));
        assert_eq!(keeper.recover().await.unwrap().entries, 0, "once is enough");
        let size = u64::from(before + after + 5);
        assert_eq!(round(&keeper).await, Round { sequenced: 5, published: Some(size) });
        let report = report(&archive).await;
        assert_eq!((report.entries, report.faults), (size, vec![]), "{before}, {after}");
        assert_eq!(count(&archive, "log_pending").await, 0);
    }
}

#[tokio::test]
async fn entries_that_waited_in_the_backup_are_not_numbered_twice() {
    let (folder, backup) = (services::folder(), services::folder());
    let archive = at(&folder).await;
    let first = keeper(&archive).await;
    acts(&archive, 3).await;
    archive.database.close().await;
    restore(&folder, &backup);
    drop(first);
    let archive = at(&folder).await;
    round(&keeper(&archive).await).await;
    archive.database.close().await;
    restore(&backup, &folder);
    let archive = at(&folder).await;
    assert_eq!(count(&archive, "log_pending").await, 3);
    let again = LogKeeper::new(&archive, key(ORIGIN, 1));
    again.open().await.unwrap();
    let recovered = again.recover().await.unwrap();
    assert_eq!((recovered.entries, recovered.lost_acts), (3, 0));
    assert_eq!(count(&archive, "log_pending").await, 0);
    assert_eq!(round(&again).await, Round::default());
}

#[tokio::test]
async fn entries_that_were_written_but_not_signed_are_read_back_too() {
    for (before, after) in [(3, 300), (0, 600), (255, 1)] {
        let (folder, backup) = (services::folder(), services::folder());
        let archive = at(&folder).await;
        let first = keeper(&archive).await;
        acts(&archive, before).await;
        round(&first).await;
        archive.database.close().await;
        restore(&folder, &backup);
        let archive = at(&folder).await;
        acts(&archive, after).await;
        // Killed before a checkpoint was signed.
        let second = keeper(&archive).await;
        let killed = second.round(Moment(-1)).await.unwrap();
        assert_eq!((killed.sequenced, killed.published), (after.into(), None));
        archive.database.close().await;
        restore(&backup, &folder);
        let archive = at(&folder).await;
        acts(&archive, 5).await;
        let third = keeper(&archive).await;
        let full = u64::from(before + after) / 256 * 256;
        let size = full.max(before.into()) + 5;
        assert_eq!(round(&third).await.published, Some(size), "{before}, {after}");
        assert_eq!(report(&archive).await.faults, [], "{before}, {after}");
    }
}

#[tokio::test]
async fn a_database_that_was_numbered_differently_signs_nothing() {
    let archive = restored(3, 4).await;
    acts(&archive, 5).await;
    // A server that does not compare: its numbers are taken by other entries in the store.
    let careless = LogKeeper::new(&archive, key(ORIGIN, 1));
    careless.open().await.unwrap();
    let conflict = careless.round(Moment(i64::MAX)).await;
    assert_eq!(count(&archive, "log_checkpoints").await, i64::from(conflict.is_ok()) + 1);
    let recovered = careless.recover().await;
    match conflict {
        // Another size than any that was published: the checkpoint is refused when it is compared.
        Ok(_) => assert!(matches!(recovered, Ok(_) | Err(LogError::Fork(_)))),
        Err(error) => {
            assert!(matches!(error, LogError::Archive(ArchiveError::Conflict(_))), "{error:?}");
            assert!(matches!(recovered, Err(LogError::Fork(3))), "{recovered:?}");
        }
    }
}

#[tokio::test]
async fn a_store_that_lost_the_log_is_noticed() {
    let folder = services::folder();
    let archive = at(&folder).await;
    let keeper = keeper(&archive).await;
    acts(&archive, 3).await;
    round(&keeper).await;
    fs::remove_dir_all(folder.join("objects/log/checkpoint")).unwrap();
    assert!(matches!(keeper.recover().await, Err(LogError::StoreBehind(_))));
}

#[tokio::test]
async fn damage_is_reported_with_its_file() {
    let folder = services::folder();
    let archive = at(&folder).await;
    let keeper = keeper(&archive).await;
    acts(&archive, 300).await;
    round(&keeper).await;
    assert_eq!(report(&archive).await.faults, []);
    let log = folder.join("objects/log");
    for (name, is_entries) in [
        ("tile/0/000", false),
        ("tile/1/000.p/1", false),
        ("tile/0/001.p/44", false),
        ("checkpoint/000000000300", false),
        ("tile/entries/000", true),
    ] {
        let path = log.join(name);
        let whole = fs::read(&path).unwrap();
        let mut changed = whole.clone();
        *changed.last_mut().unwrap() ^= 1;
        fs::write(&path, &changed).unwrap();
        let faults = report(&archive).await.faults;
        let is_named = |fault: &LogFault| match fault {
            LogFault::Differs(file) | LogFault::Unsigned(file) => file == name,
            LogFault::OtherEntry(index) => is_entries && *index == 255,
            LogFault::Missing(_) => false,
        };
        assert!(faults.iter().any(is_named), "{name}: {faults:?}");
        fs::remove_file(&path).unwrap();
        let faults = report(&archive).await.faults;
        let is_missed = |fault: &LogFault| match fault {
            LogFault::Missing(file) | LogFault::Differs(file) => file == name,
            _ => false,
        };
        // Without its checkpoint, the log has no size.
        assert!(faults.iter().any(is_missed) || name.starts_with("checkpoint"), "{name}");
        fs::write(&path, &whole).unwrap();
    }
    assert_eq!(report(&archive).await.faults, []);
}
