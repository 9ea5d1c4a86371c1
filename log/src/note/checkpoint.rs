//! Checkpoints: the origin, the size and the root of a log, as the text of a note
//! (c2sp.org/tlog-checkpoint).

use crate::note::keys::VerifierKey;
use crate::note::signed_note::{MalformedNote, SignedNote};
use crate::tree::hash::Hash;

/// The state of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log.
    pub origin: String,
    /// The number of its entries.
    pub size: u64,
    /// The root of its tree.
    pub root: Hash,
}

/// Why a checkpoint is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// It is not a checkpoint.
    #[error("not a checkpoint")]
    Malformed,
    /// No key of the log signed it.
    #[error("no trusted key of the log signed the checkpoint")]
    Unsigned,
    /// A signature that names a key of the log does not verify.
    #[error("a signature of the log does not verify")]
    InvalidSignature,
}

impl From<MalformedNote> for CheckpointError {
    fn from(_: MalformedNote) -> Self {
        Self::Malformed
    }
}

impl Checkpoint {
    /// The text of the note.
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root.to_base64())
    }

    /// Parses the text of a note. Lines after the root are ignored.
    ///
    /// # Errors
    /// Returns `CheckpointError::Malformed` if the text is not a checkpoint.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.split('\n');
        let mut line = || lines.next().ok_or(CheckpointError::Malformed);
        let (origin, size, root) = (line()?, line()?, line()?);
        // The text ends with a line feed, and no extension line is empty.
        let extensions: Vec<&str> = lines.collect();
        let (last, extensions) = extensions.split_last().ok_or(CheckpointError::Malformed)?;
        let root = Hash::from_base64(root).ok_or(CheckpointError::Malformed)?;
        let size = parse_size(size).ok_or(CheckpointError::Malformed)?;
        if !last.is_empty() || extensions.iter().any(|line| line.is_empty()) || origin.is_empty() {
            return Err(CheckpointError::Malformed);
        }
        Ok(Self { origin: origin.to_owned(), size, root })
    }

    /// Parses a signed checkpoint and verifies that one of the keys signed it, whose names must be its
    /// origin. Signatures of other keys are ignored.
    ///
    /// # Errors
    /// Returns a `CheckpointError` that says why it is not accepted.
    pub fn verify(note: &SignedNote, keys: &[VerifierKey]) -> Result<Self, CheckpointError> {
        let checkpoint = Self::parse(&note.text)?;
        let mut is_signed = false;
        for key in keys.iter().filter(|key| key.name == checkpoint.origin) {
            for signature in note.signatures.iter().filter(|signature| key.is_of(signature)) {
                if !key.verifies(&note.text, signature) {
                    return Err(CheckpointError::InvalidSignature);
                }
                is_signed = true;
            }
        }
        if is_signed { Ok(checkpoint) } else { Err(CheckpointError::Unsigned) }
    }
}

/// Parses a decimal without leading zeros.
pub(crate) fn parse_size(text: &str) -> Option<u64> {
    text.parse().ok().filter(|size: &u64| size.to_string() == text)
}
