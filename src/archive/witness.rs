//! What a witness knows: the last checkpoint that it cosigned of each log, one file each.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::NamedTempFile;

use crate::archive::objects::sha256;
use crate::document::moment::Moment;
use crate::log::note::checkpoint::Checkpoint;
use crate::log::note::keys::{SigningKey, VerifierKey};
use crate::log::note::signed_note::{NoteSignature, SignedNote};
use crate::log::witness::{AddCheckpoint, Refusal};

/// A witness of logs.
#[derive(Debug)]
pub struct Witness {
    folder: PathBuf,
    key: SigningKey,
    logs: Vec<VerifierKey>,
    /// Held from reading the last checkpoint until the next one is stored.
    storing: Mutex<()>,
}

/// Why a witness does not cosign.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// The checkpoint is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The last checkpoint cannot be read or stored.
    #[error("the last checkpoint cannot be read or stored")]
    Io(#[from] io::Error),
}

impl Witness {
    /// A witness of these logs that stores their checkpoints in a folder. Only one process may use the
    /// folder.
    pub fn new(folder: &Path, key: SigningKey, logs: Vec<VerifierKey>) -> Self {
        Self { folder: folder.to_owned(), key, logs, storing: Mutex::new(()) }
    }

    /// Cosigns a checkpoint if it continues the last one of its log. The checkpoint is stored first, and
    /// survives a power loss.
    ///
    /// # Errors
    /// Returns `WitnessError::Refused` if it does not continue the last one, and `WitnessError::Io` if
    /// the folder cannot be used.
    pub fn cosign(
        &self,
        request: &AddCheckpoint,
        now: Moment,
    ) -> Result<NoteSignature, WitnessError> {
        let origin =
            Checkpoint::parse(&request.checkpoint.text).map_err(|_| Refusal::Malformed)?.origin;
        let path = self.folder.join(format!("{}.checkpoint", sha256(origin.as_bytes())));
        let _storing = self.storing.lock().unwrap_or_else(PoisonError::into_inner);
        let last = match fs::read_to_string(&path) {
            Ok(note) => Some(stored(&note)?),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        request.accept(last.as_ref(), &self.logs)?;
        let text = &request.checkpoint.text;
        let seconds = u64::try_from(now.0 / 1000).unwrap_or_default();
        let signature = self.key.cosign(text, seconds);
        let mut signatures = request.checkpoint.signatures.clone();
        signatures.push(signature.clone());
        self.store(&path, &SignedNote { text: text.clone(), signatures })?;
        Ok(signature)
    }

    /// The last cosigned checkpoint of the log whose origin has this SHA-256. Returns `None` if none was
    /// cosigned.
    ///
    /// # Errors
    /// Returns the `io::Error` if it cannot be read.
    pub fn last(&self, origin_sha256: &str) -> io::Result<Option<String>> {
        let is_known = self.logs.iter().any(|log| sha256(log.name.as_bytes()) == origin_sha256);
        if !is_known {
            return Ok(None);
        }
        match fs::read_to_string(self.folder.join(format!("{origin_sha256}.checkpoint"))) {
            Ok(note) => Ok(Some(note)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn store(&self, path: &Path, note: &SignedNote) -> io::Result<()> {
        let mut file = NamedTempFile::new_in(&self.folder)?;
        file.write_all(note.to_text().as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        fs::File::open(&self.folder)?.sync_all()
    }
}

fn stored(note: &str) -> io::Result<Checkpoint> {
    let note = SignedNote::parse(note).ok();
    let checkpoint = note.and_then(|note| Checkpoint::parse(&note.text).ok());
    checkpoint.ok_or_else(|| io::Error::from(ErrorKind::InvalidData))
}
