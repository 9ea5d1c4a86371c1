//! Hand-overs: a note in which a new key takes over a log from its old key.

use crate::note::checkpoint::parse_size;
use crate::note::keys::{Algorithm, SigningKey, VerifierKey};
use crate::note::signed_note::SignedNote;

/// The first line. It is no origin, so a hand-over is never a checkpoint.
const HEADER: &str = "hongtou.cn/log-key@v1";

/// A hand-over that the new key signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    /// The greatest size of which the old key signed a checkpoint.
    pub size: u64,
    /// The old key.
    pub old: VerifierKey,
    /// The new key.
    pub new: VerifierKey,
    /// Whether the old key signed it, too. It did not if it is lost.
    pub is_signed_by_old: bool,
}

impl HandOver {
    /// Writes and signs a hand-over. The old key does not sign if it is lost.
    pub fn sign(
        size: u64,
        old: &VerifierKey,
        old_key: Option<&SigningKey>,
        new: &SigningKey,
    ) -> SignedNote {
        let (old, vkey) = (old.to_vkey(), new.verifier(Algorithm::Ed25519).to_vkey());
        let text = format!("{HEADER}\n{}\n{size}\n{old}\n{vkey}\n", new.name());
        let keys = old_key.into_iter().chain([new]);
        let signatures = keys.flat_map(|key| key.sign(&text)).collect();
        SignedNote { text, signatures }
    }

    /// Reads a hand-over. Returns `None` if it has another form, its keys have different names, or the
    /// new key did not sign it.
    pub fn verify(note: &SignedNote) -> Option<Self> {
        let mut lines = note.text.split('\n');
        let (header, origin) = (lines.next()?, lines.next()?);
        let size = parse_size(lines.next()?)?;
        let mut key = || VerifierKey::parse(lines.next()?).ok();
        let (old, new) = (key()?, key()?);
        let is_signed_by = |key: &VerifierKey| {
            note.signatures.iter().any(|signature| key.verifies(&note.text, signature))
        };
        let is_whole = header == HEADER
            && [&old, &new].iter().all(|key| key.name == origin)
            && [&old, &new].iter().all(|key| key.algorithm == Algorithm::Ed25519)
            && lines.eq([""])
            && is_signed_by(&new);
        let is_signed_by_old = is_signed_by(&old);
        is_whole.then_some(Self { size, old, new, is_signed_by_old })
    }
}
