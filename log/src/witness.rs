//! What a witness is sent and when it cosigns (c2sp.org/tlog-witness).

use crate::note::checkpoint::{Checkpoint, CheckpointError, parse_size};
use crate::note::keys::VerifierKey;
use crate::note::signed_note::SignedNote;
use crate::tree::hash::Hash;
use crate::tree::proof::is_consistent;

/// The most hashes of a consistency proof.
const HASHES: usize = 63;

/// A request for a cosignature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the log believes the witness to have cosigned last.
    pub old: u64,
    /// The proof that the log of this size is the beginning of the new one.
    pub proof: Vec<Hash>,
    /// The new checkpoint.
    pub checkpoint: SignedNote,
}

/// Why a witness does not cosign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The request is malformed, or its old size is greater than the new one.
    #[error("the request is malformed")]
    Malformed,
    /// No key of the log signed the checkpoint.
    #[error("no trusted key of the log signed the checkpoint")]
    Unsigned,
    /// The witness does not know the log.
    #[error("the log is not known")]
    UnknownLog,
    /// The witness last cosigned another size, which is given.
    #[error("the last cosigned size is {0}")]
    OtherSize(u64),
    /// The new log is not a continuation of the cosigned one.
    #[error("the log is not a continuation of the one that was cosigned")]
    Inconsistent,
}

impl AddCheckpoint {
    /// The body of the request.
    pub fn to_text(&self) -> String {
        let hashes: String =
            self.proof.iter().map(|hash| format!("{}\n", hash.to_base64())).collect();
        format!("old {}\n{hashes}\n{}", self.old, self.checkpoint.to_text())
    }

    /// Parses the body of a request.
    ///
    /// # Errors
    /// Returns `Refusal::Malformed` if it has another form.
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        let (head, checkpoint) = body.split_once("\n\n").ok_or(Refusal::Malformed)?;
        let checkpoint = SignedNote::parse(checkpoint).map_err(|_| Refusal::Malformed)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| parse_size(line.strip_prefix("old ")?));
        let proof: Option<Vec<Hash>> = lines.map(Hash::from_base64).collect();
        let proof = proof.filter(|proof| proof.len() <= HASHES);
        let (old, proof) = old.zip(proof).ok_or(Refusal::Malformed)?;
        Ok(Self { old, proof, checkpoint })
    }

    /// Decides whether a witness that trusts these keys, and cosigned `last`, cosigns. Returns the new
    /// checkpoint, which the witness must store before it answers.
    ///
    /// # Errors
    /// Returns the `Refusal` to answer with.
    pub fn accept(
        &self,
        last: Option<&Checkpoint>,
        keys: &[VerifierKey],
    ) -> Result<Checkpoint, Refusal> {
        let origin = Checkpoint::parse(&self.checkpoint.text).map_err(|_| Refusal::Malformed)?;
        if !keys.iter().any(|key| key.name == origin.origin) {
            return Err(Refusal::UnknownLog);
        }
        let new = match Checkpoint::verify(&self.checkpoint, keys) {
            Ok(new) => new,
            Err(CheckpointError::Malformed) => return Err(Refusal::Malformed),
            Err(_) => return Err(Refusal::Unsigned),
        };
        if self.old > new.size {
            return Err(Refusal::Malformed);
        }
        let (size, root) =
            last.map_or_else(|| (0, Hash::empty_tree()), |last| (last.size, last.root));
        if self.old != size {
            return Err(Refusal::OtherSize(size));
        }
        let is_empty = new.size == 0;
        if is_empty && new.root != Hash::empty_tree()
            || !is_consistent((size, root), (new.size, new.root), &self.proof)
        {
            return Err(Refusal::Inconsistent);
        }
        Ok(new)
    }
}
