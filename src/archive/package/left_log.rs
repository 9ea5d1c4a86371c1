//! The log of the server that exported a package, when the imported archive begins a log of its own: the
//! new log names the last checkpoint of the old one.

use std::fs;
use std::path::Path;

use bytes::Bytes;

use crate::archive::Archive;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::log::enter::{Described, describe};
use crate::archive::log::keys::{HAND_OVERS, hand_over, keys_at, keys_before};
use crate::archive::package::error::PackageError;
use crate::archive::package::export::LOG_FOLDER;
use crate::archive::package::tables::{Record, TABLES};
use crate::log::note::checkpoint::Checkpoint;
use crate::log::note::hand_over::HandOver;
use crate::log::note::keys::VerifierKey;
use crate::log::note::signed_note::SignedNote;

/// The role of a checkpoint among the objects of the log.
const ROLE: &str = "checkpoint";

/// The log that was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftLog {
    /// Its origin.
    pub origin: String,
    /// The entries that its last checkpoint covers.
    pub size: u64,
    /// That checkpoint, with its signatures.
    pub note: String,
}

impl LeftLog {
    /// The log in a package; `None` if it has none, or has signed nothing.
    ///
    /// # Errors
    /// Returns `PackageError::Damaged` if the key of the log did not sign its last checkpoint, and
    /// `PackageError::NotAPackage` or `PackageError::Io` if the package cannot be read.
    pub(crate) fn in_package(folder: &Path) -> Result<Option<Self>, PackageError> {
        let head = last_row(folder, "log_head")?;
        let Some(row) = last_row(folder, "log_checkpoints")? else { return Ok(None) };
        let text = |row: &Record, name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let vkey = head.map(|head| text(&head, "vkey")).unwrap_or_default();
        let hand_overs = hand_overs(folder)?;
        let left = VerifierKey::parse(&vkey).ok().and_then(|key| {
            let note = text(&row, "note");
            let parsed = SignedNote::parse(&note).ok()?;
            // A new key may have signed nothing yet.
            let Checkpoint { size, .. } = Checkpoint::parse(&parsed.text).ok()?;
            let keys = keys_at(&keys_before(&key, &hand_overs), size);
            Checkpoint::verify(&parsed, &keys).ok()?;
            Some(Self { origin: key.name, size, note })
        });
        left.map(Some).ok_or_else(|| PackageError::Damaged("log_checkpoints".to_owned()))
    }
}

/// The hand-overs in a package.
fn hand_overs(folder: &Path) -> Result<Vec<HandOver>, PackageError> {
    let folder = folder.join("data").join(LOG_FOLDER).join(HAND_OVERS);
    let mut found = Vec::new();
    if folder.is_dir() {
        for file in fs::read_dir(folder)? {
            found.extend(hand_over(&fs::read(file?.path())?));
        }
    }
    Ok(found)
}

/// The last row of a table in the order of its key.
fn last_row(folder: &Path, name: &str) -> Result<Option<Record>, PackageError> {
    let table = TABLES.iter().find(|table| table.name == name);
    table.map_or(Ok(None), |table| table.records(folder)?.last().transpose())
}

impl Archive {
    /// Records that this archive leaves a log. The new log of the archive names its checkpoint.
    pub(crate) async fn leave_log(
        &self,
        left: &LeftLog,
        actor: Actor<'_>,
    ) -> Result<(), PackageError> {
        let bytes = Bytes::copy_from_slice(left.note.as_bytes());
        let stored = self.objects.put(bytes.clone()).await?;
        let objects = describe(vec![Described { role: ROLE, sha256: stored, bytes }]).await;
        let mut transaction = self.database.begin().await?;
        let act = Act::LogLeft;
        self.record_act_with(&mut transaction, actor, act, &left.origin, &objects).await?;
        Ok(transaction.commit().await?)
    }
}
